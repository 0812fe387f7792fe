"""A portal fills the form of a permanent-residence dossier."""

from typing import Any

import pytest

from tests.journeys.documents import PREFILL, officer, purpose
from tests.journeys.house import House


def prefill(house: House, *subjects: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = house.ask(
        PREFILL, {"purpose": purpose(actor=officer()), "subjects": list(subjects), **more}
    )
    assert "errors" not in answer, answer["errors"]
    told: dict[str, Any] = answer["data"]["dossier"]["prefill"]
    return told


def by_key(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["key"]: field for field in told["fields"]}


def test_the_form_is_filled_from_the_population_registry(house: House) -> None:
    told = prefill(house, house.subject("applicant", "an"))
    fields = by_key(told)
    assert "Nguyễn Văn An" == fields["nguoiKhai.hoTen"]["value"]
    assert "12/05/1985" == fields["nguoiKhai.ngaySinh"]["display"]
    assert "Nam" == fields["nguoiKhai.gioiTinh"]["display"]
    assert fields["nguoiKhai.noiThuongTru"]["value"].endswith("Phường Ba Đình, Thành phố Hà Nội")
    assert "Phường Trúc Bạch" in fields["nguoiKhai.noiThuongTruCu"]["value"]
    assert not fields["nguoiKhai.hoTen"]["editable"]


def test_every_field_without_a_value_says_why_and_may_be_typed(house: House) -> None:
    told = prefill(house, house.subject("applicant", "an"))
    empty = [f for f in told["fields"] if f["value"] is None]
    assert {"chuSoHuu.hoTen", "choO.diaChi"} <= {f["key"] for f in empty}
    assert all(f["state"] != "VALUE" and f["editable"] for f in empty)


def test_form_data_nests_the_values_under_the_keys_of_the_form(house: House) -> None:
    told = prefill(house, house.subject("applicant", "an"))
    assert "Nguyễn Văn An" == told["formData"]["nguoiKhai"]["hoTen"]
    assert 4 == len(told["formData"]["thanhVien"]["hoTen"])


def test_a_household_of_four_is_asked_once_for_each_key_and_in_three_rounds(house: House) -> None:
    """Person, household, the members' health cards: three levels, each key once, overlapping."""
    prefill(house, house.subject("applicant", "an"))
    population = house.journal("population")
    assert 2 == len(population)
    cards = house.journal("insurance")
    cards = [row for row in cards if row["operation"] not in {None, "token"}]
    assert 4 == len(cards)
    assert 4 == len({row["key"] for row in cards})
    assert max(row["started"] for row in cards) < min(row["ended"] for row in cards)


def test_the_same_dossier_asks_nothing_twice_within_a_minute(house: House) -> None:
    variables = {"purpose": purpose(), "subjects": [house.subject("applicant", "an")]}
    first = house.ask(PREFILL, variables)["data"]["dossier"]["prefill"]
    calls = len(house.journal())
    second = house.ask(PREFILL, variables)["data"]["dossier"]["prefill"]
    assert calls == len(house.journal())
    assert [f["value"] for f in first["fields"]] == [f["value"] for f in second["fields"]]
    assert second["fields"][0]["source"]["fromCache"]


def test_another_dossier_does_not_use_the_cache_of_the_first(house: House) -> None:
    prefill(house, house.subject("applicant", "an"))
    calls = len(house.journal("population"))
    prefill(house, house.subject("applicant", "an"))
    assert 2 * calls == len(house.journal("population"))


def test_only_asks_nothing_else(house: House) -> None:
    told = prefill(house, house.subject("applicant", "an"), only=["nguoiKhai.hoTen"])
    fields = by_key(told)
    assert "Nguyễn Văn An" == fields["nguoiKhai.hoTen"]["value"]
    assert "NOT_ASKED" == fields["thanhVien.hoTen[]"]["state"]
    assert 1 == len(house.journal())


def test_a_dry_run_asks_no_registry_and_says_what_it_would_ask(house: House) -> None:
    told = prefill(house, house.subject("applicant", "an"), dryRun=True)
    assert {"NOT_ASKED"} == {f["state"] for f in told["fields"]}
    assert ["POPULATION", "INSURANCE"] == [s["registry"] for s in told["sources"]]
    assert [] == house.journal()


def test_a_person_nobody_has_is_never_said_not_to_exist(house: House) -> None:
    told = prefill(house, house.subject("applicant", "khong"))
    assert "NOT_FOUND_OR_MISMATCH" == by_key(told)["nguoiKhai.hoTen"]["state"]
    assert "NEEDS_ACTION" == told["outcome"]
    said = str(told).lower()
    assert "không tồn tại" not in said


@pytest.mark.parametrize(
    ("mode", "state"),
    [
        ("down", "SOURCE_DOWN"),
        ("hang", "SOURCE_DOWN"),
        ("garbled", "SOURCE_GARBLED"),
        ("html", "SOURCE_GARBLED"),
        ("wrong_person", "SOURCE_GARBLED"),
        ("maintenance", "SOURCE_MAINTENANCE"),
    ],
)
def test_a_failing_population_registry_empties_its_own_fields_within_the_deadline(
    house: House, mode: str, state: str
) -> None:
    house.fault("population", mode)
    answer = house.post(
        PREFILL, {"purpose": purpose(), "subjects": [house.subject("applicant", "an")]}
    )
    told = answer.json()["data"]["dossier"]["prefill"]
    assert 200 == answer.status_code
    assert answer.elapsed.total_seconds() < 5
    assert state == by_key(told)["nguoiKhai.hoTen"]["state"]
    assert "INCOMPLETE" == told["outcome"]
    assert [state] == [s["state"] for s in told["sources"]]
