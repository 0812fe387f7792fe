"""A log with entries of persons who are nobody, its sequencer, and a search that reads it."""

import asyncio
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from audit.circumstances import Circumstances
from audit.detail import Detail, Details, Number
from audit.entry import Entry, Read, SourceNote, Subject, uuid7
from audit.making import intent, outcome
from audit.months import MonthKeys
from audit.reading.accesses import Access, Page, Place, Question
from audit.reading.search import Search
from audit.stores.writer import GroupCommitLog
from audit.tags import TagDomain, Tagger
from audit.tree.keyring import Keyring
from audit.tree.sequencer import Sequencer
from tests.audit.databases import Database, PostgresDatabase
from tests.audit.workbench import log_over

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)

AN: Number = (TagDomain.PERSON, "097085000001")
BINH: Number = (TagDomain.PERSON, "098185000002")
OFFICER = "099070000003"
DOSSIER = "H26.12-261121-0001"

UNREADABLE = (b"{}", b'{"boot_id":"\xff"}', b'{"later":' + b"[" * 100_000)
"""Bodies of no entry: of another form, no UTF-8, and brackets without end."""

Numbers = tuple[Number, ...]
_numbers = itertools.count(2**40)  # far from those that the log's own ids are made of


def distinct(length: int) -> bytes:
    """Stand in for randomness: never the same twice."""
    return next(_numbers).to_bytes(length, "little")


def literal(body: bytes, database: Database) -> str:
    """Write bytes as that database's SQL does."""
    return f"x'{body.hex()}'" if "sqlite" in database.url else f"'\\x{body.hex()}'"


def new_id(at: datetime) -> str:
    return uuid7(at, distinct(10))


class Ledger:
    """A log, the keys of its months, and everybody who reads it."""

    def __init__(self, database: Database, keys: Path, *, since: str = "2026-01") -> None:
        self.months = MonthKeys(bytes(32), since=since)
        self.log: GroupCommitLog = log_over(database.store())
        self.url = self.reader_url = database.url
        if isinstance(database, PostgresDatabase):
            self.url = database.server.url(database.name)
            self.reader_url = database.server.url(database.name, "reader")
        self.search = Search(self.reader_url, lambda: self.months, clock=lambda: NOW)
        self.keys = keys
        self._tagger = Tagger(self.months)
        self._details = Details(self.months, distinct)

    def tag(self, domain: str, value: str, at: datetime) -> str:
        """Tag a number as a gateway does."""
        return self._tagger.tag(domain, value, at)

    def circumstances(self, at: datetime = NOW, **other: object) -> Circumstances:
        """Make those of a usual request."""
        usual: dict[str, object] = {
            "request_id": "r-1",
            "consumer_id": "portal-hanoi",
            "receiving_agency": "H26.12",
            "competent_agency": "H26",
            "unit": "H26.12.1",
            "officer_tag": self.tag(TagDomain.OFFICER, OFFICER, at),
            "procedure": "1.004222",
            "dossier_tag": self.tag(TagDomain.DOSSIER, DOSSIER, at),
        }
        return Circumstances(**(usual | other))  # type: ignore[arg-type]  # of many types

    def reads(
        self, at: datetime, persons: Sequence[Numbers], registry: str = "POPULATION"
    ) -> list[Read]:
        """Read a name of each person."""
        subjects = tuple(
            Subject(tags=tuple(self.tag(*each, at) for each in numbers)) for numbers in persons
        )
        return [
            Read(
                registry=registry,
                operation="Person",
                subjects=subjects,
                fields=("applicant/fullName",),
            )
        ]

    def sealed(self, entry_id: str, at: datetime, persons: Sequence[Numbers]) -> bytes | None:
        """Put the numbers into a detail."""
        return self._details.seal(entry_id, at, Detail(subjects=tuple(persons)))

    def asked(
        self,
        *persons: Numbers,
        at: datetime = NOW,
        registry: str = "POPULATION",
        given: Circumstances | None = None,
    ) -> Entry:
        """Make the intent to ask a registry about *persons*."""
        entry_id = new_id(at)
        return intent(
            given or self.circumstances(at),
            entry_id=entry_id,
            at=at,
            wave=1,
            reads=self.reads(at, persons, registry),
            detail=self.sealed(entry_id, at, persons),
        )

    def answered(
        self,
        *intents: Entry,
        after: timedelta = timedelta(milliseconds=40),
        told: Sequence[Numbers] = (),
        result: str = "OK",
        upstream: Sequence[str] = (),
        from_cache: bool = False,
        components: dict[str, str] | None = None,
    ) -> Entry:
        """Make the outcome that closes *intents*; its answers *told* numbers of persons."""
        first = intents[0]
        at = first.at + after
        entry_id = new_id(at)
        given = {name: getattr(first, name) for name in Circumstances.__struct_fields__}
        return outcome(
            Circumstances(**given),
            entry_id=entry_id,
            at=at,
            intents=[each.entry_id for each in intents],
            result=result,
            http_status=200,
            states={"applicant/fullName": "VALUE"},
            answer_bytes=100,
            duration_ms=40,
            components=components,
            reads=self.reads(at, told) if told else (),
            sources=[
                SourceNote(
                    registry=read.registry,
                    state="VALUE",
                    upstream_request_ids=tuple(upstream),
                    from_cache=from_cache,
                )
                for each in intents
                for read in each.reads
            ],
            detail=self.sealed(entry_id, at, told),
        )

    def request(self, *persons: Numbers, at: datetime = NOW, **told: object) -> list[Entry]:
        """Make what a request with one wave leaves."""
        first = self.asked(*persons, at=at)
        return [first, self.answered(first, **told)]  # type: ignore[arg-type]  # passed on

    async def keep(self, *entries: Entry) -> None:
        """Append, and wait until all have a place in the tree."""
        await self.log.append(entries)
        await self.sequence()

    async def sequence(self) -> None:
        """Give everything that waits its place."""
        stop = asyncio.Event()
        sequencer = Sequencer(
            self.url,
            Keyring(self.keys),
            origin="example.vn/log",
            clock=lambda: NOW,
            interval=0.01,
        )
        task = asyncio.create_task(sequencer.run(stop))
        try:
            async with asyncio.timeout(20):
                while await self._waiting():  # noqa: ASYNC110 - another program's work: there is no event
                    await asyncio.sleep(0.01)
        finally:
            stop.set()
            await task

    async def _waiting(self) -> int:
        async with self.search._engine.connect() as connection:
            asked = await connection.exec_driver_sql("SELECT count(*) FROM audit_queue")
            return int(asked.scalar_one())

    async def find(self, *, first: int = 50, after: Place | None = None, **asked: object) -> Page:
        """Ask the log."""
        question = msgspec.structs.replace(Question(), **asked)
        return await self.search.find(question, first=first, after=after)

    async def lines(self, **asked: object) -> list[str]:
        """Name the entries that end what was found, the newest first."""
        question = msgspec.structs.replace(Question(), **asked)
        return ids((await self.search.find(question, first=50)).accesses)


def ids(accesses: Sequence[Access]) -> list[str]:
    return [access.entry.entry_id for access in accesses]
