"""The access log as an auditor is shown it: accesses become lines, numbers masked."""

from collections.abc import Iterable, Iterator

from audit.circumstances import OfficerStanding
from audit.detail import Detail
from audit.entry import Entry, EntryKind
from audit.reading.accesses import Access, Page, Place
from audit.stores.schema import microseconds
from resolvers.agency_names import AgencyNames
from resolvers.catalogue import Catalogue
from resolvers.log.enums import AccessOutcome, DetailState
from resolvers.log.masking import Mask
from resolvers.log.results import (
    AccessActingFor,
    AccessCase,
    AccessComponent,
    AccessEdge,
    AccessEntry,
    AccessEntryConnection,
    AccessGrant,
    AccessHuman,
    AccessNumber,
    AccessProcedure,
    AccessRead,
    AccessSource,
    AccessState,
    AccessSubject,
)
from resolvers.results import PageInfo

_BOOTS = frozenset({EntryKind.BOOT_START, EntryKind.BOOT_END, EntryKind.BOOT_LOST})
_NOTHING = Detail()


def connection_of(
    page: Page, catalogue: Catalogue, agencies: AgencyNames, mask: Mask
) -> AccessEntryConnection:
    """Show one page of accesses."""
    return AccessEntryConnection(
        edges=tuple(
            AccessEdge(
                node=line_of(access, catalogue, agencies, mask), cursor=cursor_of(access, page)
            )
            for access in page.accesses
        ),
        page_info=page_info_of(page),
        log_size=page.size,
    )


def page_info_of(page: Page) -> PageInfo:
    """Say where a page ends."""
    last = page.accesses[-1] if page.accesses else None
    return PageInfo(
        has_next_page=page.after is not None, end_cursor=cursor_of(last, page) if last else None
    )


def cursor_of(access: Access, page: Page) -> str:
    """Give the place of an access in the log of its page."""
    entry = access.entry
    return Place(size=page.size, at=microseconds(entry.at), entry_id=entry.entry_id).write()


def outcome_of(entry: Entry) -> AccessOutcome:
    """Say in one word how an access ended."""
    if entry.kind is EntryKind.OUTCOME:
        return AccessOutcome.OK if entry.outcome == "OK" else AccessOutcome.PARTIAL
    if entry.kind is EntryKind.INTENT:
        return AccessOutcome.UNFINISHED
    return AccessOutcome.BOOT if entry.kind in _BOOTS else AccessOutcome(entry.kind.value)


def procedure_of(entry: Entry, catalogue: Catalogue) -> AccessProcedure | None:
    """Name the procedure of an entry, where this installation still knows it."""
    if entry.procedure is None:
        return None
    known = catalogue.serving(entry.procedure)
    return AccessProcedure(
        code=entry.procedure, name=known.name if known else None, version=entry.procedure_version
    )


def line_of(access: Access, catalogue: Catalogue, agencies: AgencyNames, mask: Mask) -> AccessEntry:
    """Show one access."""
    entry, detail = access.entry, detail_of(access)
    return AccessEntry(
        entry_id=entry.entry_id,
        seq=access.seq,
        at=entry.at,
        outcome=outcome_of(entry),
        request_id=entry.request_id,
        consumer=entry.consumer_id,
        token_id=entry.token_id,
        operation_name=entry.operation_name,
        receiving_agency=entry.receiving_agency,
        receiving_agency_name=agencies.of(entry.receiving_agency),
        competent_agency=entry.competent_agency,
        competent_agency_name=agencies.of(entry.competent_agency),
        unit=entry.unit,
        unit_name=agencies.of(entry.unit),
        officer=_officer(entry, detail, mask),
        actor=_actor(entry, detail, mask),
        assisted_by=_helper(entry, detail, mask),
        acting_for=_acting_for(entry, detail, mask),
        procedure=procedure_of(entry, catalogue),
        dossier=mask.code(detail.dossier),
        draft=mask.code(detail.draft),
        step=entry.step,
        legal_basis=entry.legal_basis,
        consent=mask.text(detail.consent),
        grant=AccessGrant(id=entry.grant_id, version=entry.grant_version)
        if entry.grant_id is not None or entry.grant_version is not None
        else None,
        attestation=entry.attestation,
        document_hash=entry.document_hash,
        reads=tuple(_reads(access, mask)),
        states=tuple(AccessState(path=p, state=s) for p, s in entry.states.items()),
        components=tuple(AccessComponent(id=i, outcome=o) for i, o in entry.components.items()),
        sources=tuple(_sources(entry)),
        code=entry.code,
        rule=entry.rule,
        refused_paths=entry.refused_paths,
        action=entry.action,
        case=_case(entry, detail, mask),
        found=entry.found,
        http_status=entry.http_status,
        duration_ms=entry.duration_ms,
        answer_bytes=entry.answer_bytes,
        detail_state=_detail_state(access),
        intents=tuple(intent.entry_id for intent in access.intents),
        proof=f"/log/entry/{entry.entry_id}/proof",
    )


def detailed(access: Access) -> Iterator[tuple[Entry, Detail | None]]:
    """Give the intents of an access, then the entry that ends it, each with its detail if open."""
    for entry in (*access.intents, access.entry):
        yield entry, access.details.get(entry.entry_id)


def detail_of(access: Access) -> Detail:
    """Give the detail of an access: that of its last entry, or of the last intent that has one."""
    return next((found for _, found in reversed([*detailed(access)]) if found), _NOTHING)


def _detail_state(access: Access) -> DetailState:
    sealed = [found for entry, found in detailed(access) if entry.detail is not None]
    if not sealed:
        return DetailState.NONE
    return DetailState.OPEN if all(found is not None for found in sealed) else DetailState.BURNT


def _reads(access: Access, mask: Mask) -> Iterator[AccessRead]:
    for entry, detail in detailed(access):
        # A detail names the subjects in the order in which the reads do.
        numbers = iter(detail.subjects if detail else ())
        for read in entry.reads:
            yield AccessRead(
                registry=read.registry,
                operation=read.operation,
                subjects=tuple(
                    AccessSubject(numbers=_numbers(next(numbers, ()), mask), roles=subject.roles)
                    for subject in read.subjects
                ),
                fields=read.fields,
            )


def _numbers(numbers: Iterable[tuple[str, str]], mask: Mask) -> tuple[AccessNumber, ...]:
    return tuple(
        AccessNumber(kind=domain, value=mask.shown(value, domain)) for domain, value in numbers
    )


def _sources(entry: Entry) -> Iterator[AccessSource]:
    for source in entry.sources:
        yield AccessSource(
            registry=source.registry,
            state=source.state,
            upstream_request_ids=source.upstream_request_ids,
            from_cache=source.from_cache,
            waited_ms=source.waited_ms,
        )


def _officer(entry: Entry, detail: Detail, mask: Mask) -> AccessHuman | None:
    if entry.officer_standing is None:
        return None
    at_the_desk = entry.officer_standing is not OfficerStanding.ACCOUNTABLE
    return AccessHuman(
        kind="OFFICER",
        standing=entry.officer_standing,
        personal_id=mask.number(detail.officer),
        name=mask.text(detail.actor_name) if at_the_desk else None,
        unit=entry.unit,
    )


def _actor(entry: Entry, detail: Detail, mask: Mask) -> AccessHuman | None:
    if entry.actor_kind is None:
        return None
    return AccessHuman(
        kind=entry.actor_kind,
        standing=entry.actor_standing,
        personal_id=mask.number(detail.actor),
        name=mask.text(detail.actor_name),
        unit=entry.actor_unit,
        employer=mask.text(detail.actor_employer) or entry.actor_employer,
    )


def _helper(entry: Entry, detail: Detail, mask: Mask) -> AccessHuman | None:
    if entry.assisted_by_kind is None:
        return None
    return AccessHuman(
        kind=entry.assisted_by_kind,
        standing="ASSERTED",
        personal_id=mask.number(detail.assisted_by),
        unit=entry.assisted_by_unit,
        employer=mask.text(detail.assisted_by_employer) or entry.assisted_by_employer,
    )


def _acting_for(entry: Entry, detail: Detail, mask: Mask) -> AccessActingFor | None:
    if entry.acting_for_kind is None:
        return None
    return AccessActingFor(
        kind=entry.acting_for_kind,
        role=entry.acting_for_role,
        evidence=mask.text(detail.evidence),
    )


def _case(entry: Entry, detail: Detail, mask: Mask) -> AccessCase | None:
    if entry.case_ground is None and entry.case_tag is None:
        return None
    return AccessCase(
        number=mask.code(detail.case),
        ground=entry.case_ground,
        decision=mask.code(detail.decision),
    )
