"""For what, in whose name, under which code: the purposes that portals really send."""

from typing import Any

import pytest

from tests.journeys.documents import PERSON, PREFILL, purpose
from tests.journeys.house import House


def ask(house: House, given: dict[str, Any], **more: str) -> Any:
    return house.post(PERSON, {"purpose": given, "applicant": house.key("an")}, **more)


def test_c38_an_officer_without_a_personal_id_is_refused_before_any_call(house: House) -> None:
    actor = {"kind": "OFFICER", "unit": "H26.12"}
    answer = ask(house, purpose(actor=actor))
    assert 403 == answer.status_code
    assert "OFFICER_REQUIRED" == answer.json()["errors"][0]["extensions"]["code"]
    assert [] == house.journal()


def test_c40_a_code_with_a_provincial_suffix_is_the_national_procedure(house: House) -> None:
    for code in ("1.004222.H26", "1.004222.000.00.00.H26"):
        answer = ask(house, purpose(procedure=code))
        assert 200 == answer.status_code, answer.text
        assert answer.json()["data"]["dossier"]["applicant"]


@pytest.mark.parametrize("code", ["2.002621", "2.001023", "2.000986"])
def test_c41_a_repealed_bundle_names_its_successor_and_still_serves_older_dossiers(
    house: House, code: str
) -> None:
    given = purpose(procedure=code)
    roles = {"requester": "mai", "mother": "mai", "father": "nam"}
    subjects = [house.subject(role, name) for role, name in roles.items()]
    subjects.append({"role": "child", "is": {"declared": {"reason": "NEWBORN"}}})
    late = house.ask(PREFILL, {"purpose": given, "subjects": subjects})["errors"][0]
    assert "PROCEDURE_RETIRED" == late["extensions"]["code"]
    assert "3.000722" in late["message"]
    given["dossier"]["openedOn"] = "2025-09-01"
    old = house.ask(PREFILL, {"purpose": given, "subjects": subjects})
    assert "errors" not in old, old["errors"]
    assert old["data"]["dossier"]["prefill"]["fields"]


def test_an_officer_named_by_the_token_beats_nothing_else_and_a_contradiction_is_refused(
    house: House,
) -> None:
    other = {"kind": "OFFICER", "personalId": "097185009999", "unit": "H26.12"}
    answer = ask(house, purpose(actor=other), persona="officer-lan")
    assert 403 == answer.status_code
    assert "ACTOR_MISMATCH" == answer.json()["errors"][0]["extensions"]["code"]


def test_a_draft_of_the_portal_is_a_dossier_too(house: House) -> None:
    given = {"procedure": "1.004222", "dossier": {"draft": "abcdefghijklmnop-0001"}}
    assert ask(house, given).json()["data"]["dossier"]["applicant"]


def test_neither_code_nor_draft_is_refused(house: House) -> None:
    answer = ask(house, {"procedure": "1.004222", "dossier": {}})
    assert 400 == answer.status_code
    assert "dossier.code" in answer.json()["errors"][0]["message"]


def test_a_dossier_of_another_province_may_be_received_here(house: House) -> None:
    given = purpose()
    given["dossier"]["code"] = "H36.05-261121-0001"
    assert 200 == ask(house, given).status_code


def test_a_citizen_online_reads_the_own_record_under_the_accountable_officer(
    house: House,
) -> None:
    answer = ask(house, purpose(), persona="citizen-an")
    assert "Nguyễn Văn An" == answer.json()["data"]["dossier"]["applicant"]["fullName"]


def test_another_province_speaks_for_its_own_agencies(house: House) -> None:
    given = purpose(receivedBy="H36")
    assert 200 == ask(house, given, persona="portal-lamdong").status_code
    assert 403 == ask(house, purpose(receivedBy="H26"), persona="portal-lamdong").status_code


def test_consent_needs_its_reference(house: House) -> None:
    answer = ask(house, purpose(legalBasis="CONSENT"))
    assert "consent" in answer.json()["errors"][0]["message"]


def test_a_text_of_the_purpose_that_is_too_long_is_refused(house: House) -> None:
    answer = ask(house, purpose(legalBasis="CONSENT", consent="x" * 501))
    assert 400 == answer.status_code
    assert "consent" in answer.json()["errors"][0]["message"]
    assert [] == house.journal()
