"""A citizen online: reads the own record, a minor child's, and nobody else's."""

from typing import Any

import pytest

from tests.journeys.documents import PERSON, PREFILL, VERIFY, purpose
from tests.journeys.house import House
from tests.journeys.test_log import entries

AN = "citizen-an"

ME = """
{
  me {
    person {
      fullName personalId birthDate
      permanentResidence { today { display } }
      spouse { fullName }
      household { relationToHead members { fullName relationToHead } }
      healthInsurance { cardNumber validTo }
      socialInsurance { monthsContributed }
      businesses { code name }
      parcels { sheet parcel certificates { serialNumber } }
      source { registry }
    }
  }
}
"""

CHILDREN = """
query Children($purpose: Purpose!, $child: [PersonKey!]) {
  dossier(purpose: $purpose) { persons(role: "child", keys: $child) { fullName } }
}
"""

LAND = """
query Land($purpose: Purpose!, $applicant: PersonKey!, $home: ParcelKey!) {
  dossier(purpose: $purpose) {
    person(role: "applicant", key: $applicant) { fullName }
    parcel(role: "home", key: $home) { address { today { display } } }
  }
}
"""


def refused(house: House, query: str, variables: dict[str, Any], **more: str) -> dict[str, Any]:
    """Be refused with one error and one entry, which names whom it was about at most."""
    answer = house.post(query, variables, **{"persona": AN, **more})
    [error] = answer.json()["errors"]
    assert "data" not in answer.json()
    assert answer.status_code in {403, 503}, answer.text
    told: dict[str, Any] = error["extensions"]
    *_, last = entries(house, answer.headers["x-request-id"])
    assert ("DENIED", told["rule"]) == (last["kind"], last["rule"])
    assert {read["operation"] for read in last.get("reads", ())} <= {"Refused"}
    return told


def children(house: House, *names: str) -> dict[str, Any]:
    return {"purpose": purpose(), "child": [house.key(name) for name in names]}


def key_of_an(house: House) -> str:
    """Give the word under which the registries' journal knows An's number."""
    house.ask(PERSON, {"purpose": purpose(), "applicant": house.key("an")})
    [row] = house.journal()
    house.calm()
    return str(row["key"])


def test_c43_a_citizen_reads_the_own_record_and_it_is_logged(house: House) -> None:
    answer = house.post(ME, {}, persona=AN)
    told = answer.json()
    assert "errors" not in told, told
    person = told["data"]["me"]["person"]
    assert house.key("an") == {
        "number": {"personalId": person["personalId"]},
        "fullName": person["fullName"],
        "birthDate": person["birthDate"],
    }
    assert "Trần Thị Bình" == person["spouse"]["fullName"]
    assert 4 == len(person["household"]["members"])
    assert ["9900000016"] == [b["code"] for b in person["businesses"]]
    assert 2 == len(person["parcels"])
    assert {"population", "business", "insurance", "land"} == {
        row["registry"].partition("-")[0] for row in house.journal()
    }
    *intents, outcome = entries(house, answer.headers["x-request-id"])
    assert {"INTENT"} == {entry["kind"] for entry in intents}
    assert ("OUTCOME", "self-access") == (outcome["kind"], outcome["procedure"])
    assert ("CITIZEN", "CLAIM") == (outcome["actor_kind"], outcome["actor_standing"])
    assert "ACCOUNTABLE" == outcome["officer_standing"]
    assert set() == {"dossier_tag", "draft_tag"} & set(outcome)
    assert "VALUE" == outcome["states"]["self/fullName"]


@pytest.mark.parametrize("persona", ["portal-hanoi", "officer-lan", "developer"])
def test_who_is_no_citizen_has_no_record_of_the_own(house: House, persona: str) -> None:
    told = refused(house, ME, {}, persona=persona)
    assert ("SUBJECT_NOT_ALLOWED", "self-access-needs-a-citizen") == (told["code"], told["rule"])
    assert [] == house.journal()


@pytest.mark.parametrize(
    ("below", "path"),
    [
        ("religion", "self/religion"),
        ("ethnicGroup", "self/ethnicGroup"),
        ("spouse { personalId }", "self/spouse/personalId"),
        ("household { members { birthDate } }", "self/household/members/birthDate"),
        ("parcels { holder { __typename ... on HolderOrganisation { name } } }", "holder"),
    ],
)
def test_of_other_people_only_name_and_relation_are_shown_and_nothing_sensitive(
    house: House, below: str, path: str
) -> None:
    answer = house.post(f"{{ me {{ person {{ {below} }} }} }}", {}, persona=AN)
    [error] = answer.json()["errors"]
    assert "FIELD_OUTSIDE_PROCEDURE" == error["extensions"]["code"]
    assert path in error["message"]
    assert [] == house.journal()


@pytest.mark.parametrize(
    "beside", ["again: me { person { fullName } }", "dossier(purpose: $purpose) { __typename }"]
)
def test_an_operation_has_one_me_or_one_dossier(house: House, beside: str) -> None:
    variables = "($purpose: Purpose!)" if "dossier" in beside else ""
    query = f"query Two{variables} {{ me {{ person {{ sex }} }} {beside} }}"
    answer = house.post(query, {"purpose": purpose()} if variables else {}, persona=AN)
    assert "two-dossiers" == answer.json()["errors"][0]["extensions"]["rule"]
    assert [] == house.journal()


def test_self_access_is_no_procedure_that_a_dossier_can_name_or_a_search_find(
    house: House,
) -> None:
    named = {"purpose": purpose(procedure="self-access"), "applicant": house.key("an")}
    [error] = house.ask(PERSON, named, persona=AN)["errors"]
    assert "BAD_INPUT" == error["extensions"]["code"]
    listed = house.ask('{ procedures(search: "") { nodes { code } } }', {})["data"]["procedures"]
    assert "self-access" not in [node["code"] for node in listed["nodes"]]


def neighbour(house: House, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Give every way of asking about somebody."""
    key, claim = house.key(name), {"role": "applicant", "key": "nguoiKhai.hoTen", "value": "A"}
    subjects = [house.subject("applicant", name)]
    return [
        (PERSON, {"purpose": purpose(), "applicant": key}),
        (CHILDREN, {"purpose": purpose(), "child": [key]}),
        (PREFILL, {"purpose": purpose(), "subjects": subjects}),
        (PREFILL, {"purpose": purpose(), "subjects": subjects, "dryRun": True}),
        (VERIFY, {"purpose": purpose(), "subjects": subjects, "claims": [claim]}),
    ]


def test_a_neighbour_is_refused_and_no_registry_hears_of_it(house: House) -> None:
    for query, variables in neighbour(house, "hoa"):
        told = refused(house, query, variables)
        assert "SUBJECT_NOT_ALLOWED" == told["code"]
    assert [] == house.journal()


def test_a_neighbour_and_nobody_are_refused_in_the_same_bytes(house: House) -> None:
    ways = zip(neighbour(house, "hoa"), neighbour(house, "khong"), strict=True)
    for (query, somebody), (_, nobody) in ways:
        answers = [
            house.post(query, given, persona=AN, x_request_id="same-for-both").content
            for given in (somebody, nobody)
        ]
        assert answers[0] == answers[1]


def test_an_old_number_and_land_that_nobody_claims_are_refused_with_the_way_out(
    house: House,
) -> None:
    an = house.key("an")
    old = {**an, "number": {"oldIdNumber": "390000101"}}
    told = refused(house, PERSON, {"purpose": purpose(), "applicant": old})
    assert "subject-by-old-number" == told["rule"]
    home = {"ward": "00004", "sheet": "12", "parcel": "8", "holder": []}
    land = {"purpose": purpose(), "applicant": an, "home": home}
    assert "land-not-claimed-as-own" == refused(house, LAND, land)["rule"]
    assert [] == house.journal()


def test_the_own_land_opens_and_the_neighbours_stays_shut(house: House) -> None:
    for parcel, opens in (("7", True), ("8", False)):
        home = {"ward": "00004", "sheet": "12", "parcel": parcel, "holder": ["applicant"]}
        given = {"purpose": purpose(), "applicant": house.key("an"), "home": home}
        answer = house.ask(LAND, given, persona=AN)
        assert opens is (answer["data"]["dossier"]["parcel"] is not None)


def test_the_own_minor_children_are_asked_about_once_the_household_lists_them(
    house: House,
) -> None:
    answer = house.post(CHILDREN, children(house, "khoi", "nhien"), persona=AN)
    told = answer.json()
    assert "errors" not in told, told
    assert ["Nguyễn Minh Khôi", "Nguyễn An Nhiên"] == [
        person["fullName"] for person in told["data"]["dossier"]["persons"]
    ]
    household, people, outcome = entries(house, answer.headers["x-request-id"])
    assert [["child/minorChildOf"]] == [read["fields"] for read in household["reads"]]
    assert [["Household"], ["Person"]] == [
        [read["operation"] for read in entry["reads"]] for entry in (household, people)
    ]
    assert 1 == len(household["reads"][0]["subjects"])
    assert 2 == len(people["reads"][0]["subjects"])
    assert "reads" not in outcome


@pytest.mark.parametrize(
    ("child", "born", "rule", "asks_the_household"),
    [
        ("han", None, "child-not-in-household", True),
        ("khong", "2015-01-01", "child-not-in-household", True),
        ("khai", "2015-01-01", "child-not-in-household", True),
        ("khai", None, "child-of-age", False),
        ("binh", None, "child-of-age", False),
    ],
    ids=[
        "a neighbour's child", "nobody", "an adult said to be a child", "an adult", "the wife",
    ],
)  # fmt: skip
def test_no_other_child_is_and_no_registry_hears_of_it(
    house: House, child: str, born: str | None, rule: str, *, asks_the_household: bool
) -> None:
    an = key_of_an(house)
    given = children(house, "khoi", child)
    if born is not None:
        given["child"][1]["birthDate"] = born
    assert rule == refused(house, CHILDREN, given)["rule"]
    assert [an] * asks_the_household == [row["key"] for row in house.journal()]


def test_a_role_that_is_for_no_child_is_not_for_ones_own_child_either(house: House) -> None:
    given = {"purpose": purpose(), "applicant": house.key("khoi")}
    assert "subject-is-another" == refused(house, PERSON, given)["rule"]
    assert [] == house.journal()


def test_a_dry_run_about_a_child_asks_not_even_the_household(house: House) -> None:
    subjects = [house.subject("applicant", "an"), house.subject("child", "khoi")]
    given = {"purpose": purpose(), "subjects": subjects, "dryRun": True}
    assert "errors" not in house.ask(PREFILL, given, persona=AN)
    assert [] == house.journal()


def test_while_the_population_registry_is_silent_no_child_is_confirmed(house: House) -> None:
    house.fault("population", "down")
    told = refused(house, CHILDREN, children(house, "khoi"))
    assert ("GUARD_UNAVAILABLE", True) == (told["code"], told["retryable"])


def test_c42_whoever_declares_is_told_who_signs_for_a_child_of_that_age(house: House) -> None:
    subjects = [house.subject("applicant", "an"), house.subject("child", "khoi")]
    subjects.append(house.subject("child", "nhien"))
    told = house.ask(PREFILL, {"purpose": purpose(), "subjects": subjects}, persona=AN)
    notices = told["data"]["dossier"]["prefill"]["notices"]
    assert {("MINOR_UNDER_16", "child"), ("MINOR_UNDER_7", "child")} == {
        (n["code"], n["role"]) for n in notices if "MINOR" in n["code"]
    }


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("khoi", "PARENT", ["MINOR_UNDER_16"]),
        ("nhien", "GUARDIAN", ["MINOR_UNDER_7"]),
        ("khai", "PARENT", ["NO_LONGER_A_MINOR"]),
        ("khai", "PROXY", []),
    ],
)
def test_c42_at_the_counter_the_age_of_whom_a_parent_acts_for_is_said(
    house: House, name: str, kind: str, expected: list[str]
) -> None:
    acting = {"kind": kind, "role": "applicant", "evidence": "GKS 12/2014"}
    given = {
        "purpose": purpose(actingFor=acting),
        "subjects": [house.subject("applicant", name)],
    }
    told = house.ask(PREFILL, given, persona="officer-lan")["data"]["dossier"]["prefill"]
    assert expected == [n["code"] for n in told["notices"] if "MINOR" in n["code"]]


def test_an_officer_is_not_held_to_a_household(house: House) -> None:
    told = house.ask(CHILDREN, children(house, "han"), persona="officer-lan")
    assert "Nguyễn Kim Hân" == told["data"]["dossier"]["persons"][0]["fullName"]
