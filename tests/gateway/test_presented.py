"""What is taken off a request, and from whom a certificate in a header is believed."""

import base64
from typing import Any

import pytest
from starlette.requests import Request

from gateway.presented import Presentation
from gateway.settings import SettingsInvalidError
from tests.gateway.certificates import digest_of

DER = b"not looked into, only hashed" * 20
HEADER = f":{base64.b64encode(DER).decode()}:"
PROXIES = ["10.0.0.0/24", "192.0.2.7", "2001:db8::/64"]


def request(*headers: tuple[str, str], peer: str | None = "203.0.113.9", **more: Any) -> Request:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "client": (peer, 40000) if peer else None,
    }
    return Request({**scope, **more})


def certificate(*headers: tuple[str, str], peer: str | None, **more: Any) -> str | None:
    presentation = Presentation("https://gateway.example", PROXIES)
    return presentation.read(request(*headers, peer=peer, **more)).certificate


@pytest.mark.parametrize("peer", ["10.0.0.1", "192.0.2.7", "2001:db8::1", "::ffff:10.0.0.255"])
def test_a_configured_proxy_is_believed(peer: str) -> None:
    assert digest_of(DER) == certificate(("client-cert", HEADER), peer=peer)


@pytest.mark.parametrize("peer", ["10.0.1.1", "192.0.2.8", "2001:db9::1", "127.0.0.1", "", "x"])
def test_nobody_else_is(peer: str) -> None:
    assert certificate(("client-cert", HEADER), peer=peer) is None
    assert certificate(("client-cert", HEADER), ("x-forwarded-for", "10.0.0.1"), peer=peer) is None


@pytest.mark.parametrize(
    "header",
    ["", ":", "::", "abcd", ":ab*d:", ":abc:", ":YQ==", f"{HEADER}, {HEADER}", f"{HEADER};a=b"],
)
def test_a_malformed_header_shows_no_certificate(header: str) -> None:
    assert certificate(("client-cert", header), peer="10.0.0.1") is None


def test_two_headers_show_no_certificate() -> None:
    """A proxy that adds to what its caller wrote, instead of taking it away."""
    twice = [("client-cert", HEADER), ("client-cert", HEADER)]

    assert certificate(*twice, peer="10.0.0.1") is None


def test_the_certificate_of_a_proxy_is_not_its_callers() -> None:
    of_the_proxy = {"extensions": {"tls": {"client_cert": b"the proxy's own"}}}

    assert certificate(peer="10.0.0.1", **of_the_proxy) is None
    assert digest_of(DER) == certificate(("client-cert", HEADER), peer="10.0.0.1", **of_the_proxy)
    assert digest_of(b"the proxy's own") == certificate(peer="203.0.113.9", **of_the_proxy)


def test_headers_are_taken_as_they_come() -> None:
    presented = Presentation("https://gateway.example/lt").read(
        request(
            ("authorization", "DPoP x"),
            ("dpop", "one"),
            ("dpop", "two"),
            ("host", "attacker.example"),
            raw_path=b"/graphql/%2e",
            query_string=b"access_tokens=1",
        )
    )

    assert (("DPoP x",), ("one", "two")) == (presented.authorizations, presented.proofs)
    assert "https://gateway.example/lt/graphql/%2e" == presented.url
    assert not presented.in_query


@pytest.mark.parametrize(
    "query", [b"access_token=x", b"a=b&access_token=", b"access_token", b"%61ccess_token=x"]
)
def test_a_token_in_the_url_is_seen(query: bytes) -> None:
    presented = Presentation("https://gateway.example").read(request(query_string=query))

    assert presented.in_query


@pytest.mark.parametrize("member", ["proxy.internal", "10.0.0.0/33", "10.0.0.1/24", ""])
def test_what_is_no_address_stops_the_start_and_is_not_repeated(member: str) -> None:
    with pytest.raises(SettingsInvalidError, match="LIENTHONG_TRUSTED_PROXIES") as raised:
        Presentation("https://gateway.example", ["10.0.0.1", member])

    assert not member or member not in str(raised.value).replace("10.0.0.0/24", "")
