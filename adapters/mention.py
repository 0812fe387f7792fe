"""A person whom a record mentions, held against one who has proven who they are."""

from typing import Protocol

from adapters import dates, names
from adapters.dates import PartialDate
from adapters.grades import Grade
from adapters.persons import PersonRef

_AGREE = frozenset({Grade.EXACT, Grade.EQUIVALENT})


class Proven(Protocol):
    """What is known of a person who was found in the population registry."""

    @property
    def personal_id(self) -> str: ...  # noqa: D102 # the name says it
    @property
    def old_numbers(self) -> tuple[str, ...]: ...  # noqa: D102 # the name says it
    @property
    def full_name(self) -> str: ...  # noqa: D102 # the name says it
    @property
    def birth_date(self) -> PartialDate: ...  # noqa: D102 # the name says it


def bears_number_of(ref: PersonRef, person: Proven) -> bool:
    """Whether the record shows a number of theirs, which under an old one proves nothing yet."""
    numbers = {person.personal_id, *person.old_numbers}
    return not numbers.isdisjoint({ref.personal_id, ref.old_id_number})


def is_person(ref: PersonRef, person: Proven) -> bool:
    """Whether the record means *person*: by personal id; without one, by old number and name.

    Strangers may share an old number, so the name must agree, and a birth date not contradict.
    """
    if ref.personal_id is not None:
        return ref.personal_id == person.personal_id
    if not bears_number_of(ref, person) or ref.full_name is None:
        return False
    born = ref.birth_date
    if born is not None and dates.compare(person.birth_date, born).grade is Grade.DIFFERENT:
        return False
    return names.compare(person.full_name, ref.full_name).grade in _AGREE
