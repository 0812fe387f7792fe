"""The human behind the call, as the token says and as the request says."""

from enum import StrEnum
from typing import ClassVar

from auth.discreet import Discreet


class ActorKind(StrEnum):
    """Who sits at the keyboard."""

    OFFICER = "OFFICER"
    POST_EMPLOYEE = "POST_EMPLOYEE"
    HELPER = "HELPER"
    CITIZEN = "CITIZEN"
    SYSTEM = "SYSTEM"


class TokenActor(Discreet, frozen=True, kw_only=True):
    """The actor an issuer has vouched for."""

    shown: ClassVar[tuple[str, ...]] = ("kind", "unit")

    kind: ActorKind
    personal_id: str | None = None
    unit: str | None = None
    """In the form of auth.agency.agency_code."""
    name: str | None = None
    """As the issuer has it; where the consumer signed the token itself there is none."""


class AssertedActor(Discreet, frozen=True, kw_only=True):
    """The actor as the portal's request names it: the portal's word, nobody else's."""

    shown: ClassVar[tuple[str, ...]] = ("kind", "unit")

    kind: ActorKind
    personal_id: str | None = None
    unit: str | None = None
    """As sent; the policy brings it into one form."""
    employer: str | None = None
    """The post company, the youth union: helpers have employers who are no agency."""
