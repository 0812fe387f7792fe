"""What is asked of the log is found, line by line, and nothing else."""

import pytest

from audit.making import denied, dry_run, not_delivered
from audit.reading.accesses import Question
from audit.reading.search import Search
from audit.stores.schema import microseconds
from audit.tags import TagDomain
from audit.tree.proofs import LogUnreadable
from tests.audit.databases import Database
from tests.audit.reading.workbench import AN, BINH, HOUR, NOW, Ledger, new_id


async def test_an_answer_is_one_line_with_the_intents_that_it_closes(ledger: Ledger) -> None:
    first = ledger.asked((AN,))
    second = ledger.asked((BINH,), registry="LAND")
    last = ledger.answered(first, second)
    await ledger.keep(first, second, last)
    page = await ledger.find(subjects=(AN,))
    [access] = page.accesses
    assert (last, (first, second)) == (access.entry, access.intents)
    assert {first.entry_id: ((AN,),), second.entry_id: ((BINH,),)} == {
        entry_id: detail.subjects for entry_id, detail in access.details.items()
    }
    # Before it: the start of the boot, and the two intents.
    assert (3, 4, None) == (access.seq, page.size, page.after)


async def test_an_intent_that_nothing_closes_is_a_line_of_its_own(ledger: Ledger) -> None:
    closed, open_one = ledger.asked((AN,)), ledger.asked((AN,))
    last = ledger.answered(closed)
    await ledger.keep(closed, open_one, last)
    assert {last.entry_id, open_one.entry_id} == set(await ledger.lines(subjects=(AN,)))
    assert [open_one.entry_id] == await ledger.lines(outcome="INTENT")
    assert [open_one.entry_id] == await ledger.lines(entry=open_one.entry_id)


async def test_a_request_id_that_others_use_too_links_nothing(ledger: Ledger) -> None:
    """Callers choose it: both requests here say that they are `r-1`."""
    ans, binhs = ledger.request((AN,)), ledger.request((BINH,))
    await ledger.keep(*ans, *binhs)
    [access] = (await ledger.find(subjects=(AN,))).accesses
    assert (ans[1], (ans[0],)) == (access.entry, access.intents)
    assert 2 == len(await ledger.lines(request="r-1"))


async def test_the_newest_comes_first(ledger: Ledger) -> None:
    made = [ledger.request((AN,), at=NOW - n * HOUR) for n in (2, 0, 1)]
    await ledger.keep(*(entry for each in made for entry in each))
    assert [made[1][1].entry_id, made[2][1].entry_id, made[0][1].entry_id] == await ledger.lines()


async def test_a_boot_is_shown_only_to_who_names_its_entry(
    database: Database, ledger: Ledger
) -> None:
    await ledger.keep(*ledger.request((AN,)))
    [(boot,)] = await database.ask("SELECT entry_id FROM audit_entry WHERE kind = 'BOOT_START'")
    assert [boot] == await ledger.lines(entry=boot)
    assert boot not in await ledger.lines()
    assert [] == await ledger.lines(outcome="BOOT_START")


async def test_what_was_fetched_and_not_delivered_is_found_by_the_registry_of_its_intent(
    ledger: Ledger,
) -> None:
    first = ledger.asked((AN,), registry="LAND")
    lost = not_delivered(
        ledger.circumstances(),
        entry_id=new_id(NOW),
        at=NOW,
        intents=[first.entry_id],
        duration_ms=3,
    )
    # Another one's intent, under the same request id.
    await ledger.keep(first, lost, *ledger.request((BINH,)))
    assert [lost.entry_id] == await ledger.lines(registry="LAND")
    assert [lost.entry_id] == await ledger.lines(subjects=(AN,), registry="LAND")
    assert [lost.entry_id] == await ledger.lines(outcome="NOT_DELIVERED")


async def test_refusals_and_dry_runs_are_lines(ledger: Ledger) -> None:
    given = ledger.circumstances()
    no = denied(
        given,
        entry_id=new_id(NOW),
        at=NOW,
        code="QUOTA_EXCEEDED",
        rule="quota-exceeded",
        http_status=403,
        reads=ledger.reads(NOW, [(AN,)]),
    )
    dry = dry_run(given, entry_id=new_id(NOW + HOUR), at=NOW + HOUR, reads=())
    await ledger.keep(no, dry)
    assert [dry.entry_id, no.entry_id] == await ledger.lines()
    assert [no.entry_id] == await ledger.lines(subjects=(AN,))
    assert [no.entry_id] == await ledger.lines(outcome="DENIED")
    assert [dry.entry_id] == await ledger.lines(outcome="DRY_RUN")


async def test_what_has_no_place_in_the_tree_yet_is_on_no_page(ledger: Ledger) -> None:
    await ledger.log.append(ledger.request((AN,)))
    page = await ledger.find(subjects=(AN,))
    assert ((), 0, None) == (page.accesses, page.size, page.after)


async def test_rows_that_were_retired_are_not_there(database: Database, ledger: Ledger) -> None:
    old, new = ledger.request((AN,), at=NOW - 24 * 40 * HOUR), ledger.request((AN,))
    await ledger.keep(*old, *new)
    for table in ("audit_entry", "audit_subject", "audit_closing"):
        await database.ask(f"DELETE FROM {table} WHERE at < {microseconds(NOW)} - 86400000000")  # noqa: S608 - our own table's name
    assert [new[1].entry_id] == await ledger.lines(subjects=(AN,))
    assert [new[1].entry_id] == await ledger.lines()


async def test_a_log_without_a_checkpoint_has_no_lines(ledger: Ledger) -> None:
    assert [] == await ledger.lines()


async def test_a_database_that_does_not_answer_is_said_to_be_unreadable(ledger: Ledger) -> None:
    nowhere = Search(
        ledger.url.replace("log_", "no_log_").replace("access-log", "no-access-log"),
        lambda: ledger.months,
        clock=lambda: NOW,
    )
    with pytest.raises(LogUnreadable):
        await nowhere.find(Question(), first=1)
    await nowhere.aclose()


async def test_a_changed_row_that_is_no_entry_any_more_makes_the_log_unreadable(
    database: Database, ledger: Ledger
) -> None:
    await ledger.keep(*ledger.request((AN,)))
    zeros = "zeroblob(9)" if "sqlite" in database.url else "'\\x00'"
    await database.ask(f"UPDATE audit_entry SET body = {zeros} WHERE kind = 'OUTCOME'")  # noqa: S608 - our own text
    with pytest.raises(LogUnreadable) as caught:
        await ledger.find(subjects=(AN,))
    assert "" == str(caught.value)


@pytest.mark.parametrize(
    "asked",
    [
        {"consumer": "\0"},
        {"upstream_request_id": "\ud800"},
        {"unit": "Hà Nội"},
        {"subjects": ((TagDomain.PERSON, "\ud800"),)},
        {"dossier": "\ud800"},
    ],
)
async def test_what_no_entry_can_hold_finds_nothing(
    ledger: Ledger, asked: dict[str, object]
) -> None:
    await ledger.keep(*ledger.request((AN,)))
    assert [] == await ledger.lines(**asked)
