"""Answers that nobody got, and a log that could not be told of it at once.

When the log fails between the last read and the outcome, the caller gets 503. But the outcome may
have been stored all the same, or be settled later, and then says that an answer left. So what
became of it is remembered here, and said as soon as the log writes again: with the next outcome or
refusal, or at the orderly end of the process.

A crash in between forgets it. The log then holds intents with an outcome for an answer that nobody
got, or intents alone: it says too much was given, never too little.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from audit.entry import Entry
from audit.log import AccessLog, AccessLogUnavailable

MOST = 1000
"""Entries remembered; beyond them the oldest are forgotten, as by a crash."""

PATIENCE_S = 5.0
"""How long the end of the process waits for the log to take what is owed."""
_AGAIN_S = 0.1

Say = Callable[[], Entry]
"""Makes the entry anew for each try: one that was in doubt may be stored already under its id."""
_Done = TypeVar("_Done")


class Undelivered:
    """Appends entries, those that it still owes first."""

    def __init__(self, log: AccessLog, *, patience_s: float = PATIENCE_S) -> None:
        self._log = log
        self._patience_s = patience_s
        self._owed: deque[Say] = deque(maxlen=MOST)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Store durably, and give what was stored, as the log itself does."""
        if not self._owed:
            return await self._log.append(entries)
        # Whether the log takes what is owed is heard to the end, or it would be said twice.
        return await self.surely(self._append_with_owed(entries))

    async def say(self, entry: Say) -> None:
        """Say that an answer reached nobody; owe it when the log cannot take it now."""
        self._owed.append(entry)
        await self._settle()

    async def surely(self, work: Coroutine[Any, Any, _Done]) -> _Done:
        """Do *work* to its end, even when who waits for it is cancelled: *close* waits too."""
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Wait for what is being said, and say the rest that is owed, if the log takes it soon."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._patience_s
        await self._settle()
        while self._owed and loop.time() < ends:
            await asyncio.sleep(_AGAIN_S)
            await self._settle()

    async def _settle(self) -> None:
        try:
            await self.append(())
        except AccessLogUnavailable:
            return

    async def _append_with_owed(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        owed = list(self._owed)
        self._owed.clear()
        try:
            first = len(owed)
            stored = await self._log.append([*(say() for say in owed), *entries])
            owed.clear()
        except AccessLogUnavailable as unavailable:
            if unavailable.in_doubt:
                # They will stand in the log: said once more, they would stand there twice.
                owed.clear()
            raise
        finally:
            self._owed = deque([*owed, *self._owed], maxlen=MOST)
        return stored[first:]
