"""The port Shared, of both stores: once, distinct, places, files."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from auth.shared import Attempt, Exhausted, Full, Hold, Shared, Window
from auth.shared_memory import MemoryShared
from gateway.shared_redis import RedisShared
from tests.auth.mint import Clock
from tests.auth.store import RedisServer

MINUTE = Window(limit=3, seconds=60)
HOUR = Window(limit=5, seconds=3600)
PLACES = Window(limit=3, seconds=100)


async def test_a_name_is_added_once_until_it_is_forgotten(store: Shared, clock: Clock) -> None:
    assert await store.add_once(b"jti", 60)
    assert not await store.add_once(b"jti", 60)
    assert [True, False] == await store.known([b"jti", b"another"])
    clock.now += 59.9
    assert not await store.add_once(b"jti", 60)
    clock.now += 0.1
    assert [False] == await store.known([b"jti"])
    assert await store.add_once(b"jti", 60)


async def test_members_are_counted_once_and_all_or_none(store: Shared) -> None:
    assert await store.count_distinct(b"n", [b"a", b"b", b"a"], [MINUTE]) is None
    assert await store.count_distinct(b"n", [b"a", b"b"], [MINUTE]) is None
    assert Full(window=MINUTE, free_in=60) == await store.count_distinct(
        b"n", [b"c", b"d"], [MINUTE]
    )
    assert await store.count_distinct(b"n", [b"c"], [MINUTE]) is None
    assert await store.count_distinct(b"other", [b"c", b"d"], [MINUTE]) is None


async def test_room_comes_when_the_oldest_who_is_not_asked_for_leaves(
    store: Shared, clock: Clock
) -> None:
    for member in (b"a", b"b", b"c"):
        assert await store.count_distinct(b"n", [member], [MINUTE]) is None
        clock.now += 10
    # a is asked for again, so b is the first who makes room.
    assert Full(window=MINUTE, free_in=40) == await store.count_distinct(
        b"n", [b"a", b"d"], [MINUTE]
    )
    clock.now += 39.999
    assert await store.count_distinct(b"n", [b"a", b"d"], [MINUTE]) == Full(
        window=MINUTE, free_in=0.001
    )
    clock.now += 0.001
    assert await store.count_distinct(b"n", [b"a", b"d"], [MINUTE]) is None


async def test_a_member_who_is_seen_again_stays_for_longer(store: Shared, clock: Clock) -> None:
    assert await store.count_distinct(b"n", [b"a", b"b", b"c"], [MINUTE]) is None
    clock.now += 50
    assert await store.count_distinct(b"n", [b"a"], [MINUTE]) is None
    clock.now += 20
    assert await store.count_distinct(b"n", [b"d", b"e"], [MINUTE]) is None
    assert Full(window=MINUTE, free_in=40) == await store.count_distinct(b"n", [b"f"], [MINUTE])


async def test_the_window_that_is_full_for_longest_is_named(store: Shared, clock: Clock) -> None:
    windows = [MINUTE, HOUR]
    assert await store.count_distinct(b"n", [b"a", b"b", b"c"], windows) is None
    clock.now += 60
    assert await store.count_distinct(b"n", [b"d", b"e"], windows) is None
    assert Full(window=HOUR, free_in=3540) == await store.count_distinct(
        b"n", [b"f", b"g"], windows
    )
    # More than it ever holds.
    many = [bytes([65 + n]) for n in range(6)]
    assert Full(window=HOUR, free_in=3600) == await store.count_distinct(b"new", many, windows)


async def take(store: Shared, name: bytes, *guesses: bytes) -> list[Attempt | Exhausted]:
    return await store.attempt([(name, guess) for guess in guesses], PLACES, same_s=10)


def places(taken: list[Attempt | Exhausted]) -> list[Attempt]:
    return [place for place in taken if isinstance(place, Attempt)]


async def test_places_run_out_and_each_name_has_its_own(store: Shared, clock: Clock) -> None:
    taken = await take(store, b"n", b"1", b"2", b"3")
    assert [2, 1, 0] == [place.left for place in places(taken)]
    await store.settle(failed=places(taken), free=[])
    assert [Exhausted(free_in=100)] == await take(store, b"n", b"4")
    clock.now += 30
    assert [(0, 70.0), (3, None)] == await store.attempts_left([b"n", b"m"], PLACES)
    assert 3 == len(places(await take(store, b"m", b"1", b"2", b"3")))
    clock.now += 70
    assert [(3, None)] == await store.attempts_left([b"n"], PLACES)
    assert 1 == len(places(await take(store, b"n", b"4")))


async def test_the_same_guess_shares_its_place_for_a_while(store: Shared, clock: Clock) -> None:
    [first, again] = places(await take(store, b"n", b"1", b"1"))
    assert first.ticket == again.ticket
    assert [(2, None)] == await store.attempts_left([b"n"], PLACES)
    await store.settle(failed=places(await take(store, b"n", b"2", b"3")), free=[])
    clock.now += 10
    assert [first.ticket] == [p.ticket for p in places(await take(store, b"n", b"1"))]
    clock.now += 0.001
    assert [] == places(await take(store, b"n", b"1"))


async def test_a_place_is_free_when_nobody_needs_it(store: Shared) -> None:
    [first, again] = places(await take(store, b"n", b"1", b"1"))
    await store.settle(failed=[], free=[first])
    assert [(2, None)] == await store.attempts_left([b"n"], PLACES)
    await store.settle(failed=[], free=[again])
    assert [(3, None)] == await store.attempts_left([b"n"], PLACES)


async def test_a_place_where_one_failed_stays_taken(store: Shared) -> None:
    [first, again] = places(await take(store, b"n", b"1", b"1"))
    await store.settle(failed=[first], free=[again])
    assert [(2, None)] == await store.attempts_left([b"n"], PLACES)


async def test_while_others_are_under_way_a_moment_is_enough(store: Shared, clock: Clock) -> None:
    taken = places(await take(store, b"n", b"1", b"2", b"3"))
    assert [Exhausted(free_in=1)] == await take(store, b"n", b"4")
    # Nobody came back: then they are taken to have failed.
    clock.now += 10
    assert [Exhausted(free_in=90)] == await take(store, b"n", b"4")
    await store.settle(failed=taken[1:], free=taken[:1])
    assert [(1, None)] == await store.attempts_left([b"n"], PLACES)


async def test_names_are_remembered_beside_and_for_longer(store: Shared, clock: Clock) -> None:
    for _ in range(2):
        await store.settle(failed=[], free=[], remember=[b"a", b"b"], seconds=60)
        clock.now += 59
    assert [True, True, False] == await store.known([b"a", b"b", b"c"])
    clock.now += 1
    assert [False, False] == await store.known([b"a", b"b"])


async def test_a_file_holds_who_came_first(store: Shared) -> None:
    first = await store.hold([b"d"], {b"role": [b"x"], b"twins": [b"y", b"z"]}, 100)
    assert {b"d": Hold.MADE, b"role": Hold.MADE, b"twins": Hold.MADE} == first
    again = await store.hold([b"d"], {b"role": [b"x"], b"twins": [b"z"]}, 100)
    assert {b"d": Hold.KEPT, b"role": Hold.KEPT, b"twins": Hold.KEPT} == again
    other = await store.hold([b"d"], {b"role": [b"y"], b"new": [b"n"]}, 100)
    assert Hold.OTHER == other[b"role"]
    # All or nothing: the role that was free is free still.
    third = await store.hold([b"d"], {b"new": [b"another"]}, 100)
    assert Hold.MADE == third[b"new"]
    assert Hold.MADE == (await store.hold([b"e"], {b"role": [b"y"]}, 100))[b"role"]


async def test_a_member_goes_when_nobody_holds_it(store: Shared) -> None:
    for _ in range(2):
        await store.hold([b"d"], {b"role": [b"x"]}, 100)
    await store.let_go(b"d", {b"role": [b"x"]})
    assert Hold.OTHER == (await store.hold([b"d"], {b"role": [b"y"]}, 100))[b"role"]
    await store.let_go(b"d", {b"role": [b"x"], b"nothing": [b"x"]})
    assert Hold.MADE == (await store.hold([b"d"], {b"role": [b"y"]}, 100))[b"role"]


async def test_one_of_several_may_be_replaced_but_not_added(store: Shared) -> None:
    await store.hold([b"d"], {b"children": [b"x", b"typo"]}, 100)
    await store.let_go(b"d", {b"children": [b"typo"]})
    assert Hold.MADE == (await store.hold([b"d"], {b"children": [b"x", b"y"]}, 100))[b"children"]
    assert Hold.OTHER == (await store.hold([b"d"], {b"children": [b"z"]}, 100))[b"children"]


async def test_who_passes_beside_takes_no_place(store: Shared) -> None:
    await store.hold([b"d"], {b"role": [b"x"]}, 100)
    await store.widen(b"d", {b"role": [b"old", b"x"], b"nothing": [b"x"]})
    assert Hold.KEPT == (await store.hold([b"d"], {b"role": [b"old"]}, 100))[b"role"]
    await store.let_go(b"d", {b"role": [b"old"]})
    assert Hold.KEPT == (await store.hold([b"d"], {b"role": [b"old", b"x"]}, 100))[b"role"]
    assert Hold.OTHER == (await store.hold([b"d"], {b"role": [b"y"]}, 100))[b"role"]


async def test_a_file_goes_by_more_names_but_two_files_stay_two(store: Shared) -> None:
    await store.hold([b"draft"], {b"role": [b"x"]}, 100)
    both = await store.hold([b"draft", b"code"], {b"role": [b"x"]}, 100)
    assert {b"draft": Hold.KEPT, b"code": Hold.MADE, b"role": Hold.KEPT} == both
    assert Hold.OTHER == (await store.hold([b"code"], {b"role": [b"y"]}, 100))[b"role"]
    await store.hold([b"apart"], {b"role": [b"y"]}, 100)
    assert {b"code": Hold.OTHER, b"apart": Hold.OTHER} == await store.hold(
        [b"code", b"apart"], {b"role": [b"x"]}, 100
    )


async def test_a_file_is_kept_from_its_last_use(store: Shared, clock: Clock) -> None:
    for _ in range(3):
        held = await store.hold([b"d"], {b"role": [b"x"]}, 100)
        clock.now += 99
    assert {b"d": Hold.KEPT, b"role": Hold.KEPT} == held
    clock.now += 1
    assert {b"d": Hold.MADE, b"role": Hold.MADE} == await store.hold([b"d"], {b"role": [b"y"]}, 100)
    await store.widen(b"unknown", {b"role": [b"x"]})
    await store.let_go(b"unknown", {b"role": [b"x"]})


_NAMES = some.sampled_from([b"n", b"m"])
_MEMBERS = some.lists(some.sampled_from([b"a", b"b", b"c", b"d"]), min_size=1, max_size=3)
_STEPS = some.one_of(
    some.tuples(some.just("wait"), some.sampled_from([0.001, 0.5, 5.0, 10.0, 60.0, 99.0])),
    some.tuples(some.just("once"), _NAMES),
    some.tuples(some.just("count"), _NAMES, _MEMBERS),
    some.tuples(some.just("take"), _NAMES, _MEMBERS),
    some.tuples(some.just("settle"), some.booleans(), some.integers(0, 9)),
    some.tuples(some.just("hold"), some.sets(_NAMES, min_size=1), _MEMBERS),
    some.tuples(some.just("widen"), _NAMES, _MEMBERS),
    some.tuples(some.just("let go"), _NAMES, _MEMBERS),
)


async def do(store: Shared, taken: list[Attempt], step: tuple[object, ...]) -> object:
    """Do one step and give what can be seen of it; tickets are each store's own."""
    match step:
        case ("once", bytes(name)):
            return await store.add_once(name, 20), await store.known([name, b"other"])
        case ("count", bytes(name), list(members)):
            return await store.count_distinct(name, members, [MINUTE, HOUR])
        case ("take", bytes(name), list(guesses)):
            places_ = await take(store, name, *guesses)
            taken += places(places_)
            seen = [p.left if isinstance(p, Attempt) else p for p in places_]
            return seen, await store.attempts_left([name], PLACES)
        case ("settle", bool(failed), int(which)) if which < len(taken):
            ended = [taken.pop(which)]
            name = ended[0].name
            if failed:
                await store.settle(failed=ended, free=[])
            else:
                await store.settle(failed=[], free=ended, remember=[name], seconds=30)
            return await store.known([name]), await store.attempts_left([name], PLACES)
        case ("hold", set(under), list(members)):
            return await store.hold(sorted(under), {b"role": members, b"one": members[:1]}, 50)
        case ("widen", bytes(name), list(members)):
            await store.widen(name, {b"role": members})
        case ("let go", bytes(name), list(members)):
            await store.let_go(name, {b"role": members})
    return None


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=some.lists(_STEPS, max_size=25))
async def test_redis_does_whatever_memory_does(
    redis_server: RedisServer, steps: list[tuple[object, ...]]
) -> None:
    redis_server.say("FLUSHALL")
    clock = Clock()
    memory, redis = MemoryShared(clock), RedisShared(redis_server.url, clock=clock, patience=10)
    theirs, ours = list[Attempt](), list[Attempt]()
    for step in steps:
        if step[0] == "wait":
            clock.now += float(str(step[1]))
        else:
            assert await do(memory, theirs, step) == await do(redis, ours, step)
    await redis.aclose()
