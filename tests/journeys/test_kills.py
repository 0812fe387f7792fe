"""The gateway is killed at any moment under load: whoever was told something stands in the log."""

import asyncio
import random
import sys
import time
from pathlib import Path

import httpx2
import pytest

from audit.entry import EntryKind
from tests.audit.databases import Database
from tests.journeys.crowd import Crowd, Portal
from tests.journeys.forked import Nursery
from tests.journeys.ledger import Ledger, verified
from tests.journeys.log_places import settings_of
from tests.sandbox.visitor import Running

ROUNDS = 20
ANSWERS = 5_000
SEED = 2026


@pytest.mark.timeout(240)
async def test_who_was_told_something_stands_in_the_log_whenever_the_gateway_was_killed(
    log_database: Database, sandbox: Running, nursery: Nursery, tmp_path: Path
) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    moments = random.Random(SEED)  # noqa: S311 - moments to kill at, not secrets
    crowd = Crowd(Portal(sandbox.addresses), seed=SEED)
    kept: list[str] = []
    kills: list[float] = []
    async with crowd.asking():
        for _ in range(ROUNDS):
            gateway = await nursery.start(**settings_of(log_database))
            crowd.aim(gateway.address)
            await crowd.hear(moments.randint(150, 290))
            kept += await checkpoint(gateway.address)
            await asyncio.sleep(moments.uniform(0, 0.02))
            kills.append(time.monotonic())
            gateway.kill()
        last = await nursery.start(**settings_of(log_database))
        crowd.aim(last.address)
        await crowd.hear(max(50, ANSWERS + 50 - len(crowd.answers())))
    last.stop()
    ledger = await Ledger.read(log_database)
    assert len(crowd.answers()) >= ANSWERS
    assert [] == ledger.lacking(crowd.answers())
    # Each boot without gaps; the killed ones are said to be lost, each once and at its last entry.
    assert [] == list(ledger.unexplained())
    assert ROUNDS == len(ledger.lost())
    assert ROUNDS + 1 == len(ledger.boots())
    assert 1 == ledger.count(EntryKind.BOOT_END)
    # Nothing stays open but what a kill cut off.
    assert [] == ledger.open_intents(but_of=ledger.lost())
    assert [] == ledger.unowned(sandbox.journal(), kills=kills)
    status, words = verified(log_database, tmp_path / "keys", tmp_path, crowd.answers(), kept)
    # 3: all that could be checked is right; no witness has signed.
    assert 3 == status, words
    sys.stdout.write(f"{len(crowd.answers())} answers, {len(ledger.records)} entries\n{words}")


async def checkpoint(address: str) -> list[str]:
    """Fetch the newest checkpoint, as an auditor would who keeps some; there may be none yet."""
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"{address}/log/checkpoint")
    return [answer.text] if answer.status_code == 200 else []
