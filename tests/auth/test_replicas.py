"""Two replicas, one Redis: what is spent on one is spent on the other; and when Redis is away."""

import asyncio
import socket
from collections.abc import AsyncIterator
from itertools import count

import pytest
import structlog

from auth.attempts import Attempts, Locked, Result, Try
from auth.dossiers import Binding, Dossiers
from auth.opaque import Opaque
from auth.quotas import Allowance, Quotas
from auth.refusal import Refused, refuse
from auth.shared import Shared, SharedUnavailable, Window
from auth.shared_memory import MemoryShared
from gateway.shared_redis import PREFIX, RedisShared
from tests.auth.mint import CITIZEN, OFFICER, Clock
from tests.auth.request import granted, judge
from tests.auth.store import RedisServer

PATIENT = 10.0
CODE = "H26.12-261101-0001"
OTHER, OLD = "097085000102", "098850001"
WORDS = (CITIZEN, OTHER, OLD, OFFICER, CODE, "draft-7", "Nguyễn Văn An", "portal-hanoi", "1985")

_nonces = count()


@pytest.fixture
async def replicas(redis_server: RedisServer) -> AsyncIterator[list[RedisShared]]:
    """Give two replicas that go by Redis's own clock."""
    redis_server.say("FLUSHALL")
    both = [RedisShared(redis_server.url, patience=PATIENT) for _ in range(2)]
    yield both
    for replica in both:
        await replica.aclose()


def quotas(store: Shared, opaque: Opaque) -> Quotas:
    return Quotas(store, opaque, lambda size: next(_nonces).to_bytes(size))


async def test_a_name_is_added_once_over_both(replicas: list[RedisShared]) -> None:
    added = await asyncio.gather(*(replicas[n % 2].add_once(b"jti", 60) for n in range(100)))
    assert 1 == sum(added)


async def test_sixty_subjects_over_both(replicas: list[RedisShared], opaque: Opaque) -> None:
    ours = [quotas(replica, opaque) for replica in replicas]
    by = granted(judge())
    allowance = Allowance()
    answers = await asyncio.gather(
        *(ours[n % 2].spend(by, [f"person:{n}"], allowance) for n in range(100))
    )
    assert 60 == answers.count(None)


async def test_five_guesses_over_both(replicas: list[RedisShared], opaque: Opaque) -> None:
    tries = [Attempts(replica, opaque).of("portal-hanoi", OFFICER, CODE) for replica in replicas]
    begun = await asyncio.gather(
        *(tries[n % 2].begin([(CITIZEN, f"born {n}")]) for n in range(100))
    )
    through = [each for [each] in begun if isinstance(each, Try)]
    assert 5 == len(through)
    # Ended where it was not begun: a place belongs to nobody's process.
    await tries[0].end([(each, Result.FAILED) for each in through])
    [locked] = await tries[1].begin([(CITIZEN, "another")])
    assert isinstance(locked, Locked)
    assert 86_390 < locked.seconds <= 86_400


async def test_one_subject_over_both(replicas: list[RedisShared], opaque: Opaque) -> None:
    ours = [Dossiers(replica, opaque) for replica in replicas]
    answers = await asyncio.gather(
        *(
            ours[n % 2].bind(
                "portal-hanoi", "1.004222", code=CODE, draft=None, parties={"applicant": [f"{n}"]}
            )
            for n in range(100)
        )
    )
    assert 1 == sum(isinstance(answer, Binding) for answer in answers)


async def use_everything(store: Shared, opaque: Opaque) -> None:
    """Leave every kind of mark that a request leaves."""
    allowance = Allowance()
    await quotas(store, opaque).request("portal-hanoi", allowance)
    await quotas(store, opaque).spend(granted(judge()), [f"person:{CITIZEN}"], allowance)
    tries = Attempts(store, opaque).of("portal-hanoi", OFFICER, CODE, step="SUBMIT")
    begun = [
        *await tries.begin([(CITIZEN, "Nguyễn Văn An/1985-03-12"), (OTHER, "x")]),
        *await tries.begin_once([(CITIZEN, "sex", "MALE")]),
    ]
    results = (Result.MATCHED, Result.FAILED, Result.FAILED)
    ended = zip(begun, results, strict=True)
    await tries.end([(each, result) for each, result in ended if isinstance(each, Try)])
    binding = await Dossiers(store, opaque).bind(
        "portal-hanoi", "1.004222", code=CODE, draft="draft-7", parties={"applicant": [CITIZEN]}
    )
    assert isinstance(binding, Binding)
    await binding.widen({"applicant": [OLD]})


async def test_nobody_can_be_read_out_of_redis(
    replicas: list[RedisShared], redis_server: RedisServer, opaque: Opaque
) -> None:
    await use_everything(replicas[0], opaque)
    held = redis_server.dump()
    keys = redis_server.say("KEYS", "*")

    assert 9 == keys.count(PREFIX.encode())
    assert [] == [word for word in WORDS if word.encode() in held or word.encode() in keys]
    # Numbers are hashed under a key, so a list of all numbers does not help either.
    assert [] == [word for word in WORDS if Opaque(b"")("party", word) in held]


async def test_everything_in_redis_has_an_end(
    replicas: list[RedisShared], redis_server: RedisServer, opaque: Opaque
) -> None:
    await use_everything(replicas[0], opaque)
    keys = [k for k in redis_server.say("KEYS", "*").decode().split("\r\n") if PREFIX in k]
    lives = [int(redis_server.say("PTTL", key).strip(b":\r\n")) for key in keys]

    assert 9 == len(lives)
    assert all(0 < life <= 400 * 86_400_000 for life in lives)


async def test_a_redis_that_forgot_the_scripts_is_told_again(
    replicas: list[RedisShared], redis_server: RedisServer
) -> None:
    assert await replicas[0].add_once(b"first", 60)
    redis_server.say("SCRIPT", "FLUSH")
    assert await replicas[0].add_once(b"second", 60)
    assert await replicas[1].add_once(b"third", 60)


async def every_method(store: Shared) -> list[str]:
    """Call every method and give what each said."""
    window = Window(limit=1, seconds=60)
    calls = [
        store.add_once(b"n", 1),
        store.known([b"n"]),
        store.count_distinct(b"n", [b"m"], [window]),
        store.attempt([(b"n", b"g")], window, same_s=1),
        store.attempts_left([b"n"], window),
        store.hold([b"n"], {b"r": [b"m"]}, 1),
        store.widen(b"n", {b"r": [b"m"]}),
        store.let_go(b"n", {b"r": [b"m"]}),
    ]
    said = await asyncio.gather(*calls, return_exceptions=True)
    return [repr(each) for each in said if isinstance(each, Exception)]


async def test_while_redis_is_away_everything_is_refused_and_then_not(
    tmp_path_factory: pytest.TempPathFactory, opaque: Opaque
) -> None:
    server = RedisServer(tmp_path_factory.mktemp("mortal"))
    store = RedisShared(server.url, patience=2)
    try:
        assert [] == await every_method(store)
        server.kill()

        assert ["SharedUnavailable()"] * 8 == await every_method(store)
        allowance, guard = Allowance(), refuse("guard-unavailable")
        assert guard == await quotas(store, opaque).request("portal-hanoi", allowance)
        assert guard == await quotas(store, opaque).spend(granted(judge()), ["p"], allowance)
        bound = await Dossiers(store, opaque).bind(
            "portal-hanoi", "1.004222", code=CODE, draft=None, parties={}
        )
        assert guard == bound
        with pytest.raises(SharedUnavailable):
            await Attempts(store, opaque).of("portal-hanoi", OFFICER, CODE).begin([(CITIZEN, "x")])

        server.start()
        assert [] == await every_method(store)
    finally:
        server.kill()
        await store.aclose()


async def test_a_redis_that_hangs_is_given_up_in_time() -> None:
    """Somebody takes the connection and says nothing."""
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    store = RedisShared(f"redis://:secret@127.0.0.1:{port}/0")
    started = asyncio.get_running_loop().time()
    with pytest.raises(SharedUnavailable) as caught:
        await store.add_once(b"n", 1)
    # It waits a fifth of a second; without a limit of ours the library would for ever.
    assert asyncio.get_running_loop().time() - started < 10
    # The library's words are gone, and with them what they quote.
    assert caught.value.__suppress_context__
    assert "SharedUnavailable()" == repr(caught.value)
    assert "RedisShared(…)" == repr(store)
    await store.aclose()
    silent.close()


async def test_memory_that_is_full_refuses_rather_than_forgets(clock: Clock) -> None:
    store = MemoryShared(clock, capacity=3)
    for name in (b"a", b"b", b"c"):
        assert await store.add_once(name, 10)
    with pytest.raises(SharedUnavailable):
        await store.add_once(b"d", 10)
    assert [True, True, True, False] == await store.known([b"a", b"b", b"c", b"d"])
    clock.now += 10
    assert await store.add_once(b"d", 10)
    assert 1 == len(store)


async def test_memory_keeps_what_is_used(clock: Clock) -> None:
    store = MemoryShared(clock, capacity=3)
    await store.hold([b"d"], {b"r": [b"x"]}, 10)
    clock.now += 9
    await store.hold([b"d"], {b"r": [b"x"]}, 10)
    clock.now += 9
    await store.add_once(b"a", 10)
    await store.add_once(b"b", 10)
    assert 3 == len(store)
    clock.now += 1
    await store.add_once(b"c", 10)
    assert 3 == len(store)


async def test_the_alarm_names_the_consumer_and_nobody_else(clock: Clock, opaque: Opaque) -> None:
    attempts = Attempts(MemoryShared(clock), opaque)
    with structlog.testing.capture_logs() as logged:
        for officer in range(4):
            tries = attempts.of("portal-hanoi", f"{officer}", CODE)
            begun = await tries.begin([(CITIZEN, f"born {n}") for n in range(5)])
            await tries.end([(each, Result.FAILED) for each in begun if isinstance(each, Try)])

    assert [
        {
            "event": "twenty attempts on one number failed within a day",
            "log_level": "warning",
            "consumer": "portal-hanoi",
            "action": "search the access log, of this consumer first, for proofs that found "
            "nothing, for claims that were contradicted and, in an outage, for land that was not "
            "shown",
        }
    ] == logged
    assert isinstance(refuse("guard-unavailable"), Refused)
