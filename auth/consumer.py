"""A consumer as the grants name it: whose tokens speak for it, and with which keys it signs."""

from collections.abc import Mapping
from typing import ClassVar

from auth.discreet import Discreet
from auth.keys import Key


class Consumer(Discreet, frozen=True, kw_only=True):
    """One `[[consumer]]` of the grants file."""

    shown: ClassVar[tuple[str, ...]] = ("consumer_id", "issuer")

    consumer_id: str
    issuer: str | None = None
    """The one issuer whose tokens speak for it; None: any that the installation believes.

    With *keys* it is the consumer's own name as an issuer: it signs its tokens itself, unless it
    *attests_only*.
    """
    keys: Mapping[tuple[str, str], Key] = {}
    """Its public keys by key id and algorithm: for its own tokens, and for its attestations."""
    attests_only: bool = False
    """Its keys sign attestations and no token: its tokens come from *issuer*, which is a server."""

    @property
    def signs_its_own(self) -> bool:
        """Whether it is its own issuer."""
        return self.issuer is not None and bool(self.keys) and not self.attests_only
