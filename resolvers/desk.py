"""The desk: the one door to personal data.

For each wave of reads that start together it decides (policy), writes the intent, asks the
registries, and keeps what they said for the outcome. No other file calls a registry. The cache lies
under the desk, so an answer from the cache is noted like any other.
"""

import asyncio
import time
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from adapters.registry import Errand, NotConnected, Registry, RegistryName, Unavailable
from audit.log import AccessLog, AccessLogUnavailable
from resolvers.lookups import Lookups, Where
from resolvers.matching import Party
from resolvers.notes import Notes
from resolvers.readings import Reading, Reply
from resolvers.states import Blank, Locked


class OutsideGrantError(Exception):
    """A read names a field outside the grant: the guard was passed by; nothing is read."""


class _Wave:
    """Reads that start together: they share one intent."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.readings: list[Reading] = []
        self.noted: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Desk:
    """The desk of one request, or of one prefill in it: the same reads, parties of its own.

    Subjects of one prefill must not open the land of another's: each has its own parties.
    """

    def __init__(self, reads: "Reads", *, many: bool = False) -> None:
        self._reads = reads
        self.lookups = reads.lookups
        self._many = many
        self._parties: dict[str, list[asyncio.Future[Party]]] = {}

    def apart(self) -> "Desk":
        """Give a desk with parties of its own; a role may then have many, as preflight allowed."""
        return Desk(self._reads, many=True)

    async def read(self, readings: Sequence[Reading]) -> list[object]:
        """Answer each reading, in order: a record, Absent, Ambiguous or a Failure.

        Raises AccessLogUnavailable when the wave's intent could not be made durable, and
        OutsideGrantError when a field was never granted; either way no registry was asked.
        """
        return await self._reads.read(readings)

    def expect(self, role: str) -> asyncio.Future[Party]:
        """Announce a subject of *role*; the future is set when its lookup is answered."""
        future: asyncio.Future[Party] = asyncio.get_running_loop().create_future()
        self._parties.setdefault(role, []).append(future)
        self._reads.expected.append(future)
        return future

    async def known_parties(self, roles: Sequence[str]) -> list[Party]:
        """Give the persons of *roles* once their lookups are answered, for matching holders.

        A role whose person is not part of this operation is nobody's; nor is one that a typed
        query gives to several people, since it would try them all against one record.
        """
        found: list[Party] = []
        for role in roles:
            parties = [await future for future in self._parties.get(role, ())]
            if self._many or len({party.key for party in parties}) == 1:
                found.extend(parties)
        return found

    @property
    def replies(self) -> "list[Reply]":
        """Everything that came back so far, for reports and for the outcome."""
        return self._reads.replies

    @property
    def intents(self) -> list[str]:
        """The intents that are on disk, in the order of their waves."""
        return self._reads.intents

    @property
    def barred(self) -> Sequence[Blank]:
        """What was answered without asking, and why."""
        return list(self._reads.barred.values())

    @property
    def locked(self) -> Mapping[str, datetime]:
        """Until when (UTC) each number is shut that was asked for and had no tries left."""
        return self.lookups.locked

    def withholds(self, registry: RegistryName) -> bool:
        """Tell whether its owner withholds *registry* from this purpose."""
        return self.lookups.withholds(registry)

    async def close(self) -> None:
        """Ask no more, and wait for what is under way; see Reads.close."""
        await self._reads.close()


class Reads:
    """The reads of one request. Equal keys are joined: a registry is asked once for each."""

    QUIET = 2
    """Turns of the event loop without a new reading that end a wave."""

    def __init__(
        self,
        *,
        registries: Mapping[RegistryName, Registry],
        log: AccessLog,
        notes: Notes,
        errand: Errand,
        granted: frozenset[str],
        lookups: Lookups,
    ) -> None:
        self._registries = registries
        self._log = log
        self._notes = notes
        self._errand = errand
        self._granted = granted
        self.lookups = lookups
        self._wave: _Wave | None = None
        self._waves = 0
        self._answers: dict[Where, asyncio.Future[object]] = {}
        self.barred: dict[Where, Blank] = {}
        self._fields: dict[Where, set[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.expected: list[asyncio.Future[Party]] = []
        self.replies: list[Reply] = []
        self.intents: list[str] = []

    async def read(self, readings: Sequence[Reading]) -> list[object]:
        """Answer each reading; see Desk.read."""
        if not readings:
            return []
        self._stay_open()
        for reading in readings:
            outside = [path for path in reading.fields if path not in self._granted]
            if outside or not reading.fields:
                raise OutsideGrantError(", ".join(outside))
        wave = self._open_wave()
        wave.readings.extend(readings)
        await asyncio.shield(wave.noted)
        return [await asyncio.shield(self._answers[r.registry, r.key]) for r in readings]

    async def close(self) -> None:
        """Ask no more; nothing is left running, and *intents* are all that the log will hold.

        An intent on its way to the disk arrives there all the same. Calls are heard to their end,
        by the deadline: who hangs up neither saves a wrong proof's try nor loses a right one's.
        """
        self._closed = True
        while self._tasks:
            await asyncio.wait(self._tasks)
        noted: list[asyncio.Future[Any]] = [self._wave.noted] if self._wave else []
        for unanswered in (*noted, *self._answers.values(), *self.expected):
            unanswered.cancel()

    def _stay_open(self) -> None:
        if self._closed:
            raise asyncio.CancelledError

    def _open_wave(self) -> _Wave:
        if self._wave is None:
            self._waves += 1
            self._wave = _Wave(self._waves)
            asyncio.get_running_loop().call_soon(self._settle, self.QUIET, 0)
        return self._wave

    def _settle(self, left: int, seen: int) -> None:
        wave = self._wave
        if wave is None or self._closed:
            return
        now = len(wave.readings)
        if now != seen:
            left = self.QUIET
        if left:
            asyncio.get_running_loop().call_soon(self._settle, left - 1, now)
            return
        self._wave = None
        self._start(self._send(wave))

    async def _send(self, wave: _Wave) -> None:
        fresh = self._claim(wave.readings)
        try:
            self.barred.update(await self.lookups.bar(fresh))
            self._stay_open()
            errand = await self._note(wave)
            self._stay_open()
        except BaseException as error:
            _fail([wave.noted, *(self._answers[where] for where in fresh)], error)
            await self.lookups.forgo(fresh)
            raise
        asked: dict[RegistryName, list[Hashable]] = {}
        for where in fresh:
            if where in self.barred:
                self._answer(where, self.barred[where], 0)
            else:
                asked.setdefault(where[0], []).append(where[1])
        for registry, keys in asked.items():
            self._start(self._ask(registry, keys, errand))
        wave.noted.set_result(None)

    def _claim(self, readings: Sequence[Reading]) -> list[Where]:
        """Take the keys that nobody has asked yet; whoever wants them meanwhile waits for us."""
        fresh: list[Where] = []
        for reading in readings:
            where = (reading.registry, reading.key)
            self._fields.setdefault(where, set()).update(reading.fields)
            if where not in self._answers:
                self._answers[where] = asyncio.get_running_loop().create_future()
                fresh.append(where)
        return fresh

    async def _note(self, wave: _Wave) -> Errand:
        """Make durable what is about to be read, and what is refused."""
        barred: dict[str, list[Reading]] = {}
        read: list[Reading] = []
        for reading in wave.readings:
            why = self.barred.get((reading.registry, reading.key))
            (read if why is None else barred.setdefault(why.code, [])).append(reading)
        entries = [self._notes.barred(code, readings) for code, readings in barred.items()]
        if read:
            entries.append(self._notes.intent(wave.number, read))
        try:
            await self._log.append(entries)
        except AccessLogUnavailable as unavailable:
            if read and unavailable.in_doubt:
                # It will stand in the log, so it has to be closed there: nobody was asked.
                self.intents.append(entries[-1].entry_id)
            raise
        if not read:
            return self._errand
        self.intents.append(entries[-1].entry_id)
        return msgspec.structs.replace(self._errand, request_id=entries[-1].entry_id)

    async def _ask(self, name: RegistryName, keys: Sequence[Hashable], errand: Errand) -> None:
        """Ask one registry for all keys of a wave; they are answered at the same moment.

        So the next level's reads start together, and one slow registry holds up only its own.
        """
        started = time.monotonic()
        answers: Sequence[object] = [NotConnected()] * len(keys)
        try:
            try:
                if (registry := self._registries.get(name)) is not None:
                    async with asyncio.timeout(max(0.0, errand.deadline - started)):
                        answers = await registry.fetch_many(keys, errand)
            except TimeoutError:
                answers = [Unavailable()] * len(keys)
            waited = round((time.monotonic() - started) * 1000)
            await self.lookups.heard(((name, k), a) for k, a in zip(keys, answers, strict=True))
        except BaseException as error:
            _fail([self._answers[name, key] for key in keys], error)
            raise
        for key, answer in zip(keys, answers, strict=True):
            self._answer((name, key), answer, waited)

    def _answer(self, where: Where, answer: object, waited_ms: int) -> None:
        if not isinstance(answer, Locked):
            self.replies.append(
                Reply(
                    registry=where[0],
                    key=where[1],
                    answer=answer,
                    at=self._notes.now(),
                    waited_ms=waited_ms,
                    fields=self._fields[where],
                )
            )
        self._answers[where].set_result(answer)

    def _start(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()


def _fail(waited_for: Iterable[asyncio.Future[Any]], error: BaseException) -> None:
    """Give *error* to who waits for a future; nobody need wait."""
    for each in waited_for:
        each.set_exception(error)
        each.exception()
