"""The things one process remembers for auth.shared_memory: members seen, places taken, names bound.

Times are whole milliseconds since 1970, as Redis counts them; that store does the same by the
scripts of gateway/shared_scripts.py, and a test holds the two against each other.
"""

import heapq
import math
from collections.abc import Collection, Sequence
from typing import TypeVar

from auth.shared import A_MOMENT_S, UNDER_WAY_S, Full, Hold, SharedUnavailable, Window

_Thing = TypeVar("_Thing")


def milliseconds(seconds: float) -> int:
    """Count in whole milliseconds, as Redis does."""
    return math.floor(seconds * 1000)


class Seen:
    """Members of one name, and when each was last seen; the one not seen for longest is first."""

    def __init__(self) -> None:
        self.last: dict[bytes, int] = {}

    def full(self, asked: Collection[bytes], window: Window, now: int) -> Full | None:
        """Tell when *asked* will fit into the window, if they do not now."""
        if len(self.last) + len(asked) <= window.limit:
            return None
        length = milliseconds(window.seconds)
        others = [at for m, at in self.last.items() if at > now - length and m not in asked]
        over = len(others) + len(asked) - window.limit
        if over <= 0:
            return None
        # More than the window ever holds: no waiting helps, and the window is said.
        free_in = sorted(others)[over - 1] + length - now if over <= len(others) else length
        return Full(window=window, free_in=free_in / 1000)

    def see(self, asked: Collection[bytes], now: int) -> None:
        """Count them."""
        for member in asked:
            self.last.pop(member, None)
            self.last[member] = now

    def forget(self, now: int, length: int) -> None:
        """Drop who is in no window any more."""
        while self.last:
            member, at = next(iter(self.last.items()))
            if at > now - length:
                return
            del self.last[member]


class Place:
    """One place among the attempts on a name: the guess, when it was taken, what became of it."""

    def __init__(self, guess: bytes, taken: int) -> None:
        self.guess = guess
        self.taken = taken
        self.open = 1
        self.failed = False

    @property
    def ticket(self) -> bytes:
        """Name it for whoever took or shares it."""
        return self.guess + self.taken.to_bytes(8)


class Places:
    """The places taken on one name."""

    def __init__(self) -> None:
        self.taken: list[Place] = []

    def within(self, now: int, length: int) -> list[Place]:
        """Give those that still count."""
        return [place for place in self.taken if place.taken > now - length]

    def take(self, guess: bytes, window: Window, now: int, same: int) -> Place | None:
        """Take a place, or share the one of the same guess; None when there is none."""
        self.taken = self.within(now, milliseconds(window.seconds))
        for place in self.taken:
            if place.guess == guess and now - place.taken <= same:
                place.open += 1
                return place
        if len(self.taken) >= window.limit:
            return None
        self.taken.append(Place(guess, now))
        return self.taken[-1]

    def left(self, window: Window, now: int) -> tuple[int, float | None]:
        """Count the free places, and tell when one is, where none is."""
        left = max(0, window.limit - len(self.within(now, milliseconds(window.seconds))))
        return left, None if left else self.free_in(window, now)

    def free_in(self, window: Window, now: int) -> float:
        """Seconds until a place is free, when none is."""
        counted = self.within(now, milliseconds(window.seconds))
        soonest = min(place.taken for place in counted) + milliseconds(window.seconds) - now
        hoping = any(
            place.open and not place.failed and now - place.taken < milliseconds(UNDER_WAY_S)
            for place in counted
        )
        return (min(soonest, milliseconds(A_MOMENT_S)) if hoping else soonest) / 1000

    def settle(self, ticket: bytes, *, failed: bool) -> None:
        """Note how one attempt ended; a place that nobody needs is free."""
        for place in self.taken:
            if place.ticket == ticket:
                place.open = max(0, place.open - 1)
                place.failed = place.failed or failed
        self.taken = [place for place in self.taken if place.open or place.failed]


class Bound:
    """A name of a file: its members with how many hold each, and those who pass beside them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.held: dict[bytes, int] = {}
        self.beside: set[bytes] = set()

    def judge(self, members: Sequence[bytes]) -> Hold:
        """Tell what holding *members* would be."""
        new = [m for m in members if m not in self.held and m not in self.beside]
        if len(self.held) + len(new) > self.size:
            return Hold.OTHER
        return Hold.MADE if new else Hold.KEPT

    def hold(self, members: Sequence[bytes]) -> None:
        """Hold each once more; who passes beside needs no holding."""
        for member in members:
            if member not in self.beside:
                self.held[member] = self.held.get(member, 0) + 1

    def let_go(self, members: Sequence[bytes]) -> None:
        """Hold each once less."""
        for member in members:
            if self.held.get(member, 0) > 1:
                self.held[member] -= 1
            else:
                self.held.pop(member, None)


class Kept:
    """Things by name, each until it dies; whoever looks for a dead one finds nothing."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._things: dict[tuple[type, bytes], tuple[object, int]] = {}
        self._deaths: list[tuple[int, int, tuple[type, bytes]]] = []
        self._births = 0

    def __len__(self) -> int:
        return len(self._things)

    def get(self, kind: type[_Thing], name: bytes, now: int) -> _Thing | None:
        """Find the thing of this kind that goes by *name*."""
        thing, dies_at = self._things.get((kind, name), (None, 0))
        return thing if isinstance(thing, kind) and dies_at > now else None

    def put(self, name: bytes, thing: object, dies_at: int) -> None:
        """Keep *thing* until then; see to the room first."""
        key = (type(thing), name)
        if key not in self._things:
            self._births += 1
            heapq.heappush(self._deaths, (dies_at, self._births, key))
        self._things[key] = (thing, dies_at)

    def make_room(self, names: int, now: int) -> None:
        """Bury the dead; raise SharedUnavailable where so many more *names* would be too many."""
        while self._deaths and self._deaths[0][0] <= now:
            _, birth, key = heapq.heappop(self._deaths)
            dies_at = self._things[key][1]
            if dies_at > now:
                heapq.heappush(self._deaths, (dies_at, birth, key))
            else:
                del self._things[key]
        if len(self._things) + names > self._capacity:
            raise SharedUnavailable


class Once:
    """That a name was there."""


class File(dict[bytes, Bound]):
    """What is bound, by name."""
