"""Search in the access log: what auditors ask of it, and citizens about themselves.

Numbers are looked for by their tags, month by month: of a month whose key is burnt nothing is
found, and nothing says that there was something.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.detail import Detail, Details, Number
from audit.entry import Entry
from audit.months import MonthKeys, begin_of, number_of, period
from audit.reading.accesses import Access, Page, Place, Question
from audit.reading.asking import asked
from audit.reading.given import look_by_index
from audit.reading.lines import MonthTag, Tags, entries_about, entries_near, page_of
from audit.reading.same_person import PERSONAL, unite
from audit.record import from_bytes, guarded
from audit.stores.engine import open_engine
from audit.stores.schema import microseconds
from audit.tags import TagDomain, Tagger
from audit.tree.merkle import leaf_hash
from audit.tree.proofs import LogUnreadable
from audit.tree.rows import newest_checkpoint

_AT_ONCE = 100
_ROUNDS = 8
"""How often, at most, the numbers that were found are looked for in turn; three are usual."""
T = TypeVar("T")


class Search:
    """Finds accesses in the log at *url*, with the keys that *months* gives at the moment.

    *held* gives the keys of entries on hold whose months are burnt.
    """

    def __init__(
        self,
        url: str,
        months: Callable[[], MonthKeys],
        *,
        clock: Callable[[], datetime],
        held: Callable[[], Mapping[str, bytes]] = dict,
    ) -> None:
        self._engine = open_engine(url)
        self._months = months
        self._held = held
        self._clock = clock

    async def aclose(self) -> None:
        """Give back connections."""
        await self._engine.dispose()

    async def find(self, question: Question, *, first: int, after: Place | None = None) -> Page:
        """Give the *first* accesses *after* a place, the newest first; raises LogUnreadable.

        Pages of one question neither repeat nor skip, however the log grows meanwhile: they are
        made of the entries that had a place in the tree when the first page was made.
        """
        tagging = _Tagging(self._months(), self._held(), question, self._clock())
        async with self._asked() as connection:
            size = await _size(connection, after)
            if not size or not _can_stand(question):
                return Page(accesses=(), size=size, after=None, united=question.subjects)
            if question.subjects or question.upstream_request_id or question.entry:
                await look_by_index(connection)
            united = await _unite(connection, question, tagging, size)
            tags = tagging.of(question, united)
            lines = page_of(
                connection.dialect.name, question, tags, size=size, after=after, limit=first + 1
            )
            rows = (await connection.execute(lines)).all()
            accesses = await _accesses(connection, rows[:first], tagging.details)
            if tags.subject is not None:
                _check_subjects(accesses, {tag for tag, _, _ in tags.subject})
        return Page(
            accesses=accesses,
            size=size,
            after=_place(accesses[-1].entry, size) if first < len(rows) else None,
            united=united,
        )

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[AsyncConnection]:
        """Connect for one question."""
        try:
            async with asked(self._engine) as connection:
                yield connection
        except _ChangedError:
            # To leave a changed row out would hide it; looked_up.py is there to name it.
            raise LogUnreadable from None


class _ChangedError(Exception):
    """What the database gives is not what was written."""


class _Tagging:
    """Tags numbers for all the months that a question is about and that still have a key."""

    def __init__(
        self, keys: MonthKeys, held: Mapping[str, bytes], question: Question, now: datetime
    ) -> None:
        # An intent may be of the month before; a gateway's clock may be ahead of ours.
        first, last = number_of(keys.since), number_of(period(now)) + 1
        self._ever = _moments(first, last)
        if question.since is not None:
            first = max(first, number_of(period(question.since)) - 1)
        if question.until is not None:
            last = min(last, number_of(period(question.until)))
        self._asked = _moments(first, last)
        self._tagger = Tagger(keys)
        self.details = Details(keys, secrets.token_bytes, held)
        """Opens what has a key; nothing is sealed here, so the randomness is never asked for."""

    def ever(self, numbers: Collection[Number]) -> list[MonthTag]:
        """Tag each number for every month: whose it is does not depend on the time asked about."""
        return self._by_month(numbers, self._ever)

    def _by_month(self, numbers: Collection[Number], moments: Sequence[datetime]) -> list[MonthTag]:
        return [
            (self._tagger.tag(domain, value, since), microseconds(since), microseconds(until))
            for since, until in pairwise(moments)
            for domain, value in numbers
            # What UTF-8 cannot write is nobody's number.
            if value.isprintable()
        ]

    def of(self, question: Question, united: Sequence[Number]) -> Tags:
        """Tag what a question names."""
        return Tags(
            subject=self._by_month(united, self._asked) if united else None,
            officer=self._of(TagDomain.OFFICER, question.officer),
            dossier=self._of(TagDomain.DOSSIER, question.dossier),
            draft=self._of(TagDomain.DRAFT, question.draft),
        )

    def _of(self, domain: TagDomain, value: str | None) -> list[str] | None:
        if value is None:
            return None
        return [tag for tag, _, _ in self._by_month([(domain, value)], self._asked)]


def _moments(first: int, last: int) -> list[datetime]:
    """Give the moments at which the months from *first* to *last* begin, and the last one ends."""
    return [begin_of(month) for month in range(first, last + 2)]


async def _size(connection: AsyncConnection, after: Place | None) -> int:
    newest = await newest_checkpoint(connection)
    size = newest.checkpoint.size if newest else 0
    return size if after is None else min(size, after.size)


def _can_stand(question: Question) -> bool:
    """Tell whether each text is one that an entry could hold; databases refuse some others."""
    texts = (
        question.consumer,
        question.agency,
        question.unit,
        question.procedure,
        question.registry,
        question.upstream_request_id,
        question.entry,
        question.request,
        question.outcome,
    )
    return all(text is None or (text.isascii() and text.isprintable()) for text in texts)


async def _unite(
    connection: AsyncConnection, question: Question, tagging: _Tagging, size: int
) -> tuple[Number, ...]:
    """Give the numbers asked for, and those that the log itself says are the same person's."""
    given = tuple(dict.fromkeys(question.subjects))
    known, looked = given, set(given)
    told, later = set[tuple[Number, ...]](), set[tuple[Number, ...]]()
    new = [number for number in given if number[0] in PERSONAL]
    for _ in range(_ROUNDS):
        if not new:
            break
        async for seq, numbers in _told(connection, set(new), tagging):
            (told if seq < size else later).add(numbers)
        looked.update(new)
        # A cursor of the past may be anybody's making: what is known by now keeps apart as well.
        known = unite(given, told, later)
        new = [number for number in known if number not in looked]
    # A number that was not looked for may, for all we know, be somebody else's as well.
    return tuple(number for number in known if number in looked)


async def _told(
    connection: AsyncConnection, numbers: set[Number], tagging: _Tagging
) -> AsyncIterator[tuple[int, tuple[Number, ...]]]:
    """Give all numbers of each subject that has one of *numbers*, as details tell them, and where.

    Only what registries were asked and what they answered: their numbers come from registries,
    while a refused or an auditor's question may put anybody's numbers side by side.
    """
    about = entries_about(connection.dialect.name, tagging.ever(numbers))
    async for rows in (await connection.stream(about)).partitions(_AT_ONCE):
        for row in rows:
            detail = _opened(tagging.details, _read(_decoder.decode, row).entry)
            for each in detail.subjects if detail is not None else ():
                if not numbers.isdisjoint(each):
                    yield row.seq, each


async def _accesses(
    connection: AsyncConnection, rows: Sequence[Row[tuple[bytes, int, bytes]]], details: Details
) -> tuple[Access, ...]:
    """Put each line together with the intents that it closes."""
    lines = [(_read(from_bytes, row).entry, row.seq) for row in rows]
    intents = await _intents(connection, [entry for entry, _ in lines])
    made = []
    for entry, seq in lines:
        closed = tuple(intents[each] for each in entry.parent if each in intents)
        opened = {each.entry_id: _opened(details, each) for each in (entry, *closed)}
        known = {entry_id: detail for entry_id, detail in opened.items() if detail is not None}
        made.append(Access(entry=entry, seq=seq, intents=closed, details=known))
    return tuple(made)


async def _intents(connection: AsyncConnection, lines: Sequence[Entry]) -> dict[str, Entry]:
    places = [(each, microseconds(entry.at)) for entry in lines for each in entry.parent]
    if not places:
        return {}
    await look_by_index(connection)
    rows = await connection.execute(entries_near(connection.dialect.name, places))
    return {row.entry_id: _read(from_bytes, row).entry for row in rows}


def _read(read: Callable[[bytes], T], row: Row[Any]) -> T:
    """Read the stored bytes, if they are those whose hash stands in the tree."""
    body = bytes(row.body)
    if row.leaf_hash is not None and leaf_hash(body) != bytes(row.leaf_hash):
        raise _ChangedError
    found = guarded(read, body)
    if found is None:
        raise _ChangedError
    return found


def _check_subjects(accesses: Sequence[Access], tags: Collection[str]) -> None:
    """See that each line speaks of somebody who was asked for: else it is another person's."""
    for access in accesses:
        reads = (read for each in (access.entry, *access.intents) for read in each.reads)
        named = {tag for read in reads for subject in read.subjects for tag in subject.tags}
        if named.isdisjoint(tags):
            raise _ChangedError


class _Glance(msgspec.Struct, frozen=True, kw_only=True):
    """What of an entry is needed to open its detail: the rest is not even read."""

    entry_id: str
    at: datetime
    detail: bytes | None = None


class _GlanceAtRecord(msgspec.Struct, frozen=True, kw_only=True):
    entry: _Glance


_decoder = msgspec.json.Decoder(_GlanceAtRecord)


def _opened(details: Details, entry: Entry | _Glance) -> Detail | None:
    if entry.detail is None:
        return None
    return details.open(entry.entry_id, entry.at, entry.detail)


def _place(entry: Entry, size: int) -> Place:
    return Place(size=size, at=microseconds(entry.at), entry_id=entry.entry_id)
