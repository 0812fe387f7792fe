"""Tokens that were verified a moment ago."""

from collections import OrderedDict
from typing import ClassVar

from auth.caller import Caller
from auth.discreet import Discreet


class _Verified(Discreet, frozen=True, kw_only=True):
    shown: ClassVar[tuple[str, ...]] = ("caller",)

    caller: Caller
    key_version: int
    dies_at: float


class VerifiedTokens:
    """Callers by the SHA-256 of their token: the newest *capacity*, each for *lifetime* seconds.

    The lifetime is short because a revoked token lives on here; no token outlives its own expiry.
    """

    def __init__(self, *, capacity: int = 10_000, lifetime: float = 60.0) -> None:
        self._capacity = capacity
        self._lifetime = lifetime
        self._tokens: OrderedDict[bytes, _Verified] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tokens)

    def get(self, digest: bytes, now: float) -> tuple[Caller, int] | None:
        """Return the caller, and the version of the key set that the token was verified with."""
        verified = self._tokens.get(digest)
        if verified is None:
            return None
        if now >= verified.dies_at:
            del self._tokens[digest]
            return None
        self._tokens.move_to_end(digest)
        return verified.caller, verified.key_version

    def put(self, digest: bytes, caller: Caller, key_version: int, now: float) -> None:
        """Remember a verified token; the one not used for longest makes room."""
        dies_at = min(now + self._lifetime, caller.expires_at.timestamp())
        self._tokens[digest] = _Verified(caller=caller, key_version=key_version, dies_at=dies_at)
        self._tokens.move_to_end(digest)
        if len(self._tokens) > self._capacity:
            self._tokens.popitem(last=False)
