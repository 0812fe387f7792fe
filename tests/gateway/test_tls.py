"""The client's certificate reaches the request: real certificates over real TLS."""

import asyncio
import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gateway.presented import Presentation
from gateway.tls import tls_options
from tests.gateway.certificates import Authority


class Door(NamedTuple):
    """A gateway's door, and who may stand before it."""

    url: str
    ca: Path
    portal: tuple[Path, Path, str]
    stranger: tuple[Path, Path, str]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Serve what the gateway reads of each request, with TLS, in a thread."""
    directory = tmp_path_factory.mktemp("tls")
    ours, theirs = Authority(directory, "ours"), Authority(directory, "theirs")
    server_cert, server_key, _ = ours.issue("server")

    async def show(request: Request) -> JSONResponse:
        presented = Presentation("https://gateway.example").read(request)
        return JSONResponse({"certificate": presented.certificate, "url": presented.url})

    config = uvicorn.Config(
        Starlette(routes=[Route("/show", show)]),
        log_config=None,
        proxy_headers=False,
        **tls_options(server_cert, server_key, ours.file),
    )
    taken = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([taken])))
    thread.start()
    yield Door(
        f"https://127.0.0.1:{taken.getsockname()[1]}/show",
        ours.file,
        ours.issue("portal"),
        theirs.issue("stranger"),
    )
    server.should_exit = True
    thread.join()


def client(door: Door, shown: tuple[Path, Path, str] | None) -> httpx2.Client:
    context = ssl.create_default_context(cafile=str(door.ca))
    if shown is not None:
        context.load_cert_chain(shown[0], shown[1])
    return httpx2.Client(verify=context, trust_env=False)


def test_the_certificate_of_the_connection_is_read_at_each_of_its_requests(door: Door) -> None:
    with client(door, door.portal) as http:
        seen = [http.get(door.url).json()["certificate"] for _ in range(2)]

    assert [door.portal[2]] * 2 == seen


def test_who_shows_no_certificate_has_none_and_is_let_in(door: Door) -> None:
    with client(door, None) as http:
        assert http.get(door.url).json()["certificate"] is None


def test_a_header_shows_no_certificate_where_tls_ends_here(door: Door) -> None:
    der = ssl.PEM_cert_to_DER_cert(door.portal[0].read_text())
    header = {"client-cert": f":{base64.b64encode(der).decode()}:"}

    with client(door, None) as http:
        assert http.get(door.url, headers=header).json()["certificate"] is None


def test_a_certificate_of_another_authority_gets_no_connection(door: Door) -> None:
    with client(door, door.stranger) as http, pytest.raises(httpx2.TransportError):
        http.get(door.url)


def test_the_url_is_the_public_one_whatever_host_is_named(door: Door) -> None:
    with client(door, None) as http:
        told = http.get(f"{door.url}?a=b", headers={"host": "attacker.example"}).json()

    assert "https://gateway.example/show" == told["url"]
