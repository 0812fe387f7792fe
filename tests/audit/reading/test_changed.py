"""A search shows nothing that the tree does not hold, and nobody's accesses to somebody else."""

import pytest

from audit.reading.looked_up import Wrong, compare
from audit.tree.proofs import LogUnreadable
from tests.audit.databases import Database
from tests.audit.reading.workbench import AN, BINH, UNREADABLE, Ledger, literal


@pytest.mark.parametrize("which", [0, 1])
async def test_an_entry_whose_body_was_changed_is_not_shown_as_if_it_were_right(
    database: Database, ledger: Ledger, which: int
) -> None:
    """Of an intent and of an outcome: here it is another consumer who seems to have asked."""
    entries = ledger.request((AN,))
    await ledger.keep(*entries)
    [(body,)] = await database.ask(
        f"SELECT body FROM audit_entry WHERE entry_id = '{entries[which].entry_id}'"  # noqa: S608 - our own id
    )
    changed = bytes(body).replace(b"portal-hanoi", b"portal-danang")
    await database.ask(
        f"UPDATE audit_entry SET body = {literal(changed, database)}"  # noqa: S608 - our own id
        f" WHERE entry_id = '{entries[which].entry_id}'"
    )
    for subjects in ((), (AN,)):
        with pytest.raises(LogUnreadable):
            await ledger.find(subjects=subjects)


@pytest.mark.parametrize("body", UNREADABLE)
async def test_an_entry_that_is_none_from_the_beginning_is_not_passed_over(
    database: Database, ledger: Ledger, body: bytes
) -> None:
    """A gateway that was taken over wrote it, and the tree holds it."""
    entries = ledger.request((AN,))
    await ledger.log.append(entries)
    await database.ask(f"UPDATE audit_entry SET body = {literal(body, database)}")  # noqa: S608 - our own value
    await ledger.sequence()
    for subjects in ((), (AN,)):
        with pytest.raises(LogUnreadable):
            await ledger.find(subjects=subjects)
    assert {Wrong.BODY: 3} == (await compare(ledger.url)).wrong


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_subject SET tag = '{other}' WHERE tag = '{own}'",
        "UPDATE audit_closing SET intent_id = '{intent}' WHERE entry_id = '{outcome}'",
    ],
)
async def test_a_row_that_leads_elsewhere_shows_nobody_anothers_access(
    database: Database, ledger: Ledger, change: str
) -> None:
    own, others = ledger.request((AN,)), ledger.request((BINH,))
    await ledger.keep(*own, *others)
    own_tag, other_tag = (ledger.tag(*number, own[0].at) for number in (AN, BINH))
    await database.ask(
        change.format(
            own=own_tag, other=other_tag, intent=others[0].entry_id, outcome=own[1].entry_id
        )
    )
    with pytest.raises(LogUnreadable):
        await ledger.find(subjects=(BINH,))
