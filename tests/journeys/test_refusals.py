"""Bad input gets a clear refusal: the field, the rule, the way out; no registry hears of it."""

import copy
from typing import Any

import pytest

from tests.journeys.documents import HOUSEHOLD, PERSON, PREFILL, VERIFY, purpose
from tests.journeys.house import GRAPHQL_JSON, House

PLAIN = "application/json"


def changed(variables: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Give a copy of *variables* with the value at the dotted *path* replaced."""
    variables = copy.deepcopy(variables)
    *parents, last = path.split(".")
    at: Any = variables
    for name in parents:
        at = at[int(name)] if name.isdigit() else at[name]
    at[last] = value
    return variables


@pytest.fixture
def person(house: House) -> dict[str, Any]:
    return {"purpose": purpose(), "applicant": house.key("an")}


@pytest.fixture
def dossier(house: House) -> dict[str, Any]:
    return {"purpose": purpose(), "subjects": [house.subject("applicant", "an")]}


def refused(
    house: House, query: str, variables: dict[str, Any], *, status: int = 400, **more: str
) -> dict[str, Any]:
    """Send it, and hold that it was refused under both media types, without any registry call."""
    answer = house.post(query, variables, accept=GRAPHQL_JSON, **more)
    assert status == answer.status_code, answer.text
    assert "data" not in answer.json()
    plain = house.post(query, variables, accept=PLAIN, **more)
    assert (200 if status == 400 else status) == plain.status_code
    assert "data" not in plain.json()
    assert [] == house.journal()
    error: dict[str, Any] = answer.json()["errors"][0]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    return error


NUMBER = "applicant.number.personalId"


@pytest.mark.parametrize(
    ("path", "value", "named", "said"),
    [
        (NUMBER, "09708500010", "$applicant.number.personalId", "12 chữ số"),
        (NUMBER, "09708500010A", "$applicant.number.personalId", "12 chữ số"),
        (NUMBER, "٠٩٧٠٨٥٠٠٠١٠١", "$applicant.number.personalId", "12 chữ số"),
        (NUMBER, 97085000101, "$applicant.number.personalId", "chuỗi"),
        ("applicant.birthDate", "1985-02-30", "$applicant.birthDate", ""),
        ("applicant.birthDate", "12/05/1985", "$applicant.birthDate", ""),
        ("applicant.number", {}, "$applicant.number", "đúng một trong"),
        ("applicant.fullName", None, "$applicant.fullName", "null"),
        ("applicant.nickname", "An", "$applicant", "nickname"),
        ("purpose.procedure", "1.4222", "$purpose.procedure", ""),
        ("purpose.step", "LATER", "$purpose.step", "OPEN_FORM"),
    ],
)
def test_a_malformed_variable_is_named_with_its_rule_and_never_repeated(
    house: House, person: dict[str, Any], path: str, value: object, named: str, said: str
) -> None:
    error = refused(house, PERSON, changed(person, path, value))
    assert "BAD_INPUT" == error["extensions"]["code"]
    assert named in error["message"]
    assert said in error["message"]
    if len(str(value)) > 8:
        assert str(value) not in error["message"]


def test_two_numbers_at_once_are_refused(house: House, person: dict[str, Any]) -> None:
    both = changed(person, "applicant.number.oldIdNumber", "390000101")
    assert "đúng một trong" in refused(house, PERSON, both)["message"]


def test_an_unknown_procedure_is_refused_with_the_way_out(
    house: House, person: dict[str, Any]
) -> None:
    error = refused(house, PERSON, changed(person, "purpose.procedure", "9.999999"))
    assert "UNKNOWN_PROCEDURE" == error["extensions"]["code"]
    assert "procedures" in error["message"]


def test_a_retired_procedure_names_its_successor(house: House, person: dict[str, Any]) -> None:
    error = refused(house, PERSON, changed(person, "purpose.procedure", "2.002621"))
    assert "PROCEDURE_RETIRED" == error["extensions"]["code"]
    assert "3.000722" in error["message"]


def test_a_missing_required_role_is_named(house: House, dossier: dict[str, Any]) -> None:
    error = refused(house, PREFILL, {**dossier, "subjects": [house.subject("owner", "binh")]})
    assert "`applicant`" in error["message"]


def test_an_unknown_role_lists_those_there_are(house: House, dossier: dict[str, Any]) -> None:
    subjects = [*dossier["subjects"], house.subject("neighbour", "binh")]
    error = refused(house, PREFILL, {**dossier, "subjects": subjects})
    assert "applicant, child, owner, home" in error["message"]


def test_a_role_given_twice_is_refused(house: House, dossier: dict[str, Any]) -> None:
    subjects = [*dossier["subjects"], house.subject("applicant", "binh")]
    assert "`applicant`" in refused(house, PREFILL, {**dossier, "subjects": subjects})["message"]


def test_fifty_one_persons_are_too_many(house: House, person: dict[str, Any]) -> None:
    query = PERSON.replace("$applicant: PersonKey!", "$applicant: [PersonKey!]!").replace(
        'person(role: "applicant", key: $applicant)', 'persons(role: "applicant", keys: $applicant)'
    )
    many = {**person, "applicant": [person["applicant"]] * 51}
    assert "50" in refused(house, query, many)["message"]


def test_a_claim_for_a_field_the_procedure_lacks_is_refused(
    house: House, dossier: dict[str, Any]
) -> None:
    claims = [{"role": "applicant", "key": "nguoiKhai.nhomMau", "value": "O"}]
    error = refused(house, VERIFY, {**dossier, "claims": claims})
    assert "`nguoiKhai.nhomMau`" in error["message"]


def test_only_an_unknown_field_is_refused(house: House, dossier: dict[str, Any]) -> None:
    error = refused(house, PREFILL, {**dossier, "only": ["nguoiKhai.hoTen", "khac.*"]})
    assert "`khac.*`" in error["message"]


def literal(house: House) -> str:
    number = house.key("an")["number"]["personalId"]
    return PERSON.replace(
        "key: $applicant",
        f'key: {{number: {{personalId: "{number}"}}, fullName: "A", birthDate: "1985"}}',
    ).replace(", $applicant: PersonKey!", "")


def test_a_literal_id_in_the_document_is_refused_by_the_name_of_its_argument(
    house: House, person: dict[str, Any]
) -> None:
    error = refused(house, literal(house), {"purpose": person["purpose"]})
    assert "PERSONAL_LITERAL" == error["extensions"]["code"]
    assert "`key.number.personalId`" in error["message"]
    assert house.key("an")["number"]["personalId"] not in error["message"]


def test_a_literal_id_is_refused_even_where_the_schema_knows_no_argument(
    house: House, person: dict[str, Any]
) -> None:
    number = house.key("an")["number"]["personalId"]
    query = PERSON.replace("fullName", f'fullName(of: "{number}")')
    assert "PERSONAL_LITERAL" == refused(house, query, person)["extensions"]["code"]


def test_two_dossiers_in_one_operation_are_refused(house: House, person: dict[str, Any]) -> None:
    query = """query Two($purpose: Purpose!) {
      a: dossier(purpose: $purpose) { __typename }
      b: dossier(purpose: $purpose) { __typename }
    }"""
    error = refused(house, query, {"purpose": person["purpose"]})
    assert "dossier" in error["message"]


def test_a_path_outside_the_procedure_is_listed(house: House, person: dict[str, Any]) -> None:
    query = PERSON.replace("sex", "sex religion mother { fullName }")
    error = refused(house, query, person)
    assert "FIELD_OUTSIDE_PROCEDURE" == error["extensions"]["code"]
    assert "applicant/religion" in error["message"]
    assert "applicant/mother/fullName" in error["message"]


def test_a_path_granted_to_another_role_only_is_refused_and_says_whose_it_is(
    house: House, person: dict[str, Any]
) -> None:
    """The owner of the dwelling gives name and number, not the birth date."""
    query = PERSON.replace('role: "applicant"', 'role: "owner"')
    error = refused(house, query, person)
    assert "FIELD_OUTSIDE_PROCEDURE" == error["extensions"]["code"]
    assert "owner/birthDate" in error["message"]
    assert "applicant" in error["message"]


@pytest.mark.parametrize(
    "trick",
    [
        "alias: religion",
        "... on Person { religion }",
        "... Hidden",
        "religion @include(if: false)",
        "religion @skip(if: true)",
    ],
)
def test_no_alias_fragment_or_condition_goes_round_the_grant(
    house: House, person: dict[str, Any], trick: str
) -> None:
    query = PERSON.replace("sex", trick)
    if "Hidden" in trick:
        query += " fragment Hidden on Person { religion }"
    error = refused(house, query, person)
    assert "applicant/religion" in error["message"]


def test_a_document_with_an_unknown_field_says_where_and_what_may_be_meant(
    house: House, person: dict[str, Any]
) -> None:
    error = refused(house, PERSON.replace("fullName", "fulName", 1), person)
    assert "`fulName`" in error["message"]
    assert "fullName" in error["message"]


def test_a_syntax_error_says_its_place_only(house: House, person: dict[str, Any]) -> None:
    error = refused(house, PERSON + "}", person)
    assert "cú pháp" in error["message"]


def test_a_mutation_is_refused(house: House) -> None:
    assert "query" in refused(house, "mutation { a }", {})["message"]


def test_a_policy_refusal_is_403_under_both_media_types(
    house: House, person: dict[str, Any]
) -> None:
    error = refused(house, PERSON, changed(person, "purpose.receivedBy", "H36"), status=403)
    assert "H36" in error["message"]


def test_a_citizen_may_ask_only_about_the_own_person(house: House, person: dict[str, Any]) -> None:
    other = {**person, "applicant": house.key("binh")}
    error = refused(house, PERSON, other, status=403, persona="citizen-an")
    assert "SUBJECT_NOT_ALLOWED" == error["extensions"]["code"]


def test_an_auditor_has_no_scope_for_records(house: House, person: dict[str, Any]) -> None:
    error = refused(house, PERSON, person, status=403, persona="auditor")
    assert "`records`" in error["message"]


def test_without_a_token_the_answer_is_401_and_says_how_to_send_one(
    house: House, person: dict[str, Any]
) -> None:
    answer = house.http.post(
        f"{house.addresses['gateway']}/graphql", json={"query": PERSON, "variables": person}
    )
    assert 401 == answer.status_code
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "error=" not in answer.headers["www-authenticate"]
    assert "TOKEN_REQUIRED" == answer.json()["errors"][0]["extensions"]["code"]
    assert [] == house.journal()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b'{"query": 1}', {}, 400),
        (b'{"query": "{a}", "variables": []}', {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"{}", {"content-encoding": "gzip"}, 415),
        (b"{}", {"accept": "text/csv"}, 406),
        (b" " * 300_000, {}, 413),
        (b"[" * 100_000, {}, 400),
    ],
)
def test_a_bad_envelope_is_4xx_under_both_media_types(
    house: House, body: bytes, headers: dict[str, str], status: int
) -> None:
    for accept in (GRAPHQL_JSON, PLAIN):
        answer = house.http.post(
            f"{house.addresses['gateway']}/graphql",
            content=body,
            headers={
                "authorization": f"Bearer {house.token('portal-hanoi')}",
                "content-type": PLAIN,
                "accept": accept,
                **headers,
            },
        )
        assert status == answer.status_code
        assert answer.json()["errors"][0]["message"]


def test_refusals_are_said_in_english_to_those_who_ask_for_it(
    house: House, person: dict[str, Any]
) -> None:
    error = refused(
        house, HOUSEHOLD, changed(person, NUMBER, "1"), accept_language="en-GB,en;q=0.9"
    )
    assert "PersonalId is" in error["message"]
