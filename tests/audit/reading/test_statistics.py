"""Answers and dossiers are counted by month, agency, procedure and registry."""

from datetime import datetime, timedelta

import pytest

from audit.entry import Entry
from audit.reading.hiding import Told
from audit.reading.statistics import Counted, Statistics, StatisticsQuestion
from audit.tags import TagDomain
from audit.tree.proofs import LogUnreadable
from tests.audit.reading.workbench import AN, NOW, Ledger

LAST_MONTH = NOW - timedelta(days=31)
REPLACED = {"giay-to": "REPLACED_BY_DATA", "to-khai": "SUBMIT"}


def answer(
    ledger: Ledger,
    dossier: str | None,
    *,
    result: str = "OK",
    registries: tuple[str, ...] = ("POPULATION",),
    replaced: bool = False,
    at: datetime = NOW,
    **given: object,
) -> list[Entry]:
    """Make what a request about one dossier leaves."""
    tag = ledger.tag(TagDomain.DOSSIER, dossier, at) if dossier else None
    circumstances = ledger.circumstances(at, dossier_tag=tag, **given)
    intents = [
        ledger.asked((AN,), at=at, registry=registry, given=circumstances)
        for registry in registries
    ]
    components = REPLACED if replaced else {"to-khai": "SUBMIT"}
    return [*intents, ledger.answered(*intents, result=result, components=components)]


async def counted(ledger: Ledger, **asked: str) -> list[Counted]:
    statistics = Statistics(ledger.reader_url)
    question = StatisticsQuestion(**{"since_month": "2026-01", "until_month": "2026-12"} | asked)
    try:
        return await statistics.count(question)
    finally:
        await statistics.aclose()


def told(answers: int, dossiers: int, replaced: int, **outcomes: int) -> Told:
    return Told(answers=answers, outcomes=outcomes, dossiers=dossiers, replaced=replaced)


async def some_answers(ledger: Ledger) -> None:
    """Keep 27 answers: 15 about dossiers of one agency, and 12 beside them."""
    made = [answer(ledger, f"d-{n}", replaced=n < 5) for n in range(10)]
    made += [
        answer(ledger, f"d-{n}", result="PARTIAL", registries=("LAND", "POPULATION"))
        for n in range(5)
    ]
    made += [
        answer(ledger, None, receiving_agency="H36.7", draft_tag=ledger.tag("draft", "e", NOW))
        for _ in range(6)
    ]
    made += [answer(ledger, f"d-{n}", at=LAST_MONTH, procedure="2.000815") for n in range(6)]
    await ledger.keep(*(entry for entries in made for entry in entries))


async def test_answers_and_dossiers_are_counted_and_a_dossier_once(ledger: Ledger) -> None:
    await some_answers(ledger)
    expected = [
        ("2026-11", "H26.12", "1.004222", None, told(15, 10, 5, OK=10, PARTIAL=5)),
        ("2026-11", "H26.12", "1.004222", "LAND", told(5, 5, 0, PARTIAL=5)),
        ("2026-11", "H26.12", "1.004222", "POPULATION", told(15, 10, 5, OK=10, PARTIAL=5)),
    ]
    rows = await counted(ledger, agency="H26.12", procedure="1.004222")
    assert expected == [(r.month, r.agency, r.procedure, r.registry, r.told) for r in rows]
    assert [50, 0, 50] == [row.told.share for row in rows]


async def test_each_month_agency_and_procedure_has_rows_of_its_own(ledger: Ledger) -> None:
    await some_answers(ledger)
    whole = [row for row in await counted(ledger) if row.registry is None]
    assert [
        ("2026-11", "H26.12", "1.004222", 15),
        ("2026-11", "H36.7", "1.004222", 6),
        ("2026-10", "H26.12", "2.000815", 6),
    ] == [(row.month, row.agency, row.procedure, row.told.answers) for row in whole]


async def test_a_draft_is_a_dossier_too(ledger: Ledger) -> None:
    await some_answers(ledger)
    [whole, _] = await counted(ledger, agency="H36.7")
    # Six answers about one: too few to be told.
    assert Told(answers=6, outcomes={"OK": 6}, dossiers=None, replaced=None) == whole.told


async def test_both_months_asked_about_are_counted_and_no_other(ledger: Ledger) -> None:
    await some_answers(ledger)
    rows = await counted(ledger, since_month="2026-10", until_month="2026-10")
    assert {"2026-10"} == {row.month for row in rows}
    assert [] == await counted(ledger, since_month="2026-12", until_month="2026-12")
    assert [] == await counted(ledger, since_month="2026-11", until_month="2026-10")


async def test_a_filter_leaves_rows_out_and_changes_none(ledger: Ledger) -> None:
    await some_answers(ledger)
    await ledger.keep(*answer(ledger, "d-1", registries=("BUSINESS",)))
    rows = await counted(ledger)
    for name, values in (
        ("agency", {"H26.12", "H36.7"}),
        ("procedure", {"1.004222", "2.000815"}),
        ("registry", {"POPULATION", "LAND", "BUSINESS"}),
    ):
        assert values == {getattr(row, name) for row in rows} - {None}
        for value in values:
            expected = [row for row in rows if getattr(row, name) == value]
            assert expected == await counted(ledger, **{name: value})


async def test_only_answers_are_counted(ledger: Ledger) -> None:
    await some_answers(ledger)
    before = await counted(ledger)
    await ledger.keep(*(ledger.asked((AN,)) for _ in range(7)))
    assert before == await counted(ledger)


async def test_a_database_that_does_not_answer_has_no_statistics() -> None:
    statistics = Statistics("sqlite+aiosqlite:////no/such/folder/log.sqlite3")
    with pytest.raises(LogUnreadable):
        await statistics.count(StatisticsQuestion(since_month="2026-01", until_month="2026-01"))
