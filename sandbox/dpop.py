"""DPoP proofs (RFC 9449) as a portal makes them, and as a token issuer judges them."""

import base64
import hashlib
import time
import uuid
from collections.abc import Mapping
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, import_key
from joserfc.jws import JWSRegistry, extract_compact, serialize_compact, validate_compact

ALGORITHMS = ("ES256", "PS256", "Ed25519")
LEEWAY_SECONDS = 60
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

KINDS: Mapping[str, str] = {"ES256": "EC", "PS256": "RSA", "Ed25519": "OKP"}
REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
REGISTRY.max_header_length = 4096  # an RSA key is longer than the library expects


class _Claims(msgspec.Struct, frozen=True):
    jti: str
    htm: str
    htu: str
    iat: float


def new_key() -> ECKey:
    """Make a key for a portal."""
    return ECKey.generate_key("P-256")


def prove(
    key: ECKey, method: str, url: str, *, token: str | None = None, nonce: str | None = None
) -> str:
    """Sign a proof for one request: to the issuer without a *token*, to a resource with it."""
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
    claims: dict[str, object] = {
        "jti": uuid.uuid4().hex,
        "htm": method,
        "htu": url,
        "iat": int(time.time()),
    }
    if token is not None:
        digest = hashlib.sha256(token.encode("ascii")).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
    if nonce is not None:
        claims["nonce"] = nonce
    return serialize_compact(header, msgspec.json.encode(claims), key, registry=REGISTRY)


def thumbprint_of(proof: str, method: str, url: str, now: float) -> str | None:
    """Give the thumbprint of the key that signed a right *proof*, else None.

    An issuer of invented tokens does not remember proofs: a replayed one gets a token that only
    the key's holder can use.
    """
    try:
        signed = extract_compact(proof.encode("ascii"), registry=REGISTRY)
        header = signed.headers()
        key = _key(header)
        if key is None or header.get("typ") != "dpop+jwt" or "crit" in header:
            return None
        if not validate_compact(signed, key, registry=REGISTRY):
            return None
        claims = msgspec.json.decode(signed.payload, type=_Claims)
    except (JoseError, ValueError, TypeError):
        return None
    right = (claims.htm, claims.htu) == (method, url) and abs(now - claims.iat) <= LEEWAY_SECONDS
    return key.thumbprint() if right else None


def _key(header: Mapping[str, Any]) -> Key | None:
    """Take the public key out of the header, when it is one of the header's algorithm."""
    jwk = header.get("jwk")
    if not isinstance(jwk, dict) or PRIVATE & jwk.keys():
        return None
    return import_key(jwk) if jwk.get("kty") == KINDS.get(str(header.get("alg"))) else None
