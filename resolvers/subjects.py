"""Whom a key is about: the tags under which the access log can find the data subject again."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from datetime import datetime

from adapters.business.records import (
    Enterprise,
    EnterpriseKey,
    HouseholdBusiness,
    HouseholdBusinessKey,
    RepresentativeKey,
)
from adapters.identifiers import normalise_serial
from adapters.insurance.records import HealthCardKey, SocialInsuranceKey
from adapters.land.records import (
    CertificateKey,
    HolderKey,
    LandCertificate,
    Parcel,
    ParcelKey,
)
from adapters.persons import PersonRef
from adapters.population.records import Household, HouseholdKey, Person, PersonKey
from audit.tags import TagDomain, Tagger
from resolvers.matching import holders
from resolvers.names import MINOR_CHILD

Numbers = Iterator[tuple[TagDomain, str]]
PERSONAL_DIGITS = 12
KIN = ("father", "mother", "spouse", "representative", "headOfHousehold")
CODE_DIGITS = 10


def tags_of(key: Hashable, tagger: Tagger, at: datetime) -> tuple[str, ...]:
    """Tag every number that *key* holds; a name proposed for a business is nobody's number."""
    numbers = _NUMBERS.get(type(key))
    if numbers is None:
        return ()
    return tuple(tagger.tag(domain, value, at) for domain, value in numbers(key))


def number_domain(number: str) -> TagDomain:
    """Tell a personal id from an old number."""
    return TagDomain.PERSON if len(number) == PERSONAL_DIGITS else TagDomain.OLD_NUMBER


def _person(key: PersonKey) -> Numbers:
    yield number_domain(key.number), key.number


def _household(key: HouseholdKey) -> Numbers:
    yield from _person(key.person)


def _insured(key: SocialInsuranceKey) -> Numbers:
    yield TagDomain.PERSON, key.personal_id


def _card(key: HealthCardKey) -> Numbers:
    if key.personal_id is not None:
        yield TagDomain.PERSON, key.personal_id
    if len(key.number) == CODE_DIGITS:
        yield TagDomain.INSURANCE, key.number
    elif key.number != key.personal_id:
        yield TagDomain.CARD, key.number


def _enterprise(key: EnterpriseKey) -> Numbers:
    yield TagDomain.BUSINESS, key.code


def _household_business(key: HouseholdBusinessKey) -> Numbers:
    yield TagDomain.PERSON, key.code


def _representative(key: RepresentativeKey) -> Numbers:
    yield TagDomain.PERSON, key.personal_id


def _parcel(key: ParcelKey) -> Numbers:
    yield TagDomain.PARCEL, f"{key.ward}/{key.sheet}/{key.parcel}"


def _certificate(key: CertificateKey) -> Numbers:
    yield TagDomain.CERTIFICATE, normalise_serial(key.number)


def _holder(key: HolderKey) -> Numbers:
    yield TagDomain.PERSON, key.personal_id
    for number in key.old_numbers:
        yield number_domain(number), number


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


def reached(answer: object, fields: Iterable[str]) -> Numbers:
    """Give the numbers of the *other* people whom an answer showed, as far as *fields* show them.

    Each data subject that was reached can so be found in the log by the own number.
    """
    if isinstance(answer, Household):
        if all(path.endswith(f"/{MINOR_CHILD}") for path in fields):
            return  # read to confirm a child, and shown to nobody
        yield from ((TagDomain.PERSON, m.personal_id) for m in answer.members if m.personal_id)
        return
    shown = {segment for path in fields for segment in path.split("/")}
    for ref in _others(answer, shown):
        if ref.personal_id is not None:
            yield TagDomain.PERSON, ref.personal_id
        if ref.old_id_number is not None:
            yield number_domain(ref.old_id_number), ref.old_id_number


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
