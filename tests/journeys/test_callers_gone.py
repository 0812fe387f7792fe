"""Callers who go away before their answer: what was read for them is closed all the same."""

import asyncio
import sys
from pathlib import Path

from audit.entry import EntryKind
from tests.audit.databases import Database
from tests.journeys.crowd import Crowd, Portal
from tests.journeys.forked import Nursery
from tests.journeys.ledger import Ledger, verified
from tests.journeys.log_places import settings_of
from tests.sandbox.visitor import Running

SEED = 2029


async def test_no_intent_stays_open_a_second_after_the_callers_have_gone(
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
    await asyncio.sleep(1)
    ledger = await Ledger.read(log_database)
    gateway.stop()
    assert crowd.left > 100
    assert [] == ledger.open_intents()
    assert [] == ledger.lacking(crowd.answers())
    assert [] == ledger.unowned(sandbox.journal())


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
