"""Answers that break off: every intent is closed, once, and no registry is asked behind it."""

import asyncio
import gc
import itertools
from collections import Counter
from collections.abc import Hashable, Sequence
from pathlib import Path

import pytest

from adapters.registry import Errand, RegistryName
from audit.entry import Entry, EntryKind
from audit.log import AccessLog, LogState
from resolvers.answers import RESPONSE_JSON, Reply
from resolvers.graph import Asked
from tests.audit.databases import SqliteDatabase
from tests.audit.workbench import log_over
from tests.journeys.ledger import ID, Ledger
from tests.resolvers import indoors

FAMILY = """query Family($purpose: Purpose!, $key: PersonKey!, $home: ParcelKey!) {
  dossier(purpose: $purpose) {
    applicant: person(role: "applicant", key: $key) {
      fullName household { members { fullName } }
    }
    home: parcel(role: "home", key: $home) { certificates { serialNumber } }
  }
}"""
TURNS = 12
"""Turns of the event loop behind each moment in which the caller may go: more than a wave takes."""


class Moments:
    """What happens around an answer, in order; when the time has come, the caller goes."""

    def __init__(self, number: int, turns: int) -> None:
        self._left = number
        self._turns = turns
        self._going: asyncio.Task[None] | None = None
        self.caller: asyncio.Task[object] | None = None
        self.stored: dict[str, Entry] = {}
        self.unlawful: list[str] = []
        """What a registry was asked without an intent on disk, or after its end was said."""

    def pass_one(self) -> None:
        """Let one moment pass."""
        if self._left == 0:
            self._going = asyncio.create_task(self._go())
        self._left -= 1

    async def _go(self) -> None:
        assert self.caller
        for _ in range(self._turns):
            await asyncio.sleep(0)
        self.caller.cancel()
        # An impatient server says it again.
        await asyncio.sleep(0)
        self.caller.cancel()

    def ask(self, intent: str) -> None:
        """Judge a call that is made for *intent*."""
        closed = {parent for entry in self.stored.values() for parent in entry.parent}
        if intent not in self.stored or intent in closed:
            self.unlawful.append(intent)


class WatchedLog:
    """An access log that lets a moment pass before and after each commit."""

    def __init__(self, inner: AccessLog, moments: Moments) -> None:
        self._inner = inner
        self._moments = moments

    async def open(self) -> None:
        """Pass on."""
        await self._inner.open()

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Pass on; what closes an intent counts from the moment it is handed in."""
        self._moments.pass_one()
        closing = [entry for entry in entries if entry.parent]
        self._moments.stored.update({entry.entry_id: entry for entry in closing})
        stored = await self._inner.append(entries)
        self._moments.stored.update({entry.entry_id: entry for entry in entries})
        self._moments.pass_one()
        return stored

    async def close(self) -> None:
        """Pass on."""
        await self._inner.close()

    def state(self) -> LogState:
        """Pass on."""
        return self._inner.state()


class Watched(indoors.Full):
    """A registry that takes a moment, and whose every call is judged."""

    def __init__(self, name: RegistryName, moments: Moments) -> None:
        super().__init__(name)
        self._moments = moments

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer each key."""
        self._moments.ask(errand.request_id[:ID])
        self._moments.pass_one()
        await asyncio.sleep(0)
        found = await super().fetch_many(keys, errand)
        self._moments.pass_one()
        return found


def asked() -> Asked:
    return Asked(
        document=FAMILY,
        operation_name=None,
        variables={
            "purpose": indoors.purpose(),
            "key": indoors.AN_KEY,
            "home": indoors.HOME_KEY,
        },
        to=Reply(request_id="a-request", language="vi", media=RESPONSE_JSON),
    )


async def broken_off(log: AccessLog, number: int, turns: int) -> tuple[Moments, bool]:
    """Ask, go at the moment *number*, and tell whether the answer had left."""
    moments = Moments(number, turns)
    graph = indoors.graph(
        indoors.grants(),
        log=WatchedLog(log, moments),
        registries={name: Watched(name, moments) for name in RegistryName},
    )
    moments.caller = asyncio.create_task(graph.answer(asked(), indoors.PORTAL))
    await asyncio.wait({moments.caller})
    await graph.close()
    return moments, not moments.caller.cancelled()


def closers(ledger: Ledger, kind: EntryKind) -> Counter[str]:
    """Count how often entries of *kind* name each intent."""
    ends = [entry for entry in ledger.entries.values() if entry.kind is kind]
    return Counter(itertools.chain.from_iterable(entry.parent for entry in ends))


async def test_whenever_the_caller_goes_each_intent_is_closed_once_and_nobody_asked_behind_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gc.collect()  # What others have left behind is not ours.
    caplog.clear()
    database = SqliteDatabase(tmp_path / "access-log.db")
    log = log_over(database.store())
    await log.open()
    ended: Counter[bool] = Counter()
    for number in itertools.count():
        left = []
        for turns in range(TURNS):
            moments, whole = await broken_off(log, number, turns)
            assert [] == moments.unlawful, (number, turns)
            left.append(whole)
        ended.update(left)
        if all(left):  # The moments are over before the caller has gone.
            break
    await log.close()
    ledger = await Ledger.read(database)
    assert ended[False] > 100
    assert [] == ledger.open_intents()
    for kind in (EntryKind.OUTCOME, EntryKind.NOT_DELIVERED):
        named = closers(ledger, kind)
        assert named
        assert {} == {intent: times for intent, times in named.items() if times > 1}
    assert [] == list(ledger.unexplained())
    gc.collect()  # A task that still waited would complain now.
    assert [] == [record.message for record in caplog.records if record.name == "asyncio"]
