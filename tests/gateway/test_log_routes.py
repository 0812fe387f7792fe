"""The public side of the log: what anybody may fetch, and what only some."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from audit.tree.proofs import LogReader
from audit.tree.signing import check_checkpoint, parse_vkeys
from audit.tree.tlog_proof import parse_tlog_proof
from gateway.log_routes import routes
from tests.audit.tree import slow_merkle
from tests.audit.tree.workbench import (
    make_tables,
    new_id,
    records,
    sequencing,
    store,
    until_size,
)

MADE = records(new_id(), 0, 300)


async def allowed(request: Request, entry_id: str) -> Response | None:
    right = request.headers.get("lienthong-receipt") == f"of {entry_id}"
    return None if right else PlainTextResponse("no", 403)


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Ask a gateway whose log has three hundred leaves."""
    url = f"sqlite+aiosqlite:///{tmp_path}/log.sqlite3"
    await make_tables(url)
    await store(url, MADE)
    async with sequencing(url, tmp_path / "keys"):
        await until_size(url, 300)
    reader = LogReader(url)
    transport = httpx2.ASGITransport(app=Starlette(routes=routes(reader, allowed)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client
    await reader.aclose()


async def test_the_checkpoint_is_signed_by_a_listed_key(portal: httpx2.AsyncClient) -> None:
    note, keys = await asyncio.gather(portal.get("/log/checkpoint"), portal.get("/log/vkeys"))
    signed = check_checkpoint(note.text, parse_vkeys(keys.text)).checkpoint
    assert ("example.vn/log", 300) == (signed.origin, signed.size)
    assert "text/plain; charset=utf-8" == note.headers["content-type"]
    assert "public, max-age=1" == note.headers["cache-control"]


async def test_the_tiles_make_the_signed_root(portal: httpx2.AsyncClient) -> None:
    full = await portal.get("/log/tile/0/000")
    part = await portal.get("/log/tile/0/001.p/44")
    above = await portal.get("/log/tile/1/000.p/1")
    hashes = [
        answer.content[at : at + 32]
        for answer in (full, part)
        for at in range(0, len(answer.content), 32)
    ]
    keys = parse_vkeys((await portal.get("/log/vkeys")).text)
    signed = check_checkpoint((await portal.get("/log/checkpoint")).text, keys).checkpoint
    assert signed.root == slow_merkle.root(hashes)
    assert above.content == slow_merkle.root(hashes[:256])
    assert "public, max-age=31536000, immutable" == full.headers["cache-control"]
    assert "application/octet-stream" == full.headers["content-type"]


async def test_a_width_that_the_tree_once_had_is_still_served(portal: httpx2.AsyncClient) -> None:
    full = await portal.get("/log/tile/0/000")
    part = await portal.get("/log/tile/0/000.p/7")
    assert full.content[: 7 * 32] == part.content


@pytest.mark.parametrize(
    "place",
    [
        "0/001",
        "0/001.p/45",
        "0/002.p/1",
        "0/0",
        "0/x000/000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/07",
        "00/000",
        "64/000",
        "entries/000",
        "0/x999/x999/x999/x999/x999/x999/999",
    ],
)
async def test_a_tile_that_is_not_there_or_has_another_address_is_not_found(
    portal: httpx2.AsyncClient, place: str
) -> None:
    assert 404 == (await portal.get(f"/log/tile/{place}")).status_code


async def test_the_proof_of_an_entry_is_for_those_who_are_allowed(
    portal: httpx2.AsyncClient,
) -> None:
    entry_id = MADE[17].entry.entry_id
    where = f"/log/entry/{entry_id}/proof"
    refused = await portal.get(where)
    given = await portal.get(where, headers={"lienthong-receipt": f"of {entry_id}"})
    proof = parse_tlog_proof(given.text)
    tile = (await portal.get("/log/tile/0/000")).content
    leaf = tile[proof.index * 32 : proof.index * 32 + 32]
    keys = parse_vkeys((await portal.get("/log/vkeys")).text)
    signed = check_checkpoint(proof.note, keys).checkpoint
    assert (403, "no") == (refused.status_code, refused.text)
    assert slow_merkle.includes(proof.index, signed.size, leaf, proof.path, signed.root)
    assert "private, no-store" == given.headers["cache-control"]


async def test_who_shows_nothing_is_told_of_the_receipt_and_still_of_the_ways_to_a_token(
    tmp_path: Path,
) -> None:
    async def token_needed(_request: Request, _entry_id: str) -> Response:
        refusal = PlainTextResponse("only about tokens", 401, headers={"dpop-nonce": "n"})
        for way in ("DPoP", "Bearer"):
            refusal.headers.append("www-authenticate", way)
        return refusal

    reader = LogReader(f"sqlite+aiosqlite:///{tmp_path}/log.sqlite3")
    transport = httpx2.ASGITransport(app=Starlette(routes=routes(reader, token_needed)))
    where = f"/log/entry/{new_id()}/proof"
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as client:
        nothing = await client.get(where)
        wrong = await client.get(where, headers={"authorization": "Bearer x"})
    await reader.aclose()
    for answer in (nothing, wrong):
        ways = answer.headers.get_list("www-authenticate")
        assert (401, ["DPoP", "Bearer"], "n") == (
            answer.status_code, ways, answer.headers["dpop-nonce"],
        )  # fmt: skip
    assert "extensions.receipt" in nothing.text
    assert "`Receipt`" in nothing.text
    assert "audit:read" in nothing.text
    assert "private, no-store" == nothing.headers["cache-control"]
    assert "only about tokens" == wrong.text


@pytest.mark.parametrize("entry_id", [new_id(), "not-an-id", "097203000001"])
async def test_there_is_no_proof_of_what_is_not_in_the_tree(
    portal: httpx2.AsyncClient, entry_id: str
) -> None:
    where = f"/log/entry/{entry_id}/proof"
    answer = await portal.get(where, headers={"lienthong-receipt": f"of {entry_id}"})
    assert 404 == answer.status_code
    assert entry_id not in answer.text


async def test_a_log_without_a_checkpoint_says_so(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/log.sqlite3"
    await make_tables(url)
    answers = await _ask(url, "/log/checkpoint", "/log/vkeys")
    assert [404, 200] == answers


async def test_a_database_that_does_not_answer_is_no_fault_of_the_caller(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/log.sqlite3"
    places = ("/log/checkpoint", "/log/vkeys", "/log/tile/0/000")
    assert [503, 503, 503] == await _ask(url, *places)


async def _ask(url: str, *places: str) -> list[int]:
    reader = LogReader(url)
    transport = httpx2.ASGITransport(app=Starlette(routes=routes(reader, allowed)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as client:
        answers = [(await client.get(place)).status_code for place in places]
    await reader.aclose()
    return answers
