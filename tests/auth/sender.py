"""A portal that sends tokens and DPoP proofs, good ones and, on purpose, bad ones.

It knows an issuer, an address and a clock, so that the same cases can be put to a verifier in
memory and to a gateway behind a socket.
"""

import base64
import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from joserfc.jws import JWSRegistry, serialize_compact

from tests.auth.mint import AUDIENCE, AnyKey, key, part

EVERYTHING = JWSRegistry(
    algorithms=["ES256", "ES384", "PS256", "PS384", "RS256", "HS256", "Ed25519", "none"],
    strict_check_header=False,
)
PUBLISHED = ("ec-1", "rsa", "ed")
"""The issuer's keys."""
OURS = {"ES256": "ec-portal", "PS256": "rsa-portal", "Ed25519": "ed-portal"}
"""The portal's own keys, for proofs."""


class Sent(NamedTuple):
    """One request, as far as it says who sends it."""

    headers: Sequence[tuple[str, str]]
    method: str = "POST"
    path: str = "/graphql"
    query: str = ""


class Sender:
    """Makes what a portal sends to the gateway known as *address*."""

    def __init__(self, issuer: str, address: str, now: Callable[[], float]) -> None:
        self.issuer = issuer
        self.address = address
        self.now = now

    def claims(self, **changed: object) -> dict[str, object]:
        """Give good claims with some *changed*; None takes a claim away."""
        now = int(self.now())
        good: dict[str, object] = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "portal-hanoi",
            "client_id": "portal-hanoi",
            "scope": "prefill verify records",
            "jti": uuid.uuid4().hex,
            "iat": now,
            "exp": now + 300,
        }
        return _without_none({**good, **changed})

    def token(
        self,
        header: Mapping[str, object] | None = None,
        signed_by: str | AnyKey = "ec-1",
        **changed: object,
    ) -> str:
        """Sign a token."""
        good = {"alg": "ES256", "typ": "at+jwt", "kid": "ec-1"}
        return signed({**good, **(header or {})}, self.claims(**changed), signed_by)

    def bound(self, algorithm: str = "ES256", **changed: Any) -> str:
        """Sign a token bound to the portal's key of this *algorithm*."""
        return self.token(**{"cnf": {"jkt": key(OURS[algorithm]).thumbprint()}, **changed})

    def proof(
        self,
        token: str | None,
        *,
        header: Mapping[str, object] | None = None,
        signed_by: str | AnyKey = OURS["ES256"],
        path: str = "/graphql",
        **changed: object,
    ) -> str:
        """Sign a proof for a POST to *path* with this *token*."""
        shown = key(signed_by) if isinstance(signed_by, str) else signed_by
        good = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public(shown)}
        claims: dict[str, object] = {
            "jti": uuid.uuid4().hex,
            "htm": "POST",
            "htu": self.address + path,
            "iat": int(self.now()),
            "ath": None if token is None else digest(token),
        }
        return signed({**good, **(header or {})}, _without_none({**claims, **changed}), signed_by)


def public(shown: AnyKey) -> dict[str, Any]:
    """Show the public numbers of a key."""
    members: dict[str, Any] = shown.as_dict(private=False)
    return {name: value for name, value in members.items() if name != "kid"}


def digest(token: str) -> str:
    """Give the `ath` of a token."""
    return part(hashlib.sha256(token.encode()).digest())


def signed(header: Mapping[str, object], claims: object, by: str | AnyKey) -> str:
    """Sign anything under any header; None takes a parameter away."""
    body = claims if isinstance(claims, bytes) else msgspec.json.encode(claims)
    signer = key(by) if isinstance(by, str) else by
    return serialize_compact(_without_none(header), body, signer, registry=EVERYTHING)


def reheaded(jws: str, **changed: object) -> str:
    """Change the header of a JWS afterwards."""
    head, rest = jws.split(".", 1)
    header = msgspec.json.decode(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return f"{part(msgspec.json.encode({**header, **changed}))}.{rest}"


def _without_none(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}
