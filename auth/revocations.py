"""What is no longer believed although it has not expired: tokens, clients, keys."""

from typing import ClassVar

from auth.discreet import Discreet


class Revocations(Discreet, frozen=True, kw_only=True):
    """One version of the list."""

    shown: ClassVar[tuple[str, ...]] = ("version",)

    version: int = 0
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
