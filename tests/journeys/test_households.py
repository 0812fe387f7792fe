"""Whose child it is, told by the household: citizens besides the persona, with their own tokens."""

import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.jws import extract_compact

from tests.journeys.documents import purpose
from tests.journeys.house import GRAPHQL_JSON, House
from tests.journeys.test_citizens import CHILDREN, ME

MAN = {"subject": "097152000153", "name": "Nguyễn Thị Mận", "birthdate": "1952-10-10"}
"""The mother of Khải, who is 48 and lives in her household."""


def ask(
    house: House, claims: dict[str, str | None], query: str, *children: dict[str, Any]
) -> dict[str, Any]:
    """Ask as a citizen with these *claims* (None: without), signed as the sandbox issuer signs."""
    known = json.loads(extract_compact(house.token("citizen-an").encode()).payload)
    said = {name: value for name, value in {**known, **claims}.items() if value is not None}
    text = (house.directory / "sandbox" / "issuer-key.json").read_text(encoding="utf-8")
    key = ECKey.import_key(json.loads(text))
    header = {"alg": "ES256", "typ": "at+jwt", "kid": key.thumbprint()}
    answer = house.http.post(
        f"{house.addresses['gateway']}/graphql",
        json={
            "query": query,
            "variables": {"purpose": purpose(), "child": list(children)} if children else {},
        },
        headers={
            "authorization": f"Bearer {jwt.encode(header, said, key)}",
            "accept": GRAPHQL_JSON,
        },
    )
    told: dict[str, Any] = answer.json()
    return told


def own(house: House, name: str) -> dict[str, str | None]:
    """Give the claims of a sandbox person."""
    key = house.people[name]["key"]
    return {"subject": key["number"], "name": key["fullName"], "birthdate": key["birthDate"]}


def rule(told: dict[str, Any]) -> str:
    """Give the rule of a refusal."""
    assert "data" not in told
    return str(told["errors"][0]["extensions"]["rule"])


def test_the_heads_wife_asks_about_the_child_as_well(house: House) -> None:
    told = ask(house, own(house, "binh"), CHILDREN, house.key("khoi"))
    assert "Nguyễn Minh Khôi" == told["data"]["dossier"]["persons"][0]["fullName"]


def test_the_son_of_forty_eight_is_no_child_whatever_is_claimed(house: House) -> None:
    as_he_is = house.key("khai")
    as_a_child = {**as_he_is, "birthDate": "2015-05-05"}
    assert "child-of-age" == rule(ask(house, dict(MAN), CHILDREN, as_he_is))
    assert [] == house.journal()
    assert "child-not-in-household" == rule(ask(house, dict(MAN), CHILDREN, as_a_child))
    assert ["TraCuuHoGiaDinh"] == [row["operation"] for row in house.journal()]


def test_a_child_has_no_say_over_a_younger_sister(house: House) -> None:
    told = ask(house, own(house, "khoi"), CHILDREN, house.key("nhien"))
    assert "child-not-in-household" == rule(told)


def test_a_child_with_an_own_account_reads_the_own_record(house: House) -> None:
    told = ask(house, own(house, "khoi"), ME)
    assert "Nguyễn Minh Khôi" == told["data"]["me"]["person"]["fullName"]


@pytest.mark.parametrize(
    ("claims", "missing"),
    [
        ({"name": None}, "name"),
        ({"birthdate": None}, "birthdate"),
        ({"name": None, "birthdate": None}, "name, birthdate"),
        ({"birthdate": "1985-02-30"}, "birthdate"),
    ],
)
def test_a_token_without_name_or_birth_date_opens_no_record(
    house: House, claims: dict[str, str | None], missing: str
) -> None:
    for query, child in ((ME, []), (CHILDREN, [house.key("khoi")])):
        told = ask(house, claims, query, *child)
        assert "citizen-claims-missing" == rule(told)
        assert f"thiếu: {missing}." in told["errors"][0]["message"]
    assert [] == house.journal()


def test_a_token_whose_name_is_anothers_proves_nothing(house: House) -> None:
    """An issuer that errs opens nobody's record: the registry compares the proof."""
    claims = {**own(house, "an"), "name": "Nguyễn Thị Hòa"}
    told = ask(house, claims, "{ me { person { fullName } } }")
    assert {"me": {"person": None}} == told["data"]
    assert "NOT_FOUND_OR_MISMATCH" == told["errors"][0]["extensions"]["code"]
    assert "child-not-in-household" == rule(ask(house, claims, CHILDREN, house.key("khoi")))
