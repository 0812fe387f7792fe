"""A portal asks typed queries: every null says why, in `extensions.states`."""

from typing import Any

import pytest

from tests.journeys.documents import HOUSEHOLD, PERSON, officer, purpose
from tests.journeys.house import House


def test_a_person_is_found_by_number_name_and_birth_date(house: House) -> None:
    answer = house.ask(PERSON, {"purpose": purpose(), "applicant": house.key("an")})
    person = answer["data"]["dossier"]["applicant"]
    assert "Nguyễn Văn An" == person["fullName"]
    assert "Bộ Công an, Cơ sở dữ liệu quốc gia về dân cư" == person["source"]["authority"]
    assert "errors" not in answer


def test_the_upstream_request_id_leads_to_the_registrys_own_journal(house: House) -> None:
    answer = house.ask(PERSON, {"purpose": purpose(), "applicant": house.key("an")})
    upstream = answer["data"]["dossier"]["applicant"]["source"]["upstreamRequestId"]
    assert [upstream] == [row["request_id"] for row in house.journal("population")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Thị Hoà", True),
        ("NGUYỄN THỊ HÒA", True),
        ("nguyen thi hoa", True),
        ("Nguyễn Thị Hoá", False),
        ("Nguyễn Thị Hoài", False),
    ],
)
def test_marks_and_case_are_folded_but_a_wrong_mark_finds_nothing(
    house: House, name: str, *, shown: bool
) -> None:
    key = {**house.key("hoa"), "fullName": name}
    answer = house.ask(PERSON, {"purpose": purpose(actor=officer()), "applicant": key})
    person = answer["data"]["dossier"]["applicant"]
    assert shown == (person is not None)
    if not shown:
        assert "NOT_FOUND_OR_MISMATCH" == answer["errors"][0]["extensions"]["code"]
        assert {"dossier.applicant": "NOT_FOUND_OR_MISMATCH"} == answer["extensions"]["states"]


def test_the_wrong_year_finds_nothing_and_never_says_which_part_was_wrong(house: House) -> None:
    wrong_year = {**house.key("an"), "birthDate": "1986"}
    wrong_name = {**house.key("an"), "fullName": "Nguyễn Văn Ân"}
    messages = {
        house.ask(PERSON, {"purpose": purpose(actor=officer()), "applicant": key})["errors"][0][
            "message"
        ]
        for key in (wrong_year, wrong_name, house.key("khong"))
    }
    assert 1 == len(messages)


def test_a_year_only_birth_is_found_by_a_full_date_and_stays_a_year(house: House) -> None:
    key = {**house.key("cu"), "birthDate": "1945-03-08"}
    answer = house.ask(PERSON, {"purpose": purpose(actor=officer()), "applicant": key})
    assert "1945" == answer["data"]["dossier"]["applicant"]["birthDate"]


def test_two_people_sharing_an_old_number_are_told_apart_by_name(house: House) -> None:
    shared = [p for p in house.people.values() if "C10" in p["cases"]]
    assert shared
    for person in shared:
        answer = house.ask(PERSON, {"purpose": purpose(), "applicant": house.key(person["name"])})
        assert person["fullName"] == answer["data"]["dossier"]["applicant"]["fullName"]


def test_a_name_with_metacharacters_is_sent_as_text(house: House) -> None:
    answer = house.ask(PERSON, {"purpose": purpose(), "applicant": house.key("ab")})
    name = house.key("ab")["fullName"]
    assert {"<", "&"} <= set(name)
    assert name.casefold() == answer["data"]["dossier"]["applicant"]["fullName"].casefold()


def test_a_null_key_asks_no_registry(house: House) -> None:
    query = PERSON.replace("PersonKey!", "PersonKey")
    answer = house.ask(query, {"purpose": purpose(), "applicant": None})
    assert answer["data"]["dossier"]["applicant"] is None
    assert {"dossier.applicant": "NOT_ASKED"} == answer["extensions"]["states"]
    assert [] == house.journal()


def test_every_null_of_a_record_has_a_state(house: House) -> None:
    answer = house.ask(PERSON, {"purpose": purpose(), "applicant": house.key("an")})

    def nulls(value: Any, path: str) -> list[str]:
        if value is None or value == []:
            return [path]
        if isinstance(value, dict):
            return [n for k, v in value.items() for n in nulls(v, f"{path}.{k}")]
        if isinstance(value, list):
            return [n for i, v in enumerate(value) for n in nulls(v, f"{path}.{i}")]
        return []

    found = nulls(answer["data"]["dossier"], "dossier")
    assert found
    assert set(found) == set(answer["extensions"]["states"])


def test_aliases_of_one_key_are_one_call(house: House) -> None:
    query = """query Twice($purpose: Purpose!, $a: PersonKey!) {
      dossier(purpose: $purpose) {
        one: person(role: "applicant", key: $a) { fullName }
        two: person(role: "owner", key: $a) { fullName }
      }
    }"""
    answer = house.ask(query, {"purpose": purpose(), "a": house.key("an")})
    assert {"Nguyễn Văn An"} == {p["fullName"] for p in answer["data"]["dossier"].values()}
    assert 1 == len(house.journal("population"))


def test_persons_stand_in_place_with_null_for_those_not_found(house: House) -> None:
    query = """query Many($purpose: Purpose!, $keys: [PersonKey!]) {
      dossier(purpose: $purpose) { persons(role: "applicant", keys: $keys) { fullName } }
    }"""
    keys = [house.key("an"), house.key("khong"), house.key("binh")]
    answer = house.ask(query, {"purpose": purpose(actor=officer()), "keys": keys})
    people = answer["data"]["dossier"]["persons"]
    assert ["Nguyễn Văn An", None, "Trần Thị Bình"] == [p and p["fullName"] for p in people]
    assert ["dossier", "persons", 1] == answer["errors"][0]["path"]


def test_the_catalogue_is_found_without_marks_and_by_what_people_call_it(house: House) -> None:
    query = "query Find($s: String!) { procedures(search: $s) { nodes { code name } } }"
    for search in ("dang ky thuong tru", "nhap ho khau", "1.004222", "permanent-residence"):
        nodes = house.ask(query, {"s": search})["data"]["procedures"]["nodes"]
        assert "1.004222" in {node["code"] for node in nodes}


def test_my_grants_lists_role_paths(house: House) -> None:
    query = "{ myGrants { procedure roles { role paths } } }"
    grants = house.ask(query, {})["data"]["myGrants"]
    mine = next(g for g in grants if g["procedure"] == "1.004222")
    applicant = next(r for r in mine["roles"] if r["role"] == "applicant")
    assert "applicant/permanentResidence/today/display" in applicant["paths"]


def test_a_place_is_read_by_its_day(house: House) -> None:
    query = """query Place($on: Date) { place(code: "00004", on: $on) { wardName districtName } }"""
    before = house.ask(query, {"on": "2024-01-01"})["data"]["place"]
    now = house.ask(query, {"on": None})["data"]["place"]
    assert {"wardName": "Phường Trúc Bạch", "districtName": "Quận Ba Đình"} == before
    assert {"wardName": "Phường Ba Đình", "districtName": None} == now


def test_the_members_cards_are_asked_at_the_same_time(house: House) -> None:
    answer = house.ask(HOUSEHOLD, {"purpose": purpose(), "applicant": house.key("an")})
    members = answer["data"]["dossier"]["applicant"]["household"]["members"]
    assert 4 == len(members)


def test_pages_of_a_search_miss_nothing_and_repeat_nothing(house: House) -> None:
    query = """query Page($after: String) {
      procedures(search: "registration", first: 1, after: $after) {
        nodes { code } pageInfo { hasNextPage endCursor } totalCount } }"""
    seen: list[str] = []
    after, more = None, True
    while more:
        page = house.ask(query, {"after": after})["data"]["procedures"]
        seen += [node["code"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert page["totalCount"] == len(seen) == len(set(seen))
    assert {"1.001193", "1.004222"} <= set(seen)
