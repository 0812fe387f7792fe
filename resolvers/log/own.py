"""Who looked at a citizen's data, told to that citizen: in words, and about nobody else.

Of each access only what was asked or shown about the citizen is told: the fields of the roles in
which the citizen stood, and what another one's answer showed of the citizen. What was not given out
is no field of an answer; of a refused or lost request the fields are those that were asked for.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from adapters.registry import RegistryName
from audit.detail import Detail, Number
from audit.entry import Action, Entry, EntryKind, Read, Subject
from audit.reading.accesses import Access, Page
from auth.purpose import SELF_ACCESS
from resolvers.agency_names import AgencyNames
from resolvers.catalogue import Catalogue
from resolvers.concerned import ACCESS_LOG
from resolvers.enums import ActorKind, DossierStep
from resolvers.log.access import (
    cursor_of,
    detail_of,
    detailed,
    outcome_of,
    page_info_of,
    procedure_of,
)
from resolvers.log.enums import AccessOutcome
from resolvers.log.provided import Share, share_of
from resolvers.log.results import OwnAccess, OwnAccessConnection, OwnAccessEdge
from resolvers.log.words import FieldWords, term_of

YOURSELF = "Chính bạn"
ANOTHER_CITIZEN = "Một công dân khác"
SYSTEM = "Hệ thống, không nêu người thao tác"
AUDITOR = "Người được giao xem nhật ký"
HELPED = "{who}, có người hỗ trợ"
LOG = "Nhật ký truy cập"
NOTHING = "không có dữ liệu nào được cung cấp"
WITHOUT_DATA: Mapping[Share, str] = {
    Share.COMPARED: "Chỉ đối chiếu, không cung cấp giá trị",
    Share.UNDECIDED: "Không kết luận được, không cung cấp giá trị",
    Share.MISMATCHED: f"Không tìm thấy hoặc thông tin không khớp, {NOTHING}",
    Share.SILENT: f"Nguồn dữ liệu không trả lời được, {NOTHING}",
    Share.KEPT: NOTHING.capitalize(),
}
"""What came of an answer that gave out nothing of the citizen's."""

_TOLD = frozenset({Share.GIVEN, Share.COMPARED, Share.UNDECIDED})


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """Tells accesses to the citizen with the personal id *subject*."""

    catalogue: Catalogue
    words: FieldWords
    agencies: AgencyNames
    show_names: bool
    """Whether this installation tells citizens the names of officers."""

    def tell(self, page: Page, subject: str) -> OwnAccessConnection:
        """Tell one page."""
        numbers = frozenset((str(domain), value) for domain, value in page.united)
        return OwnAccessConnection(
            edges=tuple(
                OwnAccessEdge(
                    node=self._line(access, numbers, subject), cursor=cursor_of(access, page)
                )
                for access in page.accesses
            ),
            page_info=page_info_of(page),
        )

    def _line(self, access: Access, numbers: Collection[Number], subject: str) -> OwnAccess:
        entry = access.entry
        concerning = [*_concerning(access, numbers)]
        asked = [*self._asked(access, concerning)]
        least = min((share for _, share in asked), default=Share.GIVEN)
        detail = detail_of(access)
        of_log = any(read.registry == ACCESS_LOG for read in entry.reads)
        named = self.show_names and entry.actor_kind == ActorKind.OFFICER and not of_log
        return OwnAccess(
            entry_id=entry.entry_id,
            at=entry.at,
            agency=entry.receiving_agency,
            agency_name=self.agencies.of(entry.receiving_agency),
            unit=entry.unit,
            unit_name=self.agencies.of(entry.unit),
            procedure=procedure_of(entry, self.catalogue),
            registries=tuple(dict.fromkeys(_registry(read.registry) for read, _ in concerning)),
            fields=tuple(dict.fromkeys(word for word, share in asked if word and share in _TOLD)),
            step=_step(entry),
            who=_who(entry, detail, subject),
            officer_name=detail.actor_name if named else None,
            outcome=WITHOUT_DATA.get(least) or term_of(AccessOutcome, outcome_of(entry)),
        )

    def _asked(
        self, access: Access, concerning: Sequence[tuple[Read, Subject]]
    ) -> Iterator[tuple[str | None, Share]]:
        """Name the fields that were asked about the citizen, and say how much was given out.

        Of a record that was read only for what lies behind it, there is no name.
        """
        procedure = access.entry.procedure
        for read, one in concerning:
            if read.registry == ACCESS_LOG:
                continue
            for path in read.fields:
                word = None
                if path.partition("/")[0] in one.roles:
                    word = self.words.of_role(procedure, path)
                elif one.roles or not (word := self.words.of_reached(procedure, path)):
                    continue
                yield word, share_of(access, read, one, path, self.words)


def _concerning(access: Access, numbers: Collection[Number]) -> Iterator[tuple[Read, Subject]]:
    """Give the reads that name the citizen, and as whom."""
    for entry, detail in detailed(access):
        known = iter(detail.subjects if detail else ())
        for read in entry.reads:
            for one in read.subjects:
                if any((str(domain), value) in numbers for domain, value in next(known, ())):
                    yield read, one


def _step(entry: Entry) -> str | None:
    """Say at which step of a dossier it was; who looks at the own person has none."""
    if entry.step is None or entry.kind is EntryKind.AUDIT_READ or entry.procedure == SELF_ACCESS:
        return None
    return term_of(DossierStep, entry.step)


def _registry(word: str) -> str:
    return LOG if word == ACCESS_LOG else term_of(RegistryName, word)


def _who(entry: Entry, detail: Detail, subject: str) -> str:
    if entry.kind is EntryKind.AUDIT_READ:
        return YOURSELF if entry.action is Action.OWN else AUDITOR
    if entry.actor_kind is None:
        return SYSTEM
    if entry.actor_kind == ActorKind.CITIZEN:
        who = YOURSELF if detail.actor == subject else ANOTHER_CITIZEN
    else:
        who = term_of(ActorKind, entry.actor_kind)
    return HELPED.format(who=who) if entry.assisted_by_kind else who
