"""Lookups with proof, which can be guessed at: by what number, with what proof, and did it hold.

Number, name and birth date are one proof of a person; the owner's name proves a household business,
whose code is its owner's personal id.
"""

from collections.abc import Hashable

from adapters import names
from adapters.business.records import HouseholdBusiness, HouseholdBusinessKey
from adapters.grades import Grade
from adapters.population.records import Person, PersonKey
from adapters.registry import Absent, Ambiguous
from auth.attempts import Result

_AGREE = frozenset({Grade.EXACT, Grade.EQUIVALENT})


def proof_of(key: Hashable) -> tuple[str, str] | None:
    """Give the number a lookup is about and the proof that goes with it; None where there is none.

    Both are only ever hashed.
    """
    if isinstance(key, PersonKey):
        return key.number, f"{key.full_name}/{key.birth_date}"
    if isinstance(key, HouseholdBusinessKey):
        return key.code, key.owner_name
    return None


def result_of(key: Hashable, answer: object) -> Result:
    """Tell whether the proof held; while a registry is silent, nothing was learnt."""
    if isinstance(answer, Person):
        return Result.MATCHED
    if isinstance(answer, HouseholdBusiness) and isinstance(key, HouseholdBusinessKey):
        return Result.MATCHED if owns(key, answer) else Result.FAILED
    if isinstance(answer, Absent):
        return Result.FAILED
    if isinstance(answer, Ambiguous) and isinstance(key, HouseholdBusinessKey):
        # Several, another's and none are one answer there, so they are one attempt.
        return Result.FAILED
    return Result.UNDECIDED


def owns(key: HouseholdBusinessKey, business: HouseholdBusiness) -> bool:
    """Tell whether the name proves the owner: bare letters do not where marks are registered."""
    registered = business.owner.full_name if business.owner else None
    if not registered:
        return False
    grade = names.compare(key.owner_name, registered).grade
    if grade is Grade.UNACCENTED_ONLY:
        return not names.has_marks(registered)
    return grade in _AGREE
