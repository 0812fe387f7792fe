"""Proofs held against records as they were given: whatever is tried at once, five fail at most."""

import asyncio
from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from adapters.dates import PartialDate
from adapters.population.records import PersonKey
from adapters.registry import RegistryName, Unavailable
from auth.attempts import Attempts
from auth.opaque import Opaque
from auth.shared_memory import MemoryShared
from gateway.guards import open_guards
from resolvers.lookups import Lookups
from resolvers.matching import Fared, match_holder
from resolvers.states import Locked
from tests.auth.mint import Clock
from tests.resolvers.invented import AN, held_by, party

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OFFICER = "097185020001"
RIGHT = 1985
LAND = held_by(AN, birth_date=AN.birth_date)
PAUSES = st.tuples(*[st.integers(0, 6)] * 3)
GUESSES = st.lists(
    st.tuples(st.integers(1975, 1994), PAUSES), min_size=1, max_size=40, unique_by=lambda it: it[0]
)


def born(year: int) -> PersonKey:
    return msgspec.structs.replace(AN.key, birth_date=PartialDate(year))


async def pause(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def request(attempts: Attempts, dossier: int, year: int, pauses: tuple[int, ...]) -> bool:
    """Ask a silent registry, then open land with the proof itself; tell whether it was tried."""
    tries = attempts.of("portal-hanoi", OFFICER, f"H26-{dossier}")
    lookups = Lookups(tries, lambda _: None, lambda: NOW)
    where = (RegistryName.POPULATION, born(year))
    await pause(pauses[0])
    barred = await lookups.bar([where])
    answer = barred.get(where) or Unavailable()
    await pause(pauses[1])
    if not barred:
        await lookups.heard([(where, answer)])
    comparison = await lookups.compare([party("applicant", answer, born(year))])
    (asked,) = comparison.of([party("applicant", answer, born(year))])
    await pause(pauses[2])
    fits = match_holder(LAND, [asked]) is not None
    assert fits == (year == RIGHT and asked.as_given)
    await comparison.end([Fared(key=born(year), fits=fits)] if asked.as_given else [])
    assert asked.as_given or born(year).number in lookups.locked
    return asked.as_given


async def crowd(guesses: list[tuple[int, tuple[int, ...]]]) -> tuple[list[int], int]:
    """Let all guess at once, each in a dossier of its own: which were tried, and what is left."""
    attempts = open_guards("memory://", bytes(32)).attempts
    tried = await asyncio.gather(
        *(request(attempts, at, year, pauses) for at, (year, pauses) in enumerate(guesses))
    )
    (left,) = await attempts.of("portal-hanoi", OFFICER, "").left([AN.key.number])
    return [year for (year, _), was in zip(guesses, tried, strict=True) if was], left


@given(GUESSES)
def test_of_guesses_in_any_order_five_wrong_ones_are_tried_and_the_right_one_costs_nothing(
    guesses: list[tuple[int, tuple[int, ...]]],
) -> None:
    tried, left = asyncio.run(crowd(guesses))
    wrong = [year for year in tried if year != RIGHT]
    assert len(wrong) <= 5
    assert 5 - len(wrong) == left


async def test_a_proof_that_fits_one_record_and_not_another_has_failed() -> None:
    """A record with a year alone fits each day of it: beside it the day could be found."""
    tries = open_guards("memory://", bytes(32)).attempts.of("portal-hanoi", OFFICER, "H26-1")
    lookups = Lookups(tries, lambda _: None, lambda: NOW)
    comparison = await lookups.compare([party("applicant", Unavailable())])
    assert [4] == await tries.left([AN.key.number])
    await comparison.end([Fared(key=AN.key, fits=fits) for fits in (False, True)])
    assert [4] == await tries.left([AN.key.number])


async def test_the_same_proof_of_the_same_dossier_is_one_try_all_day() -> None:
    """Else an owner whose record bears the old number is locked out by a dossier sent again."""
    clock = Clock()
    attempts = Attempts(MemoryShared(clock), Opaque(bytes(32)))
    for dossier, left in ((1, 4), (1, 4), (2, 3), (1, 3)):
        tries = attempts.of("portal-hanoi", OFFICER, f"H26-{dossier}")
        lookups = Lookups(tries, lambda _: None, lambda: NOW)
        comparison = await lookups.compare([party("applicant", Unavailable())])
        await comparison.end([Fared(key=AN.key, fits=False)])
        assert [left] == await tries.left([AN.key.number])
        clock.now += 3 * 3600


async def test_whom_the_registry_knows_is_held_against_records_without_a_place() -> None:
    tries = open_guards("memory://", bytes(32)).attempts.of("portal-hanoi", OFFICER, "H26-1")
    comparison = await Lookups(tries, lambda _: None, lambda: NOW).compare([party("owner", AN)])
    assert [5] == await tries.left([AN.key.number])
    assert [party("owner", AN)] == comparison.of([party("owner", AN)])


async def test_who_finds_no_place_is_locked_and_fits_nothing() -> None:
    guards = open_guards("memory://", bytes(32))
    wrong = [born(year) for year in range(1950, 1955)]
    tries = guards.attempts.of("portal-hanoi", OFFICER, "H26-1")
    lookups = Lookups(tries, lambda _: None, lambda: NOW)
    failed = await lookups.compare([party("applicant", Unavailable(), key) for key in wrong])
    await failed.end([Fared(key=key, fits=False) for key in wrong])
    right = party("applicant", Unavailable())
    (shut,) = (await lookups.compare([right])).of([right])
    assert isinstance(shut.answer, Locked)
    assert None is match_holder(LAND, [shut])
    assert [AN.key.number] == list(lookups.locked)
