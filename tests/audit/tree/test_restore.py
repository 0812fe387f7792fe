"""A restored backup is declared, signed, and never silently gone over."""

import asyncio
from pathlib import Path

from audit.tree.checkpoint import parse_note
from audit.tree.keyring import Keyring
from audit.tree.proofs import LogReader
from audit.tree.restore import CannotDeclare, NothingToDeclare, Statement, declare
from audit.tree.rows import origins
from audit.tree.sequencer import Sequencing
from audit.tree.signing import parse_vkeys, signed_by
from tests.audit.tree.workbench import (
    NOW,
    ORIGIN_NAME,
    back_up,
    connected,
    look,
    new_id,
    put_back,
    records,
    sequencing,
    store,
    until,
    until_size,
)


async def test_a_restored_backup_is_refused_until_it_is_declared(url: str, keys: Path) -> None:
    lost_boot, other = new_id(), new_id()
    await store(url, [*records(lost_boot, 0, 5), *records(other, 0, 2)])
    async with sequencing(url, keys):
        await until_size(url, 7)
        backup = await back_up(url)
        await store(url, records(lost_boot, 5, 4))
        await until_size(url, 11)
    await put_back(url, backup)
    await store(url, records(other, 2, 2))
    async with sequencing(url, keys) as sequencer:
        await until(sequencer, Sequencing.RESTORED)
        await asyncio.sleep(0.1)
    assert isinstance(
        told := await declare(url, Keyring(keys), now=NOW), Statement
    )  # fmt: skip
    assert (ORIGIN_NAME, f"{ORIGIN_NAME}/2", 7, 11) == (
        told.closes, told.opens, told.kept, told.lost
    )  # fmt: skip
    assert {(lost_boot, 4), (other, 3)} == set(told.gaps)
    assert isinstance(await declare(url, Keyring(keys), now=NOW), NothingToDeclare)
    async with sequencing(url, keys):
        await until_size(url, 9)
    assert 9 == await look(url)
    reader = LogReader(url)
    tenures = parse_vkeys(await reader.vkeys())
    await reader.aclose()
    assert [(ORIGIN_NAME, 1, 11), (f"{ORIGIN_NAME}/2", 8, None)] == [
        (each.key.name, each.first, each.last) for each in tenures
    ]
    note = parse_note((keys / "statement-2").read_text())
    assert [True, True] == [signed_by(note, each.key) for each in tenures]


async def test_a_declaration_that_a_crash_cut_in_two_is_finished(url: str, keys: Path) -> None:
    boot = new_id()
    await store(url, records(boot, 0, 5))
    async with sequencing(url, keys):
        await until_size(url, 5)
        backup = await back_up(url)
        await store(url, records(boot, 5, 4))
        await until_size(url, 9)
    await put_back(url, backup)
    assert isinstance(await declare(url, Keyring(keys), now=NOW), Statement)
    await put_back(url, backup)  # as if the database had not heard of it
    async with sequencing(url, keys) as sequencer:
        await until(sequencer, Sequencing.RESTORED)
    assert isinstance(await declare(url, Keyring(keys), now=NOW), NothingToDeclare)
    await store(url, records(boot, 5, 1))
    async with sequencing(url, keys):
        await until_size(url, 6)
    assert 6 == await look(url)


async def test_a_database_that_is_gone_altogether_can_be_declared_too(url: str, keys: Path) -> None:
    nothing = await back_up(url)
    await store(url, records(new_id(), 0, 5))
    async with sequencing(url, keys):
        await until_size(url, 5)
    await put_back(url, nothing)
    async with sequencing(url, keys) as sequencer:
        await until(sequencer, Sequencing.RESTORED)
    told = await declare(url, Keyring(keys), now=NOW)
    assert isinstance(told, Statement)
    assert (0, 5, []) == (told.kept, told.lost, told.gaps)
    await store(url, records(new_id(), 0, 2))
    async with sequencing(url, keys):
        await until_size(url, 2)
    assert 2 == await look(url)


async def test_a_backup_from_before_an_older_one_was_declared_cannot_be_declared(
    url: str, keys: Path
) -> None:
    boot = new_id()
    backups = []
    async with sequencing(url, keys):
        for first, count in ((0, 3), (3, 4), (7, 2)):
            await store(url, records(boot, first, count))
            await until_size(url, first + count)
            backups.append(await back_up(url))
    older, newer, _ = backups
    await put_back(url, older)
    assert isinstance(await declare(url, Keyring(keys), now=NOW), Statement)
    await put_back(url, newer)  # the right one, too late: nothing was signed since
    refused = CannotDeclare(closed=ORIGIN_NAME, kept=3)
    assert refused == await declare(url, Keyring(keys), now=NOW)
    await put_back(url, older)
    assert isinstance(await declare(url, Keyring(keys), now=NOW), NothingToDeclare)
    await store(url, records(new_id(), 0, 9))
    async with sequencing(url, keys):
        await until_size(url, 12)
        declared = await back_up(url)
    await put_back(url, newer)  # later still: the new name has grown past it
    assert refused == await declare(url, Keyring(keys), now=NOW)
    assert not (keys / "statement-3").exists()
    # The way out that is told: back to what was declared, or to a backup that it holds.
    await put_back(url, declared)
    async with sequencing(url, keys) as sequencer:
        await until(sequencer, Sequencing.SEQUENCING)
    await put_back(url, older)
    assert isinstance(told := await declare(url, Keyring(keys), now=NOW), Statement)
    assert (f"{ORIGIN_NAME}/2", 3, 12) == (told.closes, told.kept, told.lost)
    await put_back(url, newer)
    assert refused == await declare(url, Keyring(keys), now=NOW)
    await put_back(url, declared)  # closed by now, too
    refused = CannotDeclare(closed=f"{ORIGIN_NAME}/2", kept=3)
    assert refused == await declare(url, Keyring(keys), now=NOW)


async def test_a_new_key_does_not_hide_which_branch_was_declared(url: str, keys: Path) -> None:
    boot = new_id()
    async with sequencing(url, keys):
        await store(url, records(boot, 0, 3))
        await until_size(url, 3)
        older = await back_up(url)
        await store(url, records(boot, 3, 4))
        await until_size(url, 7)
        newer = await back_up(url)
        await store(url, records(boot, 7, 1))
        await until_size(url, 8)
    await put_back(url, older)
    assert isinstance(await declare(url, Keyring(keys), now=NOW), Statement)
    await store(url, records(new_id(), 0, 4))
    async with sequencing(url, keys):
        await until_size(url, 7)
    Keyring(keys).prepare_next()
    await store(url, records(new_id(), 0, 1))
    async with sequencing(url, keys):
        await until_size(url, 8)
    await put_back(url, newer)
    refused = CannotDeclare(closed=ORIGIN_NAME, kept=3)
    assert refused == await declare(url, Keyring(keys), now=NOW)
    async with connected(url) as connection:  # nothing was written on the way
        assert [ORIGIN_NAME] == [each.origin for each in await origins(connection)]
