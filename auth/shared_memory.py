"""What one process remembers, for an installation of one replica: the port Shared in memory.

Nothing that still counts is ever dropped to make room, or guessing would be a matter of filling the
memory first. What has expired goes as time passes; when the rest has reached *capacity* names, a
new name is SharedUnavailable: then it is time for Redis (gateway/shared_redis.py).
"""

from collections.abc import Callable, Mapping, Sequence

from auth.remembered import Bound, File, Kept, Once, Places, Seen, milliseconds
from auth.shared import Attempt, Exhausted, Full, Hold, Window

CAPACITY = 200_000
"""Names; some hundred megabytes when all are dossiers."""


class MemoryShared:
    """The store of one process. No method waits, so each is atomic; *clock* tells seconds."""

    def __init__(self, clock: Callable[[], float], *, capacity: int = CAPACITY) -> None:
        self._clock = clock
        self._kept = Kept(capacity)

    def __len__(self) -> int:
        """Count the names kept."""
        return len(self._kept)

    async def add_once(self, name: bytes, seconds: float) -> bool:
        """Remember *name*; False when it was remembered already."""
        now = milliseconds(self._clock())
        self._kept.make_room(1, now)
        if self._kept.get(Once, name, now):
            return False
        self._kept.put(name, Once(), now + milliseconds(seconds))
        return True

    async def known(self, names: Sequence[bytes]) -> list[bool]:
        """Tell of each name whether it is remembered."""
        now = milliseconds(self._clock())
        return [self._kept.get(Once, name, now) is not None for name in names]

    async def count_distinct(
        self, name: bytes, members: Sequence[bytes], windows: Sequence[Window]
    ) -> Full | None:
        """Count *members*, all or none."""
        now = milliseconds(self._clock())
        self._kept.make_room(1, now)
        seen = self._kept.get(Seen, name, now) or Seen()
        longest = max(milliseconds(window.seconds) for window in windows)
        seen.forget(now, longest)
        asked = set(members)
        full = [f for window in windows if (f := seen.full(asked, window, now))]
        if full:
            return max(full, key=lambda f: f.free_in)
        seen.see(asked, now)
        self._kept.put(name, seen, now + longest)
        return None

    async def attempt(
        self, wishes: Sequence[tuple[bytes, bytes]], window: Window, *, same_s: float
    ) -> list[Attempt | Exhausted]:
        """Take a place for each (name, guess), in order."""
        now = milliseconds(self._clock())
        self._kept.make_room(len(wishes), now)
        answers: list[Attempt | Exhausted] = []
        for name, guess in wishes:
            places = self._kept.get(Places, name, now) or Places()
            place = places.take(guess, window, now, milliseconds(same_s))
            if place is None:
                answers.append(Exhausted(free_in=places.free_in(window, now)))
                continue
            left, _ = places.left(window, now)
            answers.append(Attempt(name=name, ticket=place.ticket, left=left))
            self._kept.put(name, places, now + milliseconds(window.seconds))
        return answers

    async def settle(
        self,
        *,
        failed: Sequence[Attempt],
        free: Sequence[Attempt],
        remember: Sequence[bytes] = (),
        seconds: float = 0.0,
    ) -> None:
        """Say how attempts ended."""
        now = milliseconds(self._clock())
        self._kept.make_room(len(remember), now)
        for name in remember:
            self._kept.put(name, Once(), now + milliseconds(seconds))
        for attempts, was in ((failed, True), (free, False)):
            for attempt in attempts:
                places = self._kept.get(Places, attempt.name, now)
                if places is not None:
                    places.settle(attempt.ticket, failed=was)

    async def attempts_left(
        self, names: Sequence[bytes], window: Window
    ) -> list[tuple[int, float | None]]:
        """Tell the places left, and when one is free again."""
        now = milliseconds(self._clock())
        counted = [self._kept.get(Places, name, now) or Places() for name in names]
        return [places.left(window, now) for places in counted]

    async def hold(
        self, under: Sequence[bytes], wishes: Mapping[bytes, Sequence[bytes]], seconds: float
    ) -> dict[bytes, Hold]:
        """Bind names to members in one file, all or nothing."""
        now = milliseconds(self._clock())
        self._kept.make_room(len(under), now)
        files = [self._kept.get(File, name, now) for name in under]
        # A file that nobody holds anything in any more is none.
        files = [file or None for file in files]
        found = {id(file): file for file in files if file is not None}
        if len(found) > 1:
            return dict.fromkeys(under, Hold.OTHER)
        file = next(iter(found.values()), None) or File()
        asked = {name: list(dict.fromkeys(members)) for name, members in wishes.items()}
        bound = {name: file.get(name) or Bound(len(m)) for name, m in asked.items()}
        held = {name: bound[name].judge(members) for name, members in asked.items()}
        if Hold.OTHER not in held.values():
            for name, members in asked.items():
                bound[name].hold(members)
            file.update(bound)
            for name in under:
                self._kept.put(name, file, now + milliseconds(seconds))
        known = zip(under, files, strict=True)
        return held | {name: Hold.MADE if file is None else Hold.KEPT for name, file in known}

    async def widen(self, under: bytes, wishes: Mapping[bytes, Sequence[bytes]]) -> None:
        """Let more members pass."""
        file = self._kept.get(File, under, milliseconds(self._clock())) or File()
        for name, members in wishes.items():
            if name in file:
                file[name].beside |= set(members) - set(file[name].held)

    async def let_go(self, under: bytes, wishes: Mapping[bytes, Sequence[bytes]]) -> None:
        """Take back what hold bound."""
        file = self._kept.get(File, under, milliseconds(self._clock())) or File()
        for name, members in wishes.items():
            if name in file:
                file[name].let_go(list(dict.fromkeys(members)))
                if not file[name].held:
                    del file[name]

    async def aclose(self) -> None:
        """Forget nothing: there is nobody to give back to."""
