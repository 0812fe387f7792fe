"""Old entries go, and every proof stays valid."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from audit.detail import Details
from audit.entry import Action, Entry, EntryKind, Retired
from audit.months import MonthDestroyedError
from audit.record import from_bytes
from audit.retention.plan import Plan, Refusal, Why, plan, too_young
from audit.retention.retire import retire
from audit.stores.opening import open_access_log
from audit.stores.schema import BOOT, CHECKPOINT, ENTRY, LEAF, SUBJECT
from audit.tags import TagDomain, Tagger
from audit.tree.merkle import leaf_hash
from audit.tree.proofs import LogReader, NoSuchTree
from audit.tree.signing import check_checkpoint, parse_vkeys
from audit.tree.tlog_proof import TlogProof
from tests.audit.postgres_server import ROLES, PostgresServer
from tests.audit.retention.workbench import (
    BEFORE,
    MONTHS,
    NOW,
    PERSON,
    Judged,
    OldLog,
    clock,
    distinct,
    fill,
    request,
)
from tests.audit.tree import slow_merkle
from tests.audit.tree.workbench import connected, sequencing


async def test_what_is_retired_leaves_the_tables_and_what_is_younger_stays(old_log: OldLog) -> None:
    done = await old_log.retire()
    assert isinstance(done, Plan)
    assert (("2024-09", 6), ("2024-10", 6)) == tuple(done.months)
    young = {each.entry_id for month in ("2024-11", "2026-11") for each in old_log.entries(month)}
    old = {each.entry_id for month in ("2024-09", "2024-10") for each in old_log.entries(month)}
    kept = await old_log.kept()
    assert set() == old & set().union(*kept.values())
    assert young <= kept["audit_entry"]
    async with connected(old_log.url) as connection:
        tables = (LEAF, BOOT, SUBJECT)
        counted = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables
        ]
    # 24 entries, the boot that retired and what it declared; a subject for each intent that stays.
    assert [27, 10, 4] == [counted[0], counted[1], counted[2]]


async def test_the_entry_that_declares_it_says_how_much_and_up_to_where(old_log: OldLog) -> None:
    await old_log.retire()
    [declared] = await _of_kind(old_log, EntryKind.RETENTION)
    assert Retired(last_seq=11, count=12, before=BEFORE) == declared.retired
    assert (Action.RETIRE, NOW) == (declared.action, declared.at)


async def test_verification_says_retired_and_nothing_else(old_log: OldLog) -> None:
    before = await old_log.exported("before")
    await old_log.retire()
    judged = await old_log.judged("after", before / "checkpoint-1")
    assert Judged(code=3, names={"RETIRED"}, gone=12) == judged


async def test_proofs_of_retired_and_of_kept_entries_hold(old_log: OldLog) -> None:
    leaves: dict[str, tuple[int, bytes]] = {}
    async with connected(old_log.url) as connection:
        rows = await connection.execute(
            select(LEAF.c.seq, LEAF.c.entry_id, ENTRY.c.body).join(
                ENTRY, ENTRY.c.entry_id == LEAF.c.entry_id
            )
        )
        for row in rows:
            leaves[row.entry_id] = (row.seq, leaf_hash(bytes(row.body)))
    await old_log.retire()
    reader = LogReader(old_log.url)
    tenures = parse_vkeys(await reader.vkeys())
    for month in old_log.requests:
        for entry in old_log.entries(month):
            proof = await reader.entry_proof(entry.entry_id)
            assert isinstance(proof, TlogProof)
            signed = check_checkpoint(proof.note, tenures).checkpoint
            seq, leaf = leaves[entry.entry_id]
            assert seq == proof.index
            assert slow_merkle.includes(seq, signed.size, leaf, proof.path, signed.root)
    old, new = 24, signed.size
    async with connected(old_log.url) as connection:
        signed_roots = await connection.execute(select(CHECKPOINT.c.size, CHECKPOINT.c.root))
        roots = {row.size: bytes(row.root) for row in signed_roots}
    path = await reader.consistency(old, new)
    await reader.aclose()
    assert not isinstance(path, NoSuchTree)
    assert slow_merkle.consistent(old, new, (roots[old], roots[new]), path)


async def test_tags_of_burnt_months_can_be_made_by_nobody(old_log: OldLog) -> None:
    keys = old_log.keys()
    old_tags = {Tagger(keys.months).tag(TagDomain.PERSON, PERSON, at) for at in MONTHS[:2]}
    sealed = old_log.entries("2024-10")[0]
    await old_log.retire()
    now = old_log.keys().months
    assert BEFORE == now.since
    for at in MONTHS[:2]:
        with pytest.raises(MonthDestroyedError):
            Tagger(now).tag(TagDomain.PERSON, PERSON, at)
    made = {Tagger(now).tag(TagDomain.PERSON, PERSON, at) for at in (MONTHS[2], NOW)}
    assert set() == made & old_tags
    assert sealed.detail is not None
    assert None is Details(now, distinct).open(sealed.entry_id, sealed.at, sealed.detail)
    young = old_log.entries("2024-11")[0]
    assert young.detail is not None
    opened = Details(now, distinct).open(young.entry_id, young.at, young.detail)
    assert opened is not None
    assert ((("person", PERSON),),) == opened.subjects


async def test_nothing_of_a_retired_entry_stays_in_the_files_of_sqlite(old_log: OldLog) -> None:
    tags = [
        Tagger(old_log.keys().months).tag(TagDomain.PERSON, PERSON, at).encode()
        for at in (MONTHS[0], MONTHS[2])
    ]
    await old_log.retire()
    files = [p for p in old_log.folder.glob("access-log.db*") if p.is_file()]
    content = b"".join(p.read_bytes() for p in files)
    # On PostgreSQL the files are the server's, and a dropped partition's are gone.
    assert [False, bool(files)] == [tag in content for tag in tags]


async def test_a_second_retirement_finds_nothing_to_do(old_log: OldLog) -> None:
    await old_log.retire()
    again = await old_log.retire()
    assert Refusal(why=Why.NOTHING) == again
    assert 1 == len(await _of_kind(old_log, EntryKind.RETENTION))


async def test_month_after_month_the_sum_that_can_be_read_is_what_is_gone(
    old_log: OldLog,
) -> None:
    """A RETENTION entry is retired in its turn, and hands on what it had declared."""
    await old_log.retire("2024-10", at=datetime(2024, 12, 5, tzinfo=UTC))
    done = await old_log.retire("2025-01")
    assert isinstance(done, Plan)
    # Of the first one, the boot's two entries and what it declared go with November's.
    assert (("2024-10", 6), ("2024-11", 6), ("2024-12", 3)) == tuple(done.months)
    [declared] = await _of_kind(old_log, EntryKind.RETENTION)
    assert Retired(last_seq=26, count=21, before="2025-01") == declared.retired
    assert Judged(code=3, names={"RETIRED"}, gone=21) == await old_log.judged("after")


async def test_an_entry_without_a_place_is_not_retired(old_log: OldLog) -> None:
    async with connected(old_log.url) as connection:
        await connection.exec_driver_sql("DELETE FROM audit_leaf WHERE seq = 3")
    assert Refusal(why=Why.NOT_PLACED, facts={"entries": 1}) == await plan(
        old_log.url, old_log.keys(), BEFORE
    )


async def test_nothing_is_removed_before_the_entry_has_its_place(old_log: OldLog) -> None:
    told = await retire(  # here nobody sequences
        old_log.url, old_log.keys(), BEFORE, clock=clock, randomness=distinct, patience=0.3
    )
    assert Refusal(why=Why.NOT_PLACED) == told
    assert {each.entry_id for each in old_log.entries("2024-09")} <= (await old_log.kept())[
        "audit_entry"
    ]
    assert "2024-08" == old_log.keys().months.since
    assert isinstance(await old_log.retire(), Plan)
    assert 1 == len(await _of_kind(old_log, EntryKind.RETENTION))


async def test_the_tables_of_another_program_are_left_alone(old_log: OldLog) -> None:
    async with connected(old_log.url) as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    told = await plan(old_log.url, old_log.keys(), BEFORE)
    assert isinstance(told, Refusal)
    assert (Why.OTHER_PROGRAM, "0003") == (told.why, told.facts["step"])


@pytest.mark.parametrize(
    ("before", "expected"),
    [("2024-11", None), ("2024-12", "2024-11"), ("2026-11", "2024-11"), ("2027-01", "2024-11")],
)
def test_what_is_younger_than_the_setting_says_is_refused(
    before: str, expected: str | None
) -> None:
    told = too_young(before, NOW, 24)
    assert expected == (None if told is None else told.facts["latest"])


async def _of_kind(old_log: OldLog, kind: EntryKind) -> list[Entry]:
    async with connected(old_log.url) as connection:
        bodies = (
            await connection.execute(select(ENTRY.c.body).where(ENTRY.c.kind == kind.value))
        ).scalars()
        return [from_bytes(bytes(body)).entry for body in bodies]


async def test_only_the_owner_of_the_tables_retires(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    name = await postgres_server.new_database()
    old_log = await fill(postgres_server.url(name), tmp_path)
    for user in ROLES:
        told = await plan(postgres_server.url(name, user), old_log.keys(), BEFORE)
        assert Refusal(why=Why.NOT_OWNER) == told


async def test_gateways_write_on_and_readers_are_waited_for(old_log: OldLog) -> None:
    """A month is dropped between two commits, and not under somebody who reads it."""
    log = open_access_log(old_log.url, replica="b", clock=clock, randomness=distinct)
    await log.open()
    over = asyncio.Event()

    async def write() -> int:
        written = 0
        while not over.is_set():
            written += len(await log.append(request(old_log.keys().months, NOW)))
            await asyncio.sleep(0.01)
        return written

    async def read() -> None:
        async with connected(old_log.url) as connection:
            await connection.execute(select(func.count()).select_from(ENTRY))
            await asyncio.sleep(1)

    writing, reading = asyncio.create_task(write()), asyncio.create_task(read())
    async with sequencing(old_log.url, old_log.keys_dir / "log"):
        done = await retire(old_log.url, old_log.keys(), BEFORE, clock=clock, randomness=distinct)
    over.set()
    written = await writing
    await reading
    await log.close()
    assert isinstance(done, Plan)
    assert 12 == done.entries
    assert written > 2
    assert Judged(code=3, names={"RETIRED"}, gone=12) == await old_log.judged("after")
