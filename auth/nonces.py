"""Nonces for DPoP proofs (RFC 9449 section 8) that no replica has to remember."""

import base64
import hmac
from collections.abc import Callable

SLOT_S = 60.0
"""Seconds for which one nonce is given out; it is accepted for as long again."""


class Nonces:
    """Makes nonces out of the time and *key*, which all replicas share.

    A proof that names one was made a moment ago, not prepared by somebody who once held the key.
    """

    def __init__(self, key: bytes, clock: Callable[[], float]) -> None:
        self._key = key
        self._clock = clock

    def __repr__(self) -> str:
        """Name the class and nothing of the key."""
        return "Nonces(…)"

    def current(self) -> str:
        """Give the nonce of this moment."""
        return self._of(self._slot())

    def accepts(self, nonce: str) -> bool:
        """Tell whether it is this slot's nonce or the last one's."""
        slot = self._slot()
        given = nonce.encode("utf-8", "replace")
        return any(
            hmac.compare_digest(given, self._of(each).encode("ascii")) for each in (slot, slot - 1)
        )

    def _slot(self) -> int:
        return int(self._clock() // SLOT_S)

    def _of(self, slot: int) -> str:
        digest = hmac.digest(self._key, f"dpop-nonce {slot}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest[:18]).decode("ascii")
