"""Callers who go while a dossier is being bound or let go: nothing stays bound for nobody."""

import asyncio
import itertools
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from auth.dossiers import Binding, Dossiers
from auth.opaque import Opaque
from auth.refusal import Refused, refuse
from tests.auth.mint import CITIZEN, Clock
from tests.auth.slow_store import TURNS, SlowStore, hung_up

CODE, DRAFT = "H26.12-261101-0001", "draft-7"
AN: Mapping[str, Sequence[str]] = {"applicant": [CITIZEN]}
TYPO: Mapping[str, Sequence[str]] = {"applicant": ["097085000110"]}
ANOTHER = refuse("subject-of-another-dossier", role="applicant")


async def bind(
    dossiers: Dossiers,
    parties: Mapping[str, Sequence[str]],
    code: str = CODE,
    draft: str | None = None,
) -> Binding | Refused:
    return await dossiers.bind("portal-hanoi", "1.004222", code=code, draft=draft, parties=parties)


async def bound(
    dossiers: Dossiers,
    parties: Mapping[str, Sequence[str]],
    code: str = CODE,
    draft: str | None = None,
) -> Binding:
    binding = await bind(dossiers, parties, code, draft)
    assert isinstance(binding, Binding)
    return binding


async def broken_off(work: Coroutine[Any, Any, object], turns: int) -> bool:
    """Tell whether *work* was broken off after so many turns."""
    return await hung_up(asyncio.create_task(work), turns)


async def test_whenever_the_caller_goes_a_typo_does_not_stay_bound(opaque: Opaque) -> None:
    for turns in itertools.count():
        dossiers = Dossiers(SlowStore(Clock()), opaque)
        gone = await broken_off(bind(dossiers, TYPO), turns)
        if not gone:
            break
        await bound(dossiers, AN)
    assert turns > 2 * TURNS


async def test_who_is_refused_and_goes_unbinds_nobody_else(opaque: Opaque) -> None:
    for turns in itertools.count():
        dossiers = Dossiers(SlowStore(Clock()), opaque)
        await bound(dossiers, AN)
        gone = await broken_off(bind(dossiers, TYPO), turns)
        assert ANOTHER == await bind(dossiers, TYPO)
        if not gone:
            break
    assert turns > 2 * TURNS


async def test_whenever_the_caller_goes_a_typo_is_let_go_exactly_once(opaque: Opaque) -> None:
    for turns in itertools.count():
        dossiers = Dossiers(SlowStore(Clock()), opaque)
        ours, others = await bound(dossiers, TYPO), await bound(dossiers, TYPO)
        gone = await broken_off(ours.let_go(["applicant"]), turns)
        await ours.let_go(ours.made)
        assert ANOTHER == await bind(dossiers, AN)
        await others.let_go(["applicant"])
        await bound(dossiers, AN)
        if not gone:
            break
    assert turns > 2 * TURNS


async def test_whenever_the_caller_goes_asking_by_what_a_dossier_goes_leaves_no_mark(
    opaque: Opaque,
) -> None:
    for turns in itertools.count():
        dossiers = Dossiers(SlowStore(Clock()), opaque)
        name = (await bound(dossiers, AN, draft=DRAFT)).names["draft"]
        other = await bound(dossiers, AN, code="H26.12-261101-0002")
        gone = await broken_off(other.goes_by("draft", name), turns)
        await bound(dossiers, AN, code="H26.12-261101-0002", draft="draft-8")
        if not gone:
            break
    assert turns > 2 * TURNS


async def test_who_goes_while_the_store_is_away_has_gone_all_the_same(opaque: Opaque) -> None:
    store = SlowStore(Clock())
    binding = await bound(Dossiers(store, opaque), AN)
    store.away = True
    assert refuse("guard-unavailable") == await bind(Dossiers(store, opaque), AN)
    assert await broken_off(bind(Dossiers(store, opaque), AN), TURNS)
    assert await broken_off(binding.let_go(["applicant"]), TURNS)
