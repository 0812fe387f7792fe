"""A portal verifies what a citizen typed: a verdict for each claim, never the value on file."""

import unicodedata
from typing import Any

import pytest

from tests.journeys.documents import VERIFY, officer, purpose
from tests.journeys.house import House

NAME = "nguoiKhai.hoTen"
BORN = "nguoiKhai.ngaySinh"
LIVES = "nguoiKhai.noiThuongTru"
SEX = "nguoiKhai.gioiTinh"


def claim(key: str, value: str, role: str = "applicant", **more: object) -> dict[str, Any]:
    return {"role": role, "key": key, "value": value, **more}


def verify(
    house: House, name: str, *claims: dict[str, Any], key: dict[str, Any] | None = None
) -> dict[str, Any]:
    subject = house.subject("applicant", name)
    if key is not None:
        subject["is"]["person"] |= key
    given = purpose(actor=officer())
    variables = {"purpose": given, "subjects": [subject], "claims": list(claims)}
    answer = house.ask(VERIFY, variables)
    assert "errors" not in answer, answer["errors"]
    judged: dict[str, Any] = answer["data"]["dossier"]["verify"]
    return judged


def verdict(house: House, name: str, *claims: dict[str, Any], **more: Any) -> tuple[str, list[str]]:
    judged = verify(house, name, *claims, **more)
    (found,) = judged["verdicts"]
    return found["verdict"], found["normalisation"]


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("hoa", "Nguyễn Thị Hoà", "EXACT"),
        ("hoa", unicodedata.normalize("NFD", "Nguyễn Thị Hòa"), "EXACT"),
        ("duc", "Ðặng Văn Ðức", "EQUIVALENT"),
        ("hung", "NGUYEN VAN HUNG", "UNACCENTED_ONLY"),
        ("hung", "Nguyễn Văn Hưng", "CANNOT_DECIDE"),
        ("ly", "Trần Văn Lí", "PARTIAL"),
        ("an", "Lê Văn An", "CANNOT_DECIDE"),
    ],
)
def test_a_name_is_graded_and_never_called_different_by_the_population_registry(
    house: House, name: str, typed: str, expected: str
) -> None:
    assert expected == verdict(house, name, claim(NAME, typed))[0]


def test_the_normalisations_are_named(house: House) -> None:
    grade, normalisations = verdict(house, "hoa", claim(NAME, "NGUYỄN THỊ HOÀ"))
    assert "EXACT" == grade
    assert {"tone-placement", "case"} <= set(normalisations)


def test_c05_a_wrong_mark_in_the_proof_finds_nothing_and_decides_nothing(house: House) -> None:
    judged = verify(
        house, "hung", claim(NAME, "Nguyễn Văn Hưng"), key={"fullName": "Nguyễn Văn Hưng"}
    )
    (found,) = judged["verdicts"]
    assert ("CANNOT_DECIDE", "NOT_FOUND_OR_MISMATCH") == (found["verdict"], found["state"])
    assert "CANNOT_DECIDE" == judged["outcome"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("01/01/1945", "COMPATIBLE"), ("1945", "EXACT"), ("1946", "CANNOT_DECIDE")],
)
def test_c07_a_full_date_against_a_year_is_compatible_never_exact(
    house: House, typed: str, expected: str
) -> None:
    assert expected == verdict(house, "cu", claim(BORN, typed))[0]


def test_c08_another_year_in_the_proof_decides_nothing(house: House) -> None:
    judged = verify(house, "cu", claim(BORN, "1946"), key={"birthDate": "1946"})
    assert "NOT_FOUND_OR_MISMATCH" == judged["verdicts"][0]["state"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Số 12 phố Trúc Bạch, Phường Ba Đình, Thành phố Hà Nội", "EXACT"),
        ("phường Trúc Bạch", "EQUIVALENT"),
        ("Phường Hoàn Kiếm, Hà Nội", "DIFFERENT"),
    ],
)
def test_c20_an_address_by_its_old_ward_is_the_same_place(
    house: House, typed: str, expected: str
) -> None:
    assert expected == verdict(house, "an", claim(LIVES, typed))[0]


def test_sex_is_compared_in_the_words_of_the_form(house: House) -> None:
    assert "EXACT" == verdict(house, "an", claim(SEX, "Nam"))[0]
    assert "DIFFERENT" == verdict(house, "an", claim(SEX, "Nữ"))[0]


def test_c12_a_number_that_contradicts_the_registered_sex_warns_and_decides_by_the_registry(
    house: House,
) -> None:
    judged = verify(house, "tu", claim(SEX, "Nam" if _sex(house) == "MALE" else "Nữ"))
    assert "EXACT" == judged["verdicts"][0]["verdict"]
    assert "WARNING_STRUCTURE" in {n["code"] for n in judged["notices"]}


def _sex(house: House) -> str:
    query = """query($purpose: Purpose!, $k: PersonKey!) {
      dossier(purpose: $purpose) { applicant: person(role: "applicant", key: $k) { sex } } }"""
    answer = house.ask(query, {"purpose": purpose(), "k": house.key("tu")})
    return str(answer["data"]["dossier"]["applicant"]["sex"])


def test_an_old_number_is_found_and_said_to_be_superseded(house: House) -> None:
    person = house.people["cmnd"]
    judged = verify(house, "cmnd", claim(NAME, person["fullName"]))
    assert "EXACT" == judged["verdicts"][0]["verdict"]


def test_all_claims_agreeing_is_confirmed_and_one_differing_is_contradicted(house: House) -> None:
    agreeing = [claim(NAME, "Nguyễn Văn An"), claim(BORN, "12/05/1985")]
    assert "CONFIRMED" == verify(house, "an", *agreeing)["outcome"]
    assert "CONTRADICTED" == verify(house, "an", *agreeing, claim(SEX, "Nữ"))["outcome"]


def test_the_value_on_file_never_leaves(house: House) -> None:
    """Nothing in the whole answer is a value of the record, however wrong the claims are."""
    judged = verify(
        house,
        "an",
        claim(NAME, "x y"),
        claim(BORN, "2001"),
        claim(LIVES, "nowhere"),
        claim("chuHo.soDinhDanh", "097000000000"),
    )
    text = str(judged)
    for value in ("Nguyễn Văn An", "1985", "Trúc Bạch", "Ba Đình", "097085000101"):
        assert value not in text


def test_an_objection_is_recorded_and_points_to_the_owner(house: House) -> None:
    judged = verify(house, "an", claim(LIVES, "Huế", contested=True))
    assert "CONTESTED" in {n["code"] for n in judged["notices"]}


def test_a_silent_registry_decides_nothing(house: House) -> None:
    house.fault("population", "down")
    judged = verify(house, "an", claim(NAME, "Nguyễn Văn An"))
    (found,) = judged["verdicts"]
    assert ("CANNOT_DECIDE", "SOURCE_DOWN") == (found["verdict"], found["state"])
    assert "CANNOT_DECIDE" == judged["outcome"]
