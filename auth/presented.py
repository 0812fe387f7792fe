"""What a request shows to say who sends it, taken off the wire and believed by nobody yet."""

from typing import ClassVar

from auth.discreet import Discreet
from auth.refusal import Refused, refuse

LONGEST_TOKEN = 8192
"""Bytes; a longer one is not even hashed."""


class Presented(Discreet, frozen=True, kw_only=True):
    """The credentials of one request, and the request they are for."""

    shown: ClassVar[tuple[str, ...]] = ("method",)

    authorizations: tuple[str, ...] = ()
    """The values of the Authorization headers, however many there are."""
    proofs: tuple[str, ...] = ()
    """The values of the DPoP headers, likewise."""
    method: str
    url: str
    """Under which callers know us, without query and fragment."""
    certificate: str | None = None
    """SHA-256 of the client certificate's DER, base64url (`x5t#S256`), when one was shown."""
    in_query: bool = False
    """Whether a token stood in the URL, where every log on the way has read it."""


def sent_token(presented: Presented) -> tuple[bool, str] | Refused:
    """Tell whether the token is sent by DPoP (else as a bearer), and give it (RFC 6750 2.1)."""
    if presented.in_query:
        return refuse("token-in-url")
    sent = presented.authorizations
    if len(sent) > 1:
        return refuse("token-malformed")
    scheme, _, token = (sent[0] if sent else "").strip(" ").partition(" ")
    by_dpop = False
    if scheme != "Bearer":
        # Schemes know no case (RFC 9110 section 11.1); most senders write this one as above.
        scheme = scheme.lower()
        by_dpop = scheme == "dpop"
        if not by_dpop and scheme != "bearer":
            return refuse("scheme-unknown" if scheme else "token-required")
    token = token.strip(" ")
    if not token or not token.isascii():
        return refuse("token-malformed")
    if len(token) > LONGEST_TOKEN:
        return refuse("token-too-large", limit=str(LONGEST_TOKEN))
    return by_dpop, token
