from adapters.dates import PartialDate
from adapters.insurance.records import HealthCardKey, HealthInsurance, SocialInsuranceKey
from adapters.population.records import HouseholdKey, PersonKey
from adapters.registry import RegistryName
from audit.tags import TagDomain
from resolvers.concerned import Concern, Concerned, asked_about, shown_by
from resolvers.readings import Reading, Reply
from tests.resolvers.indoors import NOW
from tests.resolvers.invented import source

BORN = PartialDate(1985, 5, 12)
AN, BINH = (
    PersonKey(number=number, full_name="Nguyễn Văn An", birth_date=BORN)
    for number in ("097085000101", "097085000102")
)


def reading(key: PersonKey | HouseholdKey, role: str, *fields: str) -> Reading:
    paths = tuple(f"{role}/{field}" for field in fields)
    return Reading(registry=RegistryName.POPULATION, key=key, role=role, fields=paths)


def test_readings_of_one_registry_are_one_concern_that_names_each_person_and_field_once() -> None:
    found = asked_about(
        [
            reading(AN, "applicant", "fullName", "sex"),
            reading(BINH, "owner", "fullName"),
            reading(AN, "owner", "fullName"),
            reading(AN, "applicant", "sex", "birthDate"),
        ]
    )
    expected = Concern(
        registry="POPULATION",
        operation="Person",
        persons=(
            Concerned(numbers=((TagDomain.PERSON, "097085000101"),), roles=("applicant", "owner")),
            Concerned(numbers=((TagDomain.PERSON, "097085000102"),), roles=("owner",)),
        ),
        fields=("applicant/fullName", "applicant/sex", "owner/fullName", "applicant/birthDate"),
    )
    assert [expected] == found


def test_a_member_of_a_household_stands_in_no_role_and_is_not_told_what_was_asked_of_one() -> None:
    """An is the applicant; Bình is only a member of his household."""
    card = "applicant/household/members/healthInsurance/validTo"
    cards = [
        HealthCardKey(
            number=each.number,
            personal_id=each.number,
            full_name=each.full_name,
            birth_date=BORN,
        )
        for each in (AN, BINH)
    ]
    readings = [
        Reading(registry=RegistryName.INSURANCE, key=key, role="applicant", fields=fields)
        for key, fields in (
            (cards[0], ("applicant/healthInsurance/benefitLevel",)),
            (cards[0], (card,)),
            (cards[1], (card,)),
        )
    ]
    (asked,) = asked_about(readings)
    told = shown_by(
        Reply(
            registry=RegistryName.INSURANCE,
            key=key,
            answer=HealthInsurance(
                key=key, source=source(RegistryName.INSURANCE), card_number="DN4019900000001"
            ),
            at=NOW,
            waited_ms=1,
            fields={path for each in readings if each.key == key for path in each.fields},
        )
        for key in cards
    )
    expected = [("applicant",), ()]
    assert expected == [person.roles for person in asked.persons]
    assert expected == [person.roles for each in told for person in each.persons]


def test_the_household_itself_is_asked_of_whoever_stands_in_the_role() -> None:
    (asked,) = asked_about([reading(HouseholdKey(person=AN), "applicant", "household/members/x")])
    assert [("applicant",)] == [person.roles for person in asked.persons]


def test_another_operation_is_another_concern() -> None:
    social = SocialInsuranceKey(
        personal_id="097085000101", full_name="Nguyễn Văn An", birth_date=BORN
    )
    insured = Reading(
        registry=RegistryName.INSURANCE, key=social, role="applicant", fields=("applicant/x",)
    )
    found = asked_about([reading(AN, "applicant", "fullName"), insured])
    assert [("POPULATION", "Person"), ("INSURANCE", "SocialInsurance")] == [
        (each.registry, each.operation) for each in found
    ]
