"""What prefill, verify and the catalogue answer: Structs that the graph fills and the types show.

Those that carry values of persons do not print them.
"""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from adapters.registry import RegistryName, Source
from resolvers.enums import (
    ComponentOutcome,
    FieldState,
    PrefillOutcome,
    Severity,
    Verdict,
    VerificationOutcome,
)
from resolvers.enums_of_grants import DossierAttestation, UngrantedField
from resolvers.procedure import Procedure


class Discreet(msgspec.Struct, frozen=True, kw_only=True):
    """A Struct that may carry values of persons: its repr names the class and nothing else."""

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return f"{type(self).__name__}(…)"


class Me(Discreet, frozen=True, kw_only=True):
    """The citizen whom the token names."""

    key: object = None
    """The proof that the token makes (inputs.PersonKey), from verified claims alone."""


class PrefilledField(Discreet, frozen=True, kw_only=True):
    """One field of the form, with its value or the reason why there is none."""

    key: str
    role: str
    label: str
    state: FieldState
    editable: bool
    part: str | None = None
    value: object = None
    """Plain JSON: text, number, boolean, list, or None."""
    display: str | None = None
    source: Source | None = None
    sealed: str | None = None


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a component was decided so."""

    code: str
    text: str
    fields: tuple[str, ...] = ()


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """Where a registry's value is corrected."""

    registry: RegistryName
    authority: str
    procedure: str | None = None
    where: str | None = None


class DossierComponent(msgspec.Struct, frozen=True, kw_only=True):
    """One paper of the dossier, and the right next step for it."""

    id: str
    name: str
    outcome: ComponentOutcome
    say: str
    because: tuple[Reason, ...] = ()
    part: str | None = None
    legal_ground: str | None = None
    correct_at: Office | None = None
    retry_after: int | None = None


class Notice(Discreet, frozen=True, kw_only=True):
    """What stops or warns."""

    code: str
    severity: Severity
    text: str
    role: str | None = None
    fields: tuple[str, ...] = ()
    suggests: str | None = None
    candidates: tuple[object, ...] = ()
    """Plain JSON, such as the successors of a divided ward."""


class SourcedValue(Discreet, frozen=True, kw_only=True):
    """One side of a conflict."""

    source: Source
    display: str | None = None


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Two registries that state one fact differently."""

    fact: str
    role: str
    left: SourcedValue
    right: SourcedValue
    code: str
    correct_at: Office | None = None


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """How one registry answered this request; VALUE when it did."""

    registry: RegistryName
    state: FieldState
    retry_after: int | None = None
    until: datetime | None = None
    upstream_request_ids: tuple[str, ...] = ()


class Prefill(Discreet, frozen=True, kw_only=True):
    """The answer of prefill."""

    outcome: PrefillOutcome
    fields: tuple[PrefilledField, ...] = ()
    form_data: Mapping[str, object] = {}
    components: tuple[DossierComponent, ...] = ()
    notices: tuple[Notice, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    sources: tuple[SourceReport, ...] = ()


class ClaimVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one claim; neither the claim nor the value on file is in it."""

    role: str
    key: str
    verdict: Verdict
    state: FieldState
    normalisation: tuple[str, ...] = ()
    source: Source | None = None
    attempts_left: int | None = None
    locked_until: datetime | None = None


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of verify."""

    outcome: VerificationOutcome
    verdicts: tuple[ClaimVerdict, ...] = ()
    components: tuple[DossierComponent, ...] = ()
    notices: tuple[Notice, ...] = ()
    sources: tuple[SourceReport, ...] = ()


class PageInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page of a list ends."""

    has_next_page: bool
    end_cursor: str | None = None


class ProcedureConnection(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the catalogue."""

    nodes: tuple[Procedure, ...]
    page_info: PageInfo
    total_count: int


class RegistryInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One registry as this installation knows it now; VALUE when it can be asked."""

    name: RegistryName
    label: str
    authority: str
    state: FieldState
    until: datetime | None = None
    retry_after: int | None = None
    provinces: tuple[str, ...] = ()
    """Of a registry kept by province: those connected here."""


class GrantedRole(msgspec.Struct, frozen=True, kw_only=True):
    """What a grant opens for one role."""

    role: str
    label: str
    paths: tuple[str, ...]


class WithdrawnRegistry(msgspec.Struct, frozen=True, kw_only=True):
    """A registry that its owner has withdrawn from the caller's procedure."""

    registry: RegistryName
    ground: str
    """In the owner's words."""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller may ask for one procedure, and until when."""

    procedure: str
    name: str
    scopes: tuple[str, ...]
    roles: tuple[GrantedRole, ...]
    version: str
    agencies: tuple[str, ...]
    """Each covers the units under it."""
    legal_basis: str
    valid_from: date
    valid_until: date
    has_accountable_officer: bool = False
    attestation: DossierAttestation
    ungranted: UngrantedField
    parts: tuple[str, ...] | None = None
    subjects_per_minute: int
    subjects_per_hour: int
    withdrawn: tuple[WithdrawnRegistry, ...] = ()
