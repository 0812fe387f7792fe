"""In whose name a registry is asked: the agencies, and the officer who answers for the question.

A registry gives nothing without an officer's personal id. At a counter that is the officer there;
where none is (a citizen online, a system, a post office) it is the one the grant makes accountable.
"""

import hmac
from enum import StrEnum
from typing import ClassVar

import msgspec

from auth.actor import ActorKind, AssertedActor, TokenActor
from auth.agency import agency_code, covers
from auth.caller import Caller
from auth.discreet import Discreet
from auth.grant import Grant
from auth.purpose import Ask
from auth.refusal import Refused, refuse


class Standing(StrEnum):
    """On whose word the officer goes to the registry."""

    CLAIM = "CLAIM"
    """The issuer's: a verified claim of the token."""
    ASSERTED = "ASSERTED"
    """The portal's, in its request or in a token of its own, which its grant allows."""
    ACCOUNTABLE = "ACCOUNTABLE"
    """The grant's: no officer was there, this one answers for the agency."""


class Officer(Discreet, frozen=True, kw_only=True):
    """Who goes to the registry."""

    shown: ClassVar[tuple[str, ...]] = ("standing",)

    personal_id: str
    standing: Standing


class Agencies(msgspec.Struct, frozen=True, kw_only=True):
    """Who receives the dossier, and the unit that asks; both covered by the grant."""

    receiving: str
    unit: str


def same_number(left: str, right: str) -> bool:
    """Compare personal ids without telling by time where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def contradiction(caller: Caller, actor: AssertedActor | None) -> Refused | None:
    """Refuse an *actor* of whom the token says something else; the field is named, no value is."""
    if actor is None:
        return None
    field = None
    if caller.actor is not None:
        field = _contradicted(caller.actor, actor)
    elif caller.subject is not None:
        # A citizen's token is a citizen's: who helps is named as the helper.
        citizen = TokenActor(kind=ActorKind.CITIZEN, personal_id=caller.subject)
        field = _contradicted(citizen, actor)
    return refuse("actor-contradicts-token", field=field) if field is not None else None


def _contradicted(known: TokenActor, actor: AssertedActor) -> str | None:
    """Name the field in which the two differ; what one of them does not say is no difference."""
    if known.kind is not actor.kind:
        return "kind"
    left, right = known.personal_id, actor.personal_id
    if left is not None and right is not None and not same_number(left, right):
        return "personalId"
    unit = agency_code(actor.unit or "")
    # The request may be more exact than the token: a unit under the token's.
    if known.unit is not None and unit is not None and not covers(known.unit, unit):
        return "unit"
    return None


def name_agencies(caller: Caller, grant: Grant, ask: Ask) -> Agencies | Refused:
    """Settle who receives and which unit asks: both must be the consumer's to speak for.

    The receiving agency is what the request says, else the actor's unit, else the grant's first.
    """
    received_by = agency_code(ask.received_by) if ask.received_by is not None else None
    if received_by is None and ask.received_by is not None:
        return refuse("agency-malformed", field="receivedBy")
    asserted = ask.actor.unit if ask.actor is not None else None
    unit = agency_code(asserted) if asserted is not None else None
    if unit is None and asserted is not None:
        return refuse("agency-malformed", field="actor.unit")
    if caller.actor is not None and caller.actor.unit is not None:
        unit = caller.actor.unit
    if unit is not None and not grant.speaks_for(unit):
        return refuse("unit-not-yours", agency=unit)
    receiving = received_by or unit or grant.agencies[0]
    if not grant.speaks_for(receiving):
        return refuse("agency-not-yours", agency=receiving)
    return Agencies(receiving=receiving, unit=unit or receiving)


def name_officer(caller: Caller, grant: Grant, ask: Ask, agency: str) -> Officer | Refused:
    """Settle who goes to the registry for this *agency*; without anyone, nobody does (C38).

    An officer who sits there goes under the own number or not at all: the accountable one answers
    for questions without an officer, not for colleagues.
    """
    known = caller.actor.kind if caller.actor is not None else None
    asserted = ask.actor.kind if ask.actor is not None else None
    if (known or asserted) is ActorKind.OFFICER:
        return _present_officer(caller, grant, ask)
    accountable = grant.accountable_for(agency)
    if accountable is None:
        return refuse("no-accountable-officer", agency=agency)
    return Officer(personal_id=accountable, standing=Standing.ACCOUNTABLE)


def _present_officer(caller: Caller, grant: Grant, ask: Ask) -> Officer | Refused:
    known = caller.actor.personal_id if caller.actor is not None else None
    if known is not None and not caller.own_word:
        return Officer(personal_id=known, standing=Standing.CLAIM)
    named = known or (ask.actor.personal_id if ask.actor is not None else None)
    if named is None:
        return refuse("officer-without-number")
    if grant.officers_by != "request":
        return refuse("officer-not-in-token")
    return Officer(personal_id=named, standing=Standing.ASSERTED)
