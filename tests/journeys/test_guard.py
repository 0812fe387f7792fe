"""What an ill-meaning document tries: each was once possible, or would be the first to be tried."""

from typing import Any

import pytest

from tests.journeys.documents import PREFILL, VERIFY, purpose
from tests.journeys.guard_pairs import PAIRS, Pair, document
from tests.journeys.house import House
from tests.journeys.test_papers import parcel

TWO_PREFILLS = """
query Two($purpose: Purpose!, $one: [SubjectInput!]!, $two: [SubjectInput!]!) {
  dossier(purpose: $purpose) {
    a: prefill(subjects: $one) { outcome }
    b: prefill(subjects: $two) { fields { key value state } components { id outcome } }
  }
}
"""


def person(selection: str, role: str = "applicant") -> str:
    return f"""query P($purpose: Purpose!, $k: PersonKey!) {{
      dossier(purpose: $purpose) {{ person(role: "{role}", key: $k) {{ {selection} }} }} }}"""


@pytest.mark.parametrize(
    "selection",
    [
        "businesses { source { registry } }",
        "parcels { source { authority } }",
        "household { source { registry } }",
        "socialInsurance { ... on RegistryRecord { source { registry } } }",
        "businesses { ... on HouseholdBusiness { source { fetchedAt } } }",
        "household { __typename }",
    ],
)
def test_provenance_does_not_lead_past_the_guard(house: House, selection: str) -> None:
    """The owner of the dwelling gives name and number: whether they own a business is not asked."""
    query = person(selection, "owner")
    answer = house.ask(query, {"purpose": purpose(), "k": house.key("an")})
    assert "FIELD_OUTSIDE_PROCEDURE" == answer["errors"][0]["extensions"]["code"]
    assert [] == house.journal()


def test_a_name_check_is_not_granted_by_its_provenance(house: House) -> None:
    query = """query N($purpose: Purpose!) { dossier(purpose: $purpose) {
      nameCheck(name: "Hoa Sen", ward: "00004") { source { registry } } } }"""
    answer = house.ask(query, {"purpose": purpose()})
    assert "FIELD_OUTSIDE_PROCEDURE" == answer["errors"][0]["extensions"]["code"]


def test_the_subjects_of_one_prefill_do_not_open_the_land_of_another(house: House) -> None:
    home = {"role": "home", "is": parcel("00004", "12", "7", "applicant")}
    strangers = [house.subject("applicant", "duc"), home]
    both = {"purpose": purpose(), "one": [house.subject("applicant", "an")], "two": strangers}
    told = house.ask(TWO_PREFILLS, both)["data"]["dossier"]["b"]
    papers = {c["id"]: c["outcome"] for c in told["components"]}
    assert "ASK_SUPPLEMENT" == papers["giay-to-cho-o"]
    assert "SX 100101" not in str(told)


def test_a_role_given_to_several_people_holds_nothing(house: House) -> None:
    query = """query Many($purpose: Purpose!, $keys: [PersonKey!], $home: ParcelKey) {
      dossier(purpose: $purpose) {
        persons(role: "applicant", keys: $keys) { fullName }
        parcel(role: "home", key: $home) { certificates { serialNumber } }
      }
    }"""
    variables = {
        "purpose": purpose(),
        "keys": [house.key(name) for name in ("duc", "hoa", "an")],
        "home": parcel("00004", "12", "7", "applicant")["parcel"],
    }
    answer = house.ask(query, variables)
    assert "SX 100101" not in str(answer)


def test_verify_gives_no_candidates_of_an_address(house: House) -> None:
    claims = [{"role": "applicant", "key": "nguoiKhai.noiThuongTru", "value": "x"}]
    query = VERIFY.replace("notices { code text }", "notices { code text candidates }")
    variables = {"purpose": purpose(), "subjects": [house.subject("applicant", "mai")]}
    judged = house.ask(query, {**variables, "claims": claims})["data"]["dossier"]["verify"]
    divided = next(n for n in judged["notices"] if n["code"] == "WARD_DIVIDED")
    assert [] == divided["candidates"]


def test_a_nested_condition_hides_no_field_from_the_intent(house: House) -> None:
    query = person("""household { relationToHead }
      ... on RegistryRecord { ... on Person { household { members { fullName } } } }""")
    answer = house.ask(query, {"purpose": purpose(), "k": house.key("an")})
    household = answer["data"]["dossier"]["person"]["household"]
    assert {"relationToHead", "members"} == set(household)


@pytest.mark.parametrize(
    "query",
    [
        "{registries{...f0}} "
        + "".join(f"fragment f{i} on Registry{{...f{i + 1} ...f{i + 1}}} " for i in range(40))
        + "fragment f40 on Registry{name}",
        "{registries{" + "name " * 450 + "}}",
        '{place(code:"00004"){...f0}} '
        + "".join(
            f"fragment f{i} on Place{{s:successors{{...f{i + 1}}} successors{{...f{i + 1}}}}} "
            for i in range(14)
        )
        + "fragment f14 on Place{display}",
    ],
)
def test_a_short_document_cannot_occupy_the_gateway(house: House, query: str) -> None:
    answer = house.post(query, {})
    assert answer.elapsed.total_seconds() < 5
    assert answer.status_code in {200, 400}


def only(house: House, keys: list[str], *subjects: dict[str, Any]) -> dict[str, Any]:
    answer = house.ask(PREFILL, {"purpose": purpose(), "subjects": list(subjects), "only": keys})
    told: dict[str, Any] = answer["data"]["dossier"]["prefill"]
    return {f["key"]: f for f in told["fields"]}


def test_only_the_land_looks_its_holder_up_and_shows_nothing_of_the_person(house: House) -> None:
    home = {"role": "home", "is": parcel("00004", "12", "7", "applicant")}
    fields = only(house, ["home.*"], house.subject("applicant", "an"), home)
    assert ["SX 100101"] == fields["choO.soGCN[]"]["value"]
    assert "NOT_ASKED" == fields["nguoiKhai.hoTen"]["state"]


def variables(house: House, pair: Pair, body: str) -> dict[str, Any]:
    """Give what a body of a pair asks with."""
    known = {
        "k": house.key("an"),
        "ks": [house.key("an")],
        "home": parcel("00004", "12", "7", "applicant")["parcel"],
        "no": False,
        "yes": True,
    }
    used = {name: value for name, value in known.items() if f"${name}" in document(body)}
    return {"purpose": purpose(pair.procedure), **used}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.says)
def test_what_is_granted_once_is_not_granted_elsewhere(house: House, pair: Pair) -> None:
    inside = house.ask(document(pair.inside), variables(house, pair, pair.inside))
    codes = {error["extensions"]["code"] for error in inside.get("errors", ())}
    assert "data" in inside, codes
    house.calm()
    outside = house.ask(document(pair.outside), variables(house, pair, pair.outside))
    (error,) = outside["errors"]
    assert "FIELD_OUTSIDE_PROCEDURE" == error["extensions"]["code"]
    assert f": {pair.paths}." in error["message"]
    assert "data" not in outside
    assert [] == house.journal()


def test_there_are_more_than_twenty_pairs() -> None:
    assert 20 < len(PAIRS) == len({pair.says for pair in PAIRS})
