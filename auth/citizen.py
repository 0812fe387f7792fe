"""About whom a citizen's own token may ask: the citizen, and children where a procedure says so.

Decided from the request alone, before any registry is asked: the answer, and the time it takes, are
the same whether or not anybody has the number.
"""

from collections.abc import Sequence
from typing import ClassVar

from auth.caller import Caller
from auth.discreet import Discreet
from auth.officer import same_number
from auth.refusal import Refused, refuse

OF_AGE = 18
"""Years: from this birthday on nobody is a minor (Civil Code 91/2015/QH13, article 20)."""

PERSONAL_DIGITS = 12
"""Of a personal id, which is also the code of the household business that its holder owns."""


class Asked(Discreet, frozen=True, kw_only=True):
    """Somebody or something that a request asks about, as far as it matters to a citizen."""

    shown: ClassVar[tuple[str, ...]] = ("role", "kind")

    role: str
    kind: str
    """person, business, parcel or certificate."""
    number: str = ""
    """Of a person: as sent. Of a business: its code. Of land there is none."""
    by_old_number: bool = False
    holders: tuple[str, ...] = ()
    """The roles that are claimed to hold the land."""
    minor_of: str | None = None
    """The role whose minor child this role is for, as the procedure says."""
    rehearsed: bool = False
    """Whether nobody is asked about it after all: a dry run."""
    oldest: int | None = None
    """The most years of age that the claimed birth date allows today."""


def unproven(caller: Caller) -> Refused:
    """Refuse a citizen's token that does not prove the own record, and say what it lacks.

    A birth date that is there all the same is no date of any calendar.
    """
    claims = {"name": caller.subject_name, "birthdate": caller.subject_birth}
    missing = [name for name, said in claims.items() if not said] or ["birthdate"]
    return refuse("citizen-claims-missing", claims=", ".join(missing))


def check_citizen(caller: Caller, asked: Sequence[Asked]) -> Refused | tuple[Asked, ...]:
    """Hold a citizen's token to its citizen.

    Gives the children whom the citizen's household must still confirm before they are asked about;
    who is no citizen is not held to anything here.
    """
    if caller.subject is None:
        return ()
    # All are compared, so that the time does not tell which one is another's.
    own = [same_number(caller.subject, one.number) for one in asked]
    others = tuple(one for one, is_own in zip(asked, own, strict=True) if not is_own)
    of_others = {one.role for one in others}
    roles = frozenset(one.role for one in asked if one.kind == "person") - of_others
    refusals = [_refused(one, roles) for one in others]
    refused = next((refusal for refusal in refusals if refusal is not None), None)
    if refused is not None:
        return refused
    children = tuple(one for one in others if one.kind == "person" and not one.rehearsed)
    # The household opens by the token's claims: a consumer's own word would be a proof to guess at.
    return refuse("self-access-needs-an-issuer") if children and caller.own_word else children


def _refused(one: Asked, own_roles: frozenset[str]) -> Refused | None:
    """Refuse what is not the citizen's; None for land and for a child.

    A child passes by what is claimed of it, land by who is claimed to hold it.
    """
    if one.kind in {"parcel", "certificate"}:
        claimed = bool(one.holders) and own_roles.issuperset(one.holders)
        return None if claimed else refuse("land-not-claimed-as-own")
    if one.kind == "business":
        household = len(one.number) == PERSONAL_DIGITS
        return refuse("subject-is-another" if household else "business-by-code")
    if one.by_old_number:
        return refuse("subject-by-old-number")
    if one.minor_of is None or one.oldest is None:
        return refuse("subject-is-another")
    return None if one.oldest < OF_AGE else refuse("child-of-age")


def unconfirmed(*, answered: bool) -> Refused:
    """Refuse a child whom the household does not list, or about which it did not answer."""
    return refuse("child-not-in-household" if answered else "household-unavailable")
