"""Names under which the shared store counts: keyed hashes, so that nobody reads a number there."""

import hmac


class Opaque:
    """Makes opaque names with *key*, which all replicas of an installation share."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        """Name the class and nothing of the key."""
        return "Opaque(…)"

    def __call__(self, kind: str, *parts: str) -> bytes:
        """Hash *kind* and *parts* to 16 bytes; equal parts give equal names, others others."""
        message = "\0".join((kind, *(f"{len(part)}:{part}" for part in parts))).encode()
        return hmac.digest(self._key, message, "sha256")[:16]
