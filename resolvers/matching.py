"""Whose paper it is: whether the person a record mentions stands in a role of the dossier.

A match is by personal id or, failing that, by old number *and* name; never by name alone, and
never by likeness. A person whose own lookup failed its proof matches nothing.
"""

from collections.abc import Callable, Iterable

import msgspec

from adapters import dates, names
from adapters.business.records import Enterprise, HouseholdBusiness
from adapters.grades import Grade
from adapters.land.records import HolderCouple, HolderHousehold, HolderPerson
from adapters.persons import PersonRef
from adapters.population.records import Person, PersonKey
from adapters.registry import Maintenance, Unavailable

_AGREE = frozenset({Grade.EXACT, Grade.EQUIVALENT})
_UNREACHED = (Unavailable, Maintenance)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A role's subject: the proof given for it, and what the population registry answered."""

    role: str
    key: PersonKey
    answer: object

    @property
    def as_given(self) -> bool:
        """Whether its proof itself is held against records, because nobody else can say."""
        return isinstance(self.answer, _UNREACHED)


class Fared(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller can tell of a proof that was held against a record as it was given."""

    key: PersonKey
    fits: bool


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """The roles that hold the paper, and what an officer must know about it."""

    roles: tuple[str, ...]
    by_old_number: bool = False
    others: bool = False
    """Another person holds it together with them (spouse, household)."""
    contradicted: bool = False
    """The record carries a matched person's number and another name."""


def is_party(ref: PersonRef, party: Party) -> bool:
    """Tell whether *ref* is the subject of *party*.

    While the population registry is down or in a window, the proof that was given is held against
    the record itself. One registry that is down empties only its own fields (P5), so land is not
    lost with it; no data without proof (P2), so all three parts of the proof must stand on the
    record: a record without a year of birth opens to nobody until the registry is back. A registry
    that refuses us, is not configured, or garbles is no passing outage, and proves nobody.
    What a caller can tell of such a comparison is an attempt: see fared, and Lookups.compare.
    """
    if isinstance(party.answer, Person):
        return _same(ref, party.answer) is not None
    if party.as_given:
        return _same_as_given(ref, party.key)
    return False


def match_holder(holder: object, parties: Iterable[Party]) -> Match | None:
    """Match a holder (of land, of a business) against *parties*; None when it is another."""
    refs = holders(holder)
    matched = [(ref, party) for party in parties for ref in refs if is_party(ref, party)]
    if not matched:
        return None
    reached = {ref for ref, _ in matched}
    return Match(
        roles=tuple(dict.fromkeys(party.role for _, party in matched)),
        by_old_number=any(ref.personal_id is None for ref in reached),
        others=len(reached) < _shares(holder, refs),
        contradicted=any(contradicts(ref, party) for ref, party in matched),
    )


def fared(
    parties: Iterable[Party], fits: Callable[[Party], bool], *, enough: bool
) -> tuple[Fared, ...]:
    """Say how those proofs of *parties* fared that were held against a record as they were given.

    Where those who fit are *enough*, nobody can tell that another does not.
    """
    tried = ((party.key, fits(party)) for party in parties if party.as_given)
    return tuple(Fared(key=key, fits=it) for key, it in tried if it or not enough)


def contradicts(ref: PersonRef, party: Party) -> bool:
    """Tell whether *ref*, which is *party* by its number, carries another name.

    A number typed wrongly into a register is somebody else's, so number and name must agree before
    data replaces a paper. A name without its marks, or with i for y, contradicts nothing.
    """
    person = party.answer
    if not isinstance(person, Person) or person.full_name is None or ref.full_name is None:
        return False
    return names.compare(person.full_name, ref.full_name).grade is Grade.DIFFERENT


def holders(holder: object) -> tuple[PersonRef, ...]:
    """Give the persons who hold a record: one, a couple, a household, or representatives."""
    found: tuple[PersonRef | None, ...] = ()
    if isinstance(holder, HolderPerson):
        found = (holder.person,)
    elif isinstance(holder, HolderCouple):
        found = tuple(h.person for h in (holder.first, holder.second) if h)
    elif isinstance(holder, HolderHousehold):
        head = holder.head.person if holder.head else None
        found = (head, holder.spouse_of_head, *holder.members)
    elif isinstance(holder, Enterprise):
        found = holder.representatives
    elif isinstance(holder, HouseholdBusiness):
        found = (holder.owner,)
    return tuple(dict.fromkeys(ref for ref in found if ref is not None))


def _shares(holder: object, refs: tuple[PersonRef, ...]) -> int:
    """Give how many must be matched before nobody else has a share in what *holder* holds.

    A register may name one spouse only, or the head of a household only; the others are there all
    the same. A business speaks through any one of its representatives.
    """
    if isinstance(holder, HolderCouple):
        return 2
    if isinstance(holder, HolderHousehold):
        return max(holder.member_count or 0, len(refs))
    return 1


def deceased(holder: object) -> bool:
    """Tell whether the land register says that the holder, or one of two spouses, has died.

    A household outlives its head: see head_deceased.
    """
    if isinstance(holder, HolderPerson):
        return holder.died_in is not None
    if isinstance(holder, HolderCouple):
        return any(h is not None and h.died_in is not None for h in (holder.first, holder.second))
    return False


def head_deceased(holder: object) -> bool:
    """Tell whether a household holds the land whose head has died: its members hold it still."""
    if not isinstance(holder, HolderHousehold) or holder.head is None:
        return False
    return holder.head.died_in is not None


def _same(ref: PersonRef, person: Person) -> str | None:
    """Say by what *ref* is *person*: "number", "old-number", or None when it is not."""
    if ref.personal_id is not None and person.personal_id is not None:
        return "number" if ref.personal_id == person.personal_id else None
    numbers = {*person.old_id_numbers, person.key.number}
    if ref.old_id_number is None or ref.old_id_number not in numbers:
        return None
    return "old-number" if _agree(ref, person.full_name, person.birth_date) else None


def _same_as_given(ref: PersonRef, key: PersonKey) -> bool:
    number = ref.personal_id or ref.old_id_number
    if number is None or number != key.number or ref.birth_date is None:
        return False
    return _agree(ref, key.full_name, key.birth_date)


def _agree(ref: PersonRef, full_name: str | None, birth: dates.PartialDate | None) -> bool:
    if ref.full_name is None or full_name is None:
        return False
    if names.compare(full_name, ref.full_name).grade not in _AGREE:
        return False
    if ref.birth_date is None or birth is None:
        return True
    return dates.compare(birth, ref.birth_date).grade is not Grade.DIFFERENT
