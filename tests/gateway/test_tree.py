"""The tree beside the gateway, also when a part of it ends as nobody has foreseen."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from audit.tree.sequencer import Sequencer
from gateway.receipting import Receipting
from gateway.settings import Settings
from gateway.tree import Tree
from gateway.tree_watch import TreeState, TreeWatch
from tests.audit.tree.workbench import NOW, make_tables, new_id, records, store

STOPPED = "a part of the log's tree stopped"


class Odd(Exception):  # noqa: N818 - stands for what nobody has foreseen
    """Nothing catches it."""


async def end(_part: object, _stop: asyncio.Event) -> None:
    raise Odd


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Make a log with an entry that waits."""
    url = f"sqlite+aiosqlite:///{tmp_path}/log.sqlite3"
    await make_tables(url)
    await store(url, records(new_id(), 0, 1))
    return Settings.model_validate({"access_log_url": url, "keys_dir": tmp_path / "keys"})


async def ended(tree: Tree) -> list[tuple[str, ...]]:
    """Start the tree, wait until a part of it has ended, and say what was logged of that."""
    with capture_logs() as lines:
        await tree.start()
        for _ in range(20):
            await asyncio.sleep(0)
    return [
        (line["log_level"], line["part"], line["kind"])
        for line in lines
        if line["event"] == STOPPED
    ]


async def test_that_the_sequencer_has_ended_is_said_and_ready_stays_ready_until_entries_are_late(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sequencer, "run", end)
    now = [NOW]
    tree = Tree(settings, lambda: now[0])
    assert [("critical", "sequencer", "Odd")] == await ended(tree)
    assert TreeState(word="STOPPED") == tree.state()
    assert not tree.state().late
    now[0] = NOW + timedelta(seconds=61)
    await tree._watch.look()  # it would do so by itself within seconds
    assert TreeState(word="STOPPED", lag_s=61.0) == tree.state()
    assert tree.state().late
    await tree.stop()


async def test_a_gateway_that_no_longer_looks_at_the_tree_is_not_ready(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TreeWatch, "run", end)
    tree = Tree(settings, lambda: NOW)
    assert [("critical", "watch", "Odd")] == await ended(tree)
    assert TreeState(word="STOPPED", watched=False) == tree.state()
    assert tree.state().late
    await tree.stop()


async def test_the_end_of_the_look_at_receipts_keys_is_said_and_touches_no_tree(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Receipting, "run", end)
    tree = Tree(settings, lambda: NOW)
    assert [("critical", "receipts", "Odd")] == await ended(tree)
    assert "STOPPED" != tree.state().word
    assert not tree.state().late
    await tree.stop()


async def test_an_orderly_stop_is_no_trouble(settings: Settings) -> None:
    tree = Tree(settings, lambda: NOW)
    with capture_logs() as lines:
        await tree.start()
        await tree.stop()
    assert [] == [line for line in lines if line["event"] == STOPPED]
    assert not tree.state().late
