"""From arguments to variables: who stands in which role, and what is refused."""

import pytest

from gateway.cli.answers import FormField, PersonProof, Procedure, Role, SandboxPerson
from gateway.cli.ends import Wrong
from gateway.cli.subjects import (
    NUMBER_IN_ARGUMENTS,
    Given,
    build_claims,
    build_subjects,
    check_arguments,
    new_draft,
    purpose,
)


def role(name: str, kind: str = "person", **more: bool) -> Role:
    given = {"required": True, "many": False, "may_be_declared": False, **more}
    return Role(name=name, label=f"Vai {name}", kind=kind, **given)


def person(name: str, number: str) -> SandboxPerson:
    return SandboxPerson(
        name=name,
        full_name=name.title(),
        story="",
        story_en="",
        key=PersonProof(number=number, full_name=name.title(), birth_date="1985-05-12"),
        cases=(),
        procedure="1.004222",
    )


PEOPLE = {"an": person("an", "097085000101"), "cu": person("cu", "390000005")}
ROLES = [
    role("child", may_be_declared=True),
    role("applicant"),
    role("owner", required=False),
    role("home", "parcel", required=False),
    role("paper", "certificate", required=False),
    role("firm", "business", required=False),
]
PROCEDURE = Procedure(
    code="1.004222",
    name="Đăng ký thường trú",
    name_en="Permanent residence",
    roles=tuple(ROLES),
    fields=(
        FormField(key="nguoiKhai.hoTen", label="Họ tên", role="applicant"),
        FormField(key="chuSoHuu.hoTen", label="Họ tên", role="owner"),
    ),
)
AN = {"number": {"personalId": "097085000101"}, "fullName": "An", "birthDate": "1985-05-12"}
CU = {"number": {"oldIdNumber": "390000005"}, "fullName": "Cu", "birthDate": "1985-05-12"}


def sentence(found: object) -> str:
    assert isinstance(found, Wrong)
    return found.sentence


def test_the_person_fills_the_first_required_role_that_must_be_in_a_registry() -> None:
    expected = [{"role": "applicant", "is": {"person": AN}}]
    assert expected == build_subjects(Given(person="an"), ROLES, PEOPLE)


def test_the_person_fills_no_role_that_something_else_supplies() -> None:
    given = Given(person="an", roles=["applicant=cu"])
    expected = [
        {"role": "child", "is": {"person": AN}},
        {"role": "applicant", "is": {"person": CU}},
    ]
    assert expected == build_subjects(given, ROLES, PEOPLE)


def test_a_parcel_is_claimed_to_be_held_by_everybody_in_the_dossier() -> None:
    given = Given(person="an", roles=["owner=cu"], parcels=["home=00004/12/7"])
    subjects = build_subjects(given, ROLES, PEOPLE)
    holder = ["applicant", "owner"]
    key = {"ward": "00004", "sheet": "12", "parcel": "7", "holder": holder}
    assert not isinstance(subjects, Wrong)
    assert {"role": "home", "is": {"parcel": key}} == subjects[-1]


def test_a_parcel_may_name_its_holders_and_the_day_of_its_ward() -> None:
    given = Given(person="an", parcels=["home=00004@2014-09-15/12/7:owner"])
    subjects = build_subjects(given, ROLES, PEOPLE)
    key = {"ward": "00004", "sheet": "12", "parcel": "7"}
    expected = {"parcel": {**key, "holder": ["owner"], "wardAsOf": "2014-09-15"}}
    assert not isinstance(subjects, Wrong)
    assert {"role": "home", "is": expected} == subjects[-1]


def test_certificates_enterprises_and_newborns_are_subjects_too() -> None:
    given = Given(
        certificates=["paper=SX 100101:applicant"],
        businesses=["firm=9900000016"],
        declared=["child=NEWBORN"],
    )
    expected = [
        {"role": "paper", "is": {"certificate": {"number": "SX 100101", "holder": ["applicant"]}}},
        {"role": "firm", "is": {"business": {"code": "9900000016"}}},
        {"role": "child", "is": {"declared": {"reason": "NEWBORN"}}},
    ]
    assert expected == build_subjects(given, ROLES, PEOPLE)


@pytest.mark.parametrize(
    "given",
    [
        Given(person="097085000101"),
        Given(person="390 000 005"),
        Given(person="097-085-000101"),
        Given(person="٠٩٧٠٨٥٠٠٠١٠١"),
        Given(roles=["owner=097085000101"]),
        Given(parcels=["home=097085000101/1/1"]),
        Given(certificates=["paper=097085000101"]),
        Given(declared=["child=097085000101"]),
        Given(businesses=["firm=097085000101"]),
    ],
    ids=lambda _: "number",
)
def test_a_personal_number_in_an_argument_is_refused_and_not_repeated(given: Given) -> None:
    assert NUMBER_IN_ARGUMENTS == sentence(check_arguments(given))


def test_a_personal_number_in_a_claim_is_refused() -> None:
    claims = ["nguoiKhai.soDinhDanh=097085000101"]
    assert NUMBER_IN_ARGUMENTS == sentence(check_arguments(Given(person="an"), claims))


def test_dates_parcels_serials_and_enterprise_codes_are_no_personal_numbers() -> None:
    given = Given(
        person="an",
        parcels=["home=00004@2014-09-15/12/7"],
        certificates=["paper=SX 00000102"],
        businesses=["firm=9900000016-001"],
    )
    claims = ["nguoiKhai.ngaySinh=1985-05-12", "nguoiKhai.ngaySinh=12/05/1985"]
    assert check_arguments(given, ["1.004222", *claims]) is None


def test_an_unknown_person_is_not_repeated() -> None:
    found = build_subjects(Given(person="Nguyễn Văn Thật"), ROLES, PEOPLE)
    assert sentence(found) == (
        "Không có người giả định nào tên như vậy. Có: an, cu (lienthong people)."
    )


def test_an_unknown_role_is_answered_with_the_known_ones() -> None:
    found = build_subjects(Given(person="an", roles=["chu=cu"]), ROLES[:2], PEOPLE)
    assert sentence(found) == (
        "Thủ tục này không có vai trò «chu». Có: child (Vai child), applicant (Vai applicant)."
    )


@pytest.mark.parametrize("parcel", ["home=00004/12", "home=00004", "home=", "home=00004/12/7:"])
def test_a_parcel_in_another_form_is_answered_with_an_example(parcel: str) -> None:
    found = build_subjects(Given(person="an", parcels=[parcel]), ROLES, PEOPLE)
    assert "ví dụ home=00004/12/7" in sentence(found)


def test_a_claim_belongs_to_the_role_of_its_field_unless_it_names_one() -> None:
    claims = build_claims(
        ["nguoiKhai.hoTen=An = B", "chuSoHuu.hoTen=Cu", "child:nguoiKhai.hoTen=Bé", "a.b=c"],
        PROCEDURE,
        Given(person="an"),
        PEOPLE,
    )
    assert claims == [
        {"role": "applicant", "key": "nguoiKhai.hoTen", "value": "An = B"},
        {"role": "owner", "key": "chuSoHuu.hoTen", "value": "Cu"},
        {"role": "child", "key": "nguoiKhai.hoTen", "value": "Bé"},
        {"role": "applicant", "key": "a.b", "value": "c"},
    ]


def test_a_claim_may_borrow_what_the_sandbox_person_has() -> None:
    given = Given(person="an", roles=["owner=cu"])
    texts = ["nguoiKhai.hoTen=@number", "chuSoHuu.hoTen=@number", "chuSoHuu.hoTen=@birthDate"]
    claims = build_claims(texts, PROCEDURE, given, PEOPLE)
    assert not isinstance(claims, Wrong)
    assert [it["value"] for it in claims] == ["097085000101", "390000005", "1985-05-12"]


@pytest.mark.parametrize("text", ["nguoiKhai.hoTen=@salary", "chuSoHuu.hoTen=@number"])
def test_a_claim_cannot_borrow_what_is_not_there(text: str) -> None:
    found = build_claims([text], PROCEDURE, Given(person="an"), PEOPLE)
    assert sentence(found).startswith("Sau @ là number, fullName hoặc birthDate")


def test_a_claim_without_a_value_is_refused() -> None:
    found = build_claims(["nguoiKhai.hoTen"], PROCEDURE, Given(person="an"), PEOPLE)
    assert sentence(found) == "--claim có dạng KHÓA=GIÁ TRỊ hoặc VAI:KHÓA=GIÁ TRỊ."


def test_a_purpose_is_a_draft_unless_the_file_knows_better() -> None:
    assert purpose("1.004222", "draft") == {
        "procedure": "1.004222",
        "dossier": {"draft": "draft"},
    }
    known = purpose("1.004222", "draft", {"dossier": {"code": "H26-1"}, "step": "SUBMIT"})
    assert known == {"procedure": "1.004222", "dossier": {"code": "H26-1"}, "step": "SUBMIT"}


def test_every_draft_is_another_and_fits_the_schema() -> None:
    drafts = {new_draft() for _ in range(100)}
    assert len(drafts) == 100
    assert {len(draft) for draft in drafts} == {24}
