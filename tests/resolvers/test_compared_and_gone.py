"""Whoever hangs up while a proof is held against a record as it was given: what it costs."""

import asyncio
import itertools
from datetime import UTC, datetime

import pytest

from adapters.registry import Unavailable
from auth.attempts import Attempts, Tries
from auth.opaque import Opaque
from auth.shared import UNDER_WAY_S
from resolvers.lookups import Lookups
from resolvers.matching import Fared
from tests.auth.mint import Clock
from tests.auth.slow_store import TURNS, SlowStore, hung_up
from tests.resolvers.invented import AN, party

NOW = datetime(2026, 11, 21, tzinfo=UTC)


async def compare(tries: Tries, told: list[bool], *, fits: bool) -> None:
    """Hold the proof against a record, as an edge does, and say how it fared."""
    comparison = await Lookups(tries, lambda _: None, lambda: NOW).compare(
        [party("applicant", Unavailable())]
    )
    told.append(fits)
    await comparison.end([Fared(key=AN.key, fits=fits)])


@pytest.mark.parametrize(("fits", "left"), [(True, 5), (False, 4)], ids=["right", "wrong"])
async def test_a_wrong_proof_that_was_compared_costs_its_place_and_nothing_else_does(
    *, fits: bool, left: int
) -> None:
    compared = 0
    for turns in itertools.count():
        clock = Clock()
        tries = Attempts(SlowStore(clock), Opaque(bytes(32))).of("portal-hanoi", "officer", "H26-1")
        told: list[bool] = []
        asking = asyncio.create_task(compare(tries, told, fits=fits))
        gone = await hung_up(asking, turns)
        clock.now += UNDER_WAY_S + 1  # what is still under way now counts as failed
        assert [left if told else 5] == await tries.left([AN.key.number]), turns
        compared += bool(told)
        if not gone:
            break
    assert turns > 3 * TURNS
    assert compared > TURNS
