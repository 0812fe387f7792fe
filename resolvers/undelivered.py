"""Answers that nobody got, and a log that could not be told of it at once.

When the log fails between the last read and the outcome, the caller gets 503. But the outcome may
have been stored all the same, or be settled later, and then says that an answer left. So what
became of it is remembered here, and said as soon as the log writes again: with the next outcome or
refusal, or at the orderly end of the process.

A crash in between forgets it. The log then holds intents with an outcome for an answer that nobody
got, or intents alone: it says too much was given, never too little.
"""

from collections import deque
from collections.abc import Callable, Sequence

from audit.entry import Entry
from audit.log import AccessLog, AccessLogUnavailable

MOST = 1000
"""Entries remembered; beyond them the oldest are forgotten, as by a crash."""

Say = Callable[[], Entry]
"""Makes the entry anew for each try: one that was in doubt may be stored already under its id."""


class Undelivered:
    """Appends entries, those that it still owes first."""

    def __init__(self, log: AccessLog) -> None:
        self._log = log
        self._owed: deque[Say] = deque(maxlen=MOST)

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Store durably, and give what was stored, as the log itself does."""
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

    async def say(self, entry: Say) -> None:
        """Say that an answer reached nobody; owe it when the log cannot take it now."""
        self._owed.append(entry)
        await self.settle()

    async def settle(self) -> None:
        """Say everything that is owed, if the log takes it."""
        try:
            await self.append(())
        except AccessLogUnavailable:
            return
