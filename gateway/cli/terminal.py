"""What may be sent to a terminal, and how."""

import sys
import unicodedata

from rich.console import Console

_COMMANDS = frozenset({"Cc", "Cf"})
"""Kinds of signs that move the cursor, hide text or turn its direction."""


def clean(text: str) -> str:
    """Give *text* fit for a terminal: one line, composed, and without signs that command it."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join("\ufffd" if unicodedata.category(c) in _COMMANDS else c for c in composed)


def console() -> Console:
    """Give the terminal on stdout; what is printed is text, whatever brackets it has."""
    return Console(markup=False, highlight=False, emoji=False)


def speak_unicode() -> None:
    """Write Vietnamese even where the locale has no letters for it, then with marks of doubt."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
