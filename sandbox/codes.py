"""Authorization codes: good for a minute, for one client, and for one attempt."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping

import msgspec

from sandbox.oauth import Refused
from sandbox.personas import Persona

LIFETIME_SECONDS = 60

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """What a code stands for."""

    persona: Persona
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    """The S256 of the verifier that only the client knows (RFC 7636)."""
    jkt: str | None = None
    """The key whose proof must come with the code (RFC 9449, section 10)."""
    ends: float


class Codes:
    """Every code that is out; *new_id* makes what nobody can guess."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._out: dict[str, Granted] = {}

    def give(self, granted: Granted, now: float) -> str:
        """Make a code."""
        self._out = {code: it for code, it in self._out.items() if it.ends > now}
        code = self._new_id()
        self._out[code] = granted
        return code

    def redeem(
        self, form: Mapping[str, str], asks: Persona, jkt: str | None, now: float
    ) -> Granted | Refused:
        """Take a code back; whoever shows it has used it up, rightly or not."""
        granted = self._out.pop(form.get("code", ""), None)
        if granted is None or granted.ends <= now:
            return _refused(
                f"The code is unknown, was used, or is older than {LIFETIME_SECONDS} seconds: "
                "send the person to the authorization endpoint again."
            )
        if asks.name != granted.persona.client_id:
            return _refused("The code was given to another client.")
        if form.get("redirect_uri") != granted.redirect_uri:
            return _refused("redirect_uri must be the one of the authorization request.")
        verifier = form.get("code_verifier", "")
        if not _VERIFIER.fullmatch(verifier) or challenge_of(verifier) != granted.challenge:
            return _refused("code_verifier must be what code_challenge was made from, S256.")
        if granted.jkt not in {None, jkt}:
            return _refused("Send a DPoP proof by the key that dpop_jkt named.")
        return granted


def challenge_of(verifier: str) -> str:
    """Make the S256 challenge (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _refused(description: str) -> Refused:
    return Refused(error="invalid_grant", error_description=description)
