"""A mint for tokens, good and bad, with real keys: what issuers sign and what they do not.

The times are fixed: NOW is a moment of 2027, and nothing here looks at a clock.
"""

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, serialize_compact

from auth.consumer import Consumer
from auth.keys import Issuer, IssuerKeys
from auth.nonces import Nonces
from auth.opaque import Opaque
from auth.presented import Presented
from auth.profile import Profile
from auth.revocations import NOTHING_REVOKED
from auth.shared import Shared
from auth.shared_memory import MemoryShared
from auth.tokens import TokenVerifier

NOW = 1_800_000_000.0
AUDIENCE = "lienthong-sandbox"
URL = "https://gateway.example/graphql"
HANOI = Issuer(issuer="https://login.example/hanoi", jwks_url="https://login.example/hanoi/jwks")
LAMDONG = Issuer(issuer="https://login.example/lamdong", jwks_url="https://login.example/lamdong/k")

OFFICER = "097188000171"
CITIZEN = "097085000101"
CITIZEN_NAME = "Nguyễn Văn An"
CITIZEN_BIRTH = "1985-03-12"

AnyKey = ECKey | RSAKey | OKPKey | OctKey
EVERY_ALGORITHM = JWSRegistry(
    algorithms=["ES256", "ES384", "PS256", "PS384", "RS256", "HS256", "Ed25519", "none"],
    strict_check_header=False,
)


@cache
def key(name: str) -> AnyKey:
    """Give the key of this *name*, made once: `ec-1`, `rsa`, `ed`, `p384`."""
    match name.partition("-")[0]:
        case "rsa":
            return RSAKey.generate_key(2048, {"kid": name})
        case "ed":
            return OKPKey.generate_key("Ed25519", {"kid": name})
        case "p384":
            return ECKey.generate_key("P-384", {"kid": name})
        case _:
            return ECKey.generate_key("P-256", {"kid": name})


def jwks(*names: str) -> dict[str, object]:
    """Publish these keys."""
    return {"keys": [key(name).as_dict(private=False) for name in names]}


def claims(**changed: object) -> dict[str, object]:
    """Give the claims of a good token with some *changed*; None takes a claim away."""
    good: dict[str, object] = {
        "iss": HANOI.issuer,
        "aud": AUDIENCE,
        "sub": "portal-hanoi",
        "client_id": "portal-hanoi",
        "scope": "prefill verify records",
        "jti": "token-1",
        "iat": int(NOW),
        "exp": int(NOW) + 300,
    }
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def token(
    content: Mapping[str, object] | bytes | None = None,
    header: Mapping[str, object] | None = None,
    signed_by: AnyKey | None = None,
) -> str:
    """Sign *content* under a good header changed by *header*; None takes a parameter away."""
    good: dict[str, object] = {"alg": "ES256", "typ": "at+jwt", "kid": "ec-1"}
    changed = {**good, **(header or {})}
    written = {name: value for name, value in changed.items() if value is not None}
    said = claims() if content is None else content
    body = said if isinstance(said, bytes) else msgspec.json.encode(said)
    return serialize_compact(written, body, signed_by or key("ec-1"), registry=EVERY_ALGORITHM)


def part(content: bytes) -> str:
    """Write bytes as a part of a token."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def forged(header: bytes, payload: bytes, signature: bytes = b"nothing") -> str:
    """Put together what no library would sign."""
    return ".".join((part(header), part(payload), part(signature)))


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


class Publisher:
    """A key source: it gives the documents it holds, and remembers who asked for what."""

    def __init__(self, **documents: Mapping[str, object] | None) -> None:
        self.documents: dict[str, Mapping[str, object] | None] = {
            HANOI.jwks_url: jwks("ec-1", "rsa", "ed"),
            LAMDONG.jwks_url: jwks("ec-lamdong"),
        }
        self.documents.update(documents)
        self.fetched: list[str] = []

    async def fetch(self, jwks_url: str) -> Mapping[str, object] | None:
        """Give the document, None while the issuer is away."""
        self.fetched.append(jwks_url)
        return self.documents[jwks_url]


def shown(authorization: str | None, *proofs: str, **more: Any) -> Presented:
    """Present this Authorization header, and these DPoP headers, to POST /graphql."""
    sent = () if authorization is None else (authorization,)
    good: dict[str, Any] = {"authorizations": sent, "proofs": proofs, "method": "POST", "url": URL}
    return Presented(**{**good, **more})


class Trusted:
    """The consumers and revocations in force; a new version is made by changing them."""

    def __init__(self, *consumers: Consumer) -> None:
        self.consumers = {each.consumer_id: each for each in consumers}
        self.version = 1
        self.revocations = NOTHING_REVOKED


def verifier(
    publisher: Publisher | None = None,
    clock: Clock | None = None,
    profile: Profile = Profile.SANDBOX,
    *,
    trusted: Trusted | None = None,
    shared: Shared | None = None,
    nonces: Nonces | None = None,
) -> TokenVerifier:
    """Set up a verifier of both issuers."""
    clock, trusted = clock or Clock(), trusted or Trusted()
    return TokenVerifier(
        [HANOI, LAMDONG],
        AUDIENCE,
        IssuerKeys(publisher or Publisher(), clock),
        profile,
        clock,
        consumers=lambda: trusted.consumers,
        trust_version=lambda: trusted.version,
        revocations=lambda: trusted.revocations,
        shared=MemoryShared(clock) if shared is None else shared,
        opaque=Opaque(bytes(32)),
        nonces=nonces,
    )
