"""Each part of a question finds the one access it is about, and all parts must hold."""

from datetime import timedelta

import pytest

from audit.reading.accesses import Question
from audit.tags import TagDomain
from tests.audit.reading.workbench import AN, BINH, DOSSIER, HOUR, NOW, OFFICER, Ledger, ids

OTHER_OFFICER = "099070000004"
OTHER_DOSSIER = "H26.12-261121-0002"
DRAFT = "draft-1"


async def two_accesses(ledger: Ledger) -> tuple[str, str]:
    """Keep two accesses that differ in everything; give the lines' ids."""
    before = NOW - 24 * 40 * HOUR
    given = ledger.circumstances(
        before,
        request_id="r-2",
        consumer_id="portal-lamdong",
        receiving_agency="H36.7",
        competent_agency="H36",
        unit="H36.7.1",
        officer_tag=ledger.tag(TagDomain.OFFICER, OTHER_OFFICER, before),
        procedure="2.000815",
        dossier_tag=None,
        draft_tag=ledger.tag(TagDomain.DRAFT, DRAFT, before),
    )
    first = ledger.asked((BINH,), at=before, registry="LAND", given=given)
    last = ledger.answered(first, result="PARTIAL", upstream=["q-2", "q-2"], from_cache=True)
    usual = ledger.asked((AN,))
    end = ledger.answered(usual, upstream=["q-1"])
    await ledger.keep(first, last, usual, end)
    return end.entry_id, last.entry_id


@pytest.mark.parametrize(
    "asked",
    [
        {"since": NOW - HOUR},
        {"consumer": "portal-hanoi"},
        {"agency": "H26.12"},
        {"agency": "H26"},
        {"unit": "H26.12.1"},
        {"officer": OFFICER},
        {"procedure": "1.004222"},
        {"dossier": DOSSIER},
        {"subjects": (AN,)},
        {"registry": "POPULATION"},
        {"upstream_request_id": "q-1"},
        {"request": "r-1"},
        {"outcome": "OK"},
        {"from_cache": False},
        {"subjects": (AN, BINH), "registry": "POPULATION"},
        {"subjects": (AN, BINH), "officer": OFFICER, "agency": "H26", "since": NOW},
    ],
    ids="+".join,
)
async def test_each_part_of_a_question_finds_its_own(
    ledger: Ledger, asked: dict[str, object]
) -> None:
    usual, _other = await two_accesses(ledger)
    assert [usual] == await ledger.lines(**asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"until": NOW},
        {"consumer": "portal-lamdong"},
        {"agency": "H36"},
        {"officer": OTHER_OFFICER},
        {"draft": DRAFT},
        {"subjects": (BINH,)},
        {"registry": "LAND"},
        {"upstream_request_id": "q-2"},
        {"outcome": "PARTIAL"},
        {"from_cache": True},
    ],
    ids="+".join,
)
async def test_and_the_other_one_by_its_own(ledger: Ledger, asked: dict[str, object]) -> None:
    _usual, other = await two_accesses(ledger)
    assert [other] == await ledger.lines(**asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"until": NOW, "consumer": "portal-hanoi"},
        {"subjects": (AN,), "registry": "LAND"},
        {"subjects": (AN,), "officer": OTHER_OFFICER},
        {"dossier": OTHER_DOSSIER},
        {"dossier": DRAFT},
        {"draft": DOSSIER},
        {"officer": AN[1]},
        {"registry": "LAN"},
        {"registry": "L_ND"},
        {"registry": "%"},
        {"outcome": "AUDIT_READ"},
        {"entry": "no-such-entry"},
        {"subjects": ((TagDomain.CARD, AN[1]),)},
        {"since": NOW + HOUR},
        {"since": NOW - HOUR, "until": NOW - HOUR},
    ],
    ids="+".join,
)
async def test_what_does_not_hold_as_a_whole_finds_nothing(
    ledger: Ledger, asked: dict[str, object]
) -> None:
    await two_accesses(ledger)
    assert [] == await ledger.lines(**asked)


async def test_an_access_is_found_by_the_id_of_any_of_its_entries(ledger: Ledger) -> None:
    usual, _other = await two_accesses(ledger)
    [access] = (await ledger.find(entry=usual)).accesses
    assert [usual] == await ledger.lines(entry=access.intents[0].entry_id)


async def test_the_time_asked_about_ends_before_its_last_moment(ledger: Ledger) -> None:
    entries = ledger.request((AN,))
    await ledger.keep(*entries)
    at = entries[1].at
    assert [entries[1].entry_id] == await ledger.lines(
        since=at, until=at + timedelta(microseconds=1)
    )
    assert [] == await ledger.lines(since=NOW, until=at)


async def test_an_access_over_a_months_end_is_found_by_its_end(ledger: Ledger) -> None:
    """The tags of its intent are those of the month before the time asked about."""
    month = NOW.replace(day=1, hour=0, minute=0)
    first = ledger.asked((AN,), at=month - timedelta(milliseconds=20))
    last = ledger.answered(first)
    await ledger.keep(first, last)
    page = await ledger.find(subjects=(AN,), since=month, until=month + HOUR)
    assert [last.entry_id] == ids(page.accesses)
    assert [(first,)] == [access.intents for access in page.accesses]


async def test_neither_questions_nor_answers_print_what_they_hold(ledger: Ledger) -> None:
    await ledger.keep(*ledger.request((AN,)))
    page = await ledger.find(subjects=(AN,))
    assert "Page(…) Access(…) Question(…)" == (
        f"{page} {page.accesses[0]} {Question(subjects=(AN,), officer=OFFICER)}"
    )
