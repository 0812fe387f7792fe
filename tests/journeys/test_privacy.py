"""P9: no personal id or name in anything that is written, shown in a process list, or refused.

The journeys are run with ids as variables and as literals, in valid, ill-typed, half-filled and
refused documents, and in each fault of each registry; then everything that was written is searched.
"""

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.documents import HOUSEHOLD, PERSON, PREFILL, VERIFY, purpose
from tests.journeys.house import House, kill_tree
from tests.journeys.reading import CASE, OWN, SEARCH
from tests.journeys.test_access_statistics import STATISTICS
from tests.journeys.test_citizens import CHILDREN, ME
from tests.journeys.test_papers import parcel

PEOPLE = ("an", "binh", "hoa", "cu", "cmnd", "ab", "quan", "khong")
FAULTS = ("slow", "down", "garbled", "html", "wrong_person", "duplicated", "maintenance", "hang")
REGISTRIES = ("population", "business", "insurance", "land")
THE_WORLD = {"registries.sqlite3", "land-01.sqlite3", "land-68.sqlite3"}
"""The registries' own data: there the people are, and only there."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, list[str]]:
    """Run all journeys in a house of their own, then stop it; give what its answers said."""
    house = House(tmp_path_factory.mktemp("privacy"))
    said: list[str] = []
    try:
        for query, variables, more in _requests(house):
            said.append(_without_data(house.post(query, variables, **more)))
        for registry, mode in itertools.product(REGISTRIES, FAULTS):
            house.calm()
            house.fault(registry, mode, **({"ms": 50} if mode == "slow" else {}))
            said.extend(
                _without_data(house.post(query, variables))
                for query, variables in (*_valid(house, "an"), *_of_every_registry(house))
            )
            if mode != "down":
                asked = {row["registry"].split("-")[0] for row in house.journal()}
                assert registry in asked, mode
        house.calm()
        said.extend(_masked(house))
        said.append(_processes(house))
    finally:
        house.stop()
        kill_tree(house.process)
    return house, said


def _valid(house: House, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    key = house.key(name)
    subjects = [house.subject("applicant", name)]
    claims = [{"role": "applicant", "key": "nguoiKhai.hoTen", "value": key["fullName"]}]
    yield PERSON, {"purpose": purpose(), "applicant": key}
    yield HOUSEHOLD, {"purpose": purpose(), "applicant": key}
    yield PREFILL, {"purpose": purpose(), "subjects": subjects}
    yield VERIFY, {"purpose": purpose(), "subjects": subjects, "claims": claims}


def _of_every_registry(house: House) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give requests that also reach land and business, so that their faults are really met."""
    home = {"role": "home", "is": parcel("00004", "12", "7", "applicant")}
    subjects = [house.subject("applicant", "an"), home]
    yield PREFILL, {"purpose": purpose(), "subjects": subjects}
    owner = [house.subject("owner", "quan")]
    yield PREFILL, {"purpose": purpose("1.001612"), "subjects": owner}


def _asked_of_the_log(number: str, name: str) -> Iterator[dict[str, Any]]:
    """Give questions of an auditor that name a person in every place, rightly and wrongly."""
    for case in (CASE, {**CASE, "number": number, "decision": name}, {"number": name}):
        for kind in ("personalId", "oldIdNumber", "certificateNumber", number):
            yield {"filter": {"subject": {kind: number}}, "case": case}
    for place in ("officer", "dossier", "consumer", "upstreamRequestId", "entry", "requestId"):
        yield {"filter": {place: number}, "case": CASE}
    yield {"filter": {}, "case": CASE, "after": number}


def _written_into_the_document(number: str, name: str) -> Iterator[str]:
    """Give documents that read the log, and name a person where nobody may stand."""
    case = "case: $case"
    for place in (
        "officer",
        "dossier",
        "consumer",
        "entry",
        number,
        f'subject: {{a: "{name}"}}, x',
    ):
        yield SEARCH.replace("filter: $filter", f'filter: {{{place}: "{number}"}}')
    for value in (f'"{number}"', f'["{name}"]', number, f'{{number: """{name} {number}"""}}'):
        yield SEARCH.replace(case, f"case: {value}")
    yield SEARCH.replace("$case: CaseRef!", f'$case: CaseRef = {{number: "{name} {number}"}}')
    yield SEARCH.replace("$after: String", f'$after: String = "{number}"')
    yield STATISTICS.replace("filter: $filter", f'filter: {{since: "{number}", agency: "{name}"}}')
    yield OWN.replace("after: $after", f'after: "{number}", since: "{name}"')


def _sealed(key: dict[str, Any], number: str) -> Iterator[dict[str, Any]]:
    """Give claims that a person's number and name stand in, under seals that are none."""
    for claim in (
        {"key": "nguoiKhai.hoTen", "value": key["fullName"], "sealed": number},
        {"key": "nguoiKhai.hoTen", "value": f'["{number}"]', "sealed": key["fullName"]},
        {"key": number, "value": key["fullName"], "sealed": "x" * 400},
        {"key": "nguoiKhai.hoTen", "sealed": number * 20},
    ):
        subjects = [{"role": "applicant", "is": {"person": key}}]
        claims = [{"role": "applicant", **claim}]
        yield {"purpose": purpose(), "subjects": subjects, "claims": claims}


def _requests(house: House) -> Iterator[tuple[str, Mapping[str, Any], dict[str, str]]]:
    yield ME, {}, {"persona": "citizen-an"}
    yield OWN, {}, {"persona": "citizen-an"}
    for name in PEOPLE:
        key = house.key(name)
        number = next(iter(key["number"].values()))
        for query, variables in _valid(house, name):
            yield query, variables, {}
            yield query, {**variables, "purpose": {"procedure": number}}, {}
            yield query.replace("fullName", "fullNam"), variables, {}
            yield query.replace("fullName", f"a{number}"), variables, {}
            yield query + number, variables, {}
        for given in _asked_of_the_log(number, key["fullName"]):
            yield SEARCH, given, {"persona": "auditor-unmask"}
            yield SEARCH, given, {"persona": "citizen-an"}
        yield SEARCH.replace("filter: $filter", f'filter: {{officer: "{number}"}}'), {}, {}
        for text in _written_into_the_document(number, key["fullName"]):
            yield text, {"filter": {}, "case": CASE}, {"persona": "auditor-unmask"}
            yield text, {"filter": {}, "case": CASE}, {"persona": "citizen-an"}
        for month in (number, key["fullName"]):
            given = {"filter": {"since": month, "until": month, "agency": month}}
            yield STATISTICS, given, {"persona": "auditor"}
            yield OWN, {"after": month, "since": month}, {"persona": "citizen-an"}
        for given in _sealed(key, number):
            yield VERIFY, given, {}
        literal = f'{{number: {{personalId: "{number}"}}, fullName: "{key["fullName"]}"}}'
        yield PERSON.replace("key: $applicant", f"key: {literal}"), {"purpose": purpose()}, {}
        yield PERSON.replace('"applicant"', f'"{number}"'), {"purpose": purpose()}, {}
        yield PERSON.replace("Person(", f"Person{number}("), {"purpose": purpose()}, {}
        for broken in _broken(key, number):
            yield PERSON, {"purpose": purpose(), "applicant": broken}, {}
        yield PERSON, {"purpose": purpose(), "applicant": key}, {"persona": "citizen-an"}
        yield CHILDREN, {"purpose": purpose(), "child": [key]}, {"persona": "citizen-an"}
        yield PERSON, {"purpose": purpose(), "applicant": key}, {"x_request_id": number}
        yield PERSON, {"purpose": purpose(), number: key}, {}
        dossier = {"procedure": "1.004222", "dossier": {"code": f"H26-{number}"}}
        yield PERSON, {"purpose": dossier, "applicant": key}, {}
        yield PERSON, {"purpose": {**purpose(), "receivedBy": number}, "applicant": key}, {}
        actor = {"kind": "OFFICER", "personalId": number, "unit": "H26"}
        yield PERSON, {"purpose": {**purpose(), "actor": actor}, "applicant": key}, {}


def _broken(key: dict[str, Any], number: str) -> Iterator[object]:
    yield number
    yield [key["fullName"]]
    yield {**key, "number": {"personalId": number + "1"}}
    yield {**key, "number": {"personalId": int(number)}}
    yield {**key, "number": number}
    yield {**key, number: number}
    yield {**key, "fullName": key["fullName"] + "\x00"}
    yield {**key, "fullName": key["fullName"] * 30}
    yield {**key, "birthDate": number}
    yield {"number": key["number"]}


def _without_data(answer: Any) -> str:
    """Give an answer but for its data: headers, errors, extensions."""
    body = answer.json()
    body.pop("data", None)
    return f"{dict(answer.headers)} {body}"


def _masked(house: House) -> Iterator[str]:
    """Give all lines of all that was done, whole, as an auditor reads them who may not unmask.

    A name in them can only be one that an auditor wrote into a case, so it is left out.
    """
    names = [person["key"]["fullName"] for person in house.people.values()]
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        given = {"filter": {}, "case": CASE, "first": 200, "after": page["pageInfo"]["endCursor"]}
        page = house.ask(SEARCH, given, persona="auditor")["data"]["accessLog"]
        assert page["edges"]
        text = json.dumps(page, ensure_ascii=False)
        for name in names:
            text = text.replace(f'"decision": "{name}"', "").replace(f'"number": "{name}"', "")
        yield text


def _processes(house: House) -> str:
    """Give the command lines and environments of the whole process tree."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
            if str(house.directory).encode() in line:
                found.append(line + (process / "environ").read_bytes())
        except OSError:
            continue
    assert found
    return str(found)


def _seeds(house: House) -> list[str]:
    found = []
    for name in PEOPLE:
        key = house.people[name]["key"]
        found += [key["number"], key["fullName"], key["fullName"].upper()]
    return found


def _traces(text: bytes, seeds: list[str]) -> list[str]:
    return [
        seed
        for seed in seeds
        if any(
            form in text
            for form in (seed.encode(), seed.encode("unicode_escape"), seed.encode("utf-16-le"))
        )
    ]


def test_the_seeds_would_be_found(told: tuple[House, list[str]]) -> None:
    """The search itself works: the registries' own databases hold every seeded person."""
    house, _ = told
    world = b"".join((house.directory / "sandbox" / name).read_bytes() for name in THE_WORLD)
    known = [house.people[name]["key"]["number"] for name in PEOPLE if name != "khong"]
    assert sorted(known) == sorted(_traces(world, known))


def test_no_person_stands_in_anything_that_was_written(told: tuple[House, list[str]]) -> None:
    house, _ = told
    seeds = _seeds(house)
    written = [p for p in house.directory.rglob("*") if p.is_file() and p.name not in THE_WORLD]
    names = {p.name for p in written}
    assert {"access-log.db", "said.log", "journal.jsonl"} <= names
    found = {str(p.name): traces for p in written if (traces := _traces(p.read_bytes(), seeds))}
    assert {} == found


def test_no_person_stands_in_a_refusal_an_error_or_a_header(
    told: tuple[House, list[str]],
) -> None:
    house, said = told
    assert len(said) > 300
    assert [] == [text[:300] for text in said if _traces(text.encode(), _seeds(house))]


def test_the_log_lines_of_the_gateway_were_really_searched(
    told: tuple[House, list[str]],
) -> None:
    house, said = told
    lines = (house.directory / "said.log").read_text().splitlines()
    assert sum('"event": "request"' in line for line in lines) >= len(said) - 1
