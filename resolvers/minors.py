"""Minor children: whether one whom a citizen asks about is the citizen's own.

The household answer of the citizen, proven by the verified claims of the token, is read first and
alone. Only the child that it lists is asked about after it.
"""

from collections.abc import Sequence
from datetime import date

from adapters import dates
from adapters.population.records import Household, HouseholdKey, HouseholdMember
from adapters.registry import Absent, Ambiguous, RegistryName
from audit.log import AccessLogUnavailable
from auth.caller import Caller
from auth.citizen import OF_AGE, Asked, unconfirmed, unproven
from auth.officer import same_number
from auth.refusal import Refused
from resolvers.citizens import own_key
from resolvers.desk import Desk
from resolvers.names import MINOR_CHILD
from resolvers.people import person_key
from resolvers.procedure import Procedure
from resolvers.readings import Reading
from resolvers.refusals import refuse

PARENTS = frozenset({"chủ hộ", "vợ", "chồng"})
"""What a parent is to the head: the head, or the head's wife or husband."""

CHILDREN = frozenset({"con", "con trai", "con gái", "con đẻ", "con ruột", "con nuôi"})
"""What the child is to the head: a child of the head, and no child by marriage."""


def confirming(procedure: Procedure) -> frozenset[str]:
    """Give what the household is read for, as the intent names it: no field that leaves."""
    return frozenset(
        _path(role.name) for role in procedure.roles.values() if role.minor_child_of is not None
    )


async def confirm(
    desk: Desk, caller: Caller, children: Sequence[Asked], today: date
) -> Refused | None:
    """Ask the citizen's household whether *children* are the citizen's and under age.

    A wave of its own with an intent of its own; nobody but the citizen is asked about in it.
    """
    if not children:
        return None
    key = own_key(caller)
    if key is None:
        return unproven(caller)
    roles = dict.fromkeys(child.role for child in children)
    reading = Reading(
        registry=RegistryName.POPULATION,
        key=HouseholdKey(person=person_key(key)),
        role=next(iter(roles)),
        fields=tuple(map(_path, roles)),
    )
    try:
        (household,) = await desk.read([reading])
    except AccessLogUnavailable:
        return refuse("access-log-unavailable")
    if not isinstance(household, Household):
        return unconfirmed(answered=isinstance(household, Absent | Ambiguous))
    listed = [_lists(household, str(caller.subject), child.number, today) for child in children]
    return None if all(listed) else unconfirmed(answered=True)


def _lists(household: Household, parent: str, child: str, today: date) -> bool:
    mine = [m for m in household.members if _numbered(m, parent)]
    theirs = [m for m in household.members if _numbered(m, child)]
    return any(_relation(m) in PARENTS for m in mine) and any(
        _relation(m) in CHILDREN and _is_minor(m, today) for m in theirs
    )


def _numbered(member: HouseholdMember, number: str) -> bool:
    return member.personal_id is not None and same_number(member.personal_id, number)


def _relation(member: HouseholdMember) -> str:
    return " ".join((member.relation_to_head or "").casefold().split())


def _is_minor(member: HouseholdMember, today: date) -> bool:
    """Tell whether *member* is certainly under age: a year alone counts from its first day."""
    return member.birth_date is not None and dates.age_on(member.birth_date, today)[1] < OF_AGE


def _path(role: str) -> str:
    return f"{role}/{MINOR_CHILD}"
