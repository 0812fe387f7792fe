"""What all replicas must know of each other: the port, and its implementation for one process.

Whoever counts here counts under opaque names: a keyed hash, never a number, a name or a token.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

UNDER_WAY_S = 10.0
"""No request lasts longer: an attempt of whose end nobody was told by then counts as failed."""
A_MOMENT_S = 1.0
"""When to come back, while an attempt that is under way may still give its place back."""


class SharedUnavailable(Exception):  # noqa: N818 - our exceptions are named as facts
    """The shared store does not answer: what it guards stays shut."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """At most *limit* distinct members in the last *seconds*."""

    limit: int
    seconds: float


class Full(msgspec.Struct, frozen=True, kw_only=True):
    """A window had no room: nothing was counted."""

    window: Window
    free_in: float
    """Seconds until there is room for what was asked (at most the window)."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A place among the attempts on one name, taken before the attempt is made."""

    name: bytes
    ticket: bytes
    """Opaque; the same guess made again a moment later shares the ticket, and so the place."""
    left: int
    """Places left after this one."""


class Exhausted(msgspec.Struct, frozen=True, kw_only=True):
    """No place is left on a name."""

    free_in: float
    """Seconds until the oldest attempt is forgotten; a moment, while some are under way still."""


class Hold(StrEnum):
    """What became of the wish to bind a name to members."""

    MADE = "MADE"
    """It was free, or had room: now these members are bound to it."""
    KEPT = "KEPT"
    """All members were bound to it before."""
    OTHER = "OTHER"
    """Others are bound to it; nothing was changed."""


class Shared(Protocol):
    """Counts and remembers for all replicas. Every method is atomic, and raises SharedUnavailable.

    *name*, *member* and *guess* are opaque bytes (see auth.opaque.Opaque).
    """

    async def add_once(self, name: bytes, seconds: float) -> bool:
        """Remember *name* for so many seconds; False when it was remembered already."""
        ...

    async def known(self, names: Sequence[bytes]) -> list[bool]:
        """Tell of each name whether it is remembered, by add_once or settle."""
        ...

    async def count_distinct(
        self, name: bytes, members: Sequence[bytes], windows: Sequence[Window]
    ) -> Full | None:
        """Count *members* under *name*: all of them, or none when any window lacks the room.

        A member that a window holds already takes no more room in it, and stays for longer.
        """
        ...

    async def attempt(
        self, wishes: Sequence[tuple[bytes, bytes]], window: Window, *, same_s: float
    ) -> list[Attempt | Exhausted]:
        """Take a place for each (name, guess), in order.

        The same guess on the same name within *same_s* seconds shares the place of the first, and
        is let through even when no place is left.
        """
        ...

    async def settle(
        self,
        *,
        failed: Sequence[Attempt],
        free: Sequence[Attempt],
        remember: Sequence[bytes] = (),
        seconds: float = 0.0,
    ) -> None:
        """Say, once for each attempt, whether it failed or turned out to be none.

        A place is free again when none that shares it has failed and none is under way. The names
        to *remember* are known for so many *seconds* from now.
        """
        ...

    async def attempts_left(
        self, names: Sequence[bytes], window: Window
    ) -> list[tuple[int, float | None]]:
        """Tell for each name the places left, and, when none is, the seconds until one is free."""
        ...

    async def hold(
        self, under: Sequence[bytes], wishes: Mapping[bytes, Sequence[bytes]], seconds: float
    ) -> dict[bytes, Hold]:
        """Bind names to members, in one file that goes by the names *under*: all or nothing.

        A name of *under* that is new becomes one of the file that the others go by; where they go
        by different files, all of them are OTHER and no wish is looked at. A name of *wishes* has
        as many places as it had members when it was first bound. The file, and what it is found
        by, is kept for *seconds* after it was last held.
        """
        ...

    async def widen(self, under: bytes, wishes: Mapping[bytes, Sequence[bytes]]) -> None:
        """Let more members pass under names that are bound in the file; they take no place."""
        ...

    async def let_go(self, under: bytes, wishes: Mapping[bytes, Sequence[bytes]]) -> None:
        """Take back, once for each, what hold bound: a member that nobody else holds is unbound."""
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...
