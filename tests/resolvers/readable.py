"""Accesses of the log without a log, and readers that give them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from audit.detail import Detail, Number
from audit.entry import Entry, EntryKind, Read, Subject
from audit.reading.accesses import Access, Page, Place, Question
from audit.reading.search import Search
from audit.reading.statistics import Counted, Statistics, StatisticsQuestion
from audit.tree.proofs import LogUnreadable
from resolvers.log.reading import Readers

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
ME = "097085000101"
OTHER = "097086000102"
TAG = "t" * 43


def entry_id(number: int) -> str:
    """Make up an id."""
    return f"01a1fd21-a46c-763e-9176-{number:012}"


def entry(kind: EntryKind = EntryKind.OUTCOME, number: int = 1, **more: Any) -> Entry:
    """Make an entry of a kind."""
    known: dict[str, Any] = {"outcome": "OK"} if kind is EntryKind.OUTCOME else {}
    return Entry(
        entry_id=entry_id(number), kind=kind, at=AT, request_id="a-request", **{**known, **more}
    )


def read(fields: Sequence[str], *roles: Sequence[str], registry: str = "POPULATION") -> Read:
    """Make a read about one subject for each of the given *roles*."""
    return Read(
        registry=registry,
        operation="Person",
        subjects=tuple(Subject(tags=(TAG,), roles=tuple(each)) for each in roles),
        fields=tuple(fields),
    )


def access(ending: Entry, *intents: Entry, details: dict[str, Detail] | None = None) -> Access:
    """Make an access of its last entry and the intents before it."""
    return Access(entry=ending, seq=7, intents=intents, details=details or {})


def page(*accesses: Access, united: Sequence[Number] = (("person", ME),)) -> Page:
    """Make the last page."""
    return Page(accesses=accesses, size=99, after=None, united=tuple(united))


class Found:
    """A search that finds what it was made with, or says why its database does not tell."""

    def __init__(self, found: Page | LogUnreadable) -> None:
        self._found = found
        self.asked: list[Question] = []

    async def find(self, question: Question, *, first: int, after: Place | None = None) -> Page:
        """Find it."""
        del first, after
        self.asked.append(question)
        if isinstance(self._found, LogUnreadable):
            raise self._found
        return self._found

    async def count(self, question: StatisticsQuestion) -> list[Counted]:
        """Count nothing."""
        del question
        if isinstance(self._found, LogUnreadable):
            raise self._found
        return []


def readers(found: Found) -> Readers:
    """Give readers that read *found*."""
    return Readers(search=cast("Search", found), statistics=cast("Statistics", found))
