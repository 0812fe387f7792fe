"""What is no longer believed although it has not expired: tokens, clients, keys."""

from datetime import date
from pathlib import Path
from typing import ClassVar

from auth.discreet import Discreet
from auth.grant_table import Table, read_table, read_text

_FILE_FIELDS = frozenset({"version", "issued", "expires", "revoked"})
_MEANT = ("token", "client", "key")
_FIELDS = frozenset({*_MEANT, "reason", "at"})


class Revocations(Discreet, frozen=True, kw_only=True):
    """One version of the list."""

    shown: ClassVar[tuple[str, ...]] = ("version",)

    version: int = 0
    expires: date = date.max
    """The last day on which this version may be taken."""
    tokens: frozenset[str] = frozenset()
    """The `jti` of tokens."""
    clients: frozenset[str] = frozenset()
    """Consumers of whom nothing is believed any more."""
    keys: frozenset[str] = frozenset()
    """Thumbprints (RFC 7638 `jkt`, or `x5t#S256`) of senders' keys, base64url."""

    def revoked(self, token_id: str, client_id: str, thumbprint: str | None) -> bool:
        """Tell whether any of the three was revoked."""
        return token_id in self.tokens or client_id in self.clients or thumbprint in self.keys


NOTHING_REVOKED = Revocations()


def load_revocations(source: Path | str) -> Revocations:
    """Read a file (a Path) or its content (a str), or raise GrantsInvalid.

    Each `[[revoked]]` names one token, client or key, with a reason and the day, for those who
    read the list later; it holds from the moment on which the list is taken.
    """
    file = read_table(read_text(source, "revocations"))
    file.only(_FILE_FIELDS)
    version, issued, expires = file.number("version"), file.day("issued"), file.day("expires")
    if expires < issued:
        file.fail("expires", "ends-before-it-begins")
    meant: dict[str, set[str]] = {kind: set() for kind in _MEANT}
    for table in file.tables("revoked", needed=False):
        kind, name = _revoked(table)
        meant[kind].add(name)
    return Revocations(
        version=version,
        expires=expires,
        tokens=frozenset(meant["token"]),
        clients=frozenset(meant["client"]),
        keys=frozenset(meant["key"]),
    )


def _revoked(table: Table) -> tuple[str, str]:
    table.only(_FIELDS)
    kinds = [kind for kind in _MEANT if kind in table.values]
    if len(kinds) != 1:
        table.fail(kinds[0] if kinds else "token", "one-of-three")
    kind = kinds[0]
    table.text("reason")
    table.day("at")
    if kind == "key":
        return kind, table.thumbprint(kind)
    return kind, table.text(kind) if kind == "token" else table.name(kind)
