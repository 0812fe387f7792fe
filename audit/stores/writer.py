"""Group commit: one writer, and everybody waits for the batch that holds their entries.

A batch is whatever came while the one before it was being committed: no timer, no added delay.

Ready
  + batch committed     its callers go on; the next batch
  + batch failed        its callers are refused, and all who wait; stored or not, nobody knows
Troubled                appends are refused at once; the database is opened anew until it answers
  + batch settled       it stands in the log, whole, under the ids and counters it had from the
                        start; only then comes another one
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

import structlog

from audit.entry import Entry, EntryKind, LostBoot, uuid7
from audit.log import AccessLogUnavailable, LogState, Trouble
from audit.record import SALT_BYTES, Record
from audit.stores.batch import Batch
from audit.stores.store import Store, StoreFault

log = structlog.get_logger()

_Waiting = tuple[Sequence[Entry], asyncio.Future[Sequence[bytes]]]


class GroupCommitLog:
    """An access log over a *store*; one boot from *open* to *close*."""

    def __init__(
        self,
        store: Store,
        *,
        replica: str,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        commit_timeout: float = 2.0,
        retry_after: float = 0.25,
        batch_size: int = 500,
        queue_size: int = 5_000,
    ) -> None:
        self._store = store
        self._replica = replica
        self._clock = clock
        self._randomness = randomness
        self._commit_timeout = commit_timeout
        self._retry_after = retry_after
        self._batch_size = batch_size
        self._queue_size = queue_size
        self._boot_id = ""
        self._counter = 0
        self._trouble: Trouble | None = Trouble.NOT_OPEN
        self._queue: deque[_Waiting] = deque()
        self._waiting = 0
        self._doubtful: Batch | None = None
        self._closing = asyncio.Event()
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the store, start a boot, and say which boots before it were lost."""
        self._boot_id = uuid7(self._clock(), self._randomness(10))
        self._counter = 0
        self._doubtful = None
        self._closing.clear()
        try:
            await self._within(self._begin())
        except StoreFault as fault:
            await self._close_store()
            raise AccessLogUnavailable(fault.trouble) from None
        self._trouble = None
        self._writer = asyncio.create_task(self._write())
        self._writer.add_done_callback(self._stopped)

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Return when *entries* are on disk; raise AccessLogUnavailable when they may not be."""
        if not entries:
            return ()
        if self._trouble is not None:
            raise AccessLogUnavailable(self._trouble)
        if self._closing.is_set():
            raise AccessLogUnavailable(Trouble.NOT_OPEN)
        if self._waiting + len(entries) > self._queue_size:
            raise AccessLogUnavailable(Trouble.OVERFULL)
        stored: asyncio.Future[Sequence[bytes]] = asyncio.get_running_loop().create_future()
        self._queue.append((entries, stored))
        self._waiting += len(entries)
        self._wake.set()
        return await stored

    async def close(self) -> None:
        """Write what waits and the end of the boot, then let go of the store."""
        if self._writer is None:
            return
        self._closing.set()
        self._wake.set()
        await asyncio.wait({self._writer})
        self._writer = None
        await self._close_store()
        self._trouble = Trouble.NOT_OPEN

    def state(self) -> LogState:
        """Say at once how the log is."""
        return LogState(trouble=self._trouble, waiting=self._waiting)

    async def _begin(self) -> None:
        await self._store.open()
        lost = await self._store.unfinished(self._replica)
        first = [self._of_boot(EntryKind.BOOT_START)]
        first += [self._of_boot(EntryKind.BOOT_LOST, boot) for boot in lost]
        await self._store.write(self._seal(first))
        self._counter = len(first)

    async def _write(self) -> None:
        """Be the one writer, until closing finds nothing left to write."""
        while True:
            if self._trouble is not None:
                recovered = await self._recover()
                if self._closing.is_set() or (
                    not recovered and await self._closing_within(self._retry_after)
                ):
                    # Whoever had to say meanwhile what became of an answer was refused: this boot
                    # has no orderly end, and the next start says that it was lost.
                    return
            elif self._queue:
                await self._flush()
            elif self._closing.is_set():
                break
            else:
                self._wake.clear()
                await self._wake.wait()
        await self._commit([self._of_boot(EntryKind.BOOT_END)])

    async def _flush(self) -> None:
        """Commit the next batch, and tell those who wait for it."""
        taken, entries = self._take()
        told: Batch | Trouble = Trouble.FAILED
        try:
            told = await self._commit(entries)
        finally:
            # Nobody is left waiting, whatever happened.
            _tell(taken, told, in_doubt=self._doubtful is not None)
        if isinstance(told, Trouble):
            # Who came meanwhile waits for the same database: they are told now, not in two seconds.
            self._refuse_waiting(told)

    def _refuse_waiting(self, trouble: Trouble) -> None:
        _tell(self._queue, trouble)
        self._queue.clear()
        self._waiting = 0

    def _take(self) -> tuple[list[_Waiting], list[Entry]]:
        taken: list[_Waiting] = []
        entries: list[Entry] = []
        while self._queue and (
            not taken or len(entries) + len(self._queue[0][0]) <= self._batch_size
        ):
            taken.append(self._queue.popleft())
            entries.extend(taken[-1][0])
        self._waiting -= len(entries)
        return taken, entries

    async def _commit(self, entries: Sequence[Entry]) -> Batch | Trouble:
        """Store *entries* under the next counters; give the trouble if that is not certain."""
        batch = self._seal(entries)
        try:
            await self._within(self._store.write(batch))
        except StoreFault as fault:
            trouble = fault.trouble
        else:
            self._counter += len(entries)
            return batch
        # A batch with an id that is taken was refused as a whole; any other may have been stored.
        if trouble is not Trouble.CONTRADICTED:
            self._doubtful = batch
            self._counter += len(entries)
        self._trouble = trouble
        log.error("the access log refuses; no data is given meanwhile", trouble=trouble.value)
        return trouble

    async def _recover(self) -> bool:
        """Open the store anew and settle what is in doubt; tell whether that went well."""
        try:
            await self._within(self._reopen())
        except StoreFault as fault:
            trouble = fault.trouble
        else:
            self._doubtful = None
            self._trouble = None
            log.info("the access log writes again")
            return True
        if trouble is not self._trouble:
            log.error("the access log is still unavailable", trouble=trouble.value)
        self._trouble = trouble
        return False

    async def _reopen(self) -> None:
        await self._store.open()
        if self._boot_id not in {
            boot.boot_id for boot in await self._store.unfinished(self._replica)
        }:
            # While we were away, another process took our name and declared this boot lost.
            raise StoreFault(Trouble.NAME_TAKEN)
        if self._doubtful is not None:
            await self._store.settle(self._doubtful)

    async def _close_store(self) -> None:
        try:
            await self._within(self._store.close())
        except StoreFault:
            log.warning("the access log's connection was not closed in time")

    async def _within(self, work: Awaitable[None]) -> None:
        """Await *work* for the time of a commit and no longer: a hung disk cannot hold us."""
        try:
            async with asyncio.timeout(self._commit_timeout):
                await work
        except TimeoutError:
            raise StoreFault(Trouble.TIMEOUT) from None

    async def _closing_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return False
        return True

    def _seal(self, entries: Sequence[Entry]) -> Batch:
        salts = self._randomness(SALT_BYTES * len(entries))
        return Batch(
            [
                Record(
                    replica=self._replica,
                    boot_id=self._boot_id,
                    counter=self._counter + place,
                    salt=salts[place * SALT_BYTES : (place + 1) * SALT_BYTES],
                    entry=entry,
                )
                for place, entry in enumerate(entries)
            ]
        )

    def _of_boot(self, kind: EntryKind, lost: LostBoot | None = None) -> Entry:
        now = self._clock()
        return Entry(
            entry_id=uuid7(now, self._randomness(10)),
            kind=kind,
            at=now,
            request_id=self._boot_id,
            lost=lost,
        )

    def _stopped(self, writer: asyncio.Task[None]) -> None:
        """Refuse everybody, should the writer ever end otherwise than by closing."""
        error = asyncio.CancelledError() if writer.cancelled() else writer.exception()
        if error is not None:
            self._trouble = Trouble.FAILED
            self._refuse_waiting(Trouble.FAILED)
            log.critical("the access log's writer stopped", kind=type(error).__name__)


def _tell(taken: Iterable[_Waiting], told: Batch | Trouble, *, in_doubt: bool = False) -> None:
    for entries, stored in taken:
        if stored.done():  # its caller went away
            continue
        if isinstance(told, Trouble):
            stored.set_exception(AccessLogUnavailable(told, in_doubt=in_doubt))
        else:
            stored.set_result([told.bodies[entry.entry_id] for entry in entries])
