"""For what: the purpose a request states, and what must be known of the procedure it names."""

import re
from datetime import date, timedelta, timezone
from enum import StrEnum
from typing import ClassVar

import msgspec

from auth.actor import AssertedActor
from auth.discreet import Discreet

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""One offset the whole year; the days of procedures and grants are days there."""

SELF_ACCESS = "self-access"
"""The document under which a citizen reads the own record; no national procedure."""

# One province after another hangs its agency code on the national code, the old way or the new.
_CODE = re.compile(
    r"([0-9]\.[0-9]{6})"
    r"(?:\.(?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2}(?:\.[0-9]{1,4}){0,4})?"
)


def national_code(text: str) -> str | None:
    """Write a procedure's code without a province's suffix, or None when it is no such code."""
    found = _CODE.fullmatch(text)
    if found is not None:
        return found[1]
    return text if text == SELF_ACCESS else None


class Step(StrEnum):
    """How far the dossier is."""

    OPEN_FORM = "OPEN_FORM"
    SUBMIT = "SUBMIT"
    COUNTER = "COUNTER"
    APPRAISE = "APPRAISE"


class LegalBasis(StrEnum):
    """On what ground personal data is processed (Law 91/2025/QH15)."""

    LAW = "LAW"
    CONSENT = "CONSENT"


class ActingForKind(StrEnum):
    """In what capacity somebody acts for an applicant."""

    PARENT = "PARENT"
    GUARDIAN = "GUARDIAN"
    SPOUSE = "SPOUSE"
    HEIR = "HEIR"
    PROXY = "PROXY"
    REPRESENTATIVE = "REPRESENTATIVE"


class ActingFor(Discreet, frozen=True, kw_only=True):
    """For which role of the dossier the actor acts, and by what paper."""

    shown: ClassVar[tuple[str, ...]] = ("kind", "role")

    kind: ActingForKind
    role: str
    evidence: str | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known of a procedure to decide about it; both days are included."""

    code: str
    name: str
    version: str
    valid_from: date
    valid_until: date | None = None
    superseded_by: str | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the procedure applies on this *day*."""
        return self.valid_from <= day <= (self.valid_until or date.max)


class Ask(Discreet, frozen=True, kw_only=True):
    """The purpose as the request states it."""

    shown: ClassVar[tuple[str, ...]] = ("procedure", "step", "received_by", "legal_basis")

    procedure_raw: str
    """As sent, for the log."""
    procedure: str
    """The national code."""
    dossier_code: str | None = None
    draft: str | None = None
    """The portal's own id for a dossier that has no code yet."""
    attestation: str | None = None
    """The portal's signed word that this dossier exists (auth/attestation.py)."""
    opened_on: date | None = None
    step: Step = Step.OPEN_FORM
    actor: AssertedActor | None = None
    assisted_by: AssertedActor | None = None
    acting_for: ActingFor | None = None
    received_by: str | None = None
    """The receiving agency, as sent."""
    legal_basis: LegalBasis = LegalBasis.LAW
    consent: str | None = None
    """The words the citizen agreed to."""
