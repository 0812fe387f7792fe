"""One reading of the access log: looked up once, shown, and put into the log itself.

The entry about a reading names the case, the filters and the subjects asked about, so that a
citizen finds the auditor in the own list; it is on disk before the first line leaves.
"""

import time

import msgspec

from audit.entry import Action, Entry
from audit.months import MonthKeys
from audit.reading.accesses import Page
from audit.reading.search import Search
from audit.reading.statistics import Statistics
from audit.receipts import answer_hmac
from audit.tags import TagDomain
from audit.tree.proofs import LogUnreadable
from resolvers.agency_names import NAMELESS, AgencyNames
from resolvers.catalogue import Catalogue
from resolvers.log.access import connection_of
from resolvers.log.masking import Mask
from resolvers.log.own import Teller
from resolvers.log.questions import LogAsk
from resolvers.log.statistics import shown, statistics_question
from resolvers.log.words import FieldWords
from resolvers.notes import Notes
from resolvers.turns import one_by_one


class Readers(msgspec.Struct, frozen=True, kw_only=True):
    """What reads the log. Made once, at start."""

    search: Search
    statistics: Statistics
    agencies: AgencyNames = NAMELESS
    show_names: bool = False
    """Whether citizens are told the names of officers."""

    async def aclose(self) -> None:
        """Give back connections."""
        await self.search.aclose()
        await self.statistics.aclose()


class LogReading:
    """What one operation reads of the log; *found* is known once it was looked up."""

    def __init__(
        self,
        ask: LogAsk,
        readers: Readers,
        catalogue: Catalogue,
        words: FieldWords,
        language: str,
    ) -> None:
        self._ask = ask
        self._readers = readers
        self._catalogue = catalogue
        self._words = words
        self._language = language
        self._page: Page | None = None
        self._found: int | None = None

    async def show(self) -> object:
        """Look up what was asked; raises LogUnreadable."""
        try:
            return await self._shown()
        except LogUnreadable:
            if self._ask.unread is not None:
                self._ask.unread()
            raise

    async def _shown(self) -> object:
        ask = self._ask
        if ask.months is not None:
            counts = await self._readers.statistics.count(statistics_question(ask, ask.months))
            self._found = len(counts)
            return shown(counts, self._readers.agencies, self._language)
        self._page = await self._readers.search.find(ask.question, first=ask.first, after=ask.after)
        self._found = len(self._page.accesses)
        if ask.action is Action.OWN:
            teller = Teller(
                catalogue=self._catalogue,
                words=self._words,
                agencies=self._readers.agencies,
                show_names=self._readers.show_names,
            )
            return teller.tell(self._page, dict(ask.question.subjects)[TagDomain.PERSON])
        mask = Mask(lifted=ask.unmasked, mark=ask.mark)
        told = connection_of(self._page, self._catalogue, self._readers.agencies, mask)
        return msgspec.structs.replace(told, edges=one_by_one(told.edges))

    def entries(
        self, notes: Notes, data: bytes, errors: bytes, months: MonthKeys, started: float
    ) -> list[Entry]:
        """Make the entry about the reading; none where a condition left it out.

        *data* and *errors* are what is about to leave.
        """
        if self._found is None:
            return []
        ask = self._ask
        return [
            notes.audit_read(
                ask.action,
                ask.concern(self._page.united if self._page else ()),
                found=self._found,
                http_status=200,
                case_ground=ask.case_ground,
                case_number=ask.case_number,
                answer_bytes=len(data) + len(errors),
                answer_hmac=lambda at: answer_hmac(months.of(at), data, errors),
                duration_ms=round((time.monotonic() - started) * 1000),
            )
        ]
