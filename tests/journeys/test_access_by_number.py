"""One person is one list, by whichever number the auditor asks; and no log, no list."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.documents import PREFILL, purpose
from tests.journeys.house import House, kill_tree
from tests.journeys.reading import CASE, OWN, SEARCH, citizen, in_tree, lines, search
from tests.journeys.test_access_statistics import STATISTICS, this_month

NUMBERS = """
{
  me {
    person {
      personalId oldIdNumbers
      socialInsurance { number }
      healthInsurance { cardNumber }
    }
  }
}
"""


@pytest.fixture(scope="module")
def numbers(started_house: House) -> dict[str, str]:
    """Give An's numbers as the registries state them; the log has met them together by then."""
    answer = started_house.post(NUMBERS, {}, persona=citizen(started_house, "an"))
    in_tree(started_house, answer.headers["x-request-id"])
    told: dict[str, Any] = answer.json()["data"]["me"]["person"]
    return {
        "personalId": told["personalId"],
        "oldIdNumber": told["oldIdNumbers"][0],
        "socialInsuranceNumber": told["socialInsurance"]["number"],
        "healthCardNumber": told["healthInsurance"]["cardNumber"],
    }


@pytest.mark.parametrize(
    "kind", ["personalId", "oldIdNumber", "socialInsuranceNumber", "healthCardNumber"]
)
def test_each_number_finds_what_was_asked_by_the_personal_id(
    house: House, numbers: dict[str, str], kind: str
) -> None:
    answer = house.post(
        PREFILL,
        {"purpose": purpose(), "subjects": [house.subject("applicant", "an")]},
    )
    line = in_tree(house, answer.headers["x-request-id"])
    found = lines(house, {"subject": {kind: numbers[kind]}})
    assert line["entryId"] in {each["entryId"] for each in found}


def test_a_parcel_is_found_by_its_place(house: House) -> None:
    home = {"ward": "00004", "sheet": "12", "parcel": "7"}
    answer = house.post(
        PREFILL,
        {
            "purpose": purpose(),
            "subjects": [
                house.subject("applicant", "an"),
                {"role": "home", "is": {"parcel": {**home, "holder": ["applicant"]}}},
            ],
        },
    )
    line = in_tree(house, answer.headers["x-request-id"])
    found = lines(house, {"subject": {"parcel": home}})
    assert line["entryId"] in {each["entryId"] for each in found}
    shown = {n["value"] for r in line["reads"] for s in r["subjects"] for n in s["numbers"]}
    assert "000•••••/7" in {value.partition("#")[0] for value in shown}


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """Give a house whose log may be broken."""
    house = House(tmp_path / "own")
    yield house
    house.stop()
    kill_tree(house.process)


def test_a_log_that_cannot_be_written_is_not_read_either(own_house: House) -> None:
    search(own_house, {})
    lock = sqlite3.connect(own_house.directory / "access-log.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        told = [
            own_house.post(SEARCH, {"filter": {}, "case": CASE}, persona="auditor"),
            own_house.post(OWN, {}, persona="citizen-an"),
            own_house.post(STATISTICS, {"filter": this_month()}, persona="auditor"),
        ]
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    for answer in told:
        assert 503 == answer.status_code
        assert "data" not in answer.json()
        (error,) = answer.json()["errors"]
        assert "access-log-unavailable" == error["extensions"]["rule"]
