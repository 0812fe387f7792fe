"""What keeps a key from being asked: its owner's word, or too many wrong proofs.

A place among the attempts is taken before a registry is asked, so that guesses sent at the same
moment cannot exceed them; it is given back when the proof held, or when nobody answered. Where
nobody answered, a record of another registry may be held against the proof itself: that is a try
again, and takes a place again (docs/decisions/0023).
"""

import asyncio
import contextlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from adapters.population.records import PersonKey
from adapters.registry import RegistryName
from auth.attempts import DAY, Result, Tries, Try
from auth.attempts import Locked as NoPlace
from auth.heard_out import heard_out
from auth.shared import SharedUnavailable
from resolvers.matching import Fared, Party
from resolvers.proofs import proof_of, result_of
from resolvers.states import Blank, Locked, Withheld

Where = tuple[RegistryName, Hashable]


class Lookups:
    """The lookups of one request."""

    def __init__(
        self,
        tries: Tries,
        withheld: Callable[[RegistryName], str | None],
        now: Callable[[], datetime],
    ) -> None:
        self._tries = tries
        self._withheld = withheld
        self._now = now
        self._open: dict[Where, Try] = {}
        self.locked: dict[str, datetime] = {}
        """Until when (UTC) each number is shut that was asked for and is."""

    def withholds(self, registry: RegistryName) -> bool:
        """Tell whether its owner withholds *registry* from this purpose."""
        return self._withheld(registry) is not None

    async def bar(self, wanted: Sequence[Where]) -> dict[Where, Blank]:
        """Give the answer of each key that must not be asked. Raises SharedUnavailable."""
        barred: dict[Where, Blank] = {}
        guessed: list[tuple[Where, tuple[str, str]]] = []
        for where in wanted:
            ground = self._withheld(where[0])
            if ground is not None:
                barred[where] = Withheld(ground)
            elif (proof := proof_of(where[1])) is not None:
                guessed.append((where, proof))
        places = await self._tries.begin([proof for _, proof in guessed]) if guessed else []
        for (where, (number, _)), place in zip(guessed, places, strict=True):
            if isinstance(place, NoPlace):
                barred[where] = self._lock(number, place)
            else:
                self._open[where] = place
        return barred

    async def compare(self, parties: Iterable[Party]) -> "Comparison":
        """Take a place for each proof that records are now held against as it was given.

        The same proof, tried again for the same dossier, teaches nothing new all day. An owner
        whose record cannot fit as given (it bears the old number, or no birth date) is not locked
        out by sending a dossier again. Raises SharedUnavailable.
        """
        proofs = {p.key: proof for p in parties if p.as_given and (proof := proof_of(p.key))}
        places = await self._begun(list(proofs.values()))
        taken: dict[PersonKey, Try] = {}
        locked: dict[PersonKey, Locked] = {}
        for (key, (number, _)), place in zip(proofs.items(), places, strict=True):
            if isinstance(place, NoPlace):
                locked[key] = self._lock(number, place)
            else:
                taken[key] = place
        return Comparison(self._tries, taken, locked)

    async def _begun(self, proofs: Sequence[tuple[str, str]]) -> list[Try | NoPlace]:
        """Take the places; who hangs up meanwhile has held nothing, and has them back."""
        beginning = asyncio.create_task(self._tries.begin(proofs, same_s=DAY))
        try:
            return await heard_out(beginning)
        except asyncio.CancelledError:
            with contextlib.suppress(SharedUnavailable):
                places = [each for each in beginning.result() if not isinstance(each, NoPlace)]
                ended = [(place, Result.UNDECIDED) for place in places]
                await heard_out(self._tries.end(ended))
            raise

    async def forgo(self, wanted: Iterable[Where]) -> None:
        """Give back the places of keys that are not asked after all: nothing will be learnt.

        While the shared store is away they stay taken, which harms the caller only.
        """
        ended = [(self._open.pop(w), Result.UNDECIDED) for w in wanted if w in self._open]
        with contextlib.suppress(SharedUnavailable):
            await self._tries.end(ended)

    async def heard(self, answers: Iterable[tuple[Where, object]]) -> None:
        """Say how the lookups ended, before anybody sees an answer. Raises SharedUnavailable."""
        ended = [
            (self._open.pop(where), result_of(where[1], answer))
            for where, answer in answers
            if where in self._open
        ]
        if ended:
            await self._tries.end(ended)

    def _lock(self, number: str, place: NoPlace) -> Locked:
        until = self._now() + timedelta(seconds=place.seconds)
        self.locked[number] = until
        return Locked(until)


class Comparison:
    """Proofs that are held against records as they were given, each with a place of its own."""

    def __init__(
        self, tries: Tries, taken: Mapping[PersonKey, Try], locked: Mapping[PersonKey, Locked]
    ) -> None:
        self._tries = tries
        self._taken = taken
        self._locked = locked

    def of(self, parties: Iterable[Party]) -> list[Party]:
        """Give *parties* to be compared; whose proof found no place is locked, and fits nothing."""
        return [
            msgspec.structs.replace(p, answer=self._locked.get(p.key, p.answer)) for p in parties
        ]

    async def end(self, fared: Iterable[Fared]) -> None:
        """Say how the proofs fared, before anybody is told. Raises SharedUnavailable.

        One that fits is not remembered as proven: that is the population registry's word alone.
        Nor does it make up for one that does not: a record with a year alone fits each day of it,
        and beside it each day could be tried on a record with the whole date.
        """
        wrong = {each.key for each in fared if not each.fits}
        ended = [
            (place, Result.FAILED if key in wrong else Result.UNDECIDED)
            for key, place in self._taken.items()
        ]
        await heard_out(self._tries.end(ended))
