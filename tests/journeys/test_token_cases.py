"""Every way to say who one is, good or bad, against the running gateway.

A refusal asks no registry, leaves one entry in the access log, and names nobody in it.
"""

import asyncio
import time
from collections.abc import Iterator

import httpx2
import pytest

from auth.refusal import RULES
from tests.auth import sent_bearers, sent_proofs
from tests.auth.mint import jwks
from tests.auth.sender import PUBLISHED, Sender, Sent
from tests.journeys.documents import PERSON, purpose
from tests.journeys.own_gateway import OwnGateway, OwnIssuer
from tests.patience import soon
from tests.sandbox.visitor import Running

CASES = {f"bearer: {name}": case for name, case in sent_bearers.CASES.items()} | {
    f"proof: {name}": case for name, case in sent_proofs.CASES.items()
}
NUMBER, NAME, BIRTH = "097085000101", "Nguyễn Văn An", "1985-05-12"
ASKED = {
    "query": PERSON,
    "variables": {
        "purpose": purpose(),
        "applicant": {"number": {"personalId": NUMBER}, "fullName": NAME, "birthDate": BIRTH},
    },
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[OwnIssuer]:
    """Start the issuer of these tests."""
    started = OwnIssuer()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def started_gateway(
    shared: Running, issuer: OwnIssuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OwnGateway]:
    """Start the gateway of these tests."""
    directory = tmp_path_factory.mktemp("token-cases")
    gateway = OwnGateway(directory, shared.addresses, issuer.url)
    yield gateway
    assert 0 == gateway.stop()


@pytest.fixture
def gateway(started_gateway: OwnGateway, sandbox: Running, issuer: OwnIssuer) -> OwnGateway:
    """Give the gateway, with its issuer up and the sandbox's journal empty."""
    assert sandbox.journal() == []
    issuer.document = jwks(*PUBLISHED)
    return started_gateway


@pytest.fixture
def sender(gateway: OwnGateway, issuer: OwnIssuer) -> Sender:
    """Give a portal of this issuer before this gateway."""
    return Sender(issuer.url, gateway.address, time.time)


def rule_of(answer: httpx2.Response) -> str:
    if answer.headers["content-type"].startswith("application/graphql;"):
        return "accepted"
    told = answer.json()
    if "errors" not in told:
        return "accepted"
    rule: str = told["errors"][0]["extensions"]["rule"]
    return rule


def test_there_are_at_least_eighty_cases() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize("case", CASES)
def test_a_request_is_judged_by_what_it_shows(
    gateway: OwnGateway, sender: Sender, sandbox: Running, case: str
) -> None:
    rule, make = CASES[case]
    sent = make(sender)

    answer = gateway.send(sent, ASKED)

    assert rule == rule_of(answer)
    if rule == "accepted":
        assert 200 == answer.status_code
        return
    assert RULES[rule].status == answer.status_code
    assert [] == sandbox.journal()
    (entry,) = gateway.entries(answer.headers["x-request-id"])
    assert ("DENIED", rule) == (entry["kind"], entry["rule"])
    assert [] == told_of_anybody(sent, str(entry) + answer.text + str(answer.headers))
    assert "resource_metadata=" in answer.headers["www-authenticate"]


def told_of_anybody(sent: Sent, text: str) -> list[str]:
    """List what should not be said: a person, or a piece of a token or a proof."""
    pieces = {piece for _, value in sent.headers for piece in value.split(".") if len(piece) > 40}
    return [each for each in (NUMBER, NAME, BIRTH, *pieces) if each in text]


def test_the_gateway_said_nothing_of_anybody_all_the_while(gateway: OwnGateway) -> None:
    """Runs after the cases that this process was given; DEBUG lines included."""
    gateway.http.post(f"{gateway.address}/graphql", json={"query": "{ registries { name } }"})
    said = gateway.said()

    assert "request" in said
    assert [] == [each for each in (NUMBER, NAME, BIRTH, "eyJ") if each in said]


def test_a_proof_is_good_for_one_request(
    gateway: OwnGateway, sender: Sender, sandbox: Running
) -> None:
    token = sender.bound()
    sent = sent_proofs.with_proofs(token, sender.proof(token))

    first = gateway.send(sent, ASKED)
    asked_for_the_first = len(sandbox.journal())
    again = gateway.send(sent, ASKED)

    assert ["accepted", "dpop-replayed"] == [rule_of(first), rule_of(again)]
    assert 401 == again.status_code
    assert asked_for_the_first == len(sandbox.journal())


async def test_of_sixteen_uses_of_one_proof_at_once_one_is_accepted(
    gateway: OwnGateway, sender: Sender
) -> None:
    token = sender.bound()
    headers = sent_proofs.with_proofs(token, sender.proof(token)).headers

    async with httpx2.AsyncClient(timeout=20, trust_env=False) as http:
        url = f"{gateway.address}/graphql"
        answers = await asyncio.gather(
            *(http.post(url, json=ASKED, headers=[*headers]) for _ in range(16))
        )

    assert ["accepted"] + ["dpop-replayed"] * 15 == sorted(rule_of(each) for each in answers)


def test_after_everything_wrong_a_right_proof_works(gateway: OwnGateway, sender: Sender) -> None:
    answer = gateway.send(sent_proofs.GOOD["as RFC 9449 writes it"](sender), ASKED)

    assert NAME == answer.json()["data"]["dossier"]["applicant"]["fullName"]


def test_a_challenge_names_both_schemes_and_the_way_in(gateway: OwnGateway) -> None:
    answer = gateway.send(Sent([]), ASKED)

    bearer, by_dpop = answer.headers.get_list("www-authenticate")
    where = f'resource_metadata="{gateway.address}/.well-known/oauth-protected-resource"'
    assert f"Bearer {where}" == bearer
    assert f'DPoP algs="ES256 PS256 Ed25519", {where}' == by_dpop
    known = gateway.http.get(where.split('"')[1]).json()
    assert gateway.address == known["resource"]


def test_a_token_in_the_url_is_refused_at_every_door(gateway: OwnGateway, sender: Sender) -> None:
    query = f"access_token={sender.token()}"
    for sent in (
        Sent([], query=query),
        Sent([], path="/graphql/", query=query),
        Sent([], method="GET", path="/documents/1.004222", query=query),
    ):
        answer = gateway.send(sent, ASKED)
        assert (401, "token-in-url") == (answer.status_code, rule_of(answer))
        (entry,) = gateway.entries(answer.headers["x-request-id"])
        assert "DENIED" == entry["kind"]


def test_keys_are_rotated_with_an_overlap_and_the_old_one_ends(
    shared: Running, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Old and new serve together; unknown kids do not hammer the issuer; away, its keys stay."""
    issuer = OwnIssuer()
    gateway = OwnGateway(tmp_path_factory.mktemp("rotation"), shared.addresses, issuer.url)
    sender = Sender(issuer.url, gateway.address, time.time)
    catalogue = {"query": "{ registries { name } }"}

    def judged(kid: str, signed_by: str | None = None) -> str:
        token = sender.token({"kid": kid}, signed_by or kid)
        return rule_of(gateway.send(sent_bearers.bearer(token), catalogue))

    try:
        assert "accepted" == judged("ec-1")
        rests_since = time.monotonic()
        issuer.document = jwks("ec-1", "ec-2")
        for number in range(50):
            assert "token-key-unknown" == judged(f"ec-unknown-{number}", "ec-1")
        # The issuer rests for ten seconds after it was asked.
        assert issuer.fetches <= 2 + (time.monotonic() - rests_since) // 10
        assert "accepted" == soon(lambda: judged("ec-2"), lambda rule: rule == "accepted")
        assert ["accepted", "accepted"] == [judged("ec-1"), judged("ec-2")]
        issuer.document = None
        assert ["accepted", "accepted"] == [judged("ec-1"), judged("ec-2")]
        issuer.stop()
        assert "accepted" == judged("ec-2")
    finally:
        issuer.stop()
        assert 0 == gateway.stop()
