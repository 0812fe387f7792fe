"""What a request shows of its sender: token, proof, certificate, and the URL it was sent to.

The certificate comes from the TLS connection itself, or, where TLS ends before us, from the
`Client-Cert` header (RFC 9440); anybody can write a header, so it is read only when the connection
comes from a proxy we were configured with.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from starlette.requests import Request

from auth.presented import Presented
from gateway.settings import SettingsInvalidError

_CLIENT_CERT = re.compile(r"[ ]*:([A-Za-z0-9+/]{4,16384}={0,2}):[ ]*")
"""A byte sequence of structured fields (RFC 8941)."""


class Presentation:
    """Reads what requests present, to a gateway that callers know as *url*.

    *trusted_proxies* are addresses or networks; SettingsInvalidError is raised for what is neither.
    A proxy MUST take away the `Client-Cert` header of its own callers.
    """

    def __init__(self, url: str, trusted_proxies: Sequence[str] = ()) -> None:
        self._url = url
        self._proxies = tuple(map(_network, trusted_proxies))

    def read(self, request: Request) -> Presented:
        """Read one request."""
        scope, headers = request.scope, request.headers
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        return Presented(
            authorizations=tuple(headers.getlist("authorization")),
            proofs=tuple(headers.getlist("dpop")),
            method=scope["method"],
            # Never from Host: who sends a request would choose what its proof is for.
            url=self._url + path.decode("latin-1"),
            certificate=self._certificate(request),
            in_query=bool(scope["query_string"]) and "access_token" in request.query_params,
        )

    def _certificate(self, request: Request) -> str | None:
        """Digest the certificate of the client itself; a proxy's own says nothing of it."""
        if not self._comes_from_a_proxy(request):
            tls = request.scope.get("extensions", {}).get("tls", {})
            return _digest(tls.get("client_cert"))
        told = request.headers.getlist("client-cert")
        return _digest(_decoded(told[0])) if len(told) == 1 else None

    def _comes_from_a_proxy(self, request: Request) -> bool:
        if not self._proxies or request.client is None:
            return False
        try:
            peer: IPv4Address | IPv6Address = ip_address(request.client.host)
        except ValueError:
            return False
        if isinstance(peer, IPv6Address) and peer.ipv4_mapped is not None:
            peer = peer.ipv4_mapped
        return any(peer in network for network in self._proxies)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        message = (
            "LIENTHONG_TRUSTED_PROXIES: one of its members is no address and no network such as "
            "10.0.0.0/24"
        )
        raise SettingsInvalidError(message) from None


def _decoded(field: str) -> bytes | None:
    found = _CLIENT_CERT.fullmatch(field)
    try:
        return base64.b64decode(found[1], validate=True) if found else None
    except ValueError:
        return None


def _digest(certificate: bytes | None) -> str | None:
    if not certificate:
        return None
    return base64.urlsafe_b64encode(hashlib.sha256(certificate).digest())[:-1].decode("ascii")
