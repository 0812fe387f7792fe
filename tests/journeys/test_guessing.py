"""Guessing by verify: a wrong claim costs the same by whatever name its verdict goes."""

from typing import Any

import pytest

from tests.journeys.documents import VERIFY, officer, purpose
from tests.journeys.house import House
from tests.journeys.test_papers import parcel


def verdict(
    house: House, given: dict[str, Any], subjects: list[dict[str, Any]], *claim: str
) -> str:
    role, key, value = claim
    claims = [{"role": role, "key": key, "value": value}]
    answer = house.ask(VERIFY, {"purpose": given, "subjects": subjects, "claims": claims})
    (told,) = answer["data"]["dossier"]["verify"]["verdicts"]
    found: str = told["verdict"]
    return found


@pytest.mark.parametrize(
    ("key", "wrong", "right"),
    [
        ("chuHo.soDinhDanh", [f"09708500099{n}" for n in range(6)], "097085000101"),
        ("nguoiKhai.ngaySinh", [f"1985-0{n}-12" for n in (1, 2, 3, 4, 6, 7)], "1985-05-12"),
        ("chuHo.hoTen", [f"Lê Văn {n}" for n in "ABCDEG"], "Nguyễn Văn An"),
    ],
)
def test_a_claim_that_is_never_called_different_costs_an_attempt_all_the_same(
    house: House, key: str, wrong: list[str], right: str
) -> None:
    # The year alone proves An; the day must not be found out by asking for each of them.
    year = {**house.key("an"), "birthDate": "1985"}
    subjects = [{"role": "applicant", "is": {"person": year}}]
    actor = officer()
    told = [
        verdict(house, purpose(actor=actor), subjects, "applicant", key, value)
        for value in (right, *wrong, right)
    ]
    assert ["EXACT", *["CANNOT_DECIDE"] * 5, "LOCKED", "LOCKED"] == told


def test_what_is_locked_is_locked_for_the_right_claim_too(house: House) -> None:
    actor = officer()
    subjects = [
        house.subject("applicant", "an"),
        {"role": "home", "is": parcel("00004", "12", "7", "applicant")},
    ]
    told = [
        verdict(house, purpose(actor=actor), subjects, "home", "choO.soGCN[]", value)
        for value in [*(f"SX 10020{n}" for n in range(6)), "SX 100101"]
    ]
    assert [*["DIFFERENT"] * 5, "LOCKED", "LOCKED"] == told


def test_a_fact_of_few_values_is_told_once_in_a_dossier(house: House) -> None:
    """Of two sexes the second guess would be certain, so it gets no verdict."""
    subjects = [house.subject("applicant", "an")]
    given = purpose(actor=officer())
    told = [
        verdict(house, given, subjects, "applicant", "nguoiKhai.gioiTinh", value)
        for value in ("Nữ", "Nam", "Nữ")
    ]
    assert ["DIFFERENT", "LOCKED", "DIFFERENT"] == told
    another = purpose(actor=officer())
    twice = [
        verdict(house, another, subjects, "applicant", "nguoiKhai.gioiTinh", "Nam") for _ in "ab"
    ]
    assert ["EXACT", "EXACT"] == twice
