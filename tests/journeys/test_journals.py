"""What registries noted of us, less what we own up to, is nothing: well or broken, cached or not.

Each call carries the id of its intent. The registries keep their journals themselves; that of the
land registry, a database, is written in the gateway's process at the moment of asking.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from audit.detail import Details
from audit.entry import EntryKind
from audit.months import load_or_create_months
from tests.audit.databases import SqliteDatabase
from tests.journeys.crowd import Portal, Question
from tests.journeys.forked import Born, Nursery
from tests.journeys.ledger import ID, Ledger
from tests.journeys.log_places import settings_of
from tests.sandbox.visitor import Running

REGISTRIES = ("population", "business", "insurance", "land")
MODES = ("slow", "down", "hang", "garbled", "html", "wrong_person", "duplicated", "maintenance")


async def ask_all(gateway: Born, questions: Sequence[Question]) -> list[httpx2.Response]:
    """Send questions at the same moment; each is answered, whatever the registries do."""
    async with httpx2.AsyncClient(trust_env=False, timeout=20) as http:
        sent = [
            http.post(
                f"{gateway.address}/graphql",
                content=each.body,
                headers={"content-type": "application/json", **each.headers},
            )
            for each in questions
        ]
        answers = await asyncio.gather(*sent)
    assert {200} == {answer.status_code for answer in answers}
    return answers


def everything(portal: Portal) -> list[Question]:
    """Ask all four registries, about two people."""
    kinds = (portal.ask_name, portal.ask_household, portal.ask_papers)
    return [ask(caller) for ask in kinds for caller in (0, 1)]


def asked(journal: Sequence[dict[str, Any]]) -> set[str]:
    """Name the registries that were asked about somebody."""
    return {row["registry"].split("-")[0] for row in journal if row["operation"] != "token"}


@pytest.mark.parametrize("mode", MODES)
async def test_no_registry_was_asked_behind_the_logs_back_whatever_it_did(
    mode: str, sqlite_log: SqliteDatabase, sandbox: Running, nursery: Nursery
) -> None:
    portal = Portal(sandbox.addresses)
    gateway = await nursery.start(**settings_of(sqlite_log))
    # First in health: whose token service does not answer is not asked anything else.
    await ask_all(gateway, everything(portal))
    for registry in REGISTRIES:
        before = len(sandbox.journal())
        sandbox.fault(registry, mode, ms=200)
        await ask_all(gateway, everything(portal))
        sandbox.heal()
        # Who is down hears nothing, so there is nothing that it could have noted.
        assert (mode != "down") == (registry in asked(sandbox.journal()[before:]))
    gateway.stop()
    ledger = await Ledger.read(sqlite_log)
    assert [] == ledger.unowned(sandbox.journal())
    assert [] == ledger.open_intents()


async def test_the_same_again_is_in_the_log_and_in_no_journal(
    sqlite_log: SqliteDatabase, sandbox: Running, nursery: Nursery
) -> None:
    questions = everything(Portal(sandbox.addresses))
    gateway = await nursery.start(**settings_of(sqlite_log))
    first = await ask_all(gateway, questions)
    noted = len(sandbox.journal())
    again = await ask_all(gateway, questions)
    gateway.stop()
    ledger = await Ledger.read(sqlite_log)
    assert set(REGISTRIES) == asked(sandbox.journal())
    assert [] == ledger.unowned(sandbox.journal())
    assert noted == len(sandbox.journal())
    assert [] == ledger.open_intents()
    assert len(intents_of(ledger, first)) == len(intents_of(ledger, again))


async def test_an_intent_names_the_very_person_whom_the_registry_was_asked_about(
    sqlite_log: SqliteDatabase, sandbox: Running, nursery: Nursery, tmp_path: Path
) -> None:
    """Not only an intent of some kind: the journal's digest is of a number in that one's detail."""
    gateway = await nursery.start(**settings_of(sqlite_log))
    await ask_all(gateway, everything(Portal(sandbox.addresses)))
    gateway.stop()
    ledger = await Ledger.read(sqlite_log)
    months = load_or_create_months(tmp_path / "keys" / "months.key", datetime.now(UTC))
    details = Details(months, bytes)
    rows = [row for row in sandbox.journal() if row["registry"] == "population"]
    assert len(rows) > len(REGISTRIES)
    for row in rows:
        intent = ledger.entries[row["request_id"][:ID]]
        assert intent.detail is not None
        detail = details.open(intent.entry_id, intent.at, intent.detail)
        assert detail is not None
        numbers = {number for subject in detail.subjects for _, number in subject}
        assert row["key"] in {sandbox.key(number) for number in numbers}


async def test_each_call_began_after_its_intent_was_on_disk(
    sqlite_log: SqliteDatabase, sandbox: Running, nursery: Nursery
) -> None:
    """While nothing can be written, nobody is asked; the journal's clock is this machine's."""
    portal = Portal(sandbox.addresses)
    gateway = await nursery.start(**settings_of(sqlite_log))
    await ask_all(gateway, everything(portal))
    sandbox.http.delete(f"{sandbox.addresses['control']}/journal").raise_for_status()
    async with sqlite_log.locked():
        asking = asyncio.create_task(ask_all(gateway, [portal.ask_name(0)]))
        await asyncio.sleep(0.5)
        assert [] == sandbox.journal()
        opened = time.monotonic()
    await asking
    gateway.stop()
    [row] = sandbox.journal()
    assert opened < row["started"]
    assert [] == (await Ledger.read(sqlite_log)).unowned([row])


def intents_of(ledger: Ledger, answers: Sequence[httpx2.Response]) -> list[str]:
    """Name the intents of some answers."""
    requests = {answer.headers["x-request-id"] for answer in answers}
    return [
        entry.entry_id
        for entry in ledger.entries.values()
        if entry.kind is EntryKind.INTENT and entry.request_id in requests
    ]
