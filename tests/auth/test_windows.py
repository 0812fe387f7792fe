"""What windows and places promise, whatever is asked and whenever: judged from outside."""

from hypothesis import given
from hypothesis import strategies as some

from auth.shared import Attempt, Exhausted, Window
from auth.shared_memory import MemoryShared
from tests.auth.mint import Clock

WINDOWS = [Window(limit=4, seconds=60), Window(limit=6, seconds=300)]
PLACES = Window(limit=3, seconds=100)
SAME_S = 10.0

_WAITS = some.integers(0, 200).map(float)
_ASKED = some.lists(some.integers(0, 9), min_size=1, max_size=5)


def names(members: list[int]) -> list[bytes]:
    return [bytes([65 + member]) for member in members]


@given(steps=some.lists(some.tuples(_WAITS, _ASKED), max_size=30))
async def test_no_window_ever_holds_more_than_its_limit(
    steps: list[tuple[float, list[int]]],
) -> None:
    clock = Clock()
    store = MemoryShared(clock)
    admitted: list[tuple[float, int]] = []
    for wait, asked in steps:
        clock.now += wait
        full = await store.count_distinct(b"n", names(asked), WINDOWS)
        seen = [
            {m for at, m in admitted if at > clock.now - w.seconds} | set(asked) for w in WINDOWS
        ]
        fits = all(len(s) <= w.limit for s, w in zip(seen, WINDOWS, strict=True))
        assert fits == (full is None)
        if full is None:
            admitted += [(clock.now, member) for member in asked]


@given(steps=some.lists(some.tuples(_WAITS, _ASKED), max_size=20), asked=_ASKED)
async def test_room_comes_when_it_was_promised_and_not_before(
    steps: list[tuple[float, list[int]]], asked: list[int]
) -> None:
    clock = Clock()
    store = MemoryShared(clock)
    for wait, members in steps:
        clock.now += wait
        await store.count_distinct(b"n", names(members), WINDOWS)
    full = await store.count_distinct(b"n", names(asked), WINDOWS)
    if full is None or len(set(asked)) > WINDOWS[0].limit:
        return
    clock.now += full.free_in - 0.5
    assert await store.count_distinct(b"n", names(asked), WINDOWS) is not None
    clock.now += 0.5
    assert await store.count_distinct(b"n", names(asked), WINDOWS) is None


@given(
    steps=some.lists(
        some.tuples(_WAITS, some.integers(0, 9), some.sampled_from(["failed", "free", "lost"])),
        max_size=40,
    )
)
async def test_no_more_guesses_fail_than_there_are_places(
    steps: list[tuple[float, int, str]],
) -> None:
    """Guesses that were let through and not freed: never more than the limit in any window."""
    clock = Clock()
    store = MemoryShared(clock)
    kept: dict[bytes, float] = {}
    for wait, guess, end in steps:
        clock.now += wait
        [place] = await store.attempt([(b"n", names([guess])[0])], PLACES, same_s=SAME_S)
        if isinstance(place, Attempt):
            kept.setdefault(place.ticket, clock.now)
            if end == "free":
                await store.settle(failed=[], free=[place])
                if (await store.attempts_left([b"n"], PLACES))[0][0] > place.left:
                    del kept[place.ticket]
            elif end == "failed":
                await store.settle(failed=[place], free=[])
        within = [at for at in kept.values() if at > clock.now - PLACES.seconds]
        assert len(within) <= PLACES.limit
        assert [PLACES.limit - len(within)] == [
            left for left, _ in await store.attempts_left([b"n"], PLACES)
        ]
        assert isinstance(place, Attempt) or len(within) == PLACES.limit
        assert not isinstance(place, Exhausted) or 0 < place.free_in <= PLACES.seconds
