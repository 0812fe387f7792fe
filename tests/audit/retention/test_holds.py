"""What a case needs is spared, and can be opened after the month is burnt."""

from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import delete, select, update

from audit.detail import Detail, open_with
from audit.entry import Action, EntryKind, Retired
from audit.key_files import KeyUnusableError
from audit.reading.accesses import Question
from audit.reading.looked_up import Wrong, compare
from audit.reading.search import Search
from audit.record import from_bytes
from audit.retention.by_hand import own_boot, retention_entry
from audit.retention.held_keys import held_keys_in, read_held_keys
from audit.retention.holds import Hold, NoSuchHold, NotThere, hold, holds, release
from audit.retention.plan import Plan
from audit.retention.unfinished import Unfinished, begin
from audit.stores.schema import ENTRY, HOLD
from audit.tags import TagDomain, Tagger
from tests.audit.retention.workbench import BEFORE, NOW, PERSON, Judged, OldLog, clock, distinct
from tests.audit.tree.workbench import connected, new_id

CASE = "12/2026/TB-VKS Nguyễn Văn A"


async def test_a_whole_request_is_held_by_any_of_its_entries(old_log: OldLog) -> None:
    asked, told = old_log.requests["2024-09"][0]
    for given in (asked, told):
        done = await _hold(old_log, given.entry_id)
        assert isinstance(done, Hold)
        assert 2 == done.entries
        async with connected(old_log.url) as connection:
            held = await connection.execute(
                select(HOLD.c.entry_id).where(HOLD.c.hold_id == done.hold_id)
            )
            assert {asked.entry_id, told.entry_id, done.hold_id} == set(held.scalars())


async def test_a_hold_is_an_entry_whose_case_stands_in_its_detail_only(old_log: OldLog) -> None:
    done = await _hold(old_log, old_log.entries("2024-09")[0].entry_id)
    assert isinstance(done, Hold)
    async with connected(old_log.url) as connection:
        body = await connection.execute(
            select(ENTRY.c.body).where(ENTRY.c.entry_id == done.hold_id)
        )
        entry = from_bytes(bytes(body.scalar_one())).entry
    months = old_log.keys().months
    assert (EntryKind.ADMIN, Action.HOLD, 2) == (entry.kind, entry.action, entry.found)
    assert Tagger(months).tag(TagDomain.CASE, CASE, NOW) == entry.case_tag
    assert [CASE] == [each.case for each in await holds(old_log.url, old_log.keys())]
    assert "TB-VKS" not in repr(done) + repr(entry)


async def test_what_is_held_stays_and_is_opened_by_its_own_key(old_log: OldLog) -> None:
    before = await old_log.exported("before")
    spared = old_log.requests["2024-09"][1]
    await _hold(old_log, spared[1].entry_id)
    done = await old_log.retire()
    assert isinstance(done, Plan)
    assert (10, 2) == (done.entries, done.held)
    old = {each.entry_id for month in ("2024-09", "2024-10") for each in old_log.entries(month)}
    kept = await old_log.kept()
    assert {each.entry_id for each in spared} == old & kept["audit_entry"]
    assert {spared[0].entry_id} == old & kept["audit_subject"]
    assert {spared[1].entry_id} == old & kept["audit_closing"]
    keys = read_held_keys(old_log.keys_dir / "held-keys")
    assert {each.entry_id for each in spared} == set(keys)
    for each in spared:
        assert each.detail is not None
        assert Detail(subjects=((("person", PERSON),),)) == open_with(
            keys[each.entry_id], each.entry_id, each.detail
        )
    judged = await old_log.judged("after", before / "checkpoint-1")
    assert Judged(code=3, names={"RETIRED", "RETIRED_NEIGHBOURS"}, gone=10) == judged


async def test_an_auditor_opens_what_is_held_when_its_month_is_burnt_and_nothing_else(
    old_log: OldLog,
) -> None:
    spared = old_log.requests["2024-09"][1]
    await _hold(old_log, spared[1].entry_id)
    assert isinstance(await old_log.retire(), Plan)
    path = held_keys_in(old_log.keys_dir)
    question = Question(entry=spared[1].entry_id)
    opened = []
    for held in (dict, partial(read_held_keys, path)):
        search = Search(old_log.url, lambda: old_log.keys().months, clock=clock, held=held)
        (line,) = (await search.find(question, first=5)).accesses
        await search.aclose()
        opened.append(set(line.details))
    assert [set(), {each.entry_id for each in spared}] == opened


async def test_the_case_can_be_read_after_the_month_of_its_hold_is_burnt(old_log: OldLog) -> None:
    spared = old_log.entries("2024-09")[0].entry_id
    await _hold(old_log, spared)
    await old_log.sequenced()
    # What the command itself writes is younger than what it retires.
    in_december = datetime(2026, 12, 1, tzinfo=UTC)
    assert isinstance(await old_log.retire("2026-12", at=in_december), Plan)
    assert [(CASE, 2)] == [
        (each.case, each.entries) for each in await holds(old_log.url, old_log.keys())
    ]


async def test_what_was_let_go_leaves_with_the_next_retirement_and_its_key(
    old_log: OldLog,
) -> None:
    spared = old_log.requests["2024-09"][1]
    await _hold(old_log, spared[1].entry_id)
    await old_log.retire()
    [key, _] = read_held_keys(old_log.keys_dir / "held-keys").values()
    released = await release(
        old_log.url, old_log.keys(), lambda each: each.case == CASE,
        clock=clock, randomness=distinct,
    )  # fmt: skip
    assert isinstance(released, list)
    assert [2] == [each.entries for each in released]
    assert [] == await holds(old_log.url, old_log.keys())
    done = await old_log.retire()
    assert isinstance(done, Plan)
    assert (2, 0) == (done.entries, done.held)
    assert {} == read_held_keys(old_log.keys_dir / "held-keys")
    assert key.hex() not in (old_log.keys_dir / "held-keys").read_text()
    assert Judged(code=3, names={"RETIRED"}, gone=12) == await old_log.judged("after")


async def test_two_cases_hold_one_entry_until_both_let_it_go(old_log: OldLog) -> None:
    spared = old_log.requests["2024-09"][0][0].entry_id
    await _hold(old_log, spared)
    await _hold(old_log, spared, case="another")
    told = await release(
        old_log.url, old_log.keys(), lambda each: each.case == "another",
        clock=clock, randomness=distinct,
    )  # fmt: skip
    assert not isinstance(told, NoSuchHold)
    done = await old_log.retire()
    assert isinstance(done, Plan)
    assert 2 == done.held


async def test_an_id_that_is_not_there_holds_nothing(old_log: OldLog) -> None:
    nobody = new_id()
    told = await _hold(old_log, old_log.entries("2024-09")[0].entry_id, nobody)
    assert NotThere(entry_ids=[nobody]) == told
    assert [] == await holds(old_log.url, old_log.keys())


async def test_a_case_without_a_hold_lets_nothing_go(old_log: OldLog) -> None:
    told = await release(
        old_log.url, old_log.keys(), lambda _each: True, clock=clock, randomness=distinct
    )
    assert NoSuchHold() == told


async def test_during_a_retirement_that_was_cut_off_nothing_is_held_or_let_go(
    old_log: OldLog,
) -> None:
    retired = Retired(last_seq=11, count=12, before=BEFORE)
    declared = retention_entry(new_id(), NOW, retired)
    begin(old_log.keys_dir, declared.entry_id)
    async with own_boot(old_log.url, "retention", clock=clock, randomness=distinct) as log:
        await log.append([declared])
    cut = Unfinished(entry_id=declared.entry_id, retired=retired)
    assert cut == await _hold(old_log, old_log.entries("2024-11")[0].entry_id)
    assert cut == await release(
        old_log.url, old_log.keys(), lambda _each: True, clock=clock, randomness=distinct
    )


def test_a_file_of_held_keys_that_was_damaged_is_refused_without_its_content(
    old_log: OldLog,
) -> None:
    path = old_log.keys_dir / "held-keys"
    path.touch(mode=0o600)
    path.write_text("0000 5ec2e7-of-somebody\n")
    with pytest.raises(KeyUnusableError) as refused:
        read_held_keys(path)
    assert "5ec2e7" not in str(refused.value)


async def _hold(old_log: OldLog, *entry_ids: str, case: str = CASE) -> object:
    return await hold(
        old_log.url, old_log.keys(), entry_ids, case, clock=clock, randomness=distinct
    )


async def test_what_was_taken_out_of_a_hold_past_the_log_is_found(old_log: OldLog) -> None:
    done = await _hold(old_log, old_log.entries("2024-09")[0].entry_id)
    other = await _hold(old_log, old_log.entries("2024-10")[0].entry_id, case="another")
    assert isinstance(done, Hold)
    assert isinstance(other, Hold)
    assert {} == (await compare(old_log.url)).wrong
    await release(
        old_log.url, old_log.keys(), lambda each: each.case == "another",
        clock=clock, randomness=distinct,
    )  # fmt: skip
    assert {} == (await compare(old_log.url)).wrong
    async with connected(old_log.url) as connection:
        await connection.execute(delete(HOLD))
    assert {Wrong.HOLD: [done.hold_id]} == (await compare(old_log.url)).examples


async def test_a_caller_who_gives_all_its_requests_one_id_holds_up_nobody(
    old_log: OldLog,
) -> None:
    """Entries of the same id at other times, and of other requests, are not those meant."""
    async with connected(old_log.url) as connection:
        await connection.execute(update(ENTRY).values(request_id="1"))
    asked, told = old_log.requests["2024-09"][0]
    done = await _hold(old_log, told.entry_id)
    assert isinstance(done, Hold)
    async with connected(old_log.url) as connection:
        held = await connection.execute(select(HOLD.c.entry_id))
        assert {asked.entry_id, told.entry_id, done.hold_id} == set(held.scalars())
