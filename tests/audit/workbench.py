"""What the tests of this room work with: entries, and a store that fails when told to."""

import itertools
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from audit.entry import Circumstances, Entry, Read, intent, uuid7
from audit.schema import Batch
from audit.sqlite import SqliteStore
from audit.tags import TagDomain, Tagger
from audit.writer import GroupCommitLog

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
TAG = Tagger(bytes(32)).tag(TagDomain.PERSON, "097203000001", NOW)
_READ = Read(
    registry="POPULATION",
    operation="TraCuuThongTinCongDan",
    subject_tags=(TAG,),
    roles=("applicant",),
    fields=("applicant/fullName",),
)
_numbers = itertools.count()


def make_intent() -> Entry:
    """Make an intent that differs from the others in its id only."""
    entry_id = uuid7(NOW, _distinct(10))
    return intent(_GIVEN, entry_id=entry_id, at=NOW, wave=1, reads=[_READ])


def ask(file: Path, statement: str) -> list[tuple[object, ...]]:
    """Ask the database *file*, past the log, over a connection of its own."""
    connection = sqlite3.connect(file)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


class ToldStore(SqliteStore):
    """A real store over a real file whose COMMIT fails in the way it is told, once."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"sqlite+aiosqlite:///{file}", replica="a", busy_ms=200)
        self.commits: list[int] = []
        """How many entries each commit held."""
        self.told: Callable[[Callable[[], None]], None] | None = None
        self._entries = 0

    def _insert(self, batch: Batch, statements: Sequence[str]) -> None:
        self._entries = len(batch.entries)
        super()._insert(batch, statements)

    def _commit(self) -> None:
        told, self.told = self.told, None
        if told is None:
            super()._commit()
        else:
            told(super()._commit)
        self.commits.append(self._entries)


def cut_before(_commit: Callable[[], None]) -> None:
    """Lose the connection on the way to the database."""
    raise ConnectionError


def cut_after(commit: Callable[[], None]) -> None:
    """Lose the connection on the way back: it is stored, and nobody was told."""
    commit()
    raise ConnectionError


class Hang:
    """A disk that does not answer until it is woken."""

    def __init__(self) -> None:
        self.reached = Event()
        self.woken = Event()

    def __call__(self, commit: Callable[[], None]) -> None:
        """Hang at COMMIT, then do it after all."""
        self.reached.set()
        self.woken.wait(30)
        commit()


def log_over(
    store: SqliteStore,
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
