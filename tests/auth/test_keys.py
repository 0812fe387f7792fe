import asyncio
from collections.abc import Mapping

import pytest
from joserfc.jwk import ECKey
from joserfc.util import int_to_base64

from auth.caller import Caller
from auth.keys import IssuerKeys, Key
from auth.refusal import Refused
from tests.auth.mint import HANOI, LAMDONG, Clock, Publisher, jwks, key, shown, token, verifier


def rule_of(found: Key | Refused) -> str:
    return found.rule if isinstance(found, Refused) else str(found.thumbprint())


def thumbprint(name: str) -> str:
    return key(name).thumbprint()


async def test_keys_are_fetched_when_first_needed_and_then_kept() -> None:
    publisher, clock = Publisher(), Clock()
    keys = IssuerKeys(publisher, clock)
    assert [] == publisher.fetched

    found = [await keys.find(HANOI, name, "ES256") for name in ("ec-1", "ec-1")]

    assert [thumbprint("ec-1")] * 2 == [rule_of(each) for each in found]
    assert [HANOI.jwks_url] == publisher.fetched


async def test_fifty_unknown_kids_cause_two_fetches_in_ten_seconds() -> None:
    publisher, clock = Publisher(), Clock()
    judge = verifier(publisher, clock)
    first = await judge.verify(shown(f"Bearer {token()}"))
    assert isinstance(first, Caller)
    clock.now += 10

    for number in range(50):
        clock.now += 0.19
        unknown = token(header={"kid": f"ec-unknown-{number}"})
        refused = await judge.verify(shown(f"Bearer {unknown}"))
        assert isinstance(refused, Refused)

    assert [HANOI.jwks_url] * 2 == publisher.fetched


async def test_fifty_unknown_kids_at_once_cause_one_fetch() -> None:
    publisher = Publisher()
    judge = verifier(publisher)

    await asyncio.gather(
        *(
            judge.verify(shown(f"Bearer {token(header={'kid': f'ec-{at}'})}"))
            for at in range(100, 150)
        )
    )

    assert [HANOI.jwks_url] == publisher.fetched


async def test_a_new_key_is_found_as_soon_as_a_token_uses_it() -> None:
    publisher, clock = Publisher(), Clock()
    keys = IssuerKeys(publisher, clock)
    await keys.find(HANOI, "ec-1", "ES256")
    publisher.documents[HANOI.jwks_url] = jwks("ec-1", "ec-2")
    clock.now += 10

    found = await keys.find(HANOI, "ec-2", "ES256")

    assert thumbprint("ec-2") == rule_of(found)
    assert 2 == keys.version(HANOI.issuer)


async def test_an_issuer_that_is_away_leaves_its_last_good_keys() -> None:
    publisher, clock = Publisher(), Clock()
    keys = IssuerKeys(publisher, clock)
    await keys.find(HANOI, "ec-1", "ES256")
    publisher.documents[HANOI.jwks_url] = None
    clock.now += 4000

    found = [await keys.find(HANOI, kid, "ES256") for kid in ("ec-9", "ec-1")]

    assert ["token-key-unknown", thumbprint("ec-1")] == [rule_of(each) for each in found]
    assert 1 == keys.version(HANOI.issuer)


async def test_an_issuer_never_reached_is_said_to_be_away_and_asked_again_soon() -> None:
    """Not the token's fault: a client that hears `invalid_token` would throw a good one away."""
    publisher, clock = Publisher(), Clock()
    publisher.documents[HANOI.jwks_url] = None
    judge = verifier(publisher, clock)

    refused = [await judge.verify(shown(f"Bearer {token()}")) for _ in range(3)]
    publisher.documents[HANOI.jwks_url] = jwks("ec-1")
    clock.now += 1
    accepted = await judge.verify(shown(f"Bearer {token()}"))

    assert [("ISSUER_UNAVAILABLE", 503)] * 3 == [
        (each.code, each.status) for each in refused if isinstance(each, Refused)
    ]
    assert isinstance(accepted, Caller)
    assert [HANOI.jwks_url] * 2 == publisher.fetched


async def test_old_keys_are_refreshed_while_they_serve() -> None:
    """A withdrawn key is noticed within minutes though nobody uses an unknown one."""
    publisher, clock = Publisher(), Clock()
    keys = IssuerKeys(publisher, clock)
    await keys.find(HANOI, "ec-1", "ES256")
    publisher.documents[HANOI.jwks_url] = jwks("ec-2")
    clock.now += 301

    served = await keys.find(HANOI, "ec-1", "ES256")
    await asyncio.sleep(0)
    afterwards = await keys.find(HANOI, "ec-1", "ES256")

    assert [thumbprint("ec-1"), "token-key-unknown"] == [rule_of(served), rule_of(afterwards)]


async def test_the_same_keys_again_are_no_new_version() -> None:
    publisher, clock = Publisher(), Clock()
    keys = IssuerKeys(publisher, clock)
    for kid in ("ec-1", "ec-8", "ec-9"):
        clock.now += 10
        await keys.find(HANOI, kid, "ES256")

    assert 3 == len(publisher.fetched)
    assert 1 == keys.version(HANOI.issuer)


class SlowPublisher(Publisher):
    """A key source that answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = asyncio.Event()

    async def fetch(self, jwks_url: str) -> Mapping[str, object] | None:
        """Give the document when it is let."""
        document = await super().fetch(jwks_url)
        await self.let.wait()
        return document


async def test_all_who_wait_share_one_fetch_and_none_takes_it_from_the_others() -> None:
    publisher = SlowPublisher()
    keys = IssuerKeys(publisher, Clock())
    waiting = [asyncio.create_task(keys.find(HANOI, "ec-1", "ES256")) for _ in range(20)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    publisher.let.set()

    found = await asyncio.gather(*waiting, return_exceptions=True)

    assert isinstance(found[0], asyncio.CancelledError)
    assert 19 == sum(isinstance(each, ECKey) for each in found)
    assert [HANOI.jwks_url] == publisher.fetched


async def test_a_slow_issuer_does_not_keep_the_other_waiting() -> None:
    publisher = SlowPublisher()
    keys = IssuerKeys(publisher, Clock())
    slow = asyncio.create_task(keys.find(HANOI, "ec-1", "ES256"))
    await asyncio.sleep(0)
    publisher.let.set()
    other = await keys.find(LAMDONG, "ec-lamdong", "ES256")

    assert thumbprint("ec-lamdong") == rule_of(other)
    assert thumbprint("ec-1") == rule_of(await slow)


async def test_closing_ends_a_fetch_under_way() -> None:
    publisher = SlowPublisher()
    keys = IssuerKeys(publisher, Clock())
    waiting = asyncio.create_task(keys.find(HANOI, "ec-1", "ES256"))
    await asyncio.sleep(0)

    await keys.aclose()

    with pytest.raises(asyncio.CancelledError):
        await waiting


EC = key("ec-1").as_dict(private=False)
SHORT = int_to_base64(2**1023 + 1155)

UNUSABLE: dict[str, object] = {
    "for encryption": {**EC, "use": "enc"},
    "for another algorithm": {**EC, "alg": "ES512"},
    "of another curve": key("p384").as_dict(private=False),
    "a private key in public": key("ec-1").as_dict(private=True),
    "a shared secret": {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQ", "kid": "ec-1"},
    "of a kind of tomorrow": {"kty": "AKP", "alg": "ML-DSA-44", "pub": "x", "kid": "ec-1"},
    "not on its curve": {**EC, "x": EC["y"]},
    "without its numbers": {"kty": "EC", "crv": "P-256", "kid": "ec-1"},
    "too short": {"kty": "RSA", "e": "AQAB", "n": SHORT, "kid": "ec-1"},
    "no object": "ec-1",
    "a kid that is a number": {**EC, "kid": 1},
}


@pytest.mark.parametrize("case", UNUSABLE)
async def test_an_unusable_key_is_passed_over_and_its_neighbour_is_not(case: str) -> None:
    publisher = Publisher()
    neighbour = key("ec-2").as_dict(private=False)
    publisher.documents[HANOI.jwks_url] = {"keys": [UNUSABLE[case], neighbour]}
    keys = IssuerKeys(publisher, Clock())

    found = [
        await keys.find(HANOI, "ec-1", "ES256"),
        await keys.find(HANOI, "ec-1", "PS256"),
        await keys.find(HANOI, "ec-2", "ES256"),
    ]

    assert ["token-key-unknown", "token-key-unknown", thumbprint("ec-2")] == [
        rule_of(each) for each in found
    ]


@pytest.mark.parametrize("document", [None, {}, {"keys": {}}, {"keys": None}, {"error": "x"}])
async def test_what_is_no_key_document_is_no_answer(document: Mapping[str, object] | None) -> None:
    publisher = Publisher()
    publisher.documents[HANOI.jwks_url] = document

    found = await IssuerKeys(publisher, Clock()).find(HANOI, "ec-1", "ES256")

    assert "issuer-unavailable" == rule_of(found)


async def test_an_issuer_that_withdraws_all_its_keys_is_taken_at_its_word() -> None:
    publisher, clock = Publisher(), Clock()
    keys = IssuerKeys(publisher, clock)
    await keys.find(HANOI, "ec-1", "ES256")
    publisher.documents[HANOI.jwks_url] = {"keys": []}
    clock.now += 10
    await keys.find(HANOI, "ec-9", "ES256")

    assert "token-key-unknown" == rule_of(await keys.find(HANOI, "ec-1", "ES256"))
