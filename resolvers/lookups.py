"""What keeps a key from being asked: its owner's word, or too many wrong proofs.

A place among the attempts is taken before a registry is asked, so that guesses sent at the same
moment cannot exceed them; it is given back when the proof held, or when nobody answered.
"""

import contextlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta

from adapters.registry import RegistryName
from auth.attempts import Locked as NoPlace
from auth.attempts import Result, Tries, Try
from auth.shared import SharedUnavailable
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
                until = self._now() + timedelta(seconds=place.seconds)
                self.locked[number] = until
                barred[where] = Locked(until)
            else:
                self._open[where] = place
        return barred

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
