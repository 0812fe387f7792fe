"""Entries of boots are about nobody: they are no lines of a report, but for who asks for them."""

from tests.audit.databases import Database
from tests.audit.reading.workbench import AN, Ledger


async def test_boots_are_shown_to_who_asks_for_them_and_to_nobody_else(
    database: Database, ledger: Ledger
) -> None:
    intent, outcome = ledger.request((AN,))
    await ledger.keep(intent, outcome)
    [(boot,)] = await database.ask("SELECT entry_id FROM audit_entry WHERE kind = 'BOOT_START'")
    assert [boot] == await ledger.lines(outcome="BOOT")
    assert [outcome.entry_id] == await ledger.lines()
    assert [outcome.entry_id] == await ledger.lines(outcome="OK")
    assert [] == await ledger.lines(outcome="BOOT", subjects=(AN,))
