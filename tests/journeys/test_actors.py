"""Who sat at the keyboard, for whom, where: the log says it of each kind of visit."""

from typing import Any

from tests.journeys.documents import PERSON, purpose
from tests.journeys.house import House
from tests.journeys.test_log import entries

POST = {"kind": "POST_EMPLOYEE", "personalId": "097190000301", "employer": "VNPost"}
HELPER = {"kind": "HELPER", "personalId": "097199000302", "employer": "Doan-TNCS"}


def outcome(house: House, given: dict[str, Any], **more: str) -> dict[str, Any]:
    """Read An, and give the entry about it."""
    answer = house.post(PERSON, {"purpose": given, "applicant": house.key("an")}, **more)
    assert 200 == answer.status_code, answer.text
    found = entries(house, answer.headers["x-request-id"])[-1]
    assert "OUTCOME" == found["kind"]
    return found


def test_a_citizen_online_is_the_actor_and_the_accountable_officer_answers(house: House) -> None:
    found = outcome(house, purpose(), persona="citizen-an")
    assert ("CITIZEN", "CLAIM") == (found["actor_kind"], found["actor_standing"])
    assert "ACCOUNTABLE" == found["officer_standing"]


def test_an_officer_at_the_counter_answers_under_the_own_number(house: House) -> None:
    found = outcome(house, purpose(step="COUNTER"), persona="officer-lan")
    assert ("OFFICER", "CLAIM") == (found["actor_kind"], found["actor_standing"])
    assert ("CLAIM", "H26.12") == (found["officer_standing"], found["unit"])
    assert "COUNTER" == found["step"]


def test_an_officer_whom_only_the_portal_names_is_said_to_be_asserted(house: House) -> None:
    actor = {"kind": "OFFICER", "personalId": "097185009001", "unit": "H26.12"}
    found = outcome(house, purpose(actor=actor))
    assert ("OFFICER", "ASSERTED") == (found["actor_kind"], found["actor_standing"])
    assert "ASSERTED" == found["officer_standing"]


def test_a_post_employee_at_a_counter_is_no_officer_and_has_an_employer(house: House) -> None:
    found = outcome(house, purpose(actor=POST, step="COUNTER"))
    assert ("POST_EMPLOYEE", "ASSERTED") == (found["actor_kind"], found["actor_standing"])
    assert ("VNPost", "ACCOUNTABLE") == (found["actor_employer"], found["officer_standing"])


def test_a_helper_stands_beside_the_citizen(house: House) -> None:
    found = outcome(house, purpose(assistedBy=HELPER), persona="citizen-an")
    assert ("CITIZEN", "HELPER") == (found["actor_kind"], found["assisted_by_kind"])
    assert 43 == len(found["assisted_by_tag"])
    assert "Doan-TNCS" == found["assisted_by_employer"]


def test_a_proxy_is_logged_with_whom_he_acts_for(house: House) -> None:
    acting = {"kind": "PROXY", "role": "applicant", "evidence": "GUQ 45/2026"}
    found = outcome(house, purpose(actingFor=acting), persona="officer-lan")
    assert ("PROXY", "applicant") == (found["acting_for_kind"], found["acting_for_role"])


def test_a_draft_that_becomes_a_dossier_is_found_under_both(house: House) -> None:
    draft = {"draft": "abcdefghijklmnop-0042"}
    begun = outcome(house, {"procedure": "1.004222", "dossier": draft})
    given = purpose()
    opened = outcome(house, {**given, "dossier": {**given["dossier"], **draft}})
    later = outcome(house, given)
    assert begun["draft_tag"] == opened["draft_tag"]
    assert opened["dossier_tag"] == later["dossier_tag"]
    assert ("dossier_tag" in begun, "draft_tag" in later) == (False, False)


def test_a_dossier_received_here_for_another_province_names_both_agencies(house: House) -> None:
    given = purpose(receivedBy="H26.12")
    given["dossier"]["code"] = "H36.05-261121-0002"
    found = outcome(house, given, persona="officer-lan")
    assert ("H26.12", "H36.05") == (found["receiving_agency"], found["competent_agency"])
