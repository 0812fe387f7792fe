"""An auditor reads the log: for a case, by every filter, and never without leaving an entry."""

from typing import Any

import pytest

from tests.journeys.documents import HOUSEHOLD, PERSON, PREFILL, purpose
from tests.journeys.house import House
from tests.journeys.reading import CASE, SEARCH, in_tree, lines, search, until
from tests.journeys.test_log import entries

AN = "097085000101"


@pytest.fixture(scope="module")
def asked(started_house: House) -> dict[str, Any]:
    """Ask once as an officer, and give the line that the auditor sees."""
    started_house.calm()
    answer = started_house.post(
        PREFILL,
        {"purpose": purpose(), "subjects": [started_house.subject("applicant", "an")]},
        persona="officer-lan",
    )
    return in_tree(started_house, answer.headers["x-request-id"])


def test_a_line_says_who_asked_for_what_and_what_came_of_it(asked: dict[str, Any]) -> None:
    assert "OK" == asked["outcome"]
    assert ("portal-hanoi", "1.004222", "Đăng ký thường trú") == (
        asked["consumer"], asked["procedure"]["code"], asked["procedure"]["name"],
    )  # fmt: skip
    assert ("OFFICER", "CLAIM", "H26.12") == (
        asked["actor"]["kind"], asked["actor"]["standing"], asked["actor"]["unit"],
    )  # fmt: skip
    assert asked["dossier"].startswith("H26.12-261121-")
    assert {"path": "applicant/fullName", "state": "VALUE"} in asked["states"]
    assert {"id": "to-khai", "outcome": "FORM"} in asked["components"]
    assert "POPULATION" in {source["registry"] for source in asked["sources"]}
    assert f"/log/entry/{asked['entryId']}/proof" == asked["proof"]
    assert "OPEN" == asked["detailState"]
    assert asked["intents"]


def test_numbers_are_masked_for_an_auditor_and_shown_with_unmask(
    house: House, asked: dict[str, Any]
) -> None:
    (unmasked,) = lines(house, {"entry": asked["entryId"]}, persona="auditor-unmask")
    for line, an, lan in (
        (asked, "097•••••••01", "097•••••••71"),
        (unmasked, AN, "097188000171"),
    ):
        shown = {n["value"] for r in line["reads"] for s in r["subjects"] for n in s["numbers"]}
        assert an in {value.partition("#")[0] for value in shown}
        assert lan == line["actor"]["personalId"].partition("#")[0]
        assert line["actor"]["personalId"] == line["officer"]["personalId"]
    assert AN not in str(asked)


def test_a_number_that_somebody_made_a_code_of_is_masked_as_well(house: House) -> None:
    """A portal may call a dossier by its citizen's number, an auditor a case by its subject's."""
    named = purpose(dossier={"code": f"HS-{AN}"})
    told = house.post(PERSON, {"purpose": named, "applicant": house.key("an")})
    case = {**CASE, "number": f"TT {AN}", "decision": f"QĐ {AN}"}
    read = house.post(SEARCH, {"filter": {}, "case": case, "first": 1}, persona="auditor")
    for request in (told, read):
        line = in_tree(house, request.headers["x-request-id"])
        assert "097•••••••01" in f"{line['dossier']} {line['case']}"
        assert AN not in str(line)
    (whole,) = lines(house, {"dossier": f"HS-{AN}", "outcome": "OK"}, persona="auditor-unmask")
    assert f"HS-{AN}" == whole["dossier"]


def filters(asked: dict[str, Any]) -> dict[str, dict[str, Any]]:
    upstream = next(i for s in asked["sources"] for i in s["upstreamRequestIds"])
    return {
        "time": {"since": asked["at"], "until": "2099-01-01T00:00:00Z"},
        "consumer": {"consumer": "portal-hanoi"},
        "agency": {"agency": asked["receivingAgency"]},
        "competent agency": {"agency": "H26.12"},
        "unit": {"unit": "H26.12"},
        "officer": {"officer": "097188000171"},
        "procedure": {"procedure": "1.004222.H26"},
        "dossier": {"dossier": asked["dossier"]},
        "subject": {"subject": {"personalId": AN}},
        "registry": {"registry": "POPULATION"},
        "upstream": {"upstreamRequestId": upstream},
        "entry": {"entry": asked["intents"][0]},
        "request": {"requestId": asked["requestId"]},
        "outcome": {"outcome": asked["outcome"]},
        "cache": {"fromCache": any(s["fromCache"] for s in asked["sources"])},
    }


@pytest.mark.parametrize(
    "name",
    [
        "time", "consumer", "agency", "competent agency", "unit", "officer", "procedure",
        "dossier", "subject", "registry", "upstream", "entry", "request", "outcome", "cache",
    ],
)  # fmt: skip
def test_every_filter_finds_the_line(house: House, asked: dict[str, Any], name: str) -> None:
    given = filters(asked)[name]
    assert asked["entryId"] in {line["entryId"] for line in lines(house, given)}
    assert asked["entryId"] in {
        line["entryId"] for line in lines(house, {**given, "dossier": asked["dossier"]})
    }


OTHERS: dict[str, dict[str, Any]] = {
    "time": {"until": "2026-01-01T00:00:00Z"},
    "consumer": {"consumer": "portal-lamdong"},
    "agency": {"agency": "H99"},
    "unit": {"unit": "H99.1"},
    "officer": {"officer": "097185009001"},
    "procedure": {"procedure": "1.001193"},
    "draft": {"draft": "draft-0123456789-none"},
    "subject": {"subject": {"personalId": "099999999999"}},
    "old number": {"subject": {"oldIdNumber": "099999999"}},
    "insurance": {"subject": {"socialInsuranceNumber": "9999999999"}},
    "card": {"subject": {"healthCardNumber": "DN4019999999999"}},
    "business": {"subject": {"enterpriseCode": "9900000016"}},
    "certificate": {"subject": {"certificateNumber": "AA 99999999"}},
    "parcel": {"subject": {"parcel": {"ward": "00004", "sheet": "99", "parcel": "99"}}},
    "upstream": {"upstreamRequestId": "nobody-knows-it"},
    "outcome": {"outcome": "DENIED"},
    "boot": {"outcome": "BOOT"},
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_does_not_fit_is_an_empty_page(house: House, asked: dict[str, Any], name: str) -> None:
    found = search(house, {"dossier": asked["dossier"], **OTHERS[name]})
    assert [] == found["edges"]
    assert {"hasNextPage": False, "endCursor": None} == found["pageInfo"]
    assert found["logSize"] > 0


def test_a_reading_is_an_entry_that_names_case_filters_and_subject(house: House) -> None:
    answer = house.post(
        SEARCH, {"filter": {"subject": {"personalId": AN}}, "case": CASE}, persona="auditor"
    )
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("AUDIT_READ", "SEARCH", "INSPECTION", "auditor") == (
        entry["kind"], entry["action"], entry["case_ground"], entry["consumer_id"],
    )  # fmt: skip
    (read,) = entry["reads"]
    assert ("ACCESS_LOG", ["subject"]) == (read["registry"], read["fields"])
    assert [43] * len(read["subjects"][0]["tags"]) == [
        len(tag) for tag in read["subjects"][0]["tags"]
    ]
    assert len(answer.json()["data"]["accessLog"]["edges"]) == entry["found"]
    assert AN not in str(entry)
    assert CASE["number"] not in str(entry)
    assert answer.json()["extensions"]["receipt"]
    line = in_tree(house, answer.headers["x-request-id"])
    assert CASE == line["case"]


def refused(
    house: House, query: str, variables: dict[str, Any], *, persona: str = "auditor"
) -> dict[str, Any]:
    """Be refused, without data, and with one entry."""
    answer = house.post(query, variables, persona=persona)
    assert "data" not in answer.json(), answer.text
    told: dict[str, Any] = answer.json()["errors"][0]["extensions"]
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("DENIED", told["code"], told["rule"]) == (entry["kind"], entry["code"], entry["rule"])
    return told


@pytest.mark.parametrize("persona", ["portal-hanoi", "officer-lan", "citizen-an", "developer"])
def test_only_the_scope_opens_the_log(house: House, persona: str) -> None:
    told = refused(house, SEARCH, {"filter": {}, "case": CASE}, persona=persona)
    assert ("SCOPE_REQUIRED", "scope-missing") == (told["code"], told["rule"])


BAD: list[tuple[dict[str, Any], str]] = [
    ({"filter": {}}, "variable-invalid"),
    ({"filter": {}, "case": {"number": "1"}}, "variable-invalid"),
    ({"filter": {}, "case": {**CASE, "number": "  "}}, "text-blank"),
    ({"filter": {}, "case": {**CASE, "number": "x" * 101}}, "text-too-long"),
    ({"filter": {}, "case": {**CASE, "number": "a\u202eb"}}, "text-malformed"),
    ({"filter": {}, "case": CASE, "first": 0}, "page-size"),
    ({"filter": {}, "case": CASE, "first": 201}, "page-size"),
    ({"filter": {}, "case": CASE, "after": "nothing"}, "cursor-unknown"),
    (
        {"filter": {"since": "2026-11-02T00:00Z", "until": "2026-11-01T00:00Z"}, "case": CASE},
        "period-reversed",
    ),
    ({"filter": {"subject": {}}, "case": CASE}, "variable-invalid"),
    (
        {"filter": {"subject": {"personalId": AN, "oldIdNumber": "012345678"}}, "case": CASE},
        "variable-invalid",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("variables", "rule"), BAD)
def test_a_reading_that_is_asked_wrongly_is_refused_and_logged(
    house: House, variables: dict[str, Any], rule: str
) -> None:
    told = refused(house, SEARCH, variables)
    assert ("BAD_INPUT", rule) == (told["code"], told["rule"])


Q = "query Q($c: CaseRef!) {{ accessLog(filter: {}, case: $c) {{ logSize }} }}"


@pytest.mark.parametrize(
    "text",
    [
        '{ accessLog(filter: {}, case: {number: "17", ground: COURT}) { logSize } }',
        Q.format('{dossier: "H26-1"}'),
        Q.format('{officer: "097188000171"}'),
        Q.format('{subject: {certificateNumber: "AA 1"}}'),
        Q.format('{subject: {parcel: {ward: "00004", sheet: "1", parcel: "2"}}}'),
        Q.format('{draft: "draft_0123456789-Z"}'),
    ],
)
def test_what_is_personal_or_of_the_case_is_a_variable(house: House, text: str) -> None:
    assert "PERSONAL_LITERAL" == refused(house, text, {"c": CASE})["code"]


def test_what_is_nobodys_may_stand_in_the_document(house: House) -> None:
    text = """query Q($c: CaseRef!) { accessLog(case: $c, first: 1, filter: {
      consumer: "portal-hanoi", registry: POPULATION, outcome: OK, procedure: "1.004222",
      agency: "H26", since: "2026-01-01T00:00:00Z" }) { logSize } }"""
    assert "errors" not in house.ask(text, {"c": CASE}, persona="auditor")


@pytest.mark.parametrize(
    "more",
    [
        "b: accessLog(filter: $f, case: $c) { logSize }",
        "accessStatistics(filter: {since: $m, until: $m}) { note }",
        "me { person { fullName } }",
        "me { accessLog { pageInfo { hasNextPage } } }",
    ],
)
def test_the_log_is_read_alone(house: House, more: str) -> None:
    months = "$m: Month!, " if "$m" in more else ""
    text = f"""query Q({months}$f: AccessLogFilter!, $c: CaseRef!) {{
      accessLog(filter: $f, case: $c) {{ logSize }} {more} }}"""
    told = refused(house, text, {"f": {}, "c": CASE, "m": "2026-11"})
    assert "log-read-alone" == told["rule"]


def test_pages_neither_repeat_nor_skip_while_the_log_grows(house: House) -> None:
    for _ in range(3):
        last = house.post(PERSON, {"purpose": purpose(), "applicant": house.key("an")})
    in_tree(house, last.headers["x-request-id"])
    whole = search(house, {"subject": {"personalId": AN}}, first=6)
    page = search(house, {"subject": {"personalId": AN}}, first=2)
    seen = [edge["node"]["entryId"] for edge in page["edges"]]
    size = page["logSize"]
    while page["pageInfo"]["hasNextPage"] and len(seen) < 6:
        grown = house.post(PERSON, {"purpose": purpose(), "applicant": house.key("an")})
        in_tree(house, grown.headers["x-request-id"])
        after = page["pageInfo"]["endCursor"]
        page = search(house, {"subject": {"personalId": AN}}, first=2, after=after)
        assert size == page["logSize"]
        seen += [edge["node"]["entryId"] for edge in page["edges"]]
    # What was read between *whole* and the first page is one line more: the reading itself.
    expected = [edge["node"]["entryId"] for edge in whole["edges"]]
    assert expected == [entry for entry in seen if entry in expected][: len(expected)]
    assert len(seen) == len(set(seen))


def test_an_auditor_finds_refusals_and_other_readings(house: House) -> None:
    answer = house.post(
        HOUSEHOLD.replace("relationToHead\n        members", "relationToHead religion members"),
        {"purpose": purpose(), "applicant": house.key("an")},
    )
    denied = in_tree(house, answer.headers["x-request-id"])
    assert ("DENIED", "BAD_INPUT") == (denied["outcome"], denied["code"])
    assert until(lambda: lines(house, {"outcome": "AUDIT_READ", "consumer": "auditor"}))
