"""On PostgreSQL whatever has a key is looked up by an index, in the months concerned."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from audit.reading.accesses import Question
from audit.reading.lines import MonthTag, Tags, entries_about, entries_near, page_of
from audit.stores.schema import microseconds
from tests.audit.databases import PostgresDatabase
from tests.audit.reading.plans import looked_by
from tests.audit.reading.workbench import AN, NOW, Ledger

MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11, 12)]
OTHERS = """
INSERT INTO audit_subject
SELECT '-', substr(encode(sha256(('{at} ' || n / 10)::bytea), 'base64'), 1, 43),
       {at} + n, '{at}-' || n / 2, 'R' || n % 2 FROM generate_series(1, 20000) AS n
"""


@pytest.fixture
async def ledger(postgres: PostgresDatabase, tmp_path: Path) -> AsyncIterator[Ledger]:
    """Keep one person's accesses among sixty thousand rows of others."""
    ledger = Ledger(postgres, tmp_path / "keys")
    await ledger.log.open()
    for month in MONTHS[:3]:
        await ledger.keep(*ledger.request((AN,), at=month))
        await postgres.ask(OTHERS.format(at=microseconds(month)))
    await postgres.ask("ANALYZE")
    yield ledger
    await ledger.log.close()
    await ledger.search.aclose()


def of_an(ledger: Ledger) -> list[MonthTag]:
    return [
        (ledger.tag(*AN, since), microseconds(since), microseconds(until))
        for since, until in pairwise(MONTHS)
    ]


async def test_a_person_is_looked_up_by_index_and_no_table_is_read_whole(ledger: Ledger) -> None:
    tags = Tags(subject=of_an(ledger))
    asked = page_of("postgresql", Question(), tags, size=10**6, after=None, limit=51)
    names = await looked_by(ledger.reader_url, asked)
    assert {"audit_subject_pkey", "audit_closing_pkey", "audit_leaf_entry_id_key"} <= names
    assert [] == [name for name in names if name.startswith("all of")]
    assert 3 == len(await ledger.lines(subjects=(AN,)))


async def test_what_details_tell_is_looked_up_by_index_too(ledger: Ledger) -> None:
    names = await looked_by(ledger.reader_url, entries_about("postgresql", of_an(ledger)))
    assert "audit_subject_pkey" in names
    assert [] == [name for name in names if name.startswith("all of")]


async def test_intents_are_looked_up_by_index(ledger: Ledger) -> None:
    [access, *_] = (await ledger.find(subjects=(AN,))).accesses
    place = (access.intents[0].entry_id, microseconds(access.entry.at))
    names = await looked_by(ledger.reader_url, entries_near("postgresql", [place]))
    assert "audit_entry_pkey" in names
    assert [] == [name for name in names if name.startswith("all of")]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (Question(upstream_request_id="q-1"), "audit_upstream_pkey"),
        (Question(entry="e-1"), "audit_entry_pkey"),
    ],
    ids=["the registry's own id", "an entry's id"],
)
async def test_an_id_is_looked_up_by_index(ledger: Ledger, question: Question, index: str) -> None:
    asked = page_of("postgresql", question, Tags(), size=10**6, after=None, limit=51)
    names = await looked_by(ledger.reader_url, asked)
    assert index in names
    assert [] == [name for name in names if name.startswith("all of")]


async def test_a_month_that_is_not_asked_about_is_not_looked_into(
    ledger: Ledger, postgres: PostgresDatabase
) -> None:
    """Even a month that cannot be read does not disturb a question about another."""
    await postgres.ask("ALTER TABLE audit_subject DETACH PARTITION audit_subject_2026_09")
    assert 2 == len(await ledger.lines(subjects=(AN,), since=MONTHS[1], until=NOW))
