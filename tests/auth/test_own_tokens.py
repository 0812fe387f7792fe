"""A consumer that signs its own tokens, by a key of the grants."""

import pytest

from auth.caller import Caller
from auth.consumer import Consumer
from auth.keys import Key
from auth.refusal import Refused
from tests.auth.mint import HANOI, LAMDONG, NOW, URL, Trusted, key, shown, verifier
from tests.auth.sender import OURS, Sender

OWN = "https://portal.example/lamdong"
ADDRESS = URL.removesuffix("/graphql")
SENDER = Sender(OWN, ADDRESS, lambda: NOW)
CNF = {"jkt": key(OURS["ES256"]).thumbprint()}


def public_key(name: str) -> Key:
    known = key(name)
    assert not isinstance(known, (str, bytes))
    return type(known).import_key(known.as_dict(private=False))  # type: ignore[return-value] # no oct


def consumer(issuer: str | None = OWN, *names: str, attests_only: bool = False) -> Consumer:
    keys = {(name, "ES256"): public_key(name) for name in names or ("ec-own",)}
    return Consumer(
        consumer_id="portal-lamdong", issuer=issuer, keys=keys, attests_only=attests_only
    )


def own_token(signed_by: str = "ec-own", **changed: object) -> str:
    header = {"kid": signed_by}
    return SENDER.token(header, signed_by, **{"client_id": "portal-lamdong", "cnf": CNF, **changed})


async def judged(token: str, *consumers: Consumer) -> Caller | Refused:
    judge = verifier(trusted=Trusted(*consumers))
    return await judge.verify(shown(f"DPoP {token}", SENDER.proof(token)))


def rule_of(judged: Caller | Refused) -> str:
    return judged.rule if isinstance(judged, Refused) else "accepted"


async def test_its_token_is_believed_and_is_known_to_be_its_own_word() -> None:
    caller = await judged(own_token(), consumer())

    assert isinstance(caller, Caller)
    assert ("portal-lamdong", OWN, True) == (caller.consumer_id, caller.issuer, caller.own_word)


async def test_its_own_word_opens_neither_the_schema_nor_the_log_nor_the_metrics() -> None:
    scope = "prefill developer audit:read audit:unmask owner:land metrics verify records"
    caller = await judged(own_token(scope=scope), consumer())

    assert isinstance(caller, Caller)
    assert {"prefill", "verify", "records"} == caller.scopes


async def test_a_token_of_an_authorization_server_is_not_its_own_word() -> None:
    caller = await verifier().verify(
        shown(f"Bearer {Sender(HANOI.issuer, ADDRESS, lambda: NOW).token()}")
    )

    assert isinstance(caller, Caller)
    assert not caller.own_word


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("sender-constraint-required", {"cnf": None}),
        ("token-lives-too-long", {"exp": int(NOW) + 301}),
        ("token-lives-too-long", {"iat": int(NOW) - 200, "exp": int(NOW) + 101}),
        ("token-issuer-not-the-consumers", {"client_id": "portal-hanoi"}),
        ("token-issuer-unknown", {"iss": OWN + "/"}),
        ("token-audience", {"aud": "other"}),
        ("token-key-unknown", {"signed_by": "ec-1"}),
    ],
)
async def test_it_may_not(rule: str, changed: dict[str, object]) -> None:
    assert rule == rule_of(await judged(own_token(**changed), consumer()))  # type: ignore[arg-type] # a table


async def test_without_a_proof_its_token_is_worth_nothing() -> None:
    token = own_token()
    judge = verifier(trusted=Trusted(consumer()))

    assert "token-bound-as-bearer" == rule_of(await judge.verify(shown(f"Bearer {token}")))
    assert "dpop-required" == rule_of(await judge.verify(shown(f"DPoP {token}")))


async def test_keys_for_attestations_alone_sign_no_token() -> None:
    only = consumer(attests_only=True)

    assert "token-issuer-unknown" == rule_of(await judged(own_token(), only))


async def test_a_consumer_cannot_take_the_name_of_an_issuer_that_is_believed() -> None:
    """The configured issuer's keys count, whatever a grant says."""
    thief = consumer(HANOI.issuer)
    token = own_token(iss=HANOI.issuer)

    assert "token-key-unknown" == rule_of(await judged(token, thief))


async def test_two_consumers_of_one_name_are_nobody() -> None:
    other = Consumer(
        consumer_id="portal-other", issuer=OWN, keys={("ec-own", "ES256"): public_key("ec-own")}
    )

    assert "token-issuer-unknown" == rule_of(await judged(own_token(), consumer(), other))


async def test_a_consumer_with_its_issuer_is_believed_from_that_one_only() -> None:
    pinned = Consumer(consumer_id="portal-hanoi", issuer=LAMDONG.issuer)
    hanoi = Sender(HANOI.issuer, ADDRESS, lambda: NOW)
    lamdong = Sender(LAMDONG.issuer, ADDRESS, lambda: NOW)
    judge = verifier(trusted=Trusted(pinned))

    by_hanoi = await judge.verify(shown(f"Bearer {hanoi.token()}"))
    by_lamdong = await judge.verify(
        shown(f"Bearer {lamdong.token({'kid': 'ec-lamdong'}, 'ec-lamdong')}")
    )

    assert "token-issuer-not-the-consumers" == rule_of(by_hanoi)
    assert "accepted" == rule_of(by_lamdong)


async def test_a_new_version_of_the_grants_judges_remembered_tokens_anew() -> None:
    trusted = Trusted(consumer())
    judge, token = verifier(trusted=trusted), own_token()

    async def again() -> str:
        return rule_of(await judge.verify(shown(f"DPoP {token}", SENDER.proof(token))))

    before = await again()
    trusted.consumers = {}
    unnoticed = await again()
    trusted.version += 1
    after = await again()

    assert ["accepted", "accepted", "token-issuer-unknown"] == [before, unnoticed, after]
