"""A wire to a PostgreSQL server that can be cut, and can hold back what it carries."""

import asyncio
from collections.abc import Callable
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


class Wire:
    """Stands as a socket in a folder of its own and passes everything on, both ways."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder = folder
        self._server = server
        self._listener: asyncio.Server | None = None
        self._links: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_way_there: Callable[[bytes], bytes] | None = None
        """What becomes of what a gateway says; no bytes: the wire is cut."""
        self.on_way_back: Callable[[bytes], bytes] | None = None
        """What becomes of what the server says."""

        self.holds_back = False
        """Nothing comes back any more, and nobody is told."""

    async def open(self) -> None:
        """Listen."""
        self._listener = await asyncio.start_unix_server(self._join, self.folder / SOCKET)

    async def close(self) -> None:
        """Cut everything and listen no more."""
        if self._listener is not None:
            self._listener.close()
        self.cut()
        await asyncio.gather(*self._tasks)

    def cut(self) -> None:
        """Break all connections, at once and in the middle of what they say."""
        for link in self._links:
            link.transport.abort()
        self._links.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._server / SOCKET)
        self._links |= {writer, back}
        for work in (self._pass_on(reader, back, there=True), self._pass_on(there, writer)):
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, there: bool = False
    ) -> None:
        try:
            while data := await source.read(65536):
                if self.holds_back and not there:
                    continue
                change = self.on_way_there if there else self.on_way_back
                if change is not None:
                    data = change(data)
                target.write(data)
                if not data:
                    self.cut()
                await target.drain()
        except ConnectionError:
            pass
        target.close()
