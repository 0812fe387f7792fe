"""Whoever hangs up, at whatever moment: no dossier is burnt, no right proof loses its place."""

import asyncio
import itertools
import secrets
from collections.abc import Mapping
from typing import Any

from auth.attempts import Attempts
from auth.dossiers import Dossiers
from auth.opaque import Opaque
from auth.profile import Profile
from auth.quotas import Quotas
from auth.shared import UNDER_WAY_S
from resolvers.admission import Admission
from resolvers.graph import Graph
from tests.auth.mint import Clock
from tests.auth.slow_store import TURNS, SlowStore, hung_up
from tests.resolvers.indoors import AN_KEY, NOW, grants, graph, purpose, told
from tests.resolvers.invented import BINH

PERSON = """query P($purpose: Purpose!, $key: PersonKey!) {
  dossier(purpose: $purpose) { person(role: "applicant", key: $key) { fullName } } }"""
PREFILL = """query P($purpose: Purpose!, $subjects: [SubjectInput!]!) {
  dossier(purpose: $purpose) { prefill(subjects: $subjects) { fields { key value } } } }"""
VERIFY = """query V($purpose: Purpose!, $subjects: [SubjectInput!]!, $claims: [ClaimInput!]!) {
  dossier(purpose: $purpose) { verify(subjects: $subjects, claims: $claims) {
    verdicts { verdict attemptsLeft } } } }"""
SUBJECTS = [{"role": "applicant", "is": {"person": AN_KEY}}]
SEX = "nguoiKhai.gioiTinh"
OTHER = {"MALE": "FEMALE", "FEMALE": "MALE"}


class House:
    """A gateway with a slow store of its own."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.store = SlowStore(self.clock)
        opaque = Opaque(bytes(32))
        self.graph: Graph = graph(
            grants(),
            profile=Profile.SANDBOX,
            admitting=Admission(
                quotas=Quotas(self.store, opaque, secrets.token_bytes),
                attempts=Attempts(self.store, opaque),
                dossiers=Dossiers(self.store, opaque),
                consumers=dict,
                withdrawn=lambda *_: None,
                audience="lienthong-sandbox",
                now=lambda: NOW,
            ),
        )

    async def left(self, turns: int, document: str, **variables: object) -> bool:
        """Ask, and hang up after so many turns; tell whether that broke the request off."""
        asking = asyncio.create_task(told(self.graph, document, purpose=purpose(), **variables))
        gone = await hung_up(asking, turns)
        await self.graph.close()
        # What is still under way now counts as failed.
        self.clock.now += UNDER_WAY_S + 1
        return gone

    async def verify(self, sex: str) -> Mapping[str, Any]:
        """Give the verdict on a claim."""
        answer = await told(self.graph, VERIFY, purpose=purpose(), **claimed(sex))
        verdict: Mapping[str, Any]
        (verdict,) = answer["data"]["dossier"]["verify"]["verdicts"]
        return verdict


def claimed(sex: str) -> Mapping[str, object]:
    return {
        "subjects": SUBJECTS,
        "claims": [{"role": "applicant", "key": SEX, "value": sex}],
    }


async def on_file() -> str:
    """Give the sex on file."""
    answer = await told(House().graph, PREFILL, purpose=purpose(), subjects=SUBJECTS)
    fields = answer["data"]["dossier"]["prefill"]["fields"]
    return str(next(field["value"] for field in fields if field["key"] == SEX))


async def test_whenever_a_caller_with_a_wrong_number_goes_the_dossier_is_still_the_right_ones() -> (
    None
):
    wrong = {**AN_KEY, "number": {"personalId": BINH.personal_id}}
    for turns in itertools.count():
        house = House()
        if not await house.left(turns, PERSON, key=wrong):
            break
        answer = await told(house.graph, PERSON, purpose=purpose(), key=AN_KEY)
        assert "errors" not in answer, turns
    assert turns > 8 * TURNS


async def test_whenever_the_caller_goes_a_right_verification_costs_nothing() -> None:
    right = await on_file()
    for turns in itertools.count():
        house = House()
        if not await house.left(turns, VERIFY, **claimed(right)):
            break
        expected = {"verdict": "DIFFERENT", "attemptsLeft": 4}
        assert expected == await house.verify(OTHER[right]), turns
    assert house.store.guessed
    assert turns > 8 * TURNS


async def test_whenever_the_caller_goes_a_wrong_verification_that_was_begun_costs_its_place() -> (
    None
):
    right = await on_file()
    begun = 0
    for turns in itertools.count():
        house = House()
        if not await house.left(turns, VERIFY, **claimed(OTHER[right])):
            break
        locked = {"verdict": "LOCKED", "attemptsLeft": 4}
        nothing = {"verdict": "EXACT", "attemptsLeft": 5}
        begun += house.store.guessed
        expected = locked if house.store.guessed else nothing
        assert expected == await house.verify(right), turns
    assert begun > 8 * TURNS
