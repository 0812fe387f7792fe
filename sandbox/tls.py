"""The client's certificate, out of a TLS connection into the request.

uvicorn does not pass it on, so this leans on the inside of its protocol class; a test with real
certificates holds that it is still there.
"""

import asyncio
import ssl
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class TlsProtocol(HttpToolsProtocol):
    """Puts the peer's certificate, as DER, into the scope of each request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Keep the certificate of the connection, which the handshake has verified."""
        super().connection_made(transport)
        connection: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        self._certificate = connection.getpeercert(binary_form=True) if connection else None

    def on_message_begin(self) -> None:
        """Begin each request with it."""
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment] # uvicorn's type knows no TLS
        scope["extensions"] = {"tls": {"client_cert": self._certificate}}


def is_tls(scope: Scope) -> bool:
    """Tell whether a request came over a connection of ours with TLS."""
    return "tls" in scope.get("extensions", {})


def certificate_of(scope: Scope) -> bytes | None:
    """Give the certificate that came with a request, as DER; None over plain HTTP or without."""
    shown: bytes | None = scope.get("extensions", {}).get("tls", {}).get("client_cert")
    return shown
