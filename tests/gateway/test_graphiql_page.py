"""The page's routes over a small built folder; tests/browser opens the real one."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from gateway.graphiql_page import POLICY, PageConfiguration, Tab, graphiql_routes
from gateway.middleware import NOTHING_MORE, RequestLine

ROOT = Path(__file__).parents[2]
CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


class Desk:
    """Hands out configurations, each with a token of its own."""

    def __init__(self) -> None:
        self.asked = 0

    async def configuration(self) -> PageConfiguration:
        """Count, and answer with the count."""
        self.asked += 1
        tab = Tab(title="Nguyễn Văn An", query="{ registries { name } }", variables={"n": "0970"})
        tokens = {"portal-hanoi": f"token-{self.asked}", "auditor": "other"}
        return PageConfiguration(tokens=tokens, tabs=[tab], examples=[])


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "built" / "assets").mkdir(parents=True)
    (tmp_path / "built" / "index.html").write_text("<title>Liên Thông</title>", encoding="utf-8")
    (tmp_path / "built" / "THIRD-PARTY-LICENCES.txt").write_text("MIT")
    (tmp_path / "built" / "assets" / "index-a1b2c3.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "built"


def visiting(built: Path) -> httpx2.AsyncClient:
    app = Starlette(
        routes=graphiql_routes(Desk().configuration, built=built),
        middleware=[Middleware(RequestLine)],
    )
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://gateway")


@pytest.fixture
async def visitor(built: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with visiting(built) as client:
        yield client


async def test_a_browser_gets_the_page_with_its_own_policy(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/graphql", headers={"accept": CHROMIUM})
    assert (200, "<title>Liên Thông</title>") == (answer.status_code, answer.text)
    assert POLICY == answer.headers["content-security-policy"]
    assert "no-cache" == answer.headers["cache-control"]


def test_the_policy_names_no_host_and_no_eval() -> None:
    sources = {word for part in POLICY.split("; ") for word in part.split()[1:]}
    assert {"'none'", "'self'", "'unsafe-inline'", "data:"} == sources
    assert "script-src 'self'" in POLICY.split("; ")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (CHROMIUM, 200),
        ("text/html;q=0.9, application/json;q=0.8", 200),
        ("*/*", 405),
        ("", 405),
        ("application/json", 405),
        ("application/graphql-response+json, text/html", 405),
        ("text/html;q=0, */*", 405),
        ("text/html;q=often", 200),
    ],
)
async def test_only_who_prefers_html_gets_the_page(
    visitor: httpx2.AsyncClient, accept: str, status: int
) -> None:
    answer = await visitor.get("/graphql", headers={"accept": accept})
    assert status == answer.status_code


async def test_a_program_that_sends_get_is_told_to_post(visitor: httpx2.AsyncClient) -> None:
    headers = {"accept": "application/json", "accept-language": "en", "x-request-id": "visit-0001"}
    answer = await visitor.get("/graphql", headers=headers)
    assert "POST" == answer.headers["allow"]
    assert NOTHING_MORE == answer.headers["content-security-policy"]
    (error,) = answer.json()["errors"]
    assert error["message"].startswith("Send POST with a JSON body")
    assert {
        "code": "BAD_INPUT",
        "origin": "GATEWAY",
        "retryable": False,
        "requestId": "visit-0001",
    } == error["extensions"]


async def test_the_configuration_is_made_anew_each_time_and_never_kept(
    visitor: httpx2.AsyncClient,
) -> None:
    first = await visitor.get("/graphql/config.json")
    second = await visitor.get("/graphql/config.json")
    assert "no-store" == first.headers["cache-control"]
    assert "token-2" == second.json()["tokens"]["portal-hanoi"]
    assert {
        "endpoint": "/graphql",
        "tokens": {"portal-hanoi": "token-1", "auditor": "other"},
        "tabs": [
            {
                "title": "Nguyễn Văn An",
                "query": "{ registries { name } }",
                "variables": {"n": "0970"},
                "headers": {},
            }
        ],
        "examples": [],
    } == first.json()


async def test_the_configuration_prints_neither_tokens_nor_people() -> None:
    configuration = await Desk().configuration()
    assert "PageConfiguration()" == repr(configuration)
    assert "Tab()" == repr(configuration.tabs[0])


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("assets/index-a1b2c3.js", "public, max-age=31536000, immutable"),
        ("THIRD-PARTY-LICENCES.txt", "no-cache"),
    ],
)
async def test_a_file_with_a_hash_in_its_name_is_kept_for_ever(
    visitor: httpx2.AsyncClient, path: str, kept: str
) -> None:
    answer = await visitor.get(f"/static/graphiql/{path}")
    assert (200, kept) == (answer.status_code, answer.headers["cache-control"])


@pytest.mark.parametrize("path", ["../secret.txt", "%2e%2e/secret.txt", "assets", "none.js"])
async def test_nothing_beside_the_built_files_is_served(
    visitor: httpx2.AsyncClient, path: str
) -> None:
    assert 404 == (await visitor.get(f"/static/graphiql/{path}")).status_code


async def test_a_page_that_was_never_built_says_which_command_builds_it(tmp_path: Path) -> None:
    async with visiting(tmp_path / "never") as visitor:
        answer = await visitor.get("/graphql", headers={"accept": CHROMIUM})
        file = await visitor.get("/static/graphiql/assets/index-a1b2c3.js")
    assert (503, 404) == (answer.status_code, file.status_code)
    assert "<code>make setup</code>" in answer.text


def test_the_lock_of_the_front_end_names_no_address() -> None:
    text = (ROOT / "gateway" / "graphiql" / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert "http" not in text
    assert [] == [name for name, package in packages.items() if "resolved" in package]
    assert [] == [name for name, package in packages.items() if name and "integrity" not in package]
