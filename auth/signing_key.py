"""The private key of whoever signs files: an operator's, or a registry owner's."""

from typing import ClassVar

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from auth.discreet import Discreet
from auth.keys import Key, PublicKey, Ring, ring_of


class SigningKey(Discreet, frozen=True, kw_only=True):
    """A key with its private half; prints its id only."""

    shown: ClassVar[tuple[str, ...]] = ("kid", "algorithm")

    kid: str
    algorithm: str
    key: Key

    def published(self) -> bytes:
        """Write the public half as a key set (RFC 7517), to be put where the gateway reads it."""
        public = {
            name: value
            for name, value in self.key.as_dict(private=False).items()
            if name in {"kty", "crv", "x", "y", "n", "e"}
        }
        document = {"keys": [{**public, "kid": self.kid, "alg": self.algorithm, "use": "sig"}]}
        return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"

    def hidden(self) -> bytes:
        """Write the private half as PEM (PKCS #8)."""
        pem: bytes = self.key.as_pem(private=True)
        return pem


def new_signing_key() -> SigningKey:
    """Make an Ed25519 key."""
    key = OKPKey.generate_key("Ed25519", private=True)
    return SigningKey(kid=key.thumbprint(), algorithm="Ed25519", key=key)


def read_signing_key(content: bytes) -> SigningKey | None:
    """Read a private key out of PEM or a JWK; None when it is none that may sign."""
    try:
        key = _of_jwk(content) if content.lstrip().startswith(b"{") else _of_pem(content)
    except (JoseError, msgspec.MsgspecError, ValueError, TypeError):
        return None
    if key is None or not key.is_private:
        return None
    try:
        public = msgspec.convert(key.as_dict(private=False), PublicKey)
    except msgspec.ValidationError:
        return None
    algorithm = public.fits()
    # What could not be verified afterwards is not signed with in the first place.
    if algorithm is None or public.opened() is None:
        return None
    return SigningKey(kid=public.kid or key.thumbprint(), algorithm=algorithm, key=key)


def read_public_keys(content: bytes) -> Ring | None:
    """Read a key set; None when it is none, or has no usable key."""
    try:
        document = msgspec.json.decode(content, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return ring_of(document) or None


def _of_jwk(content: bytes) -> Key | None:
    members = msgspec.json.decode(content, type=dict[str, str | list[str]])
    match members.get("kty"):
        case "EC":
            return ECKey.import_key(members)
        case "OKP":
            return OKPKey.import_key(members)
        case "RSA":
            return RSAKey.import_key(members)
        case _:
            return None


def _of_pem(content: bytes) -> Key | None:
    """Read PEM; joserfc wants to be told the kind, and says no by raising."""
    for kind in (OKPKey, ECKey, RSAKey):
        try:
            return kind.import_key(content)
        except (JoseError, ValueError, TypeError, AttributeError):
            continue
    return None
