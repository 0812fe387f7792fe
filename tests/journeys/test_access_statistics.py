"""Statistics of the log: counts without personal data, small ones hidden, each reading an entry."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.documents import PREFILL, purpose
from tests.journeys.house import House
from tests.journeys.reading import until
from tests.journeys.test_log import entries

STATISTICS = """
query Statistics($filter: StatisticsFilter!) {
  accessStatistics(filter: $filter) {
    rows {
      month agency agencyName procedure registry answers outcomes { outcome answers }
      dossiers dossiersReplaced sharePercent hidden
    }
    note
  }
}
"""
REQUESTER = """
query Requester($purpose: Purpose!, $key: PersonKey!) {
  dossier(purpose: $purpose) { person(role: "requester", key: $key) { fullName } }
}
"""
TAKES_S = 60


def month() -> str:
    """Name this month; one that is about to end is waited out, for its rows are not the next's."""
    ends = datetime.now(UTC) + timedelta(seconds=TAKES_S)
    while ends.day == 1 and datetime.now(UTC).day != 1:
        time.sleep(0.5)
    return f"{datetime.now(UTC):%Y-%m}"


def this_month() -> dict[str, str]:
    return {"since": month(), "until": month()}


def rows(house: House, **more: str) -> list[dict[str, Any]]:
    answer = house.ask(STATISTICS, {"filter": {**this_month(), **more}}, persona="auditor")
    assert "errors" not in answer, answer
    found: list[dict[str, Any]] = answer["data"]["accessStatistics"]["rows"]
    return found


def test_five_answers_are_told_and_fewer_are_hidden(house: House) -> None:
    this = month()
    for _ in range(6):
        house.post(PREFILL, {"purpose": purpose(), "subjects": [house.subject("applicant", "an")]})
    told = until(
        lambda: [
            row
            for row in rows(house, procedure="1.004222", agency="H26")
            if row["registry"] is None and row["answers"] is not None
        ]
    )
    (row,) = told
    assert (this, "1.004222") == (row["month"], row["procedure"])
    assert row["answers"] > 5
    assert {"answers", "dossiers", "month"} <= set(row)
    assert ("H26", "Ủy ban nhân dân thành phố Hà Nội") == (row["agency"], row["agencyName"])


def test_a_procedure_of_one_answer_is_hidden(house: House) -> None:
    answer = house.ask(REQUESTER, {"purpose": purpose("1.001193"), "key": house.key("an")})
    assert "data" in answer, answer
    found = until(lambda: rows(house, procedure="1.001193"))
    hidden = [row for row in found if row["hidden"]]
    assert found == hidden
    assert {None} == {row["answers"] for row in hidden}


def test_a_statistic_is_an_entry_without_a_case(house: House) -> None:
    given = {**this_month(), "agency": "H26"}
    answer = house.post(STATISTICS, {"filter": given}, persona="auditor")
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("AUDIT_READ", "STATISTICS") == (entry["kind"], entry["action"])
    assert ["since", "until", "agency"] == entry["reads"][0]["fields"]
    assert len(answer.json()["data"]["accessStatistics"]["rows"]) == entry["found"]
    assert "case_tag" not in entry


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"since": "2026-12", "until": "2026-11"}, "period-reversed"),
        ({"since": "2023-01", "until": "2026-01"}, "period-too-long"),
        ({"since": "2026-13", "until": "2026-12"}, "variable-invalid"),
    ],
)
def test_months_that_make_no_sense_are_refused(
    house: House, given: dict[str, str], rule: str
) -> None:
    answer = house.post(STATISTICS, {"filter": given}, persona="auditor")
    assert rule == answer.json()["errors"][0]["extensions"]["rule"]
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("DENIED", rule) == (entry["kind"], entry["rule"])


def test_only_the_scope_opens_statistics(house: House) -> None:
    answer = house.post(STATISTICS, {"filter": this_month()})
    assert "scope-missing" == answer.json()["errors"][0]["extensions"]["rule"]
