"""One person's numbers find one person's accesses, and never another's."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from audit.detail import Number
from audit.making import denied
from audit.months import MonthKeys
from audit.reading.accesses import Place
from audit.reading.same_person import unite
from audit.stores.schema import microseconds
from audit.tags import TagDomain
from tests.audit.reading.workbench import AN, BINH, HOUR, NOW, Ledger, ids, new_id

OLD: Number = (TagDomain.OLD_NUMBER, "012345678")
INSURANCE: Number = (TagDomain.INSURANCE, "0101234567")
SUPERSEDED: Number = (TagDomain.INSURANCE, "0101234568")
CARD: Number = (TagDomain.CARD, "GD4010101234567")
NEW_CARD: Number = (TagDomain.CARD, "GD4010101234568")
SIX = (AN, OLD, INSURANCE, SUPERSEDED, CARD, NEW_CARD)
PARCEL: Number = (TagDomain.PARCEL, "00001/12/7")
A_MONTH = timedelta(days=31)


async def reach_an_in_six_ways(ledger: Ledger) -> list[str]:
    """Keep six requests over six months, each by another number; give the newest line first."""
    asked_by = [AN, INSURANCE, CARD, SUPERSEDED, NEW_CARD, OLD]
    told_of = [(AN, OLD), (INSURANCE, SUPERSEDED), (CARD, AN), (SUPERSEDED, CARD), (NEW_CARD, AN)]
    lines = []
    for months, number in enumerate(asked_by):
        first = ledger.asked((number,), (BINH,), at=NOW - months * A_MONTH)
        told = told_of[months : months + 1]
        last = ledger.answered(first, told=[*told, (BINH,)])
        await ledger.log.append([first, last])
        lines.append(last.entry_id)
    await ledger.keep(*ledger.request((BINH,)))
    return lines


async def test_who_was_reached_in_six_ways_by_six_numbers_has_one_report_of_six_lines(
    ledger: Ledger,
) -> None:
    lines = await reach_an_in_six_ways(ledger)
    page = await ledger.find(subjects=(AN,))
    assert lines == ids(page.accesses)
    assert (AN, set(SIX)) == (page.united[0], set(page.united))
    assert lines[:3] == await ledger.lines(subjects=(AN,), since=NOW - 2.5 * A_MONTH)


@pytest.mark.parametrize("number", SIX, ids=["id", "old", "code", "former code", "card", "new"])
async def test_the_report_is_the_same_by_whichever_number_it_is_asked(
    ledger: Ledger, number: Number
) -> None:
    lines = await reach_an_in_six_ways(ledger)
    assert lines == await ledger.lines(subjects=(number,))


async def test_of_a_burnt_month_nothing_is_found_and_nothing_says_so(ledger: Ledger) -> None:
    lines = await reach_an_in_six_ways(ledger)
    ledger.months.forget_before("2026-11")
    page = await ledger.find(subjects=(AN,))
    assert lines[:1] == ids(page.accesses)
    # The month of the old number's detail is still there; those of the other numbers are burnt.
    assert ((AN, OLD), None) == (page.united, page.after)


async def test_without_any_key_of_the_time_nothing_is_found(ledger: Ledger) -> None:
    await reach_an_in_six_ways(ledger)
    ledger.months = MonthKeys(bytes(32), since="2027-01")
    page = await ledger.find(subjects=(AN,))
    assert ((), (AN,)) == (page.accesses, page.united)
    # What needs no key is found, and its details stay shut.
    [newest, *_] = (await ledger.find(consumer="portal-hanoi")).accesses
    assert {} == newest.details


async def test_two_subjects_of_one_read_are_two_persons(ledger: Ledger) -> None:
    await ledger.keep(*ledger.request((AN,), (OLD, CARD)), *ledger.request((CARD,)))
    page = await ledger.find(subjects=(AN,))
    assert ((AN,), 1) == (page.united, len(page.accesses))


async def test_through_a_parcel_nobody_becomes_anybody_else(ledger: Ledger) -> None:
    await ledger.keep(
        *ledger.request((AN, PARCEL)), *ledger.request((BINH, PARCEL)), *ledger.request((AN, OLD))
    )
    assert (AN, OLD) == (await ledger.find(subjects=(AN,))).united
    of_parcel = await ledger.find(subjects=(PARCEL,))
    assert ((PARCEL,), 2) == (of_parcel.united, len(of_parcel.accesses))


async def test_an_old_number_that_was_given_twice_shows_nobody_anothers_accesses(
    ledger: Ledger,
) -> None:
    ans, binhs, somebodys = (
        ledger.request(numbers, at=NOW - n * HOUR)
        for n, numbers in enumerate([(AN, OLD), (BINH, OLD), (OLD,)])
    )
    await ledger.keep(*ans, *binhs, *somebodys)
    assert [ans[1].entry_id] == await ledger.lines(subjects=(AN,))
    assert [binhs[1].entry_id] == await ledger.lines(subjects=(BINH,))
    by_old = await ledger.find(subjects=(OLD,))
    assert ((OLD,), 3) == (by_old.united, len(by_old.accesses))


@pytest.mark.parametrize(
    "asked",
    [
        {"since": NOW - 2 * HOUR},
        {"after": Place(3, microseconds(NOW + HOUR), new_id(NOW))},
    ],
    ids=["a time", "a cursor"],
)
async def test_nothing_asked_makes_the_log_forget_that_a_number_is_two_persons(
    ledger: Ledger, asked: dict[str, Any]
) -> None:
    """Bình's it was in summer already; this month it was asked for, and nobody answered."""
    ans, binhs = ledger.request((AN, OLD)), ledger.request((BINH, OLD), at=NOW - 4 * A_MONTH)
    await ledger.keep(*ans, ledger.asked((OLD,), at=NOW - HOUR), *binhs)
    page = await ledger.find(subjects=(AN,), **asked)
    assert ([ans[1].entry_id], (AN,)) == (ids(page.accesses), page.united)


async def test_what_a_refused_question_put_side_by_side_unites_nobody(ledger: Ledger) -> None:
    """Whoever is refused may have named the own number beside anybody's."""
    entry_id = new_id(NOW)
    refused = denied(
        ledger.circumstances(),
        entry_id=entry_id,
        at=NOW,
        code="NOT_FOUND_OR_MISMATCH",
        rule="proof",
        http_status=200,
        reads=ledger.reads(NOW, [(AN, CARD)]),
        detail=ledger.sealed(entry_id, NOW, [(AN, CARD)]),
    )
    await ledger.keep(refused, *ledger.request((CARD,), at=NOW - HOUR))
    page = await ledger.find(subjects=(AN,))
    assert ([entry_id], (AN,)) == (ids(page.accesses), page.united)


async def test_searches_at_the_same_time_do_not_disturb_each_other(ledger: Ledger) -> None:
    lines = await reach_an_in_six_ways(ledger)
    found = await asyncio.gather(*(ledger.lines(subjects=(number,)) for number in SIX))
    assert [lines] * 6 == found


@pytest.mark.parametrize(
    ("asked", "told", "united"),
    [
        ((AN,), [], (AN,)),
        ((AN, AN), [], (AN,)),
        ((CARD,), [(CARD, INSURANCE), (INSURANCE, AN), (AN, OLD)], (CARD, INSURANCE, AN, OLD)),
        # The nearest personal id is the person's; what stands with another one as well is not.
        ((CARD,), [(CARD, AN), (AN, OLD), (BINH, OLD)], (CARD, AN)),
        ((CARD,), [(CARD, AN), (CARD, BINH), (AN, OLD)], (CARD,)),
        ((AN, OLD), [(AN, OLD), (BINH, OLD), (BINH, CARD)], (AN, OLD)),
        ((PARCEL,), [(PARCEL, AN)], (PARCEL,)),
    ],
)
def test_numbers_unite_as_far_as_they_are_one_persons(
    asked: tuple[Number, ...], told: list[tuple[Number, ...]], united: tuple[Number, ...]
) -> None:
    assert set(united) == set(unite(asked, told))
    assert set(united) == set(unite(asked, told[::-1]))
