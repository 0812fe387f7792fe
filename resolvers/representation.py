"""Who declares and signs for somebody of that age (C42): what an officer is told of a minor."""

from collections.abc import Mapping
from datetime import date

from adapters import dates
from auth.citizen import OF_AGE
from auth.purpose import ActingFor, ActingForKind
from resolvers.enums import Severity
from resolvers.procedure import Procedure

PARENT_SIGNS_BELOW = 7
CHILD_SIGNS_TOO_BELOW = 16
"""Years, the steps of case C42: below the first a parent signs, below the second both do."""

_PARENTAL = frozenset({ActingForKind.PARENT, ActingForKind.GUARDIAN})

OF_REPRESENTATION: Mapping[str, tuple[Severity, str, str, str | None]] = {
    "MINOR_UNDER_7": (
        Severity.INFO,
        "Trẻ chưa đủ 7 tuổi: cha, mẹ hoặc người giám hộ khai và ký thay.",
        "The child is under 7: a parent or guardian declares and signs.",
        None,
    ),
    "MINOR_UNDER_16": (
        Severity.WARNING,
        "Trẻ từ đủ 7 đến dưới 16 tuổi: cha, mẹ hoặc người giám hộ khai và cùng ký với trẻ.",
        "The child is 7 to 15: a parent or guardian declares, and signs together with the child.",
        None,
    ),
    "MINOR_OVER_16": (
        Severity.WARNING,
        "Người từ đủ 16 đến dưới 18 tuổi tự khai và ký tên mình.",
        "The person is 16 or 17: they declare and sign in their own name.",
        None,
    ),
    "NO_LONGER_A_MINOR": (
        Severity.WARNING,
        (
            "Người này đã đủ 18 tuổi, tự đứng tên hồ sơ; cha, mẹ, người giám hộ chỉ làm thay khi "
            "được ủy quyền hoặc theo quyết định của Tòa án."
        ),
        (
            "The person is of age and files in their own name; a parent or guardian needs a power "
            "of attorney or a court's decision."
        ),
        None,
    ),
}
"""Code -> severity, Vietnamese, English, the procedure it suggests; see resolvers/notices.py."""


def represented_roles(procedure: Procedure, acting_for: ActingFor | None) -> frozenset[str]:
    """Name the roles whose person's age decides who signs: children, and whom a parent acts for."""
    roles = {role.name for role in procedure.roles.values() if role.minor_child_of is not None}
    if acting_for is not None and acting_for.kind in _PARENTAL:
        roles.add(acting_for.role)
    return frozenset(roles)


def age_notice(birth: dates.PartialDate, today: date) -> str:
    """Name the notice on somebody of this age.

    Where only the year is known, the younger age counts: it protects the child.
    """
    youngest, _ = dates.age_on(birth, today)
    if youngest < PARENT_SIGNS_BELOW:
        return "MINOR_UNDER_7"
    if youngest < CHILD_SIGNS_TOO_BELOW:
        return "MINOR_UNDER_16"
    return "MINOR_OVER_16" if youngest < OF_AGE else "NO_LONGER_A_MINOR"
