"""The Merkle tree of the access log, as far as this process keeps it and shows it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from audit.tree.proofs import LogReader
from gateway.log_routes import receipt_refusal, routes
from gateway.receipting import Receipting
from gateway.sequencing import origin_of, reader_url, sequencer_of, sequencer_url
from gateway.settings import Settings
from gateway.tree_watch import TreeState, TreeWatch

_log = structlog.get_logger()

Refusal = Callable[[Request], Awaitable[Response | None]]

_SEQUENCER, _WATCH, _RECEIPTS = "sequencer", "watch", "receipts"
"""The parts that run beside the gateway."""


class Tree:
    """Sequences beside the gateway where the settings let it, and serves checkpoints and proofs.

    *receipts* are the promises that this process makes about it.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._sequencer = sequencer_of(settings, clock) if sequencer_url(settings) else None
        address = reader_url(settings)
        self._reader = LogReader(address) if address else None
        self._watch = TreeWatch(
            self._reader,
            sequencing=self._sequencer.state if self._sequencer else None,
            origin=origin_of(settings.url()),
            clock=clock,
        )
        self._receipting = Receipting(settings.keys_dir, self._watch.origin)
        self.receipts = self._receipting.receipts
        self._stopped = asyncio.Event()
        self._running: list[asyncio.Task[None]] = []
        self._ended: set[str] = set()

    def state(self) -> TreeState:
        """Say at once how far the tree is, for `/ready`.

        Where our own sequencer has ended another may be at work: the lag tells. Where nobody looks
        any more nothing tells.
        """
        state = self._watch.state()
        if not self._ended & {_SEQUENCER, _WATCH}:
            return state
        watched = _WATCH not in self._ended
        lag = state.lag_s if watched else None
        return msgspec.structs.replace(state, word="STOPPED", lag_s=lag, watched=watched)

    def routes(self, refusal: Refusal) -> list[BaseRoute]:
        """Mount `/log/…`; *refusal* judges who asks for an entry's proof without a receipt."""
        if self._reader is None:
            return []

        async def allowed(request: Request, entry_id: str) -> Response | None:
            shown = request.headers.get("receipt")
            if shown is None:
                return await refusal(request)
            return receipt_refusal(self.receipts.read(shown), entry_id)

        return [*routes(self._reader, allowed)]

    async def start(self) -> None:
        """Begin to sequence, or to wait until the sequencer at work stops."""
        await self._watch.learn_origin()
        parts = {
            _WATCH: self._watch.run(self._stopped),
            _RECEIPTS: self._receipting.run(self._stopped),
        }
        if self._sequencer is not None:
            parts[_SEQUENCER] = self._sequencer.run(self._stopped)
        for name, part in parts.items():
            task = asyncio.create_task(part, name=name)
            task.add_done_callback(self._end)
            self._running.append(task)

    async def stop(self) -> None:
        """Take in what the log's end has left, and give the database back."""
        self._stopped.set()
        # What ended one of them was said when it ended; the others stop in order.
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._reader is not None:
            await self._reader.aclose()

    def _end(self, task: asyncio.Task[None]) -> None:
        """Say that a part has ended otherwise than by a stop; nobody waits for it."""
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is not None:
            part = task.get_name()
            self._ended.add(part)
            _log.critical("a part of the log's tree stopped", part=part, kind=type(error).__name__)
