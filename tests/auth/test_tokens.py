from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.actor import ActorKind, TokenActor
from auth.caller import Caller
from auth.profile import Profile
from auth.refusal import Refused
from tests.auth.mint import (
    CITIZEN,
    CITIZEN_BIRTH,
    CITIZEN_NAME,
    HANOI,
    NOW,
    OFFICER,
    Clock,
    Publisher,
    claims,
    forged,
    jwks,
    key,
    shown,
    token,
    verifier,
)
from tests.auth.token_cases import BAD, GOOD


def rule_of(judged: Caller | Refused) -> str:
    return judged.rule if isinstance(judged, Refused) else "accepted"


@pytest.mark.parametrize("case", GOOD)
async def test_a_good_token_is_a_caller(case: str) -> None:
    caller = await verifier().verify(shown(GOOD[case]()))

    assert isinstance(caller, Caller)
    assert "portal-hanoi" == caller.consumer_id


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_token_is_refused_by_its_rule_each_time(case: str) -> None:
    """The second time too: only verified tokens are remembered."""
    rule, make = BAD[case]
    judge, presented = verifier(), shown(make())

    judged = [await judge.verify(presented), await judge.verify(presented)]

    assert [rule, rule] == [rule_of(each) for each in judged]


async def test_everything_a_token_says_reaches_the_caller() -> None:
    content = claims(
        actor={"kind": "OFFICER", "personal_id": OFFICER, "unit": "000.00.12.H26"},
        subject=CITIZEN,
        name=CITIZEN_NAME,
        birthdate=CITIZEN_BIRTH,
    )

    expected = Caller(
        consumer_id="portal-hanoi",
        scopes=frozenset({"prefill", "verify", "records"}),
        token_id="token-1",
        issuer=HANOI.issuer,
        expires_at=datetime.fromtimestamp(NOW + 300, UTC),
        actor=TokenActor(kind=ActorKind.OFFICER, personal_id=OFFICER, unit="H26.12"),
        subject=CITIZEN,
        subject_name=CITIZEN_NAME,
        subject_birth=CITIZEN_BIRTH,
    )
    assert expected == await verifier().verify(shown(f"Bearer {token(content)}"))


async def test_without_a_kid_a_choice_of_keys_is_no_key() -> None:
    publisher = Publisher()
    publisher.documents[HANOI.jwks_url] = jwks("ec-1", "ec-2")

    judged = await verifier(publisher).verify(shown(f"Bearer {token(header={'kid': None})}"))

    assert "token-key-unknown" == rule_of(judged)


async def test_production_believes_no_plain_bearer() -> None:
    judge = verifier(profile=Profile.PRODUCTION)

    plain = await judge.verify(shown(f"Bearer {token()}"))
    bound = await judge.verify(shown(f"Bearer {token(claims(cnf={'jkt': 'x' * 43}))}"))

    assert "sender-constraint-required" == rule_of(plain)
    assert "token-bound-as-bearer" == rule_of(bound)


async def test_a_remembered_token_dies_with_its_expiry() -> None:
    clock = Clock()
    judge = verifier(clock=clock)
    presented = shown(f"Bearer {token(claims(exp=int(NOW) + 20))}")

    judged = []
    for clock.now in (NOW, NOW + 19.9, NOW + 20):
        judged.append(rule_of(await judge.verify(presented)))

    assert ["accepted", "accepted", "token-expired"] == judged


async def test_a_remembered_token_is_not_verified_again() -> None:
    publisher = Publisher()
    judge, presented = verifier(publisher), shown(f"Bearer {token()}")
    first = await judge.verify(presented)

    assert first is await judge.verify(presented)
    assert [HANOI.jwks_url] == publisher.fetched


async def test_a_token_is_remembered_for_a_minute_only() -> None:
    clock = Clock()
    judge, presented = verifier(clock=clock), shown(f"Bearer {token()}")
    first = await judge.verify(presented)
    clock.now = NOW + 60

    again = await judge.verify(presented)

    assert first == again
    assert first is not again


async def test_a_token_whose_key_was_withdrawn_is_forgotten() -> None:
    """The issuer publishes other keys; what the earlier ones verified is judged again."""
    publisher, clock = Publisher(), Clock()
    judge, presented = verifier(publisher, clock), shown(f"Bearer {token()}")
    assert "accepted" == rule_of(await judge.verify(presented))
    publisher.documents[HANOI.jwks_url] = jwks("ec-2")
    clock.now = NOW + 11
    newer = token(claims(jti="token-2"), {"kid": "ec-2"}, key("ec-2"))
    assert "accepted" == rule_of(await judge.verify(shown(f"Bearer {newer}")))

    assert "token-key-unknown" == rule_of(await judge.verify(presented))


@given(st.text(max_size=200))
async def test_no_header_whatever_breaks_the_verifier(text: str) -> None:
    assert isinstance(await verifier().verify(shown(text)), Refused)


@given(st.binary(max_size=120), st.binary(max_size=120), st.binary(max_size=70))
async def test_no_token_whatever_breaks_the_verifier(a: bytes, b: bytes, c: bytes) -> None:
    assert isinstance(await verifier().verify(shown(f"Bearer {forged(a, b, c)}")), Refused)


@given(st.binary(max_size=120))
async def test_no_nonsense_that_an_issuer_signs_is_believed(nonsense: bytes) -> None:
    payload = b'{"iss":"' + HANOI.issuer.encode() + b'",' + nonsense + b"}"

    assert isinstance(await verifier().verify(shown(f"Bearer {token(payload)}")), Refused)


@given(st.data())
async def test_no_token_with_one_letter_changed_is_accepted(data: st.DataObject) -> None:
    good = token()
    at = data.draw(st.integers(0, len(good) - 1))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    letter = data.draw(st.sampled_from(letters.replace(good[at], "")))

    judged = await verifier().verify(shown(f"Bearer {good[:at]}{letter}{good[at + 1 :]}"))

    assert isinstance(judged, Refused)
