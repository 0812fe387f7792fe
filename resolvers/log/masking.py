"""What of a number or text an auditor is shown: enough to tell two apart, too little to use.

A number keeps its first three and last two characters, whatever kind it is; free text, which may
hold a name, is shown whole or not at all. Codes are shown, but a portal may have made one of
somebody's number.
"""

import re

KEPT_BEFORE = 3
KEPT_AFTER = 2
LEAST_HIDDEN = 3
SIGN = "•"

_NUMBER = re.compile("[0-9]{9,}")
"""As long as an old number at least: the official codes of dossiers have no such row of digits."""


class Mask:
    """Shows numbers and texts as the reader's scopes let it."""

    def __init__(self, *, lifted: bool) -> None:
        self._lifted = lifted

    def number(self, value: str | None) -> str | None:
        """Show a number."""
        return None if value is None else self.shown(value)

    def shown(self, value: str) -> str:
        """Show a number that is there; a short one not at all."""
        if self._lifted:
            return value
        hidden = len(value) - KEPT_BEFORE - KEPT_AFTER
        if hidden < LEAST_HIDDEN:
            return SIGN * len(value)
        return f"{value[:KEPT_BEFORE]}{SIGN * hidden}{value[-KEPT_AFTER:]}"

    def code(self, value: str | None) -> str | None:
        """Show the code of a dossier or case, without a number that hides in it."""
        return None if value is None else _NUMBER.sub(lambda found: self.shown(found[0]), value)

    def text(self, value: str | None) -> str | None:
        """Show free text."""
        return value if self._lifted else None
