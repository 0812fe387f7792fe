"""What the table of single requests cannot show: replays, nonces, revocations, addresses."""

import asyncio

import pytest

from auth.caller import Caller
from auth.dpop import REMEMBERED_S, same_address
from auth.nonces import Nonces
from auth.profile import Profile
from auth.refusal import Refused
from auth.revocations import Revocations
from auth.shared import SharedUnavailable
from auth.shared_memory import MemoryShared
from tests.auth.mint import HANOI, NOW, URL, Clock, Trusted, key, shown, verifier
from tests.auth.sender import OURS, Sender

SENDER = Sender(HANOI.issuer, URL.removesuffix("/graphql"), lambda: NOW)
JKT = key(OURS["ES256"]).thumbprint()
CERTIFICATE = "c" * 43


def rule_of(judged: Caller | Refused) -> str:
    return judged.rule if isinstance(judged, Refused) else "accepted"


async def test_a_proof_used_on_two_replicas_at_once_is_accepted_once() -> None:
    shared = MemoryShared(Clock())
    replicas = [verifier(shared=shared) for _ in range(2)]
    token = SENDER.bound()
    request = shown(f"DPoP {token}", SENDER.proof(token))

    judged = await asyncio.gather(*(replicas[at % 2].verify(request) for at in range(16)))

    assert ["accepted"] + ["dpop-replayed"] * 15 == sorted(rule_of(each) for each in judged)


async def test_a_used_proof_is_known_until_every_clock_calls_it_too_old() -> None:
    clock = Clock()
    judge, token = verifier(clock=clock), SENDER.bound()
    request = shown(f"DPoP {token}", SENDER.proof(token, iat=int(NOW) + 10))

    judged = []
    for clock.now in (NOW, NOW + 70, NOW + 71):
        judged.append(rule_of(await judge.verify(request)))

    assert ["accepted", "dpop-replayed", "dpop-time"] == judged
    assert REMEMBERED_S >= 140


async def test_the_same_id_under_another_key_is_another_proof() -> None:
    judge, token, other = verifier(), SENDER.bound(), SENDER.bound("Ed25519")
    by_other = SENDER.proof(other, header={"alg": "Ed25519"}, signed_by="ed-portal", jti="1")

    judged = [
        await judge.verify(shown(f"DPoP {token}", SENDER.proof(token, jti="1"))),
        await judge.verify(shown(f"DPoP {other}", by_other)),
    ]

    assert ["accepted", "accepted"] == [rule_of(each) for each in judged]


class Away(MemoryShared):
    """A shared store that does not answer."""

    async def add_once(self, name: bytes, seconds: float) -> bool:
        """Do not answer."""
        del name, seconds
        raise SharedUnavailable


async def test_while_replays_cannot_be_told_no_proof_is_taken() -> None:
    judge, token = verifier(shared=Away(Clock())), SENDER.bound()

    judged = await judge.verify(shown(f"DPoP {token}", SENDER.proof(token)))

    assert isinstance(judged, Refused)
    assert ("GUARD_UNAVAILABLE", 503) == (judged.code, judged.status)


async def test_where_nonces_are_asked_for_a_proof_names_one_of_the_last_two() -> None:
    clock = Clock(NOW)
    nonces = Nonces(b"k" * 32, clock)
    judge, token = verifier(clock=clock, nonces=nonces), SENDER.bound()
    first = nonces.current()

    async def with_nonce(nonce: str | None) -> str:
        proof = SENDER.proof(token, nonce=nonce, iat=int(clock.now))
        return rule_of(await judge.verify(shown(f"DPoP {token}", proof)))

    judged = [await with_nonce(each) for each in (None, "", "x", first, "nonce é")]
    clock.now = NOW + 60
    judged.append(await with_nonce(first))
    clock.now = NOW + 120
    judged.append(await with_nonce(first))

    refused = "dpop-nonce"
    assert [refused, refused, refused, "accepted", refused, "accepted", refused] == judged


def test_nonces_of_another_key_are_none() -> None:
    theirs = Nonces(b"a" * 32, Clock()).current()

    assert not Nonces(b"b" * 32, Clock()).accepts(theirs)
    assert Nonces(b"a" * 32, Clock()).accepts(theirs)
    assert "aaaa" not in repr(Nonces(b"a" * 32, Clock()))


async def test_a_token_bound_to_a_certificate_needs_that_certificate() -> None:
    token = SENDER.token(cnf={"x5t#S256": CERTIFICATE})
    judge = verifier(profile=Profile.PRODUCTION)

    judged = [
        await judge.verify(shown(f"Bearer {token}", certificate=certificate))
        for certificate in (CERTIFICATE, None, "d" * 43, CERTIFICATE)
    ]

    assert ["accepted", "token-certificate", "token-certificate", "accepted"] == [
        rule_of(each) for each in judged
    ]
    assert isinstance(judged[0], Caller)
    assert CERTIFICATE == judged[0].thumbprint


async def test_a_token_bound_to_both_needs_both() -> None:
    token = SENDER.token(cnf={"jkt": JKT, "x5t#S256": CERTIFICATE})
    judge = verifier()

    judged = [
        await judge.verify(shown(f"DPoP {token}", *proofs, certificate=certificate))
        for proofs, certificate in (
            ((SENDER.proof(token),), None),
            ((), CERTIFICATE),
            ((SENDER.proof(token),), CERTIFICATE),
        )
    ]
    as_bearer = await judge.verify(shown(f"Bearer {token}", certificate=CERTIFICATE))

    assert ["token-certificate", "dpop-required", "accepted"] == [rule_of(j) for j in judged]
    assert "token-bound-as-bearer" == rule_of(as_bearer)


async def test_the_caller_of_a_bound_token_is_known_by_its_key() -> None:
    token = SENDER.bound()

    judged = await verifier().verify(shown(f"DPoP {token}", SENDER.proof(token)))

    assert isinstance(judged, Caller)
    assert JKT == judged.thumbprint


@pytest.mark.parametrize(
    "revoked",
    [
        Revocations(tokens=frozenset({"token-9"})),
        Revocations(clients=frozenset({"portal-hanoi"})),
        Revocations(keys=frozenset({JKT})),
        Revocations(keys=frozenset({CERTIFICATE})),
    ],
)
async def test_what_is_revoked_is_refused_at_the_next_request(revoked: Revocations) -> None:
    """A remembered token too: with a new list everything is judged anew."""
    trusted = Trusted()
    judge = verifier(trusted=trusted)
    token = SENDER.token(jti="token-9", cnf={"jkt": JKT, "x5t#S256": CERTIFICATE})

    judged = []
    for trusted.revocations in (Revocations(), revoked, Revocations()):
        trusted.version += 1
        request = shown(f"DPoP {token}", SENDER.proof(token), certificate=CERTIFICATE)
        judged.append(rule_of(await judge.verify(request)))

    assert ["accepted", "token-revoked", "accepted"] == judged


async def test_a_revoked_bearer_is_refused_whether_remembered_or_new() -> None:
    trusted = Trusted()
    trusted.revocations = Revocations(tokens=frozenset({"token-9"}))
    judge, request = verifier(trusted=trusted), shown(f"Bearer {SENDER.token(jti='token-9')}")

    judged = [rule_of(await judge.verify(request)) for _ in range(2)]

    assert ["token-revoked", "token-revoked"] == judged


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://h/p", "HTTPS://H:443/p"),
        ("http://h/p", "http://h:80/p?q#f"),
        ("https://h", "https://h/"),
        ("https://h/%7Euser/%c3%a9", "https://h/~user/%C3%A9"),
        ("https://h/a/./b/../c", "https://h/a/c"),
        ("https://h/a/b/..", "https://h/a/"),
        ("https://h/../a", "https://h/a"),
        ("https://[::1]:443/p", "https://[::1]/p"),
    ],
)
def test_two_ways_to_write_one_address(one: str, other: str) -> None:
    assert same_address(one, other)
    assert same_address(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://h/p", "http://h/p"),
        ("https://h/p", "https://h/P"),
        ("https://h/p", "https://h/p/"),
        ("https://h/a%2Fb", "https://h/a/b"),
        ("https://h/a//b", "https://h/a/b"),
        ("https://h/p", "https://h:8443/p"),
        ("https://h/p", "https://u@h/p"),
        ("https://h/p", "https://h.evil/p"),
        ("https://h/p", "//h/p"),
        ("https://h/p", "https://h:x/p"),
        ("https://h/p", "https://[::1/p"),
        ("ftp://h/p", "ftp://h/p"),
    ],
)
def test_two_addresses(one: str, other: str) -> None:
    assert not same_address(one, other)
