"""What a load balancer is told, and what anybody may fetch to check a receipt."""

import json
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from audit.log import MemoryAccessLog
from audit.receipt_keys import key_of_seed
from audit.receipts import Receipts
from gateway.beside import routes_beside
from gateway.settings import read_settings
from gateway.tree_watch import TreeState

KEY = key_of_seed(bytes(32))


def gateway(state: TreeState, *, watching: bool = True, fail: bool = False) -> httpx2.AsyncClient:
    """Serve what stands beside GraphQL, of a house whose tree is in this *state*."""
    tree: Any = SimpleNamespace(state=lambda: state, receipts=Receipts([KEY], lambda: "x/log"))
    trust: Any = SimpleNamespace(watching=watching)
    none: Any = None
    log = MemoryAccessLog(fail=fail)
    app = Starlette(routes=routes_beside(read_settings(), log, trust, tree, none, none))
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://gateway")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (TreeState(word="SEQUENCING", lag_s=0.4), 200),
        (TreeState(word="STANDBY", lag_s=60.0), 200),
        (TreeState(word="FORKED", lag_s=12.0), 200),
        (TreeState(word="UNKNOWN"), 200),
        (TreeState(word="LATE", lag_s=60.1), 503),
        (TreeState(word="RESTORED", lag_s=75.0), 503),
    ],
)
async def test_it_is_not_ready_while_a_receipt_would_promise_too_much(
    state: TreeState, status: int
) -> None:
    async with gateway(state) as client:
        answer = await client.get("/ready")
    assert status == answer.status_code
    assert {
        "ready": status == 200,
        "accessLog": "OK",
        "trust": "OK",
        "sequencer": state.word,
        "lag": state.lag_s,
    } == answer.json()


async def test_a_tree_in_time_does_not_make_up_for_a_log_that_cannot_write() -> None:
    async with gateway(TreeState(word="SEQUENCING", lag_s=0.0), fail=True) as client:
        answer = await client.get("/ready")
    assert (503, "FAILED") == (answer.status_code, answer.json()["accessLog"])


async def test_the_keys_of_receipts_are_for_everybody() -> None:
    async with gateway(TreeState(word="UNKNOWN")) as client:
        answer = await client.get("/.well-known/jwks.json")
    assert {"keys": [KEY.jwk()]} == json.loads(answer.content)
    assert "public, max-age=60" == answer.headers["cache-control"]
    assert "application/jwk-set+json" == answer.headers["content-type"]
