"""What all replicas must know of each other: the port, and its implementation for one process.

Whoever counts here counts under opaque names: a keyed hash, never a number, a name or a token.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec


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
    """Opaque; empty when the same guess had taken its place a moment ago."""
    left: int
    """Places left after this one."""


class Exhausted(msgspec.Struct, frozen=True, kw_only=True):
    """No place is left on a name."""

    free_in: float
    """Seconds until the oldest attempt is forgotten."""


class Hold(StrEnum):
    """What became of the wish to bind a name to members."""

    MADE = "MADE"
    """Nothing was bound to it: now these members are."""
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

    async def count_distinct(
        self, name: bytes, members: Sequence[bytes], windows: Sequence[Window]
    ) -> Full | None:
        """Count *members* under *name*: all of them, or none when any window lacks the room.

        A member that a window holds already takes no more room in it.
        """
        ...

    async def attempt(
        self, wishes: Sequence[tuple[bytes, bytes]], window: Window, *, same_s: float
    ) -> list[Attempt | Exhausted]:
        """Take a place for each (name, guess), in order.

        The same guess on the same name within *same_s* seconds takes no second place, and is let
        through even when no place is left.
        """
        ...

    async def give_back(self, attempts: Sequence[Attempt]) -> None:
        """Free the places of attempts that turned out to be none."""
        ...

    async def attempts_left(
        self, names: Sequence[bytes], window: Window
    ) -> list[tuple[int, float | None]]:
        """Tell for each name the places left, and, when none is, the seconds until one is free."""
        ...

    async def hold(
        self, wishes: Mapping[bytes, Sequence[bytes]], seconds: float
    ) -> dict[bytes, Hold]:
        """Bind each free name to its members: all wishes, or none where any finds an OTHER."""
        ...

    async def widen(self, wishes: Mapping[bytes, Sequence[bytes]]) -> None:
        """Add members to names that are bound."""
        ...

    async def let_go(self, names: Sequence[bytes]) -> None:
        """Unbind names."""
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...
