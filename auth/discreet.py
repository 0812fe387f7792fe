"""Records that can be printed without printing a person."""

from typing import ClassVar

import msgspec


class Discreet(msgspec.Struct, frozen=True, kw_only=True):
    """A Struct that prints the fields named in *shown* and no other.

    A list of what may be seen, not of what may not: a field added later is hidden until somebody
    decides otherwise. Tracebacks that print local variables go through the same two methods.
    """

    shown: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        """Name the record and its shown fields."""
        inside = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({inside})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Give the shown fields; msgspec's own would give all of them."""
        return [(name, getattr(self, name)) for name in self.shown]
