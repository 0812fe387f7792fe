"""The HTTP face: GraphQL over HTTP as the specification has it, and what surrounds it."""

import httpx2
import pytest
from graphql import get_introspection_query

from tests.journeys.house import GRAPHQL_JSON, House
from tests.journeys.test_log import entries
from tests.patience import soon

PLAIN = "application/json"
CATALOGUE = "{ registries { name } }"


def send(house: House, body: object, **headers: str) -> httpx2.Response:
    return house.http.post(
        f"{house.addresses['gateway']}/graphql",
        json=body,
        headers={"authorization": f"Bearer {house.token('portal-hanoi')}", **headers},
    )


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (PLAIN, PLAIN),
        (f"{GRAPHQL_JSON}, {PLAIN};q=0.9", GRAPHQL_JSON),
        ("*/*", GRAPHQL_JSON),
        ("application/*", GRAPHQL_JSON),
    ],
)
def test_the_answer_is_of_the_media_type_that_is_accepted(
    house: House, accept: str, given: str
) -> None:
    answer = send(house, {"query": CATALOGUE}, accept=accept)
    assert 200 == answer.status_code
    assert f"{given}; charset=utf-8" == answer.headers["content-type"]


def test_both_paths_answer(house: House) -> None:
    for path in ("/graphql", "/graphql/"):
        answer = house.http.post(
            f"{house.addresses['gateway']}{path}",
            json={"query": CATALOGUE},
            headers={"authorization": f"Bearer {house.token('portal-hanoi')}"},
        )
        assert 200 == answer.status_code


def test_parameters_may_be_null_or_missing(house: House) -> None:
    body = {"query": CATALOGUE, "variables": None, "operationName": None, "extensions": None}
    assert 200 == send(house, body).status_code


def test_the_named_operation_of_several_is_run(house: House) -> None:
    query = "query A { registries { name } } query B { registries { label } }"
    answer = send(house, {"query": query, "operationName": "B"}).json()
    assert {"label"} == set(answer["data"]["registries"][0])


def test_several_operations_without_a_name_are_refused_with_their_names(house: House) -> None:
    answer = send(house, {"query": "query A { __typename } query B { __typename }"})
    assert 400 == answer.status_code
    assert "A, B" in answer.json()["errors"][0]["message"]


def test_get_does_not_run_operations(house: House) -> None:
    answer = house.http.get(
        f"{house.addresses['gateway']}/graphql",
        params={"query": CATALOGUE},
        headers={"accept": PLAIN},
    )
    assert 405 == answer.status_code
    assert "POST" in answer.headers["allow"]


def test_a_token_in_the_url_is_refused(house: House) -> None:
    answer = house.http.post(
        f"{house.addresses['gateway']}/graphql",
        params={"access_token": "x"},
        json={"query": CATALOGUE},
        headers={"authorization": f"Bearer {house.token('portal-hanoi')}"},
    )
    assert 401 == answer.status_code
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("DENIED", "token-in-url") == (entry["kind"], entry["rule"])


def test_every_answer_has_safe_headers_and_an_id(house: House) -> None:
    headers = send(house, {"query": CATALOGUE}, **{"x-request-id": "portal-abc-001"}).headers
    assert "portal-abc-001" == headers["x-request-id"]
    assert "nosniff" == headers["x-content-type-options"]
    assert "no-store" == headers["cache-control"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


@pytest.mark.parametrize(
    "given",
    [
        "097085000101",
        "0970-8500-0101",
        "097.085.000.101",
        "a0970b8500c0101",
        "id_097085000101_z",
        "1234567890123456",
    ],
)
def test_a_request_id_that_could_be_a_person_is_not_taken_over(house: House, given: str) -> None:
    headers = send(house, {"query": CATALOGUE}, **{"x-request-id": given}).headers
    assert given != headers["x-request-id"]
    assert 32 == len(headers["x-request-id"])


@pytest.mark.parametrize(
    "given",
    [
        "097085a0-0101-4222-8333-123456789012",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "00f067aa0ba902b7",
        "portal_20261121",
    ],
)
def test_a_request_id_that_a_program_drew_is_taken_over(house: House, given: str) -> None:
    assert given == send(house, {"query": CATALOGUE}, **{"x-request-id": given}).headers[
        "x-request-id"
    ]  # fmt: skip


def test_health_says_whether_it_lives_and_whether_it_is_ready(house: House) -> None:
    gateway = house.addresses["gateway"]
    assert "ok" == house.http.get(f"{gateway}/live").text
    # The sequencer takes its seat a moment after the first request may come.
    told = soon(
        lambda: house.http.get(f"{gateway}/ready").json(),
        lambda told: told["sequencer"] == "SEQUENCING",
    )
    assert told.pop("lag") in {None, *(tenth / 10 for tenth in range(600))}
    assert told == {"ready": True, "accessLog": "OK", "trust": "OK", "sequencer": "SEQUENCING"}


def test_a_procedure_document_is_served_to_any_valid_token(house: House) -> None:
    url = f"{house.addresses['gateway']}/documents/1.004222"
    assert 401 == house.http.get(url).status_code
    answer = house.http.get(url, headers={"authorization": f"Bearer {house.token('auditor')}"})
    assert "@procedure(" in answer.text


def two_tokens(house: House) -> list[tuple[str, str]]:
    good = f"Bearer {house.token('auditor')}"
    return [("authorization", good), ("authorization", "Bearer x")]


def test_two_tokens_are_as_malformed_as_a_bad_one(house: House) -> None:
    gateway = house.addresses["gateway"]
    for answer in (
        house.http.post(f"{gateway}/graphql", json={"query": CATALOGUE}, headers=two_tokens(house)),
        house.http.get(f"{gateway}/documents/1.004222", headers=two_tokens(house)),
    ):
        assert 401 == answer.status_code
        (error,) = answer.json()["errors"]
        assert "token-malformed" == error["extensions"]["rule"]
        (entry,) = entries(house, answer.headers["x-request-id"])
        assert ("DENIED", "token-malformed") == (entry["kind"], entry["rule"])


def test_a_document_that_is_refused_leaves_an_entry(house: House) -> None:
    answer = house.http.get(f"{house.addresses['gateway']}/documents/1.004222")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("DENIED", "TOKEN_REQUIRED") == (entry["kind"], entry["code"])


@pytest.mark.parametrize(
    "query",
    [
        "{" + "a" * 20000 + "}",
        "{" + " a: registries { name }" * 40 + "}",
        "{ a" * 200 + " }" * 200,
        "query { registries { name } } " + " ".join(f"query Q{i} {{ a }}" for i in range(800)),
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ registries " + "@skip(if: false) " * 30 + "{ name } }",
    ],
)
def test_a_hostile_document_is_refused_at_once(house: House, query: str) -> None:
    answer = send(house, {"query": query})
    assert 400 == answer.status_code
    assert answer.elapsed.total_seconds() < 5
    assert answer.json()["errors"][0]["extensions"]["code"] in {"BAD_INPUT", "DOCUMENT_TOO_LARGE"}


def test_introspection_of_the_whole_schema_is_answered(house: House) -> None:
    query = get_introspection_query(descriptions=True)
    answer = send(house, {"query": query}).json()
    assert "errors" not in answer
    types = {t["name"]: t for t in answer["data"]["__schema"]["types"]}
    assert types["Person"]["description"].startswith("C")
