"""Tokens that were verified a moment ago."""

from collections import OrderedDict
from typing import ClassVar

from auth.caller import Caller
from auth.claims import Confirmation
from auth.discreet import Discreet


class Verified(Discreet, frozen=True, kw_only=True):
    """A token that was believed, and what it was believed by."""

    shown: ClassVar[tuple[str, ...]] = ("caller",)

    caller: Caller
    bound: Confirmation | None
    """What each of its requests must show besides; None for a plain bearer."""
    key_version: int
    """Of the issuer's key set."""
    trust_version: int
    """Of the grants, which say whose tokens speak for a consumer."""
    expires: float


class VerifiedTokens:
    """Verified tokens by their SHA-256: the newest *capacity*, each for *lifetime* seconds.

    The lifetime is short because what was believed is not looked at again; no token outlives its
    own expiry.
    """

    def __init__(self, *, capacity: int = 10_000, lifetime: float = 60.0) -> None:
        self._capacity = capacity
        self._lifetime = lifetime
        self._tokens: OrderedDict[bytes, tuple[Verified, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tokens)

    def get(self, digest: bytes, now: float) -> Verified | None:
        """Return what is remembered of a token."""
        found = self._tokens.get(digest)
        if found is None:
            return None
        verified, dies_at = found
        if now >= dies_at:
            del self._tokens[digest]
            return None
        self._tokens.move_to_end(digest)
        return verified

    def put(self, digest: bytes, verified: Verified, now: float) -> None:
        """Remember a verified token; the one not used for longest makes room."""
        self._tokens[digest] = verified, min(now + self._lifetime, verified.expires)
        self._tokens.move_to_end(digest)
        if len(self._tokens) > self._capacity:
            self._tokens.popitem(last=False)
