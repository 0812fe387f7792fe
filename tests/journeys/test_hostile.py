"""Requests that mean ill, or go wrong late: each was once a 500, a lie in the log, or a leak."""

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.journeys.documents import PERSON, PREFILL, officer, purpose
from tests.journeys.house import House, kill_tree
from tests.journeys.test_log import entries
from tests.patience import soon

DRY = """query D($purpose: Purpose!, $subjects: [SubjectInput!]!, $d: Boolean = true) {
  dossier(purpose: $purpose) { prefill(subjects: $subjects, dryRun: $d) { outcome } } }"""
DEFAULT_PURPOSE = """query P($p: Purpose = {procedure: "1.004222", dossier: {}}) {
  dossier(purpose: $p) { nameCheck(name: "Hoa", ward: "00004") { verdict } } }"""
SUBJECT = """query S($purpose: Purpose!, $k: PersonKey) { dossier(purpose: $purpose) {
    prefill(subjects: [{role: "applicant", is: {person: $k}}]) { outcome } } }"""
FIRST = "query F($f: Int = 5) { procedures(first: $f) { totalCount } }"
CODE = 'query C($c: ProcedureCode = "1.004222") { procedure(code: $c) { name } }'
INCLUDE = "query I($i: Boolean = true) { registries { name @include(if: $i) } }"
SKIP = """query I($i: Boolean = true) { ...F } fragment F on Query { ... @skip(if: $i) {
  registries { name } } }"""
INTROSPECTION = 'query T($n: String = "Person") { __type(name: $n) { name } }'


def number(literal: str, declared: str = "") -> str:
    """Write a person's number into the document."""
    return f"""query N($purpose: Purpose!, $n: String!, $b: PartialDate! {declared}) {{
      dossier(purpose: $purpose) {{ person(role: "applicant",
        key: {{number: {literal}, fullName: $n, birthDate: $b}}) {{ sex }} }} }}"""


BOTH = number("{personalId: $x, oldIdNumber: $y}", "$x: PersonalId, $y: OldIdNumber")


@pytest.mark.parametrize(
    ("query", "variables", "named"),
    [
        (DEFAULT_PURPOSE, {"p": None}, "dossier.purpose"),
        (DRY, {"purpose": {}, "subjects": ["applicant"], "d": None}, "prefill.dryRun"),
        (BOTH, {"purpose": {}, "x": "097085000101", "y": "097000001"}, "person.key.number"),
        (BOTH, {"purpose": {}}, "person.key.number"),
        (BOTH, {"purpose": {}, "x": "097085000101", "y": None}, "person.key.number"),
        (number("{}"), {"purpose": {}}, "person.key.number"),
        (number("{personalId: null}"), {"purpose": {}}, "person.key.number"),
        (SUBJECT, {"purpose": {}, "k": None}, "prefill.subjects[0].is"),
        (SUBJECT, {"purpose": {}}, "prefill.subjects[0].is"),
        (FIRST, {"f": None}, "procedures.first"),
        (CODE, {"c": None}, "procedure.code"),
        (INCLUDE, {"i": None}, "@include.if"),
        (SKIP, {"i": None}, "@skip.if"),
        (INTROSPECTION, {"n": None}, "__type.name"),
    ],
)
def test_what_a_variable_breaks_in_an_argument_is_named_and_logged(
    house: House, query: str, variables: dict[str, Any], named: str
) -> None:
    if "purpose" in variables:
        variables = {**variables, "purpose": purpose()}
    if "$n: String!" in query:
        variables = {**variables, "n": "Nguyễn Văn An", "b": "1985-05-12"}
    if "subjects" in variables:
        variables = {**variables, "subjects": [house.subject("applicant", "an")]}
    answer = house.post(query, variables)
    (error,) = answer.json()["errors"]
    assert 400 == answer.status_code
    assert ("BAD_INPUT", "argument-invalid") == (
        error["extensions"]["code"], error["extensions"]["rule"],
    )  # fmt: skip
    assert error["message"].startswith(f"Đối số {named} ")
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("DENIED", "argument-invalid") == (entry["kind"], entry["rule"])
    assert [] == house.journal()


@pytest.mark.parametrize("query", [FIRST, CODE, INCLUDE, SKIP, INTROSPECTION])
def test_the_same_questions_with_their_defaults_are_answered(house: House, query: str) -> None:
    assert "errors" not in house.ask(query, {})


def test_an_input_of_one_field_takes_no_null_beside_it(house: House) -> None:
    key = {**house.key("an"), "number": {"personalId": "097085000101", "oldIdNumber": None}}
    answer = house.post(PERSON, {"purpose": purpose(), "applicant": key})
    assert 400 == answer.status_code
    assert "$applicant.number" in answer.json()["errors"][0]["message"]


def test_an_input_of_one_field_is_checked_in_a_default_too(house: House) -> None:
    query = SUBJECT.replace("$k: PersonKey", '$s: [SubjectInput!] = [{role: "applicant", is: {}}]')
    query = query.replace('[{role: "applicant", is: {person: $k}}]', "$s")
    answer = house.post(query, {"purpose": purpose()})
    assert 400 == answer.status_code
    assert "$s[0].is" in answer.json()["errors"][0]["message"]


def test_an_argument_of_a_field_left_out_is_not_asked_for(house: House) -> None:
    query = "query F($f: Int = 5) { registries { name } procedures(first: $f) @skip(if: true) {"
    assert "errors" not in house.ask(f"{query} totalCount }} }}", {"f": None})


def outcome(house: House, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Ask, and give the outcome entry's states."""
    answer = house.post(query, {"purpose": purpose(actor=officer()), **variables})
    assert 200 == answer.status_code, answer.text
    states: dict[str, Any] = entries(house, answer.headers["x-request-id"])[-1]["states"]
    return states


PERSONS = """query P($purpose: Purpose!, $keys: [PersonKey!]!) { dossier(purpose: $purpose) {
  persons(role: "applicant", keys: $keys) { fullName sex } } }"""
ALIASES = """query A($purpose: Purpose!, $a: PersonKey!, $b: PersonKey!) {
  dossier(purpose: $purpose) {
    a: person(role: "applicant", key: $a) { fullName }
    b: person(role: "applicant", key: $b) { fullName sex } } }"""
ONLY_TWICE = """query O($purpose: Purpose!, $s: [SubjectInput!]!) { dossier(purpose: $purpose) {
    a: prefill(subjects: $s, only: ["nguoiKhai.hoTen"]) { fields { value } }
    b: prefill(subjects: $s, only: ["nguoiKhai.gioiTinh"]) { fields { value } } } }"""
BOTH_WAYS = """query B($purpose: Purpose!, $s: [SubjectInput!]!, $c: [ClaimInput!]!) {
  dossier(purpose: $purpose) {
    prefill(subjects: $s) { fields { value } }
    verify(subjects: $s, claims: $c) { outcome } } }"""
CONDITIONS = """query C($purpose: Purpose!, $k: PersonKey!, $no: Boolean!) {
  dossier(purpose: $purpose) { person(role: "applicant", key: $k) {
    fullName
    sex @include(if: $no)
    ... @include(if: $no) { birthDate }
    permanentResidence @skip(if: true) { today { display } }
    source { registry } } } }"""


def test_one_person_not_found_does_not_hide_that_another_was(house: House) -> None:
    keys = [house.key("an"), house.key("khong")]
    for given in (keys, keys[::-1]):
        states = outcome(house, PERSONS, {"keys": given})
        assert {"applicant/fullName": "VALUE", "applicant/sex": "VALUE"} == states


def test_two_aliases_of_one_role_say_what_each_path_gave(house: House) -> None:
    states = outcome(house, ALIASES, {"a": house.key("an"), "b": house.key("khong")})
    assert {"applicant/fullName": "VALUE", "applicant/sex": "NOT_FOUND_OR_MISMATCH"} == states


def test_two_prefills_with_only_say_both_values(house: House) -> None:
    states = outcome(house, ONLY_TWICE, {"s": [house.subject("applicant", "an")]})
    assert ("VALUE", "VALUE") == (states["applicant/fullName"], states["applicant/sex"])
    assert "NOT_ASKED" == states["applicant/birthDate"]


def test_a_verdict_does_not_hide_a_value(house: House) -> None:
    claims = [{"role": "applicant", "key": "nguoiKhai.hoTen", "value": "Nguyễn Văn An"}]
    variables = {"s": [house.subject("applicant", "an")], "c": claims}
    states = outcome(house, BOTH_WAYS, variables)
    assert "VALUE" == states["applicant/fullName"]
    assert "EXACT" == states["verify:applicant/fullName"]


@pytest.mark.parametrize(("name", "state"), [("an", "VALUE"), ("khong", "NOT_FOUND_OR_MISMATCH")])
def test_a_field_that_a_condition_left_out_is_not_in_the_outcome(
    house: House, name: str, state: str
) -> None:
    states = outcome(house, CONDITIONS, {"k": house.key(name), "no": False})
    assert {"applicant/fullName": state, "applicant": state} == states


BY_TYPE = """query T($purpose: Purpose!, $k: PersonKey!) { dossier(purpose: $purpose) {
  person(role: "owner", key: $k) { businesses {
    ... on Enterprise { x: statuses { name: code } }
    ... on HouseholdBusiness { x: statuses { name: text } } } } } }"""


def test_an_outcome_says_the_paths_of_the_type_that_left(house: House) -> None:
    variables = {"purpose": purpose("1.001612"), "k": house.key("quan")}
    states = outcome(house, BY_TYPE, variables)
    assert {"owner/businesses/statuses/text": "VALUE"} == states


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """Give a house whose log may be locked."""
    house = House(tmp_path / "own")
    yield house
    house.stop()
    kill_tree(house.process)


def test_an_answer_that_the_log_kept_back_is_said_to_have_reached_nobody(own_house: House) -> None:
    own_house.fault("population", "slow", ms=1200)
    variables = {"purpose": purpose(), "applicant": own_house.key("an")}
    name = "late-answer"
    got: list[httpx2.Response] = []
    own_house.token("portal-hanoi")
    asking = threading.Thread(
        target=lambda: got.append(own_house.post(PERSON, variables, x_request_id=name))
    )
    asking.start()
    assert soon(lambda: entries(own_house, name))
    lock = sqlite3.connect(own_house.directory / "access-log.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    asking.join()
    lock.execute("ROLLBACK")
    lock.close()
    own_house.calm()
    assert [503] == [answer.status_code for answer in got]
    again = soon(
        lambda: own_house.post(PERSON, variables), lambda answer: answer.status_code == 200
    )
    assert 200 == again.status_code
    found = entries(own_house, name)
    assert "NOT_DELIVERED" == found[-1]["kind"]
    assert [found[0]["entry_id"]] == found[-1]["parent"]


def test_bodies_that_come_byte_by_byte_keep_nobody_out(own_house: House) -> None:
    gateway = urlsplit(own_house.addresses["gateway"])
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: {gateway.netloc}\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {own_house.token('portal-hanoi')}\r\ncontent-length: 100\r\n\r\n{{"
    )
    slow = [socket.create_connection((gateway.hostname, gateway.port)) for _ in range(260)]
    try:
        for each in slow:
            each.sendall(head.encode())
        time.sleep(1)
        answer = own_house.post(PREFILL, {
            "purpose": purpose(), "subjects": [own_house.subject("applicant", "an")],
        })  # fmt: skip
        assert 200 == answer.status_code
        slow[0].settimeout(60)
        said = b"".join(iter(lambda: slow[0].recv(4096), b""))
    finally:
        for each in slow:
            each.close()
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"envelope-slow"' in said
