"""The serving process: a socket, uvicorn, and an orderly end."""

import errno
import socket
from collections.abc import Callable

import uvicorn

from gateway.app import create_app
from gateway.settings import Settings

GRACE_S = 15
"""Seconds that requests under way have to finish after a stop was asked for."""


class PortTakenError(Exception):
    """Another program listens there: which port, and the way out."""


def take_port(host: str, port: int) -> socket.socket:
    """Take the port before anything else is built. Raises PortTakenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        message = (
            f"Cổng {port} trên {host} đang được chương trình khác dùng. Hãy dừng chương trình đó, "
            f"hoặc chọn cổng khác bằng --port. (Port {port} is taken; stop the other program or "
            "choose another with --port.)"
        )
        raise PortTakenError(message) from None
    return taken


class _Server(uvicorn.Server):
    """Tells when it is ready to answer."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._ready()


def serve(settings: Settings, taken: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until told to stop; *ready* is called once, when the first request may come."""
    config = uvicorn.Config(
        create_app(settings),
        http="httptools",
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        h11_max_incomplete_event_size=16 * 1024,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )
    _Server(config, ready).run(sockets=[taken])
