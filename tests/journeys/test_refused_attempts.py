"""A refused request is told to whom it was about, though no registry ever heard of it."""

from typing import Any

import pytest

from tests.journeys.documents import PERSON, purpose
from tests.journeys.house import House
from tests.journeys.reading import CASE, SEARCH, citizen, in_tree, lines
from tests.journeys.test_log import entries
from tests.journeys.test_own_access import line_of

NHIEN = "nhien"
"""A child of five, about whom few other tests ask."""


def number(house: House) -> str:
    return str(house.people[NHIEN]["key"]["number"])


def asked(house: House, query: str = PERSON, procedure: str = "1.004222") -> tuple[str, Any]:
    return query, {"purpose": purpose(procedure), "applicant": house.key(NHIEN)}


@pytest.mark.parametrize(
    ("field", "procedure", "persona", "code"),
    [
        ("religion", "1.004222", "portal-hanoi", "FIELD_OUTSIDE_PROCEDURE"),
        ("sex", "1.001193", "portal-hanoi", "FIELD_OUTSIDE_PROCEDURE"),
        ("sex", "9.999999", "portal-hanoi", "UNKNOWN_PROCEDURE"),
        ("sex", "1.004222", "auditor", "SCOPE_REQUIRED"),
        ("sex", "1.004222", "citizen-binh", "SUBJECT_NOT_ALLOWED"),
    ],
)
def test_a_refusal_stands_in_the_list_of_whom_it_was_about(
    house: House, field: str, procedure: str, persona: str, code: str
) -> None:
    house.calm()
    persona = citizen(house, "binh") if persona == "citizen-binh" else persona
    query, variables = asked(house, PERSON.replace("sex", field), procedure)
    answer = house.post(query, variables, persona=persona)
    assert code == answer.json()["errors"][0]["extensions"]["code"]
    assert [] == house.journal()
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert number(house) not in str(entry)
    line = line_of(house, answer.headers["x-request-id"], persona=citizen(house, NHIEN))
    assert "Đã từ chối" == line["outcome"]
    assert "Họ, chữ đệm và tên" in line["fields"]
    (found,) = lines(house, {"subject": {"personalId": number(house)}, "entry": entry["entry_id"]})
    assert ("DENIED", code) == (found["outcome"], found["code"])


def test_a_search_by_who_may_not_read_the_log_is_told_to_whom_it_looked_for(house: House) -> None:
    given = {"filter": {"subject": {"personalId": number(house)}}, "case": CASE}
    answer = house.post(SEARCH, given, persona="portal-hanoi")
    assert "data" not in answer.json()
    line = line_of(house, answer.headers["x-request-id"], persona=citizen(house, NHIEN))
    assert ("Đã từ chối", ["Nhật ký truy cập"], []) == (
        line["outcome"], line["registries"], line["fields"],
    )  # fmt: skip


def test_a_refused_crowd_names_no_more_than_may_be_asked_about(house: House) -> None:
    """A refusal costs one entry, however much was sent; a text that is no number is nobody's."""
    crowd = [f"0990850{n:05}" for n in range(120)]
    key = {**house.key("an"), "number": None}
    keys = [{**key, "number": {"personalId": each}} for each in crowd]
    query = """query Q($purpose: Purpose!, $keys: [PersonKey!]!, $home: ParcelKey!) {
      dossier(purpose: $purpose) {
        home: parcel(role: "home", key: $home) { sheet }
        persons(role: "applicant", keys: $keys) { fullName religion } } }"""
    home = {"ward": "00004", "sheet": "s" * 50_000, "parcel": "7", "holder": ["applicant"]}
    answer = house.post(query, {"purpose": purpose(), "keys": keys, "home": home})
    assert "data" not in answer.json(), answer.text
    line = in_tree(house, answer.headers["x-request-id"])
    named = [subject for read in line["reads"] for subject in read["subjects"]]
    assert ("DENIED", 50) == (line["outcome"], len(named))
