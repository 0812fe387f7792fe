"""No entry, no data: what the access log holds when a portal, or nobody, got an answer."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.documents import HOUSEHOLD, PERSON, PREFILL, purpose
from tests.journeys.house import House, kill_tree
from tests.patience import soon


def entries(house: House, request_id: str) -> list[dict[str, Any]]:
    """Give the entries of one request, as they lie on disk."""
    with sqlite3.connect(f"file:{house.directory / 'access-log.db'}?mode=ro", uri=True) as log:
        rows = log.execute(
            "SELECT body FROM audit_entry WHERE request_id = ? ORDER BY counter", (request_id,)
        ).fetchall()
    log.close()
    return [json.loads(row[0])["entry"] for row in rows]


def test_each_wave_has_its_intent_and_the_answer_its_outcome(house: House) -> None:
    answer = house.post(HOUSEHOLD, {"purpose": purpose(), "applicant": house.key("an")})
    found = entries(house, answer.headers["x-request-id"])
    assert ["INTENT", "INTENT", "INTENT", "OUTCOME"] == [e["kind"] for e in found]
    assert [1, 2, 3] == [e["wave"] for e in found[:3]]
    assert [e["entry_id"] for e in found[:3]] == found[3]["parent"]


def test_an_intent_names_registry_subjects_and_fields(house: House) -> None:
    answer = house.post(HOUSEHOLD, {"purpose": purpose(), "applicant": house.key("an")})
    person, household, cards = entries(house, answer.headers["x-request-id"])[:3]
    assert ["applicant/fullName"] == person["reads"][0]["fields"]
    assert ["POPULATION"] == [r["registry"] for r in household["reads"]]
    assert person["reads"][0]["subjects"] == household["reads"][0]["subjects"]
    assert 4 == len(cards["reads"][0]["subjects"])
    assert ["applicant/household/members/healthInsurance/validTo"] == cards["reads"][0]["fields"]


def test_everybody_whom_a_household_showed_is_a_subject_of_the_outcome(house: House) -> None:
    answer = house.post(HOUSEHOLD, {"purpose": purpose(), "applicant": house.key("an")})
    *intents, outcome = entries(house, answer.headers["x-request-id"])
    shown = {tag for read in outcome["reads"] for one in read["subjects"] for tag in one["tags"]}
    (asked,) = intents[0]["reads"][0]["subjects"]
    (household,) = [read for read in outcome["reads"] if 4 == len(read["subjects"])]
    assert ["applicant/household/members/fullName"] <= household["fields"]
    assert set(asked["tags"]) < shown


def test_an_entry_says_who_asked_for_what_and_by_which_grant(house: House) -> None:
    answer = house.post(
        PERSON,
        {"purpose": purpose(procedure="1.004222.H26"), "applicant": house.key("an")},
        persona="officer-lan",
    )
    entry = entries(house, answer.headers["x-request-id"])[0]
    assert "portal-hanoi" == entry["consumer_id"]
    assert ("1.004222", "1.004222.H26") == (entry["procedure"], entry["procedure_raw"])
    assert "CLAIM" == entry["officer_standing"]
    assert "H26.12" == entry["competent_agency"]
    assert 43 == len(entry["officer_tag"]) == len(entry["dossier_tag"])
    assert {"document_hash", "grant_version", "procedure_version"} <= set(entry)


def test_an_outcome_says_what_became_of_each_field_and_paper(house: House) -> None:
    answer = house.post(
        PREFILL, {"purpose": purpose(), "subjects": [house.subject("applicant", "an")]}
    )
    outcome = entries(house, answer.headers["x-request-id"])[-1]
    assert "VALUE" == outcome["states"]["applicant/fullName"]
    assert "NOT_ASKED" == outcome["states"]["owner/fullName"]
    assert "FORM" == outcome["components"]["to-khai"]
    assert "POPULATION" in {s["registry"] for s in outcome["sources"]}


def test_an_answer_from_the_cache_is_an_entry_too(house: House) -> None:
    variables = {"purpose": purpose(), "applicant": house.key("an")}
    house.post(PERSON, variables)
    answer = house.post(PERSON, variables)
    assert 1 == len(house.journal("population"))
    intent, outcome = entries(house, answer.headers["x-request-id"])
    assert intent["reads"]
    assert outcome["sources"][0]["from_cache"]


def test_a_refusal_is_an_entry_without_personal_data(house: House) -> None:
    answer = house.post(PERSON, {"purpose": purpose(), "applicant": {"number": {}}})
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("DENIED", "BAD_INPUT", "variable-invalid") == (
        entry["kind"], entry["code"], entry["rule"],
    )  # fmt: skip


def test_a_refused_path_is_listed_in_the_entry(house: House) -> None:
    answer = house.post(
        PERSON.replace("sex", "religion"), {"purpose": purpose(), "applicant": house.key("an")}
    )
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ["applicant/religion"] == entry["refused_paths"]


def test_a_missing_token_is_an_entry(house: House) -> None:
    answer = house.http.post(f"{house.addresses['gateway']}/graphql", json={"query": "{a}"})
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert "TOKEN_REQUIRED" == entry["code"]


def test_a_dry_run_is_an_entry_of_its_own_kind(house: House) -> None:
    answer = house.post(
        PREFILL,
        {"purpose": purpose(), "subjects": [house.subject("applicant", "an")], "dryRun": True},
    )
    assert ["DRY_RUN"] == [e["kind"] for e in entries(house, answer.headers["x-request-id"])]


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """Give a house whose log may be broken."""
    house = House(tmp_path / "own")
    yield house
    house.stop()
    kill_tree(house.process)


def test_without_a_log_there_is_no_data_and_no_registry_call_and_it_recovers(
    own_house: House,
) -> None:
    variables = {"purpose": purpose(), "applicant": own_house.key("an")}
    lock = sqlite3.connect(own_house.directory / "access-log.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        answer = own_house.post(PERSON, variables)
        ready = own_house.http.get(f"{own_house.addresses['gateway']}/ready")
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    assert 503 == answer.status_code
    assert "data" not in answer.json()
    assert "ACCESS_LOG_UNAVAILABLE" == answer.json()["errors"][0]["extensions"]["code"]
    assert answer.headers["retry-after"]
    assert [] == own_house.journal()
    assert 503 == ready.status_code
    again = soon(
        lambda: own_house.post(PERSON, variables), lambda answer: answer.status_code == 200
    )
    assert "Nguyễn Văn An" == again.json()["data"]["dossier"]["applicant"]["fullName"]
