"""What of a number or text an auditor is shown: enough to tell two apart, too little to use.

A number keeps its first three and last two characters, and has a mark behind it: two numbers have
different marks, whatever their ends, and one has the same mark in all lines that are read for one
case within a month. A mark is a keyed hash, so it says nothing of the number that its reader could
not ask the log itself, in a question that is logged.
A health card begins with letters that say why somebody is insured: these are not shown. Free text,
which may hold a name, is shown whole or not at all. Codes are shown, but a portal may have made one
of somebody's number: that has no mark. Who asks chooses the code, and with a mark would learn which
of the numbers guessed in it is whose.
"""

import re
import unicodedata
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
_NUMBER_IN_PIECES = re.compile(r"[0-9](?:[\W_]*[0-9]){8,}")


class Mask:
    """Shows numbers and texts as the reader's scopes let it; *mark* gives the mark of a number."""

    def __init__(self, *, lifted: bool, mark: Callable[[str], str] | None = None) -> None:
        self._lifted = lifted
        self._mark = mark

    def number(self, value: str | None) -> str | None:
        """Show a number."""
        return None if value is None else self.shown(value)

    def shown(self, value: str, kind: str = TagDomain.PERSON) -> str:
        """Show a number that is there, with its mark; a short one by its mark alone."""
        if self._lifted or not value:
            return value
        masked = _masked(value, 0 if kind == TagDomain.CARD else KEPT_BEFORE)
        return f"{masked}{MARKED}{self._mark(value)}" if self._mark else masked

    def code(self, value: str | None) -> str | None:
        """Show the code of a dossier or case, without a number that hides in it.

        An official code has as many digits in pieces: its agency, day and sequence.
        """
        if self._lifted or value is None:
            return value
        agency = agency_of(value)
        official = agency is not None and not _NUMBER_IN_PIECES.search(agency)
        hiding = _NUMBER if official else _NUMBER_IN_PIECES
        shown, end = "", 0
        for found in hiding.finditer(_in_plain_digits(value)):
            shown += value[end : found.start()] + _masked(value[found.start() : found.end()])
            end = found.end()
        return shown + value[end:]

    def text(self, value: str | None) -> str | None:
        """Show free text."""
        return value if self._lifted else None


def _masked(text: str, before: int = KEPT_BEFORE) -> str:
    hidden = len(text) - before - KEPT_AFTER
    if hidden < LEAST_HIDDEN:
        return SIGN * len(text)
    return f"{text[:before]}{SIGN * hidden}{text[-KEPT_AFTER:]}"


def _in_plain_digits(text: str) -> str:
    """Write the digits of whatever script or width as 0 to 9, each sign in its place."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in text)
