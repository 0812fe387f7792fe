"""What a line of the log tells an auditor: people apart, tokens by their ids, boots when asked."""

from tests.journeys.documents import PERSON, purpose
from tests.journeys.house import House
from tests.journeys.reading import CASE, SEARCH, citizen, in_tree, lines, search
from tests.journeys.test_log import entries


def test_numbers_that_are_masked_alike_have_marks_of_their_own_within_a_case(house: House) -> None:
    """An asks about himself; an officer does whose number has the same ends as An's."""
    twin = "097199000101"
    given = purpose(actor={"kind": "OFFICER", "personalId": twin, "unit": "H26.12"})
    answer = house.post(PERSON, {"purpose": given, "applicant": house.key("an")})
    line = in_tree(house, answer.headers["x-request-id"])
    subject = {n["value"] for r in line["reads"] for s in r["subjects"] for n in s["numbers"]}
    officer = line["actor"]["personalId"]
    (an,) = (value for value in subject if value.startswith("097•••••••01#"))
    assert officer.startswith("097•••••••01#")
    assert officer != an
    (again,) = lines(house, {"entry": line["entryId"]})
    assert officer == again["actor"]["personalId"]
    other = search(house, {"entry": line["entryId"]}, case={**CASE, "number": "TT-2026/18"})
    (elsewhere,) = (edge["node"]["actor"]["personalId"] for edge in other["edges"])
    assert elsewhere.startswith("097•••••••01#")
    assert elsewhere != officer


def test_the_starts_of_a_gateway_are_shown_to_who_asks_for_them(house: House) -> None:
    found = lines(house, {"outcome": "BOOT"})
    assert found
    assert {"BOOT"} == {line["outcome"] for line in found}


def test_own_look_ups_are_found_by_their_procedure(house: House) -> None:
    text = "{ me { person { fullName } } }"
    answer = house.post(text, {}, persona=citizen(house, "an"))
    in_tree(house, answer.headers["x-request-id"])
    found = lines(house, {"procedure": "self-access", "registry": "POPULATION"})
    assert answer.headers["x-request-id"] in {line["requestId"] for line in found}
    assert {"self-access"} == {line["procedure"]["code"] for line in found}


def test_a_line_says_whose_token_it_was(house: House) -> None:
    answer = house.post(SEARCH, {"filter": {}, "case": CASE, "first": 1}, persona="auditor")
    (entry,) = entries(house, answer.headers["x-request-id"])
    line = in_tree(house, answer.headers["x-request-id"])
    assert ("auditor", entry["token_id"]) == (line["consumer"], line["tokenId"])
    assert line["tokenId"]
