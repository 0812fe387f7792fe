"""What the gateway answers, read into types: of each answer as much as a table shows.

A record here may hold a person's data, so none of them says its fields when it is printed.
"""

from typing import TypeVar

import msgspec


class Read(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something that was read from an answer."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Source(Read, frozen=True, kw_only=True):
    """Where a value came from."""

    registry: str
    record_date: str | None = None
    as_of: str | None = None
    fetched_at: str | None = None
    stale: bool = False


class Field(Read, frozen=True, kw_only=True):
    """A field of the form."""

    key: str
    role: str
    label: str
    display: str | None
    state: str
    source: Source | None


class Reason(Read, frozen=True, kw_only=True):
    """Why a component was decided so."""

    code: str
    text: str


class Office(Read, frozen=True, kw_only=True):
    """Who can correct a registry's value."""

    authority: str
    procedure: str | None
    where: str | None


class Component(Read, frozen=True, kw_only=True):
    """A paper, and the next step for it."""

    id: str
    name: str
    outcome: str
    say: str
    because: tuple[Reason, ...]
    legal_ground: str | None
    retry_after: int | None
    correct_at: Office | None


class Notice(Read, frozen=True, kw_only=True):
    """What stops or warns."""

    code: str
    severity: str
    role: str | None
    text: str
    suggests: str | None
    candidates: tuple[object, ...]


class Side(Read, frozen=True, kw_only=True):
    """One side of a conflict."""

    display: str | None
    source: Source


class Conflict(Read, frozen=True, kw_only=True):
    """A fact that two registries state differently."""

    fact: str
    role: str
    code: str
    left: Side
    right: Side
    correct_at: Office | None


class SourceReport(Read, frozen=True, kw_only=True):
    """How one registry answered."""

    registry: str
    state: str
    retry_after: int | None


class Prefill(Read, frozen=True, kw_only=True):
    """A form filled from the registries."""

    outcome: str
    fields: tuple[Field, ...]
    components: tuple[Component, ...]
    notices: tuple[Notice, ...]
    conflicts: tuple[Conflict, ...]
    sources: tuple[SourceReport, ...]


class ClaimVerdict(Read, frozen=True, kw_only=True):
    """How one claim agrees with the record."""

    role: str
    key: str
    verdict: str
    normalisation: tuple[str, ...]
    state: str
    source: Source | None
    attempts_left: int | None
    locked_until: str | None


class Verification(Read, frozen=True, kw_only=True):
    """What was typed, against the registries."""

    outcome: str
    verdicts: tuple[ClaimVerdict, ...]
    components: tuple[Component, ...]
    notices: tuple[Notice, ...]
    sources: tuple[SourceReport, ...]


class Role(Read, frozen=True, kw_only=True):
    """A role of a procedure."""

    name: str
    label: str
    kind: str
    required: bool
    many: bool
    may_be_declared: bool


class FormField(Read, frozen=True, kw_only=True):
    """A field that a procedure fills."""

    key: str
    label: str
    role: str


class Procedure(Read, frozen=True, kw_only=True):
    """A procedure of the catalogue."""

    code: str
    name: str
    name_en: str
    roles: tuple[Role, ...]
    fields: tuple[FormField, ...]


class Dossier(Read, frozen=True, kw_only=True):
    """The one dossier of an operation."""

    prefill: Prefill | None = None
    verify: Verification | None = None


class Data(Read, frozen=True, kw_only=True):
    """What an operation found."""

    dossier: Dossier | None = None
    procedure: Procedure | None = None


class Extensions(Read, frozen=True, kw_only=True):
    """What a program may know about an error."""

    code: str = "INTERNAL"
    retry_after: int | None = None
    request_id: str | None = None


class Refusal(Read, frozen=True, kw_only=True):
    """Why the gateway refused, in its own sentence."""

    message: str
    extensions: Extensions = Extensions()


class Answer(Read, frozen=True, kw_only=True):
    """What the gateway answered."""

    data: Data | None = None
    errors: tuple[Refusal, ...] = ()


class PersonProof(Read, frozen=True, kw_only=True):
    """The proof by which a sandbox person is found."""

    number: str
    full_name: str
    birth_date: str

    def key(self) -> dict[str, object]:
        """Give it as the schema's PersonKey."""
        which = "oldIdNumber" if len(self.number) == OLD_DIGITS else "personalId"
        number = {which: self.number}
        return {"number": number, "fullName": self.full_name, "birthDate": self.birth_date}


OLD_DIGITS = 9
"""Digits of a CMND; a personal id has twelve."""


class SandboxPerson(Read, frozen=True, kw_only=True):
    """Somebody of the invented province, to try things on."""

    name: str
    full_name: str
    story: str
    story_en: str
    key: PersonProof
    cases: tuple[str, ...]
    procedure: str


_T = TypeVar("_T")


def read(body: bytes, kind: type[_T]) -> _T | None:
    """Read *body* as *kind*; None when it is something else, of which nothing is repeated."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
