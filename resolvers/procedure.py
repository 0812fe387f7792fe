"""A procedure: what its document says, read once at start.

The document is the grant (role paths), the prefill (form fields), the component decision
(evidence), and what a lawyer reads. See docs/procedures.md for how to write one.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from resolvers.plan import Selection


class ComponentSource(StrEnum):
    """Where a dossier component comes from when no registry replaces it."""

    DATA = "DATA"
    FORM = "FORM"
    UPLOAD = "UPLOAD"
    ORIGINAL = "ORIGINAL"


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A role in the dossier, and what its subject is asked for."""

    name: str
    label: str
    kind: str
    """person, business, parcel or certificate."""
    required: bool = True
    many: bool = False
    may_be_declared: bool = False
    living: bool = True
    """Whether a death stops the dossier; a dead father's child is registered all the same."""
    minor_child_of: str | None = None
    """The role of a parent, whose own token may ask about a minor child in this one."""
    selection: Selection
    granted: bool = True
    """False where the grant gives other parts of a linked procedure (see parts.py); so below."""


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """A paper of the dossier."""

    id: str
    name: str
    source: ComponentSource = ComponentSource.DATA
    part: str | None = None
    only_when: str | None = None
    granted: bool = True


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """A form field, and the selection whose value fills it."""

    key: str
    label: str
    role: str
    part: str | None = None
    selection: Selection
    collects: bool = False
    """Whether it takes one value an item of the lists on its way."""
    granted: bool = True


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A selection whose value stands in for a component, and whose paper it must be."""

    component: str
    role: str
    selection: Selection
    holder_is: tuple[str, ...] = ()
    points_to: str | None = None
    max_age_days: int | None = None


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    """An administrative procedure, as its document describes it."""

    code: str
    name: str
    name_en: str
    authority: str
    valid_from: date
    valid_until: date | None = None
    supersedes: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    parts: Mapping[str, str]
    roles: Mapping[str, Role]
    components: tuple[Component, ...]
    fields: tuple[FormField, ...]
    evidences: tuple[Evidence, ...]
    paths: frozenset[str]
    """The grant: the role paths of all leaves, and of what lies between."""
    lines: Mapping[str, int]
    """Its own code and those it supersedes -> the line that names them."""
    version: str
    """The first 16 hex digits of the SHA-256 of the document."""
    text: str
    file: str

    def in_force(self, day: date) -> bool:
        """Tell whether the procedure is in force on *day*."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
