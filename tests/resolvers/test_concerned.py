from adapters.dates import PartialDate
from adapters.insurance.records import SocialInsuranceKey
from adapters.population.records import PersonKey
from adapters.registry import RegistryName
from audit.tags import TagDomain
from resolvers.concerned import Concern, Concerned, asked_about
from resolvers.readings import Reading

BORN = PartialDate(1985, 5, 12)
AN, BINH = (
    PersonKey(number=number, full_name="Nguyễn Văn An", birth_date=BORN)
    for number in ("097085000101", "097085000102")
)


def reading(key: PersonKey, role: str, *fields: str) -> Reading:
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
