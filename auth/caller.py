"""Who asks: what is left of a token once it has been believed."""

from datetime import datetime
from typing import ClassVar

from auth.actor import TokenActor
from auth.discreet import Discreet


class Caller(Discreet, frozen=True, kw_only=True):
    """A consumer with its scopes, and the human its issuer vouches for, if any."""

    shown: ClassVar[tuple[str, ...]] = ("consumer_id", "scopes", "issuer", "expires_at", "actor")

    consumer_id: str
    scopes: frozenset[str]
    token_id: str
    issuer: str
    expires_at: datetime
    actor: TokenActor | None = None
    subject: str | None = None
    """A citizen's own personal id: the caller may ask about this person only."""
    subject_name: str | None = None
    subject_birth: str | None = None
    """`1985-05-12`, `1985-05` or `1985`, as the issuer has it."""
    thumbprint: str | None = None
    """Of the key (`jkt`) or certificate (`x5t#S256`) that the token is bound to."""
    own_word: bool = False
    """Whether the consumer signed the token itself: what it says of a human is its own word."""
