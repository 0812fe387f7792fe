"""PostgreSQL lets a sequencer do its work and no more, and a reader read."""

from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError

from audit.tree.keyring import Keyring
from audit.tree.merkle import Tile
from audit.tree.proofs import LogReader
from audit.tree.restore import Statement, declare
from tests.audit.tree.workbench import (
    NOW,
    back_up,
    do,
    look,
    new_id,
    put_back,
    records,
    sequencing,
    store,
    until_size,
)


def _as(login: str, url: str) -> str:
    return make_url(url).set(username=login).render_as_string(hide_password=False)


async def test_a_sequencers_role_can_sequence_rotate_and_declare(postgres: str, keys: Path) -> None:
    role, boot = _as("sequencer", postgres), new_id()
    await store(postgres, records(boot, 0, 5))
    async with sequencing(role, keys):
        await until_size(postgres, 5)
        backup = await back_up(postgres)
        Keyring(keys).prepare_next()
        await store(postgres, records(boot, 5, 300))
        await until_size(postgres, 305)
    await put_back(postgres, backup)
    assert isinstance(await declare(role, Keyring(keys), now=NOW), Statement)
    await store(postgres, records(boot, 5, 1))
    async with sequencing(role, keys):
        await until_size(postgres, 6)
    assert 6 == await look(postgres)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET kind = kind",
        "DELETE FROM audit_entry",
        "UPDATE audit_leaf SET seq = seq",
        "DELETE FROM audit_leaf",
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_checkpoint SET root = root",
        "UPDATE audit_origin SET opened_at = 0",
        "INSERT INTO audit_entry SELECT * FROM audit_entry",
    ],
)
async def test_a_sequencers_role_changes_nothing_that_stands(postgres: str, statement: str) -> None:
    role = _as("sequencer", postgres)
    with pytest.raises(ProgrammingError, match="permission denied"):
        await do(role, statement)


async def test_a_readers_role_can_read_the_tree(postgres: str, keys: Path) -> None:
    await store(postgres, records(new_id(), 0, 5))
    async with sequencing(postgres, keys):
        await until_size(postgres, 5)
    reader = LogReader(_as("reader", postgres))
    tile = await reader.tile(Tile(0, 0), 5)
    assert tile is not None
    assert await reader.vkeys() == (keys / "vkeys").read_text()
    assert 0.0 == await reader.lag_seconds(NOW)
    await reader.aclose()
