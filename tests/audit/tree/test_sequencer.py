"""Every stored entry gets one place in one tree, whoever sequences and however it ends."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.tree.keyring import Keyring
from audit.tree.merkle import Tile
from audit.tree.proofs import LogReader, NoSuchTree, NotInTree
from audit.tree.sequencer import Sequencing
from audit.tree.signing import check_checkpoint, parse_vkeys
from tests.audit.postgres_server import PostgresServer
from tests.audit.tree import slow_merkle
from tests.audit.tree.workbench import (
    NOW,
    back_up,
    do,
    look,
    new_id,
    queued,
    records,
    sequencing,
    sizes,
    store,
    until,
    until_size,
)
from tests.patience import PATIENCE_S


async def test_what_is_stored_has_its_place_and_a_signed_tree(url: str, keys: Path) -> None:
    boots = [new_id(), new_id()]
    await store(url, [*records(boots[0], 0, 300), *records(boots[1], 0, 7)])
    async with sequencing(url, keys):
        await until_size(url, 307)
        await store(url, records(boots[0], 300, 260))
        await until_size(url, 567)
    assert 567 == await look(url)


async def test_a_checkpoint_is_signed_only_when_the_tree_has_grown(url: str, keys: Path) -> None:
    await store(url, records(new_id(), 0, 3))
    for _ in range(2):
        async with sequencing(url, keys) as sequencer:
            await until(sequencer, Sequencing.SEQUENCING)
            await until_size(url, 3)
            await asyncio.sleep(0.2)
    reader = LogReader(url)
    assert isinstance(await reader.consistency(3, 4), NoSuchTree)
    await reader.aclose()
    assert 3 == await look(url)


async def test_a_backlog_is_taken_in_batches_without_disorder(url: str, keys: Path) -> None:
    boots = [new_id() for _ in range(3)]
    for boot in boots:
        await store(url, records(boot, 0, 250))
    async with sequencing(url, keys, batch_size=100):
        await until_size(url, 750)
    assert 750 == await look(url)


async def test_a_second_sequencer_waits_and_takes_over(url: str, keys: Path) -> None:
    boot = new_id()
    await store(url, records(boot, 0, 10))
    async with sequencing(url, keys) as second:
        await until(second, Sequencing.SEQUENCING)
        async with sequencing(url, keys) as waiting:
            await asyncio.sleep(0.2)
            assert Sequencing.STANDBY is waiting.state()
            await until_size(url, 10)
    async with sequencing(url, keys) as waiting:
        await store(url, records(boot, 10, 10))
        await until_size(url, 20)
    assert 20 == await look(url)


async def test_an_entry_that_was_settled_again_keeps_its_place(url: str, keys: Path) -> None:
    made = records(new_id(), 0, 5)
    await store(url, made)
    async with sequencing(url, keys):
        await until_size(url, 5)
        await do(url, "INSERT INTO audit_queue SELECT entry_id FROM audit_leaf")
        await store(url, records(made[0].boot_id, 5, 1))
        await until_size(url, 6)
    assert 6 == await look(url)


async def test_anybody_can_prove_an_entry_and_that_the_log_only_grew(url: str, keys: Path) -> None:
    made = records(new_id(), 0, 600)
    await store(url, made[:300])
    async with sequencing(url, keys):
        await until_size(url, 300)
        await store(url, made[300:])
        await until_size(url, 600)
    reader = LogReader(url)
    tenures = parse_vkeys(await reader.vkeys())
    proof = await reader.entry_proof(made[299].entry.entry_id)
    assert not isinstance(proof, NotInTree)
    top = check_checkpoint(proof.note, tenures).checkpoint
    tile = await reader.tile(Tile(0, 1), 44)
    assert tile is not None
    leaf = tile[43 * 32 :]
    assert (299, 600) == (proof.index, top.size)
    assert slow_merkle.includes(299, 600, leaf, proof.path, top.root)
    grown = await reader.consistency(300, 600)
    assert not isinstance(grown, NoSuchTree)
    tiles = [await reader.tile(Tile(0, 0), 256), tile]
    old = slow_merkle.root([part[at : at + 32] for part in tiles if part
                            for at in range(0, len(part), 32)])  # fmt: skip
    assert slow_merkle.consistent(300, 600, (old, top.root), grown)
    assert isinstance(await reader.entry_proof(new_id()), NotInTree)
    assert await reader.tile(Tile(0, 2), 89) is None
    await reader.aclose()


async def test_how_long_entries_wait_is_known(url: str, keys: Path) -> None:
    reader = LogReader(url)
    later = NOW + timedelta(seconds=30)
    assert 0.0 == await reader.lag_seconds(later)
    await store(url, records(new_id(), 0, 3))
    assert 30.0 == await reader.lag_seconds(later)
    async with sequencing(url, keys):
        await until_size(url, 3)
    await do(url, "INSERT INTO audit_queue SELECT entry_id FROM audit_leaf")
    assert 0.0 == await reader.lag_seconds(later)
    await reader.aclose()


async def test_one_id_under_two_times_is_an_alarm(postgres: str, keys: Path) -> None:
    boot = new_id()
    await store(postgres, records(boot, 0, 3))
    await do(
        postgres,
        "INSERT INTO audit_entry (entry_id, boot_id, counter, at, kind, request_id, body)"
        " SELECT entry_id, boot_id, counter, at + 1, kind, request_id, body FROM audit_entry",
    )
    async with sequencing(postgres, keys) as sequencer:
        await until(sequencer, Sequencing.FORKED)
    assert set() == await sizes(postgres)


async def test_a_new_key_signs_from_the_next_checkpoint_on(url: str, keys: Path) -> None:
    boot = new_id()
    await store(url, records(boot, 0, 4))
    async with sequencing(url, keys):
        await until_size(url, 4)
        Keyring(keys).prepare_next()
        await store(url, records(boot, 4, 4))
        await until_size(url, 8)
    reader = LogReader(url)
    ranges = [(each.first, each.last) for each in parse_vkeys(await reader.vkeys())]
    await reader.aclose()
    assert [(1, 4), (5, None)] == ranges
    assert 8 == await look(url)


async def test_foreign_keys_sign_nothing(url: str, keys: Path, tmp_path: Path) -> None:
    boot = new_id()
    await store(url, records(boot, 0, 4))
    async with sequencing(url, keys):
        await until_size(url, 4)
    await store(url, records(boot, 4, 4))
    async with sequencing(url, tmp_path / "other keys") as sequencer:
        await until(sequencer, Sequencing.KEYS)
    assert 4 == await look(url)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_tile SET hashes = root FROM audit_checkpoint",
        "UPDATE audit_checkpoint SET root = (SELECT leaf_hash FROM audit_leaf WHERE seq = 0)",
        "DELETE FROM audit_leaf WHERE seq = 4",
    ],
)
async def test_on_a_tree_that_is_not_the_one_signed_nothing_is_built(
    url: str, keys: Path, tampering: str
) -> None:
    boot = new_id()
    await store(url, records(boot, 0, 5))
    async with sequencing(url, keys):
        await until_size(url, 5)
    await do(url, tampering)
    before = await back_up(url)
    await store(url, records(boot, 5, 1))
    async with sequencing(url, keys) as sequencer:
        await until(sequencer, Sequencing.FORKED)
    after = await back_up(url)
    for table in ("audit_leaf", "audit_tile", "audit_checkpoint"):
        assert before[table] == after[table]
    assert 1 == len(after["audit_queue"])


async def test_an_orderly_stop_takes_in_all_that_waits(url: str, keys: Path) -> None:
    boot = new_id()
    await store(url, records(boot, 0, 10))
    async with sequencing(url, keys, interval=60, batch_size=20) as sequencer:
        await until(sequencer, Sequencing.SEQUENCING)
        await until_size(url, 10)
        await store(url, records(boot, 10, 95))
    assert 105 == await look(url)
    assert set() == await queued(url)


async def test_a_stop_begins_no_further_batch_once_its_time_is_over(url: str, keys: Path) -> None:
    boot = new_id()
    await store(url, records(boot, 0, 10))
    async with sequencing(url, keys, interval=60, batch_size=20, last_steps_s=0) as sequencer:
        await until(sequencer, Sequencing.SEQUENCING)
        await until_size(url, 10)
        await store(url, records(boot, 10, 95))
    assert 30 == await look(url)


async def test_the_loop_is_not_held_up_by_the_disk_of_the_keys(
    sqlite: str, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, threads = os.fsync, list[bool]()

    def seen(handle: int) -> None:
        threads.append(threading.current_thread() is threading.main_thread())
        real(handle)

    boot = new_id()
    await store(sqlite, records(boot, 0, 3))
    monkeypatch.setattr(os, "fsync", seen)
    async with sequencing(sqlite, keys):
        await until_size(sqlite, 3)
        await asyncio.to_thread(Keyring(keys).prepare_next)
        await store(sqlite, records(boot, 3, 3))
        await until_size(sqlite, 6)
    assert len(threads) > 10
    assert set(threads) == {False}


@pytest.mark.parametrize(
    "odd", [asyncpg.InternalClientError(), asyncpg.PostgresError(), OSError()], ids=repr
)
async def test_whatever_the_driver_raises_is_a_trouble_and_no_end(
    sqlite: str, keys: Path, monkeypatch: pytest.MonkeyPatch, odd: Exception
) -> None:
    @asynccontextmanager
    async def no_seat(_url: str) -> AsyncIterator[AsyncConnection | None]:
        raise odd
        yield None

    await store(sqlite, records(new_id(), 0, 3))
    with monkeypatch.context() as patch:
        patch.setattr("audit.tree.sequencer.take_seat", no_seat)
        async with sequencing(sqlite, keys) as sequencer:
            await until(sequencer, Sequencing.DATABASE)
            patch.undo()
            await until_size(sqlite, 3)
    assert 3 == await look(sqlite)


async def test_when_the_server_was_killed_and_is_back_sequencing_goes_on(
    postgres: str, postgres_server: PostgresServer, keys: Path
) -> None:
    boot = new_id()
    await store(postgres, records(boot, 0, 5))
    async with sequencing(postgres, keys, interval=1.0) as sequencer:
        await until_size(postgres, 5)
        postgres_server.kill()
        await until(sequencer, Sequencing.DATABASE)
        postgres_server.start()
        async with asyncio.timeout(PATIENCE_S):
            await until(sequencer, Sequencing.SEQUENCING)
        await store(postgres, records(boot, 5, 5))
        await until_size(postgres, 10)
    assert 10 == await look(postgres)
