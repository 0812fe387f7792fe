"""Wrong proofs and wrong claims, so that nobody guesses a birth date by asking for it.

An attempt is a place taken *before* a registry is asked, so that guesses sent at the same moment
cannot exceed the limit; it is given back when the proof held, or when nobody answered
(docs/decisions/0014). Numbers and guesses are only ever hashed.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import ClassVar

import msgspec
import structlog

from auth.discreet import Discreet
from auth.opaque import Opaque
from auth.refusal import Refused, refuse
from auth.shared import Attempt, Exhausted, Shared, Window

log = structlog.get_logger()

DAY = 86_400.0

OF_A_PAIR = Window(limit=5, seconds=DAY)
"""Failures on one number by one officer or citizen of one consumer; then that pair is locked."""
OF_A_CONSUMERS_WORD = Window(limit=10, seconds=DAY)
"""Failures on one number by all officers together whom only the consumer's own word names."""
OF_ALL = Window(limit=20, seconds=DAY)
"""Failures on one number by everybody; then somebody is told, and strangers are slowed."""
ONCE = Window(limit=1, seconds=400 * DAY)
"""Failures on a fact of few values, in one dossier: as long as a dossier's reference is kept."""

SAME_GUESS_S = 600.0
"""The same guess of the same dossier and step within this time is the same attempt (DESIGN 3)."""
SLOWED_S = 1.0
"""By which a stranger's further failure is told later."""


class Result(StrEnum):
    """How an attempt ended."""

    MATCHED = "MATCHED"
    FAILED = "FAILED"
    UNDECIDED = "UNDECIDED"
    """No registry answered: nothing was learnt."""


class Try(Discreet, frozen=True, kw_only=True):
    """A guess that may be put to a registry; say how it ended by Tries.end."""

    number: str
    guess: bytes
    place: Attempt
    word: Attempt | None = None
    """The second place, of a guess for which only the consumer's word stands."""
    once: bool = False

    @property
    def places(self) -> tuple[Attempt, ...]:
        """All places it holds."""
        return (self.place,) if self.word is None else (self.place, self.word)


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """No place was left: the registry must not be asked."""

    seconds: float
    """Until a place is free. A moment, while others' guesses are still under way."""

    def refused(self) -> Refused:
        """Say so where it refuses the whole request."""
        seconds = max(1, math.ceil(self.seconds))
        said = refuse("attempts-exceeded", seconds=str(seconds))
        return msgspec.structs.replace(said, retry_after=seconds)


Alarm = Callable[[str], None]
"""Told once a day of a number on which everybody together failed too often, by whose failure."""


def log_alarm(consumer_id: str) -> None:
    """Tell the operator; which number it is stands in the access log, and there as a tag."""
    log.warning(
        "twenty attempts on one number failed within a day",
        consumer=consumer_id,
        action="search the access log, of this consumer first, for proofs that found nothing, "
        "for claims that were contradicted and, in an outage, for land that was not shown",
    )


class Attempts:
    """The limits, held for all replicas together."""

    def __init__(
        self,
        shared: Shared,
        opaque: Opaque,
        alarm: Alarm = log_alarm,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._shared = shared
        self._opaque = opaque
        self._alarm = alarm
        self._sleep = sleep

    def of(
        self, consumer_id: str, person: str, dossier: str, *, step: str = "", vouched: bool = True
    ) -> "Tries":
        """Give the attempts of this officer or citizen, by own number, in this dossier and step.

        Who is not *vouched* for by an issuer stands on the consumer's word: it could name another
        officer for every guess, so all of those share one more limit.
        """
        asker = Asker(
            consumer_id=consumer_id, person=person, dossier=dossier, step=step, vouched=vouched
        )
        return Tries(asker, self._shared, self._opaque, self._alarm, self._sleep)


class Asker(Discreet, frozen=True, kw_only=True):
    """Whose attempts are counted."""

    shown: ClassVar[tuple[str, ...]] = ("consumer_id",)

    consumer_id: str
    person: str
    dossier: str
    step: str
    vouched: bool


class Tries:
    """One request's attempts. Every method raises SharedUnavailable: then nothing may be told."""

    def __init__(
        self,
        asker: Asker,
        shared: Shared,
        opaque: Opaque,
        alarm: Alarm,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._asker = asker
        self._shared = shared
        self._opaque = opaque
        self._alarm = alarm
        self._sleep = sleep

    async def begin(
        self, wishes: Sequence[tuple[str, str]], *, same_s: float = SAME_GUESS_S
    ) -> list[Try | Locked]:
        """Take a place for each (number, guess), in order, before any registry is asked.

        Everything that is guessed at once about a number is one guess, however many parts it has.
        The same guess within *same_s* is the same attempt.
        """
        if not wishes:
            return []
        said = (self._asker.dossier, self._asker.step)
        guesses = [self._opaque("guess", *said, *wish) for wish in wishes]
        numbers = [number for number, _ in wishes]
        pairs = [self._pair(number) for number in numbers]
        places = await self._shared.attempt(
            list(zip(pairs, guesses, strict=True)), OF_A_PAIR, same_s=same_s
        )
        begun = [
            _begun(number, guess, place, once=False)
            for number, guess, place in zip(numbers, guesses, places, strict=True)
        ]
        return begun if self._asker.vouched else await self._on_a_word(begun, same_s)

    async def _on_a_word(self, begun: Sequence[Try | Locked], same_s: float) -> list[Try | Locked]:
        """Take a second place for each, among those of all whom the consumer's word names."""
        tried = [each for each in begun if isinstance(each, Try)]
        words = [(self._word(each.number), each.guess) for each in tried]
        places = await self._shared.attempt(words, OF_A_CONSUMERS_WORD, same_s=same_s)
        second = iter(places)
        found: list[Try | Locked] = []
        unused: list[Attempt] = []
        for each in begun:
            place = next(second) if isinstance(each, Try) else None
            if isinstance(each, Try) and isinstance(place, Exhausted):
                unused.append(each.place)
                found.append(Locked(seconds=place.free_in))
            elif isinstance(each, Try) and isinstance(place, Attempt):
                found.append(msgspec.structs.replace(each, word=place))
            else:
                found.append(each)
        if unused:
            await self._shared.settle(failed=[], free=unused)
        return found

    async def begin_once(self, wishes: Sequence[tuple[str, str, str]]) -> list[Try | Locked]:
        """Take the one place there is for each (number, field, guess) in this dossier.

        For facts with fewer than twenty values. The same guess is let through again at any time: it
        teaches nothing that its first answer did not.
        """
        if not wishes:
            return []
        where = (self._asker.consumer_id, self._asker.dossier)
        taken = [
            (self._opaque("once", *where, number, field), self._opaque("guess", *where, guess))
            for number, field, guess in wishes
        ]
        places = await self._shared.attempt(taken, ONCE, same_s=ONCE.seconds)
        return [
            _begun(number, guess, place, once=True)
            for (number, _, _), (_, guess), place in zip(wishes, taken, places, strict=True)
        ]

    async def end(self, ended: Sequence[tuple[Try, Result]]) -> None:
        """Say how each ended, once, before anybody is told; what is never ended stays taken."""
        if not ended:
            return
        failed = [tried for tried, result in ended if result is Result.FAILED]
        free = [p for tried, result in ended if result is not Result.FAILED for p in tried.places]
        matched = {t.number for t, r in ended if r is Result.MATCHED and not t.once}
        await self._shared.settle(
            failed=[place for tried in failed for place in tried.places],
            free=free,
            remember=[self._proof(number) for number in matched],
            seconds=DAY,
        )
        counted = [tried for tried in failed if not tried.once]
        if counted:
            await self._count(counted)

    async def left(self, numbers: Sequence[str]) -> list[int]:
        """Count the places left on each number, in order."""
        if not numbers:
            return []
        pairs = [self._pair(number) for number in numbers]
        left = [left for left, _ in await self._shared.attempts_left(pairs, OF_A_PAIR)]
        if self._asker.vouched:
            return left
        words = [self._word(number) for number in numbers]
        together = await self._shared.attempts_left(words, OF_A_CONSUMERS_WORD)
        return [min(own, of_all) for own, (of_all, _) in zip(left, together, strict=True)]

    async def _count(self, failed: Sequence[Try]) -> None:
        """Count failures over everybody: the last place raises the alarm, further ones wait."""
        who = (self._asker.consumer_id, self._asker.person)
        wishes = [
            (self._everybody(t.number), self._opaque("failure", *who, t.guess.hex()))
            for t in failed
        ]
        counted = await self._shared.attempt(wishes, OF_ALL, same_s=OF_ALL.seconds)
        further = [t for t, p in zip(failed, counted, strict=True) if isinstance(p, Exhausted)]
        for tried, place in zip(failed, counted, strict=True):
            last = isinstance(place, Attempt) and place.left == 0
            alarm = self._opaque("alarm", tried.number)
            if last and await self._shared.add_once(alarm, OF_ALL.seconds):
                self._alarm(self._asker.consumer_id)
        if not further:
            return
        # Slowed before it is told that it failed; whoever has proven the number is no stranger.
        if not all(await self._shared.known([self._proof(tried.number) for tried in further])):
            await self._sleep(SLOWED_S)

    def _pair(self, number: str) -> bytes:
        return self._opaque("pair", self._asker.consumer_id, self._asker.person, number)

    def _word(self, number: str) -> bytes:
        return self._opaque("word", self._asker.consumer_id, number)

    def _proof(self, number: str) -> bytes:
        return self._opaque("proven", self._asker.consumer_id, self._asker.person, number)

    def _everybody(self, number: str) -> bytes:
        return self._opaque("everybody", number)


def _begun(number: str, guess: bytes, place: Attempt | Exhausted, *, once: bool) -> Try | Locked:
    if isinstance(place, Exhausted):
        return Locked(seconds=place.free_in)
    return Try(number=number, guess=guess, place=place, once=once)
