"""What the tests of this room work with: entries, and a store that fails when told to."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from audit.circumstances import Circumstances
from audit.entry import Entry, LostBoot, Read, Subject, uuid7
from audit.log import AccessLog, Trouble
from audit.making import intent
from audit.months import MonthKeys
from audit.stores.batch import Batch
from audit.stores.store import Store, StoreFault
from audit.stores.writer import GroupCommitLog
from audit.tags import TagDomain, Tagger

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_GIVEN = Circumstances(
    request_id="r-1",
    consumer_id="portal-hanoi",
    receiving_agency="H26.12",
    competent_agency="H26",
    unit="H26.12.1",
    officer_tag="o" * 43,
    procedure="1.004222",
    dossier_tag="d" * 43,
    draft_tag="e" * 43,
)
TAG = Tagger(MonthKeys(bytes(32))).tag(TagDomain.PERSON, "097203000001", NOW)
_READ = Read(
    registry="POPULATION",
    operation="TraCuuThongTinCongDan",
    subjects=(Subject(tags=(TAG,), roles=("applicant",)),),
    fields=("applicant/fullName",),
)
_numbers = itertools.count()


def make_intent(at: datetime = NOW) -> Entry:
    """Make an intent that differs from the others in its id only."""
    return intent(_GIVEN, entry_id=uuid7(at, _distinct(10)), at=at, wave=1, reads=[_READ])


Commit = Callable[[], Awaitable[None]]


class ToldStore:
    """A real store over a real database whose writing fails in the way it is told, once."""

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.commits: list[int] = []
        """How many entries each commit held."""
        self.told: Callable[[Commit], Awaitable[None]] | None = None
        self._hanging: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open behind what hangs."""
        if self._hanging is not None:
            await asyncio.wait({self._hanging})
        await self.inner.open()

    async def unfinished(self, replica: str) -> Sequence[LostBoot]:
        """Pass on."""
        return await self.inner.unfinished(replica)

    async def write(self, batch: Batch) -> None:
        """Write as told."""
        told, self.told = self.told, None
        commit = partial(self.inner.write, batch)
        if told is None:
            await commit()
        else:
            # What hangs in a disk is not called back because somebody stopped waiting.
            self._hanging = asyncio.ensure_future(told(commit))
            await asyncio.shield(self._hanging)
        self.commits.append(len(batch.entries))

    async def settle(self, batch: Batch) -> None:
        """Pass on."""
        await self.inner.settle(batch)

    async def close(self) -> None:
        """Pass on."""
        await self.inner.close()


async def cut_before(_commit: Commit) -> None:
    """Lose the connection on the way to the database."""
    raise StoreFault(Trouble.FAILED)


async def cut_after(commit: Commit) -> None:
    """Lose the connection on the way back: it is stored, and nobody was told."""
    await commit()
    raise StoreFault(Trouble.FAILED)


class Hang:
    """A disk that does not answer until it is woken."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.woken = asyncio.Event()

    async def __call__(self, commit: Commit) -> None:
        """Hang at COMMIT, then do it after all."""
        self.reached.set()
        await self.woken.wait()
        await commit()


async def ready_again(log: AccessLog) -> None:
    """Wait until the log writes again: five seconds, as promised."""
    async with asyncio.timeout(5):
        while log.state().trouble is not None:  # noqa: ASYNC110 - as /ready looks: there is no event
            await asyncio.sleep(0.01)


def log_over(
    store: Store,
    *,
    commit_timeout: float = 10.0,
    queue_size: int = 5_000,
    batch_size: int = 500,
) -> GroupCommitLog:
    """Build a log over *store* that tries again soon."""
    return GroupCommitLog(
        store,
        replica="a",
        clock=lambda: NOW,
        randomness=_distinct,
        commit_timeout=commit_timeout,
        retry_after=0.02,
        batch_size=batch_size,
        queue_size=queue_size,
    )


def _distinct(length: int) -> bytes:
    return next(_numbers).to_bytes(length, "little")
