"""What a reader of the access log is shown, before GraphQL: see types/access.py.

Words of entries stay text: the log outlives the lists that they are taken from.
"""

from datetime import datetime

import msgspec

from resolvers.log.enums import AccessOutcome, DetailState
from resolvers.results import PageInfo


class _Shown(msgspec.Struct, frozen=True, kw_only=True):
    def __repr__(self) -> str:
        """Name the class, nothing in it."""
        return f"{type(self).__name__}(…)"


class AccessNumber(_Shown, frozen=True, kw_only=True):
    """A number of a subject, masked unless the reader may see it."""

    kind: str
    value: str


class AccessSubject(_Shown, frozen=True, kw_only=True):
    """One data subject of a read."""

    numbers: tuple[AccessNumber, ...] = ()
    roles: tuple[str, ...] = ()


class AccessRead(_Shown, frozen=True, kw_only=True):
    """What one registry was asked, or what its answer showed."""

    registry: str
    operation: str
    subjects: tuple[AccessSubject, ...] = ()
    fields: tuple[str, ...] = ()


class AccessState(_Shown, frozen=True, kw_only=True):
    """What became of one path."""

    path: str
    state: str


class AccessComponent(_Shown, frozen=True, kw_only=True):
    """What was decided about one paper."""

    id: str
    outcome: str


class AccessSource(_Shown, frozen=True, kw_only=True):
    """How one registry answered."""

    registry: str
    state: str
    upstream_request_ids: tuple[str, ...] = ()
    from_cache: bool = False
    waited_ms: int = 0


class AccessHuman(_Shown, frozen=True, kw_only=True):
    """Somebody who took part."""

    kind: str | None = None
    standing: str | None = None
    personal_id: str | None = None
    name: str | None = None
    unit: str | None = None
    employer: str | None = None


class AccessActingFor(_Shown, frozen=True, kw_only=True):
    """In whose place the actor acted."""

    kind: str
    role: str | None = None
    evidence: str | None = None


class AccessProcedure(_Shown, frozen=True, kw_only=True):
    """For which procedure."""

    code: str
    name: str | None = None
    version: str | None = None


class AccessGrant(_Shown, frozen=True, kw_only=True):
    """By which grant."""

    id: str | None = None
    version: int | None = None


class AccessCase(_Shown, frozen=True, kw_only=True):
    """For which case the log itself was read."""

    number: str | None = None
    ground: str | None = None
    decision: str | None = None


class AccessEntry(_Shown, frozen=True, kw_only=True):
    """One line of the log: a request as its last entry says it, with the intents it closes."""

    entry_id: str
    seq: int
    at: datetime
    outcome: AccessOutcome
    request_id: str
    consumer: str | None = None
    token_id: str | None = None
    operation_name: str | None = None
    receiving_agency: str | None = None
    receiving_agency_name: str | None = None
    competent_agency: str | None = None
    competent_agency_name: str | None = None
    unit: str | None = None
    unit_name: str | None = None
    officer: AccessHuman | None = None
    actor: AccessHuman | None = None
    assisted_by: AccessHuman | None = None
    acting_for: AccessActingFor | None = None
    procedure: AccessProcedure | None = None
    dossier: str | None = None
    draft: str | None = None
    step: str | None = None
    legal_basis: str | None = None
    consent: str | None = None
    grant: AccessGrant | None = None
    attestation: str | None = None
    document_hash: str | None = None
    reads: tuple[AccessRead, ...] = ()
    states: tuple[AccessState, ...] = ()
    components: tuple[AccessComponent, ...] = ()
    sources: tuple[AccessSource, ...] = ()
    code: str | None = None
    rule: str | None = None
    refused_paths: tuple[str, ...] = ()
    action: str | None = None
    case: AccessCase | None = None
    found: int | None = None
    http_status: int | None = None
    duration_ms: int | None = None
    answer_bytes: int | None = None
    detail_state: DetailState
    intents: tuple[str, ...] = ()
    proof: str


class AccessEdge(_Shown, frozen=True, kw_only=True):
    """A line with its place."""

    node: AccessEntry
    cursor: str


class AccessEntryConnection(_Shown, frozen=True, kw_only=True):
    """One page of lines."""

    edges: tuple[AccessEdge, ...]
    page_info: PageInfo
    log_size: int


class OwnAccess(_Shown, frozen=True, kw_only=True):
    """One line of a citizen's own list, in words."""

    entry_id: str
    at: datetime
    agency: str | None = None
    agency_name: str | None = None
    unit: str | None = None
    unit_name: str | None = None
    procedure: AccessProcedure | None = None
    registries: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    step: str | None = None
    who: str
    officer_name: str | None = None
    outcome: str


class OwnAccessEdge(_Shown, frozen=True, kw_only=True):
    """A line with its place."""

    node: OwnAccess
    cursor: str


class OwnAccessConnection(_Shown, frozen=True, kw_only=True):
    """One page of a citizen's own list."""

    edges: tuple[OwnAccessEdge, ...]
    page_info: PageInfo


class AccessOutcomeCount(_Shown, frozen=True, kw_only=True):
    """How many answers had one outcome; None is hidden."""

    outcome: str
    answers: int | None = None


class AccessCount(_Shown, frozen=True, kw_only=True):
    """What was counted for one month, agency, procedure and registry; None is hidden."""

    month: str
    agency: str | None = None
    agency_name: str | None = None
    procedure: str | None = None
    registry: str | None = None
    answers: int | None = None
    outcomes: tuple[AccessOutcomeCount, ...] = ()
    dossiers: int | None = None
    dossiers_replaced: int | None = None
    share_percent: int | None = None
    hidden: bool


class AccessStatistics(_Shown, frozen=True, kw_only=True):
    """Counts, and the rule by which small ones are hidden."""

    rows: tuple[AccessCount, ...]
    note: str
