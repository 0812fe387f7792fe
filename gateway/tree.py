"""The Merkle tree of the access log, as far as this process keeps it and shows it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from audit.proofs import LogReader
from gateway.log_routes import routes
from gateway.sequencing import reader_url, sequencer_of, sequencer_url
from gateway.settings import Settings

Refusal = Callable[[Request], Awaitable[Response | None]]


class Tree:
    """Sequences beside the gateway where the settings let it, and serves checkpoints and proofs."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._sequencer = sequencer_of(settings, clock) if sequencer_url(settings) else None
        address = reader_url(settings)
        self._reader = LogReader(address) if address else None
        self._stopped = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def routes(self, refusal: Refusal) -> list[BaseRoute]:
        """Mount `/log/…`; *refusal* judges who asks for the proof of one entry."""
        if self._reader is None:
            return []

        async def allowed(request: Request, _entry_id: str) -> Response | None:
            return await refusal(request)

        return [*routes(self._reader, allowed)]

    def start(self) -> None:
        """Begin to sequence, or to wait until the sequencer at work stops."""
        if self._sequencer is not None:
            self._running = asyncio.create_task(self._sequencer.run(self._stopped))

    async def stop(self) -> None:
        """Take in what the log's end has left, and give the database back."""
        self._stopped.set()
        if self._running is not None:
            await self._running
        if self._reader is not None:
            await self._reader.aclose()
