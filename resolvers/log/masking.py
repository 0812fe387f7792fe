"""What of a number or text an auditor is shown: enough to tell two apart, too little to use.

A number keeps its first three and last two characters, and has a mark behind it: two numbers have
different marks, whatever their ends, and one has the same mark in all lines that are read for one
case within a month. A mark is a keyed hash, so it says nothing of the number that its reader could
not ask the log itself, in a question that is logged.
A health card begins with letters that say why somebody is insured: these are not shown. Free text,
which may hold a name, is shown whole or not at all. Codes are shown, but a portal may have made one
of somebody's number.
"""

import re
from collections.abc import Callable

from adapters.identifiers import agency_of
from audit.tags import TagDomain

KEPT_BEFORE = 3
KEPT_AFTER = 2
LEAST_HIDDEN = 3
SIGN = "•"
MARKED = "#"

_NUMBER = re.compile("[0-9]{9,}")
"""As long as an old number at least."""
_BETWEEN = re.compile("[-_. ]")
_NUMBER_IN_PIECES = re.compile("[0-9](?:[-_. ]*[0-9]){8,}")


class Mask:
    """Shows numbers and texts as the reader's scopes let it; *mark* gives the mark of a number."""

    def __init__(self, *, lifted: bool, mark: Callable[[str], str] | None = None) -> None:
        self._lifted = lifted
        self._mark = mark

    def number(self, value: str | None) -> str | None:
        """Show a number."""
        return None if value is None else self.shown(value)

    def shown(self, value: str, kind: str = TagDomain.PERSON) -> str:
        """Show a number that is there; a short one by its mark alone."""
        return self._masked(value, value, 0 if kind == TagDomain.CARD else KEPT_BEFORE)

    def code(self, value: str | None) -> str | None:
        """Show the code of a dossier or case, without a number that hides in it.

        An official code has as many digits in pieces: its agency, day and sequence.
        """
        if value is None:
            return None
        hiding = _NUMBER if agency_of(value) else _NUMBER_IN_PIECES
        return hiding.sub(lambda it: self._masked(it[0], _BETWEEN.sub("", it[0])), value)

    def text(self, value: str | None) -> str | None:
        """Show free text."""
        return value if self._lifted else None

    def _masked(self, text: str, number: str, before: int = KEPT_BEFORE) -> str:
        """Mask *text*, in which *number* is written, and put the mark of the number behind it."""
        if self._lifted or not text:
            return text
        hidden = len(text) - before - KEPT_AFTER
        if hidden < LEAST_HIDDEN:
            masked = SIGN * len(text)
        else:
            masked = f"{text[:before]}{SIGN * hidden}{text[-KEPT_AFTER:]}"
        return f"{masked}{MARKED}{self._mark(number)}" if self._mark else masked
