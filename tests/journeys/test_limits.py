"""Guessing and enumeration: what an officer, a consumer and a dossier cannot go beyond."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2

from tests.journeys.documents import PERSON, PREFILL, VERIFY, officer, purpose
from tests.journeys.house import House

PERSONS = """
query Persons($purpose: Purpose!, $keys: [PersonKey!]) {
  dossier(purpose: $purpose) { children: persons(role: "child", keys: $keys) { fullName } }
}
"""


def code_of(answer: dict[str, Any]) -> str:
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


def born(house: House, name: str, birth: str) -> dict[str, Any]:
    return {**house.key(name), "birthDate": birth}


def person(house: House, given: dict[str, Any], key: dict[str, Any], **more: str) -> dict[str, Any]:
    return house.ask(PERSON, {"purpose": given, "applicant": key}, **more)


def intents(house: House) -> set[str]:
    """Give the access-log intents under which the population registry was asked."""
    return {row["request_id"][:36] for row in house.journal("population")}


def dates() -> Iterator[str]:
    """Give birth dates that nobody in the sandbox's world has."""
    for year, month, day in itertools.product(range(1930, 1990), range(1, 13), range(1, 29)):
        yield f"{year}-{month:02}-{day:02}"


def later_dates() -> Iterator[str]:
    """Give days of birth that come after those of dates()."""
    for year, month in itertools.product(range(1990, 2020), range(1, 13)):
        yield from (f"{year}-{month:02}-{day:02}" for day in range(1, 29))


def test_the_sixth_wrong_proof_is_not_even_asked_and_says_until_when(house: House) -> None:
    actor = officer()
    tried = [
        person(house, purpose(actor=actor), born(house, "binh", birth))
        for birth in itertools.islice(dates(), 6)
    ]
    assert ["NOT_FOUND_OR_MISMATCH"] * 5 + ["ATTEMPTS_EXCEEDED"] == [code_of(a) for a in tried]
    assert 5 == len(intents(house))


def test_the_right_proof_is_locked_for_that_officer_and_open_for_another(house: House) -> None:
    actor = officer()
    for birth in itertools.islice(dates(), 5):
        person(house, purpose(actor=actor), born(house, "binh", birth))
    shut = person(house, purpose(actor=actor), house.key("binh"))
    assert "ATTEMPTS_EXCEEDED" == code_of(shut)
    assert "dossier.applicant" in shut["extensions"]["states"]
    other = person(house, purpose(actor=officer()), house.key("binh"))
    assert "errors" not in other


def test_officers_whom_only_the_portal_names_have_ten_attempts_together(house: House) -> None:
    """Whoever steals a portal's token could name another officer for every five guesses."""
    nobody = {**house.key("binh"), "number": {"personalId": "099950888888"}}
    codes = []
    for place, birth in enumerate(itertools.islice(dates(), 12)):
        actor = {"kind": "OFFICER", "personalId": f"0971850200{place:02}", "unit": "H26.12"}
        answer = person(house, purpose(actor=actor), {**nobody, "birthDate": birth})
        codes.append(code_of(answer))
    assert ["NOT_FOUND_OR_MISMATCH"] * 10 + ["ATTEMPTS_EXCEEDED"] * 2 == codes
    assert 0 < answer["errors"][0]["extensions"]["retryAfter"] <= 86_400
    named = person(house, purpose(actor=officer()), {**nobody, "birthDate": "1930-01-01"})
    assert "NOT_FOUND_OR_MISMATCH" == code_of(named)


def test_a_right_proof_costs_no_attempt(house: House) -> None:
    actor = officer()
    for _ in range(8):
        assert "errors" not in person(house, purpose(actor=actor), house.key("binh"))


def test_the_same_wrong_proof_in_the_same_dossier_is_one_attempt(house: House) -> None:
    actor = officer()
    given = purpose(actor=actor)
    for _ in range(8):
        answer = person(house, given, born(house, "binh", "1951-01-01"))
        assert "NOT_FOUND_OR_MISMATCH" == code_of(answer)


def test_of_21900_birth_dates_tried_at_once_in_every_way_five_reach_a_registry(
    house: House,
) -> None:
    actor = officer()
    guesses = list(itertools.islice(dates(), 20_160))
    guesses += [str(year) for year in range(1900, 1990)]
    guesses += [f"{year}-{month:02}" for year in range(1900, 1990) for month in range(1, 13)]
    guesses += list(itertools.islice(later_dates(), 21_900 - len(guesses)))
    assert 21_900 == len(set(guesses))
    mixed, listed = guesses[:300], guesses[300:]

    def keys(births: list[str]) -> list[dict[str, Any]]:
        return [born(house, "mai", birth) for birth in births]

    def by_persons(births: list[str]) -> None:
        answer = house.ask(PERSONS, {"purpose": purpose(actor=actor), "keys": keys(births)})
        assert {"NOT_FOUND_OR_MISMATCH", "ATTEMPTS_EXCEEDED"} >= {
            error["extensions"]["code"] for error in answer["errors"]
        }

    def one_by_one(place: int) -> None:
        (key,) = keys([mixed[place]])
        variables: dict[str, Any] = {"purpose": purpose(actor=actor)}
        if place % 3 == 0:
            house.ask(PERSON, variables | {"applicant": key})
            return
        variables["subjects"] = [{"role": "applicant", "is": {"person": key}}]
        if place % 3 == 1:
            house.ask(PREFILL, variables)
            return
        variables["claims"] = [{"role": "applicant", "key": "nguoiKhai.hoTen", "value": "A"}]
        house.ask(VERIFY, variables)

    chunks = [listed[at : at + 50] for at in range(0, len(listed), 50)]
    with ThreadPoolExecutor(8) as pool:
        tried = [pool.submit(one_by_one, place) for place in range(len(mixed))]
        tried += [pool.submit(by_persons, births) for births in chunks]
    for each in tried:
        each.result()
    # A proof is tried in three forms at most, which are one attempt.
    assert 0 < len(house.journal("population")) <= 5 * 3
    assert len(intents(house)) <= 5


def test_claims_that_differ_are_attempts_too_and_say_how_many_are_left(house: House) -> None:
    actor = officer()
    left = []
    for number in range(6):
        answer = house.ask(
            VERIFY.replace("state source", "state attemptsLeft lockedUntil source"),
            {
                "purpose": purpose(actor=actor),
                "subjects": [house.subject("applicant", "an")],
                "claims": [
                    {
                        "role": "applicant",
                        "key": "nguoiKhai.noiThuongTru",
                        "value": f"Thôn {number}, xã Không Có, tỉnh Lào Cai",
                    }
                ],
            },
        )
        (verdict,) = answer["data"]["dossier"]["verify"]["verdicts"]
        left.append((verdict["verdict"], verdict["attemptsLeft"], bool(verdict["lockedUntil"])))
    assert [("DIFFERENT", n, False) for n in (4, 3, 2, 1, 0)] == left[:5]
    assert ("LOCKED", 0, True) == left[5]


def test_a_silent_registry_costs_no_attempt(house: House) -> None:
    actor = officer()
    house.fault("population", "down")
    for birth in itertools.islice(dates(), 6):
        answer = person(house, purpose(actor=actor), born(house, "binh", birth))
        assert "SOURCE_DOWN" == code_of(answer)
    house.calm()
    assert "errors" not in person(house, purpose(actor=actor), house.key("binh"))


def test_a_dossier_keeps_to_the_subject_of_its_first_use(house: House) -> None:
    given = purpose(actor=officer())
    assert "errors" not in person(house, given, house.key("an"))
    house.calm()
    refused = house.post(PERSON, {"purpose": given, "applicant": house.key("binh")})
    assert 403 == refused.status_code
    assert "NOT_A_PARTY" == code_of(refused.json())
    assert "`applicant`" in refused.json()["errors"][0]["message"]
    assert [] == house.journal()
    assert "errors" not in person(house, given, house.key("an"))


def test_a_slip_of_the_pen_does_not_burn_the_reference(house: House) -> None:
    given = purpose(actor=officer())
    wrong = person(house, given, born(house, "binh", "1950-01-01"))
    assert "NOT_FOUND_OR_MISMATCH" == code_of(wrong)
    assert "errors" not in person(house, given, house.key("an"))


def test_a_dossier_is_of_one_procedure(house: House) -> None:
    given = purpose(actor=officer())
    assert "errors" not in person(house, given, house.key("an"))
    subjects = [house.subject("owner", "an")]
    other = house.ask(PREFILL, {"purpose": given | {"procedure": "1.001612"}, "subjects": subjects})
    assert "NOT_A_PARTY" == code_of(other)


def test_a_draft_becomes_a_dossier_and_takes_its_subjects_along(house: House) -> None:
    code = purpose()["dossier"]["code"]
    draft = f"draft-{code}".replace(".", "_")
    actor = officer()
    first = purpose(actor=actor) | {"dossier": {"draft": draft}}
    assert "errors" not in person(house, first, house.key("an"))
    both = first | {"dossier": {"draft": draft, "code": code}}
    assert "errors" not in person(house, both, house.key("an"))
    alone = first | {"dossier": {"code": code}}
    assert "NOT_A_PARTY" == code_of(person(house, alone, house.key("binh")))
    other = first | {"dossier": {"draft": draft, "code": f"{code}-2"}}
    assert "NOT_A_PARTY" == code_of(person(house, other, house.key("an")))


def test_an_officer_asks_about_sixty_people_a_minute_and_is_told_when_to_come_back(
    house: House,
) -> None:
    actor = officer()

    def strangers(start: int, count: int) -> list[dict[str, Any]]:
        return [
            {
                "number": {"personalId": f"0990{n:08}"},
                "fullName": "Trần Không Có",
                "birthDate": "1980",
            }
            for n in range(start, start + count)
        ]

    for start in (0, 30):
        keys = strangers(start, 30)
        answer = house.post(PERSONS, {"purpose": purpose(actor=actor), "keys": keys})
        assert 200 == answer.status_code, answer.text
    house.calm()
    over = house.post(PERSONS, {"purpose": purpose(actor=actor), "keys": strangers(60, 1)})
    assert 429 == over.status_code
    assert "QUOTA_EXCEEDED" == code_of(over.json())
    assert 0 < int(over.headers["retry-after"]) <= 60
    assert [] == house.journal()
    again = house.post(PERSONS, {"purpose": purpose(actor=actor), "keys": strangers(0, 5)})
    assert 200 == again.status_code


def bare(answer: httpx2.Response) -> bytes:
    """Give the bytes of an answer without its two words that are new each time."""
    request_id = answer.headers["x-request-id"]
    receipt = answer.json().get("extensions", {}).get("receipt", request_id)
    assert request_id in answer.text
    # The receipt names its entry; it is checked by tests/journeys/test_receipts.py.
    return answer.content.replace(request_id.encode(), b"-").replace(receipt.encode(), b"-")


def test_not_there_and_not_that_one_are_the_same_bytes(house: House) -> None:
    mistaken = born(house, "binh", "1950-02-03")
    misnamed = {**house.key("binh"), "fullName": "Trần Không Có"}
    nobody = {**mistaken, "number": {"personalId": "099950999999"}}
    told = {
        bare(house.post(PERSON, {"purpose": purpose(actor=officer()), "applicant": key}))
        for key in (mistaken, misnamed, nobody)
    }
    assert 1 == len(told)
    assert b"NOT_FOUND_OR_MISMATCH" in told.pop()


def test_a_refusal_is_the_same_bytes_whoever_it_is_about(house: House) -> None:
    nobody = {**house.key("binh"), "number": {"personalId": "099950999999"}}
    told = {
        bare(house.post(PERSON, {"purpose": purpose(), "applicant": key}, persona="citizen-an"))
        for key in (house.key("binh"), house.key("hoa"), nobody)
    }
    assert 1 == len(told)
    assert b"SUBJECT_NOT_ALLOWED" in told.pop()
    assert [] == house.journal()
