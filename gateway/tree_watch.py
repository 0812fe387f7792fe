"""How far the tree is behind the log, and what the log is called: looked at now and then.

Receipts promise a place in the tree within a minute. While entries wait longer than that, the
gateway is not ready: it would go on making promises that nobody keeps.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

import msgspec
import structlog

from audit.receipts import MMD_S
from audit.tree.proofs import LogReader, LogUnreadable
from audit.tree.sequencer import Sequencing

EVERY_S = 3.0
"""Seconds between two looks."""
WITHIN_S = 5.0
"""Seconds in which the database must answer."""

_log = structlog.get_logger()


class TreeState(msgspec.Struct, frozen=True, kw_only=True):
    """How the tree is, for `/ready`."""

    word: str
    """What the sequencer of this process does; `ELSEWHERE`: it is another process; `LATE`;
    `UNKNOWN`: nothing here can read the tree; `STOPPED`: a part of this process has ended."""
    lag_s: float | None = None
    """Seconds that the oldest entry without a place has waited; None: not known."""
    watched: bool = True
    """Whether somebody still looks."""

    @property
    def late(self) -> bool:
        """Tell whether a receipt's promise is broken at this moment, or nobody would know."""
        return not self.watched or (self.lag_s is not None and self.lag_s > MMD_S)


class TreeWatch:
    """Looks with *reader*, where there is one; *sequencing* says what our own sequencer does."""

    def __init__(
        self,
        reader: LogReader | None,
        *,
        sequencing: Callable[[], Sequencing] | None,
        origin: str,
        clock: Callable[[], datetime],
        every: float = EVERY_S,
    ) -> None:
        self._reader = reader
        self._sequencing = sequencing
        self._origin = origin
        self._clock = clock
        self._every = every
        self._lag: float | None = None
        self._was_late = False

    def origin(self) -> str:
        """Name the log, as was seen last."""
        return self._origin

    def state(self) -> TreeState:
        """Say at once how the tree was when it was last looked at."""
        own = self._sequencing() if self._sequencing else None
        state = TreeState(word=own or "ELSEWHERE", lag_s=self._lag)
        if state.late and own in {None, Sequencing.SEQUENCING, Sequencing.STANDBY}:
            return msgspec.structs.replace(state, word="LATE")
        if self._lag is None and own is None:
            return TreeState(word="UNKNOWN")
        return state

    async def learn_origin(self) -> None:
        """Ask what the log is called; a restored one is called otherwise than its address."""
        if self._reader is None:
            return
        with contextlib.suppress(LogUnreadable, TimeoutError):
            async with asyncio.timeout(WITHIN_S):
                self._origin = await self._reader.origin() or self._origin

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again, until *stop* is set."""
        while not await _stopped(stop, self._every):
            await self.look()

    async def look(self) -> None:
        """Look once; that the tree falls behind, and that it has caught up, is said in the log."""
        if self._reader is None:
            return
        try:
            async with asyncio.timeout(WITHIN_S):
                self._lag = round(await self._reader.lag_seconds(self._clock()), 1)
        except (LogUnreadable, TimeoutError):
            self._lag = None
            return
        await self.learn_origin()
        state = self.state()
        if state.late and not self._was_late:
            _log.error(
                "entries wait longer for their place in the tree than receipts promise",
                trouble=state.word,
                waited_ms=round((state.lag_s or 0) * 1000),
                action="see that one process sequences this log, and what it says: operate.md",
            )
        elif self._was_late and not state.late:
            _log.info("entries get their places in the tree in time again", state=state.word)
        self._was_late = state.late


async def _stopped(stop: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True
