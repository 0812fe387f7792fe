"""The cases that the running server is put to as well, here against the verifier alone."""

import pytest

from auth.caller import Caller
from auth.presented import Presented
from auth.refusal import Refused
from tests.auth import sent_bearers, sent_proofs
from tests.auth.mint import HANOI, NOW, verifier
from tests.auth.sender import Sender, Sent

ADDRESS = "https://gateway.example"
SENDER = Sender(HANOI.issuer, ADDRESS, lambda: NOW)


def presented(sent: Sent) -> Presented:
    def of(name: str) -> tuple[str, ...]:
        return tuple(value for header, value in sent.headers if header == name)

    return Presented(
        authorizations=of("authorization"),
        proofs=of("dpop"),
        method=sent.method,
        url=ADDRESS + sent.path,
        in_query=bool(sent.query),
    )


def rule_of(judged: Caller | Refused) -> str:
    return judged.rule if isinstance(judged, Refused) else "accepted"


@pytest.mark.parametrize("case", sent_bearers.CASES)
async def test_a_bearer_is_judged(case: str) -> None:
    rule, make = sent_bearers.CASES[case]

    assert rule == rule_of(await verifier().verify(presented(make(SENDER))))


@pytest.mark.parametrize("case", sent_proofs.CASES)
async def test_a_token_with_its_proof_is_judged(case: str) -> None:
    """Twice by one verifier: a wrong proof is not used up, and a right one is."""
    rule, make = sent_proofs.CASES[case]
    judge, shown = verifier(), presented(make(SENDER))

    judged = [rule_of(await judge.verify(shown)) for _ in range(2)]

    assert [rule, "dpop-replayed" if rule == "accepted" else rule] == judged
