"""What a superuser changes beside the bodies is found, named and put right."""

import json
from collections.abc import Sequence

import pytest

from audit.entry import Entry
from audit.reading.looked_up import Compared, Wrong, compare
from tests.audit.databases import Database
from tests.audit.reading.workbench import AN, BINH, NOW, Ledger, literal


async def _kept(ledger: Ledger) -> Sequence[Entry]:
    first, last = ledger.request((AN,), upstream=["q-1"])
    alone = ledger.asked((BINH,))
    await ledger.keep(first, last, alone)
    return first, last, alone


async def _compared(ledger: Ledger, *, mend: bool = False) -> Compared:
    return await compare(ledger.url, mend=mend)


async def test_what_gateways_write_says_the_same_everywhere(ledger: Ledger) -> None:
    await _kept(ledger)
    assert Compared(entries=4, wrong={}, examples={}) == await _compared(ledger)


async def test_whoever_may_read_may_compare(ledger: Ledger) -> None:
    await _kept(ledger)
    assert {} == (await compare(ledger.reader_url)).wrong


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("DELETE FROM audit_subject", {Wrong.MISSING: 2}),
        ("UPDATE audit_subject SET period = '2026-01'", {Wrong.MISSING: 2, Wrong.FOREIGN: 2}),
        ("DELETE FROM audit_closing", {Wrong.MISSING: 1}),
        ("DELETE FROM audit_upstream", {Wrong.MISSING: 1}),
        (
            "UPDATE audit_upstream SET upstream_request_id = 'q-2'",
            {Wrong.MISSING: 1, Wrong.FOREIGN: 1},
        ),
        ("UPDATE audit_entry SET consumer_id = 'nobody'", {Wrong.COLUMNS: 4}),
        ("UPDATE audit_entry SET registries = NULL", {Wrong.COLUMNS: 3}),
        (
            "INSERT INTO audit_closing SELECT entry_id, at, tag FROM audit_subject",
            {Wrong.FOREIGN: 2},
        ),
    ],
)
async def test_what_is_looked_up_by_and_was_changed_is_found_and_put_right(
    database: Database, ledger: Ledger, change: str, wrong: dict[Wrong, int]
) -> None:
    entries = await _kept(ledger)
    lines = await ledger.lines(subjects=(AN,))
    assert [entries[1].entry_id] == lines
    await database.ask(change)
    assert wrong == (await _compared(ledger)).wrong
    assert wrong == (await _compared(ledger, mend=True)).wrong
    assert {} == (await _compared(ledger)).wrong
    assert lines == await ledger.lines(subjects=(AN,))


async def test_a_body_that_the_tree_does_not_hold_is_named_and_nothing_is_made_of_it(
    database: Database, ledger: Ledger
) -> None:
    first, last, _ = await _kept(ledger)
    await database.ask(
        "UPDATE audit_entry SET body = (SELECT body FROM audit_entry"  # noqa: S608 - our own ids
        f" WHERE entry_id = '{last.entry_id}') WHERE entry_id = '{first.entry_id}'"
    )
    before = await database.ask("SELECT * FROM audit_subject ORDER BY tag, entry_id")
    told = await _compared(ledger, mend=True)
    assert ({Wrong.BODY: 1}, {Wrong.BODY: [first.entry_id]}) == (told.wrong, told.examples)
    assert before == await database.ask("SELECT * FROM audit_subject ORDER BY tag, entry_id")


async def test_an_entry_of_a_newer_program_is_named_and_stays_as_it_was_signed(
    database: Database, ledger: Ledger
) -> None:
    """A field that we do not know would be lost if we wrote the body once more."""
    newer = ledger.asked((AN,))
    await ledger.log.append([newer])
    entry = f"FROM audit_entry WHERE entry_id = '{newer.entry_id}'"
    ((body,),) = await database.ask(f"SELECT body {entry}")
    record = json.loads(bytes(body))
    record["entry"]["zone"] = "X"
    written = json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
    await database.ask(
        f"UPDATE audit_entry SET body = {literal(written, database)}, consumer_id = 'it-knows-why'"  # noqa: S608 - our own id
        f" WHERE entry_id = '{newer.entry_id}'"
    )
    await ledger.sequence()
    tags = "SELECT * FROM audit_subject"
    before = await database.ask(tags)
    told = await _compared(ledger, mend=True)
    assert {Wrong.BODY: [newer.entry_id]} == told.examples
    ((kept, consumer),) = await database.ask(f"SELECT body, consumer_id {entry}")
    assert (written, "it-knows-why") == (bytes(kept), consumer)
    assert (1, before) == (len(before), await database.ask(tags))


async def test_an_entry_that_was_taken_out_of_the_queue_is_put_back(
    database: Database, ledger: Ledger
) -> None:
    await _kept(ledger)
    forgotten = ledger.asked((AN,), at=NOW)
    await ledger.log.append([forgotten])
    await database.ask("DELETE FROM audit_queue")
    told = await _compared(ledger, mend=True)
    assert {Wrong.FORGOTTEN: [forgotten.entry_id]} == told.examples
    await ledger.sequence()
    assert {} == (await _compared(ledger)).wrong


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ("UPDATE audit_leaf SET leaf_hash = {other} WHERE seq = 2", ["size 4", "tile 0/0"]),
        ("UPDATE audit_tile SET hashes = {other}", ["tile 0/0"]),
        ("DELETE FROM audit_tile", ["tile 0/0"]),
        ("UPDATE audit_checkpoint SET root = {other}", ["size 4"]),
        ("DELETE FROM audit_leaf WHERE seq = 3", ["leaf 3"]),
    ],
)
async def test_a_tree_that_is_not_that_of_its_leaves_is_named(
    database: Database, ledger: Ledger, change: str, places: list[str]
) -> None:
    await _kept(ledger)
    await database.ask(change.format(other=literal(bytes(range(32)), database)))
    assert places == (await _compared(ledger)).examples[Wrong.TREE]
