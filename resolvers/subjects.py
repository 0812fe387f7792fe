"""Whom a key or an answer is about: the numbers by which the log finds the data subject again."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping

from adapters.business.records import (
    Enterprise,
    EnterpriseKey,
    HouseholdBusiness,
    HouseholdBusinessKey,
    RepresentativeKey,
)
from adapters.identifiers import normalise_serial
from adapters.insurance.records import (
    HealthCardKey,
    HealthInsurance,
    SocialInsurance,
    SocialInsuranceKey,
)
from adapters.land.records import (
    CertificateKey,
    HolderKey,
    LandCertificate,
    Parcel,
    ParcelKey,
)
from adapters.persons import PersonRef
from adapters.population.records import Household, HouseholdKey, Person, PersonKey
from audit.tags import TagDomain
from resolvers.matching import holders
from resolvers.names import MINOR_CHILD

Number = tuple[TagDomain, str]
Numbers = tuple[Number, ...]
PERSONAL_DIGITS = 12
KIN = ("father", "mother", "spouse", "representative", "headOfHousehold")
CODE_DIGITS = 10


def numbers_of(key: Hashable) -> Numbers:
    """Give every number that *key* holds; a name proposed for a business is nobody's number."""
    numbers = _NUMBERS.get(type(key))
    return () if numbers is None else numbers(key)


def known_of(key: Hashable, answer: object) -> Numbers:
    """Give every number of the subject of *key* that is known once its *answer* is here."""
    return tuple(dict.fromkeys((*numbers_of(key), *_stated(answer))))


def _stated(answer: object) -> Iterator[Number]:
    """Give the numbers that a record states of its own subject."""
    if isinstance(answer, Person):
        for number in (answer.personal_id, *answer.old_id_numbers):
            if number is not None:
                yield number_domain(number), number
    elif isinstance(answer, SocialInsurance):
        for code in (answer.number, answer.superseded_number):
            if code is not None:
                yield TagDomain.INSURANCE, code
    elif isinstance(answer, HealthInsurance) and answer.card_number is not None:
        yield TagDomain.CARD, answer.card_number


def number_domain(number: str) -> TagDomain:
    """Tell a personal id from an old number."""
    return TagDomain.PERSON if len(number) == PERSONAL_DIGITS else TagDomain.OLD_NUMBER


def number_of_party(kind: str, number: str) -> Number:
    """Give the number of a subject as a request names it; a household business is its owner's."""
    if kind == "person" or (kind == "business" and len(number) == PERSONAL_DIGITS):
        return number_domain(number), number
    return _DOMAIN_OF_KIND[kind], number


_DOMAIN_OF_KIND: Mapping[str, TagDomain] = {
    "business": TagDomain.BUSINESS,
    "parcel": TagDomain.PARCEL,
    "certificate": TagDomain.CERTIFICATE,
}


def _person(key: PersonKey) -> Numbers:
    return ((number_domain(key.number), key.number),)


def _household(key: HouseholdKey) -> Numbers:
    return _person(key.person)


def _insured(key: SocialInsuranceKey) -> Numbers:
    return ((TagDomain.PERSON, key.personal_id),)


def _card(key: HealthCardKey) -> Numbers:
    person = () if key.personal_id is None else ((TagDomain.PERSON, key.personal_id),)
    if len(key.number) == CODE_DIGITS:
        return (*person, (TagDomain.INSURANCE, key.number))
    if key.number != key.personal_id:
        return (*person, (TagDomain.CARD, key.number))
    return person


def _enterprise(key: EnterpriseKey) -> Numbers:
    return ((TagDomain.BUSINESS, key.code),)


def _household_business(key: HouseholdBusinessKey) -> Numbers:
    return ((TagDomain.PERSON, key.code),)


def _representative(key: RepresentativeKey) -> Numbers:
    return ((TagDomain.PERSON, key.personal_id),)


def _parcel(key: ParcelKey) -> Numbers:
    return ((TagDomain.PARCEL, f"{key.ward}/{key.sheet}/{key.parcel}"),)


def _certificate(key: CertificateKey) -> Numbers:
    return ((TagDomain.CERTIFICATE, normalise_serial(key.number)),)


def _holder(key: HolderKey) -> Numbers:
    old = [(number_domain(number), number) for number in key.old_numbers]
    return ((TagDomain.PERSON, key.personal_id), *old)


_NUMBERS: Mapping[type[object], Callable[..., Numbers]] = {
    PersonKey: _person,
    HouseholdKey: _household,
    SocialInsuranceKey: _insured,
    HealthCardKey: _card,
    EnterpriseKey: _enterprise,
    HouseholdBusinessKey: _household_business,
    RepresentativeKey: _representative,
    ParcelKey: _parcel,
    CertificateKey: _certificate,
    HolderKey: _holder,
}


def reached(answer: object, fields: Iterable[str]) -> Iterator[Numbers]:
    """Give the numbers of each *other* person whom an answer showed, as far as *fields* show them.

    Each data subject that was reached can so be found in the log by the own number.
    """
    if isinstance(answer, Household):
        if all(path.endswith(f"/{MINOR_CHILD}") for path in fields):
            return  # read to confirm a child, and shown to nobody
        yield from (
            ((TagDomain.PERSON, member.personal_id),)
            for member in answer.members
            if member.personal_id
        )
        return
    shown = {segment for path in fields for segment in path.split("/")}
    for ref in _others(answer, shown):
        stated = (ref.personal_id, ref.old_id_number)
        if numbers := tuple((number_domain(each), each) for each in stated if each is not None):
            yield numbers


def _others(answer: object, shown: Collection[str]) -> Iterator[PersonRef]:
    if isinstance(answer, Person):
        yield from (ref for field in KIN if (ref := _kin(answer, field)) and field in shown)
    elif isinstance(answer, Enterprise | HouseholdBusiness):
        if not {"representatives", "owner"}.isdisjoint(shown):
            yield from holders(answer)
    elif isinstance(answer, Parcel | LandCertificate):
        if "holder" in shown:
            yield from holders(answer.holder)
    else:
        # A search answers with several records: each shows its own people.
        for several in ("businesses", "parcels"):
            for record in getattr(answer, several, ()):
                yield from _others(record, shown)


def _kin(person: Person, field: str) -> PersonRef | None:
    return person.head_of_household if field == "headOfHousehold" else getattr(person, field)
