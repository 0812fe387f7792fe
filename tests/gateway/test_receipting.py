"""The keys of receipts while the gateway serves: rotated elsewhere, lost, put back."""

import asyncio
import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from audit.key_files import KeyUnusableError
from audit.receipt_keys import rotate_receipt_keys
from gateway.receipting import Receipting

LOST = "the keys of receipts cannot be read; those in use stay"


def made(folder: Path) -> Receipting:
    return Receipting(folder, lambda: "example.vn/log", every=0.01)


def kids(receipting: Receipting) -> list[str]:
    return [key["kid"] for key in json.loads(receipting.receipts.jwks)["keys"]]


async def test_a_rotation_is_seen_by_every_replica_at_work(tmp_path: Path) -> None:
    replicas = [made(tmp_path), made(tmp_path)]
    before = kids(replicas[0])
    stop = asyncio.Event()
    running = [asyncio.create_task(each.run(stop)) for each in replicas]
    newest = rotate_receipt_keys(tmp_path / "receipts")
    for _ in range(3_000):
        if all(len(kids(each)) > 1 for each in replicas):
            break
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.gather(*running)
    assert [[newest.kid, *before]] * 2 == [kids(each) for each in replicas]


async def test_nothing_is_said_while_nothing_changes(tmp_path: Path) -> None:
    receipting = made(tmp_path)
    with capture_logs() as lines:
        await receipting.look()
        await receipting.look()
    assert [] == lines


async def test_keys_that_went_away_stay_in_use_and_it_is_said_once(tmp_path: Path) -> None:
    receipting = made(tmp_path)
    before = kids(receipting)
    (tmp_path / "receipts").rename(tmp_path / "elsewhere")
    with capture_logs() as lines:
        await receipting.look()
        await receipting.look()
    assert [LOST] == [line["event"] for line in lines]
    assert before == kids(receipting)
    assert not (tmp_path / "receipts").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "receipts")
    (tmp_path / "receipts" / "1.key").chmod(0o644)
    with capture_logs() as lines:
        await receipting.look()
    assert [] == lines
    (tmp_path / "receipts" / "1.key").chmod(0o600)
    rotate_receipt_keys(tmp_path / "receipts")
    await receipting.look()
    assert before == kids(receipting)[1:]


def test_a_seed_that_others_may_read_stops_the_start(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "receipts" / "1.key").chmod(0o644)
    with pytest.raises(KeyUnusableError):
        made(tmp_path)
