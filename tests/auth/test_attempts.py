import asyncio
from collections.abc import Sequence

import pytest

from auth.attempts import Attempts, Locked, Result, Tries, Try
from auth.opaque import Opaque
from auth.refusal import Refused
from auth.shared import Shared
from tests.auth.mint import CITIZEN, OFFICER, Clock

OTHER = "097085000102"
COLLEAGUE = "097188000172"
DAY = 86_400
HIDDEN = f"Nguyễn Văn An/{CITIZEN}"


class Office:
    """One installation: what its attempts raised, and for how long they slept."""

    def __init__(self, store: Shared, opaque: Opaque) -> None:
        self.alarms: list[str] = []
        self.slept: list[float] = []
        self.attempts = Attempts(store, opaque, self.alarms.append, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def tries(self, person: str = OFFICER, dossier: str = "H26-1", step: str = "SUBMIT") -> Tries:
        """Give an officer's attempts in a dossier."""
        return self.attempts.of("portal-hanoi", person, dossier, step=step)


@pytest.fixture
def office(store: Shared, opaque: Opaque) -> Office:
    return Office(store, opaque)


async def guess(tries: Tries, text: str, result: Result, number: str = CITIZEN) -> Try | Locked:
    """Begin one try, and end it if it was let through."""
    [begun] = await tries.begin([(number, text)])
    if isinstance(begun, Try):
        await tries.end([(begun, result)])
    return begun


async def fail(tries: Tries, guesses: Sequence[str], number: str = CITIZEN) -> int:
    """Guess wrongly and count what reached a registry."""
    begun = [await guess(tries, text, Result.FAILED, number) for text in guesses]
    return sum(isinstance(each, Try) for each in begun)


def dates(how_many: int) -> list[str]:
    return [f"born {day}" for day in range(how_many)]


async def test_five_of_all_birth_dates_reach_a_registry(office: Office) -> None:
    assert 5 == await fail(office.tries(), dates(200))
    assert 0 == await fail(office.tries(dossier="H26-2"), dates(200))
    assert [0, 5] == await office.tries().left([CITIZEN, OTHER])


async def test_a_locked_pair_is_told_when_to_come_back(office: Office, clock: Clock) -> None:
    await fail(office.tries(), dates(5))
    clock.now += 3600.25
    locked = await guess(office.tries(), "another", Result.FAILED)

    assert locked == Locked(seconds=DAY - 3600.25)
    assert locked.refused() == Refused(
        code="ATTEMPTS_EXCEEDED",
        rule="attempts-exceeded",
        facts={"seconds": "82800"},
        status=403,
        retry_after=82_800,
    )
    clock.now += DAY - 3600.25
    assert isinstance(await guess(office.tries(), "another", Result.FAILED), Try)


async def test_only_that_pair_is_locked(office: Office) -> None:
    await fail(office.tries(), dates(5))
    elsewhere = office.attempts.of("portal-lamdong", OFFICER, "H26-1")

    assert 1 == await fail(office.tries(), ["x"], number=OTHER)
    assert 1 == await fail(office.tries(person=COLLEAGUE), ["x"])
    assert 1 == await fail(elsewhere, ["x"])


async def test_sending_the_same_again_costs_nothing_for_ten_minutes(
    office: Office, clock: Clock
) -> None:
    for _ in range(10):
        await fail(office.tries(), ["typo"])
        clock.now += 60
    assert [4] == await office.tries().left([CITIZEN])
    clock.now += 1
    await fail(office.tries(), ["typo"])
    assert [3] == await office.tries().left([CITIZEN])
    await fail(office.tries(step="APPRAISE"), ["typo"])
    assert [2] == await office.tries().left([CITIZEN])


async def test_the_same_sent_at_once_takes_one_place(office: Office) -> None:
    reached = await asyncio.gather(*(fail(office.tries(), ["typo"]) for _ in range(20)))

    assert [1] * 20 == reached
    assert [4] == await office.tries().left([CITIZEN])


async def test_what_matched_or_met_a_silent_registry_costs_nothing(office: Office) -> None:
    for day in range(20):
        assert isinstance(await guess(office.tries(), f"{day}", Result.UNDECIDED), Try)
        assert isinstance(await guess(office.tries(), "right", Result.MATCHED), Try)
    assert [5] == await office.tries().left([CITIZEN])


async def test_a_silent_registry_does_not_undo_what_another_request_learnt(office: Office) -> None:
    [first] = await office.tries().begin([(CITIZEN, "x")])
    [second] = await office.tries().begin([(CITIZEN, "x")])
    assert isinstance(first, Try)
    assert isinstance(second, Try)
    await office.tries().end([(second, Result.FAILED)])
    await office.tries().end([(first, Result.UNDECIDED)])

    assert [4] == await office.tries().left([CITIZEN])


async def test_guesses_sent_at_once_cannot_exceed_the_places(office: Office) -> None:
    begun = await asyncio.gather(*(office.tries().begin([(CITIZEN, text)]) for text in dates(100)))
    through = [each for [each] in begun if isinstance(each, Try)]
    waiting = {each.seconds for [each] in begun if isinstance(each, Locked)}

    assert 5 == len(through)
    # Nobody has failed yet: whoever is honest comes back in a moment.
    assert {1.0} == waiting
    await office.tries().end([(each, Result.MATCHED) for each in through])
    assert [5] == await office.tries().left([CITIZEN])


async def test_a_request_that_never_comes_back_has_spent_its_place(
    office: Office, clock: Clock
) -> None:
    await office.tries().begin([(CITIZEN, text) for text in dates(5)])
    clock.now += 60

    assert 0 == await fail(office.tries(), ["x"])


async def test_twenty_failures_over_all_raise_one_alarm(office: Office, clock: Clock) -> None:
    for officer in range(8):
        tries = office.attempts.of(f"portal-{officer}", OFFICER, "H26-1")
        assert 5 == await fail(tries, dates(5))
        clock.now += 1
    assert ["portal-3"] == office.alarms

    # Strangers are slowed when they fail, and nobody is locked who has not failed.
    assert [1.0] * 20 == office.slept
    assert isinstance(await guess(office.tries(), "right", Result.MATCHED), Try)
    assert 1 == await fail(office.tries(), ["typo"])
    assert 20 == len(office.slept)
    assert 1 == await fail(office.tries(person=COLLEAGUE), ["typo"])
    assert 21 == len(office.slept)
    assert 1 == await fail(office.tries(person=COLLEAGUE), ["typo"], number=OTHER)
    assert 21 == len(office.slept)


async def test_the_same_failure_counts_once_over_all(office: Office, clock: Clock) -> None:
    for _ in range(30):
        await fail(office.tries(), ["typo"])
        clock.now += 10
    assert [] == office.alarms


async def test_a_fact_of_few_values_is_guessed_once_a_dossier(office: Office, clock: Clock) -> None:
    [first] = await office.tries().begin_once([(CITIZEN, "sex", "MALE")])
    assert isinstance(first, Try)
    await office.tries().end([(first, Result.FAILED)])
    clock.now += 200 * DAY

    [again] = await office.tries(step="APPRAISE").begin_once([(CITIZEN, "sex", "MALE")])
    [other] = await office.tries(person=COLLEAGUE).begin_once([(CITIZEN, "sex", "FEMALE")])
    assert isinstance(again, Try)
    assert Locked(seconds=200 * DAY) == other
    elsewhere = await office.tries(dossier="H26-2").begin_once([(CITIZEN, "sex", "FEMALE")])
    assert isinstance(elsewhere[0], Try)
    # It is no attempt on the number besides.
    assert [5] == await office.tries().left([CITIZEN])


async def test_a_fact_that_matched_may_be_asked_again(office: Office) -> None:
    for _ in range(3):
        [begun] = await office.tries().begin_once([(CITIZEN, "sex", "MALE")])
        assert isinstance(begun, Try)
        await office.tries().end([(begun, Result.MATCHED)])


async def test_nothing_asked_is_nothing_counted(office: Office) -> None:
    assert [] == await office.tries().begin([])
    assert [] == await office.tries().begin_once([])
    assert [] == await office.tries().left([])
    await office.tries().end([])


async def test_nobody_is_printed(office: Office) -> None:
    begun = await office.tries(dossier=HIDDEN).begin([(CITIZEN, HIDDEN)] * 6)
    text = repr([begun, office.tries(dossier=HIDDEN), office.attempts])

    assert [] == [seed for seed in (CITIZEN, OFFICER, HIDDEN, "Nguyễn") if seed in text]
