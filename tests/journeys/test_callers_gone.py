"""Callers who go away before their answer: what was read for them is closed all the same."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from audit.entry import EntryKind
from tests.audit.databases import Database
from tests.journeys.crowd import Crowd, Portal
from tests.journeys.forked import Nursery
from tests.journeys.ledger import Ledger, verified
from tests.journeys.log_places import settings_of
from tests.patience import PATIENCE_S
from tests.sandbox.visitor import Running

SEED = 2029


async def closed(database: Database) -> Ledger:
    """Read the log once nothing is open in it: the gateway sees to that while it serves."""
    await asyncio.sleep(1)  # What was asked last has begun by now.
    ends = time.monotonic() + PATIENCE_S
    ledger = await Ledger.read(database)
    # Another process's work: there is no event.
    while ledger.open_intents() and time.monotonic() < ends:
        await asyncio.sleep(0.1)
        ledger = await Ledger.read(database)
    return ledger


async def test_no_intent_stays_open_when_the_callers_have_gone(
    log_database: Database, sandbox: Running, nursery: Nursery
) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    # Half of them go, at any moment up to a twentieth of a second after they have asked.
    crowd = Crowd(Portal(sandbox.addresses), seed=SEED, leave=0.5)
    gateway = await nursery.start(**settings_of(log_database))
    crowd.aim(gateway.address)
    async with crowd.asking():
        await crowd.hear_data(250)
        # Now each of them goes while a registry is thinking.
        sandbox.fault("population", "slow", ms=150)
        await crowd.hear_data(40)
    ledger = await closed(log_database)
    gateway.stop()
    assert crowd.left > 100
    # That they have gone was noticed, or this asks nothing.
    assert ledger.count(EntryKind.NOT_DELIVERED) > 20
    assert [] == ledger.open_intents()
    assert [] == ledger.lacking(crowd.answers())
    assert [] == (await Ledger.read(log_database)).unowned(sandbox.journal())


async def test_an_orderly_end_under_load_leaves_no_intent_open(
    log_database: Database, sandbox: Running, nursery: Nursery, tmp_path: Path
) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    sandbox.fault("population", "slow", ms=100)
    crowd = Crowd(Portal(sandbox.addresses), seed=SEED, leave=0.2)
    gateway = await nursery.start(**settings_of(log_database))
    crowd.aim(gateway.address)
    async with crowd.asking():
        await crowd.hear_data(60)
        await asyncio.to_thread(gateway.stop)
    ledger = await Ledger.read(log_database)
    assert [] == ledger.open_intents()
    assert [] == ledger.lacking(crowd.answers())
    assert [] == list(ledger.unexplained())
    assert 1 == ledger.count(EntryKind.BOOT_END)
    assert [] == ledger.unowned(sandbox.journal())
    status, words = verified(log_database, tmp_path / "keys", tmp_path, crowd.answers())
    assert 3 == status, words


async def test_who_presses_ctrl_c_twice_loses_no_end(
    log_database: Database, sandbox: Running, nursery: Nursery
) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    crowd = Crowd(Portal(sandbox.addresses), seed=SEED)
    gateway = await nursery.start(**settings_of(log_database))
    crowd.aim(gateway.address)
    async with crowd.asking():
        await crowd.hear_data(40)
        for registry in ("population", "land", "insurance"):
            sandbox.fault(registry, "slow", ms=1200)
        await asyncio.sleep(0.5)  # By now somebody asks what the cache does not know.
        os.kill(gateway.pid, signal.SIGINT)
        await asyncio.sleep(0.3)
        os.kill(gateway.pid, signal.SIGINT)
        await asyncio.to_thread(gateway.stop)
    ledger = await Ledger.read(log_database)
    assert ledger.count(EntryKind.NOT_DELIVERED) > 0
    assert [] == ledger.open_intents()
    assert [] == ledger.lacking(crowd.answers())
    assert [] == list(ledger.unexplained())
    assert 1 == ledger.count(EntryKind.BOOT_END)
    assert [] == ledger.unowned(sandbox.journal())
