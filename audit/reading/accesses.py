"""What may be asked of the access log, and what comes back: accesses, page by page.

An *access* is one line of a report: the entry that ends a request or a part of it, with the intents
that it closes. An intent that nothing closes is a line of its own.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

from audit.detail import Detail, Number
from audit.entry import Entry
from audit.forms import Counter, EntryId

_Microseconds = Annotated[int, msgspec.Meta(ge=-(2**62), lt=2**62)]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the accesses must have in common: everything that is given must hold."""

    since: datetime | None = None
    until: datetime | None = None
    """The first moment after the time asked about."""
    consumer: str | None = None
    agency: str | None = None
    """The receiving or the competent one."""
    unit: str | None = None
    officer: str | None = None
    """A personal id."""
    procedure: str | None = None
    dossier: str | None = None
    draft: str | None = None
    subjects: tuple[Number, ...] = ()
    """Numbers of one person or thing: any of them."""
    registry: str | None = None
    """With *subjects*: this registry was asked about them, or showed them."""
    upstream_request_id: str | None = None
    """The id under which a registry itself knows the call."""
    entry: str | None = None
    """The id of any entry of the access."""
    request: str | None = None
    outcome: str | None = None
    """The word of an outcome, or of an EntryKind: `INTENT` is an access that nothing closes.

    An entry of a boot is shown to who asks for it by `BOOT`, or by its own id.
    """
    from_cache: bool | None = None

    def __repr__(self) -> str:
        """Name the class and nothing in it."""
        return "Question(…)"


class NotAPlace(msgspec.Struct, frozen=True, kw_only=True):
    """The text is no cursor of ours."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A cursor: the last access that was seen, in the log as it was when the first page was made.

    It names no person.
    """

    size: Counter
    """How many leaves the log had then: what came later is on no page."""
    at: _Microseconds
    entry_id: EntryId

    def write(self) -> str:
        """Write the cursor as text that says nothing to whoever holds it."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


def read_place(text: str) -> Place | NotAPlace:
    """Read what *Place.write* wrote."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(packed, type=Place)
    except (binascii.Error, ValueError):
        # Not chained: a library's message could repeat what it was given.
        return NotAPlace()


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a report."""

    entry: Entry
    """The one that ends it, or the intent that nothing closes."""
    seq: int
    """Its place in the tree."""
    intents: tuple[Entry, ...]
    """Those that it closes, in the order in which it names them."""
    details: Mapping[str, Detail]
    """Of the entry and the intents, by entry id, as far as their keys are there."""

    def __repr__(self) -> str:
        """Name the class and nothing in it."""
        return "Access(…)"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some accesses, the newest first."""

    accesses: tuple[Access, ...]
    size: int
    """How many leaves the log had when the first page was made."""
    after: Place | None
    """Where the next page begins; None: this was the last."""
    united: tuple[Number, ...]
    """The numbers looked for: those asked for, and those found to be the same person's."""

    def __repr__(self) -> str:
        """Name the class and nothing in it."""
        return "Page(…)"
