"""GraphiQL in production: for developers, without people and tokens."""

import functools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import httpx2
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from audit.log import MemoryAccessLog
from auth.caller import Caller
from auth.developer import DEVELOPER
from auth.presented import Presented
from auth.refusal import Refused, refuse
from auth.tokens import TokenVerifier
from gateway.endpoint import GraphQLEndpoint
from gateway.graphiql_page import graphiql_routes
from gateway.middleware import RequestLine
from gateway.playground import configuration_without_people
from gateway.presented import Presentation
from tests.resolvers import indoors

HTML = {"accept": "text/html"}
LOG = MemoryAccessLog()
DEVELOPERS_TOKEN = msgspec.structs.replace(
    indoors.PORTAL, scopes=frozenset({"developer", "prefill"})
)


class Doorkeeper:
    """Stands for the verifier: believes two words."""

    async def verify(self, presented: Presented) -> Caller | Refused:
        """Tell who is there by the word."""
        match presented.authorizations:
            case ("Bearer developer",):
                return DEVELOPERS_TOKEN
            case ("Bearer portal",):
                return indoors.PORTAL
        return refuse("token-required")


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    (tmp_path / "index.html").write_text("<title>Liên Thông</title>", encoding="utf-8")
    endpoint = GraphQLEndpoint(
        indoors.graph(indoors.grants(), log=LOG),
        cast("TokenVerifier", Doorkeeper()),
        Presentation("https://gateway.example", ()),
        resource_metadata="https://gateway.example/.well-known/oauth-protected-resource",
    )
    app = Starlette(
        routes=graphiql_routes(
            configuration_without_people,
            refusal=functools.partial(endpoint.refusal, scope=DEVELOPER),
            built=tmp_path,
        ),
        middleware=[Middleware(RequestLine)],
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="https://gateway.example"
    ) as client:
        yield client


@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "/graphql/config.json"])
@pytest.mark.parametrize(
    ("word", "status", "code"),
    [(None, 401, "TOKEN_REQUIRED"), ("portal", 403, "SCOPE_REQUIRED"), ("developer", 200, None)],
)
async def test_page_and_configuration_are_a_developers(
    visitor: httpx2.AsyncClient, path: str, word: str | None, status: int, code: str | None
) -> None:
    LOG.entries.clear()
    sent = HTML if word is None else {**HTML, "authorization": f"Bearer {word}"}
    answer = await visitor.get(path, headers=sent)
    assert status == answer.status_code
    if code is None:
        assert [] == LOG.entries
        return
    assert code == answer.json()["errors"][0]["extensions"]["code"]
    assert "www-authenticate" in answer.headers
    assert [("DENIED", code)] == [(entry.kind, entry.code) for entry in LOG.entries]


async def test_the_configuration_holds_neither_people_nor_tokens(
    visitor: httpx2.AsyncClient,
) -> None:
    sent = {"authorization": "Bearer developer"}
    told = (await visitor.get("/graphql/config.json", headers=sent)).json()
    assert {} == told["tokens"]
    assert ["Danh mục thủ tục và quyền khai thác", "Chạy thử điền sẵn"] == [
        example["title"] for example in told["examples"]
    ]
    assert told["examples"][:1] == told["tabs"]
    assert not any(prefix in json.dumps(told) for prefix in ("097", "098", "099"))


async def test_a_developer_may_ask_every_example_once_it_is_filled_in() -> None:
    graph = indoors.graph(indoors.grants())
    catalogue, rehearsal = (await configuration_without_people()).examples
    assert "errors" not in await indoors.told(
        graph, catalogue.query, DEVELOPERS_TOKEN, **catalogue.variables
    )
    filled_in = {
        "purpose": indoors.purpose(),
        "subjects": [{"role": "applicant", "is": {"person": indoors.AN_KEY}}],
    }
    assert set(filled_in) == set(rehearsal.variables)
    answer = await indoors.told(graph, rehearsal.query, DEVELOPERS_TOKEN, **filled_in)
    assert {"NOT_ASKED"} == {s["state"] for s in answer["data"]["dossier"]["prefill"]["sources"]}
