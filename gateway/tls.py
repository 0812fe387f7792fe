"""TLS both ways: whom we believe when we call, and the client's certificate when we are called.

uvicorn asks a client for a certificate and checks it, but does not pass it on into the request.
Passing it on leans on the inside of its protocol class in two places; a test with real certificates
holds that they are still there.
"""

import asyncio
import ssl
from functools import cache
from pathlib import Path
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

FAREWELL_S = 1.0
"""Seconds in which an idle client may answer that the connection ends."""


class TlsProtocol(HttpToolsProtocol):
    """Puts the DER of the peer's certificate into `scope["extensions"]["tls"]["client_cert"]`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Keep the certificate of the connection: it cannot change while it lasts."""
        super().connection_made(transport)
        connection: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        # Empty unless the handshake verified it against the client authorities.
        self._certificate = connection.getpeercert(binary_form=True) if connection else None

    def on_message_begin(self) -> None:
        """Begin each request of the connection with it."""
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment] # uvicorn's type knows no TLS
        scope["extensions"] = {"tls": {"client_cert": self._certificate}}

    def shutdown(self) -> None:
        """Close at the end of the house; who sits idle and does not say goodbye is not waited for.

        Else one open connection of a portal would use up all the time that requests have to finish.
        """
        # An answer that is still on its way is waited for as before.
        all_sent = self.transport.get_write_buffer_size() == 0
        super().shutdown()
        if all_sent and self.transport.is_closing():
            self.loop.call_later(FAREWELL_S, self.transport.abort)


@cache
def trusted(ca: Path | None) -> ssl.SSLContext:
    """Read the machine's authorities, and those of *ca* beside them, once for all whom we call."""
    context = ssl.create_default_context()
    if ca is not None:
        ca.stat()  # names the file when it is missing; OpenSSL would not
        context.load_verify_locations(ca)
    return context


def tls_options(cert: Path | None, key: Path | None, client_ca: Path | None) -> dict[str, Any]:
    """Give uvicorn's options for TLS; with *client_ca*, clients may show a certificate.

    They may, not must: a token bound by DPoP needs none, and each token says what it needs.
    """
    options: dict[str, Any] = {"http": TlsProtocol, "ssl_certfile": cert, "ssl_keyfile": key}
    if client_ca is not None:
        options |= {"ssl_ca_certs": client_ca, "ssl_cert_reqs": ssl.CERT_OPTIONAL}
    return options
