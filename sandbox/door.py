"""A listening socket with a server behind it, which can be shut and opened again.

Each registry has one, so that "down" is a refused connection and nothing milder.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import uvicorn
from starlette.types import ASGIApp

from sandbox.tls import TlsProtocol

HOST = "127.0.0.1"
# Longer than any client keeps an idle connection, so that the client is the one to close it.
KEEP_ALIVE_SECONDS = 75


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A port that could not be opened, and in a sentence what to do about it."""

    sentence: str


class _Server(uvicorn.Server):
    """One of several in a process, so the signals are not its own to catch."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.lets_in = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.lets_in.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Door:
    """*app* behind one port of this machine; a door with *tls* is opened with a context."""

    def __init__(self, name: str, *, tls: bool = False) -> None:
        self._name = name
        self._scheme = "https" if tls else "http"
        self._port = 0
        self._listener: socket.socket | None = None
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where the door is; known as soon as the port is taken."""
        return f"{self._scheme}://{HOST}:{self._port}"

    def take(self, port: int) -> Taken | None:
        """Take *port*, or any free one for 0; nobody is let in yet."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            listener.close()
            return Taken(sentence=_why(self._name, port, error))
        self._port = listener.getsockname()[1]
        self._listener = listener
        return None

    async def open(self, app: ASGIApp, tls: ssl.SSLContext | None = None) -> Taken | None:
        """Let callers in to *app*; take the same port again after a *close*."""
        if self._serving:
            return None
        taken = None if self._listener else self.take(self._port)
        if taken or not self._listener:
            return taken
        self._server = _Server(_config(app, tls))
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        await self._server.lets_in.wait()
        return None

    async def close(self) -> None:
        """Refuse new connections and cut the open ones, at once."""
        server, serving, listener = self._server, self._serving, self._listener
        self._server = self._serving = self._listener = None
        if server and serving:
            for acceptor in server.servers:
                acceptor.close()
            for connection in list(server.server_state.connections):
                connection.transport.abort()
            server.should_exit = server.force_exit = True
            await serving
        if listener:
            listener.close()


def _config(app: ASGIApp, tls: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools" if tls is None else TlsProtocol,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


def _why(name: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port}, wanted for {name}, is taken by another program: stop that program "
            f"(`ss -ltnp 'sport = :{port}'` names it), or choose other ports with --port N, "
            "or any free ones with --port 0."
        )
    reason = errno.errorcode.get(error.errno or 0, "unknown")
    return f"Port {port}, wanted for {name}, cannot be opened ({reason}): choose with --port N."
