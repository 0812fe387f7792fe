"""Who asks for a token: by name only, by a signed assertion, or by a certificate.

The first is the sandbox's own: anybody may be any persona. A portal that comes with an assertion
(`private_key_jwt`, RFC 7523) or a certificate (`tls_client_auth`, RFC 8705) is held to what these
demand, so that it learns here what it will need elsewhere.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet
from joserfc.jws import CompactSignature, extract_compact, validate_compact

from sandbox.authority import common_name, jwks_file
from sandbox.dpop import ALGORITHMS, KINDS, REGISTRY
from sandbox.oauth import Refused
from sandbox.personas import CLIENTS, PERSONAS, Persona, persona_named

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_SECONDS = 300
LEEWAY_SECONDS = 10
TYPES = (None, "JWT", "client-authentication+jwt")


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    sub: str
    aud: str | list[str]
    exp: float
    jti: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    nbf: float = 0
    iat: float = 0


class ClientAuth:
    """Knows clients by the keys in *directory*; *audiences* are the issuer's own names."""

    def __init__(self, directory: Path, audiences: tuple[str, ...]) -> None:
        self._directory = directory
        self._audiences = audiences
        self._used: dict[tuple[str, str], float] = {}

    def who(
        self, form: Mapping[str, str], certificate: bytes | None, now: float
    ) -> Persona | Refused:
        """Say which persona asks; what it shows to prove it must be right and its own."""
        if "client_assertion" in form or "client_assertion_type" in form:
            asks = self._asserted(form, now)
        else:
            asks = persona_named(form.get("client_id", "")) or _unknown()
        if isinstance(asks, Refused) or certificate is None:
            return asks
        if common_name(certificate) != asks.client_id:
            return _refused(f"The certificate of the connection is not that of {asks.client_id}.")
        return asks

    def _asserted(self, form: Mapping[str, str], now: float) -> Persona | Refused:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            return _refused(f"client_assertion_type must be {ASSERTION_TYPE}.")
        signed = _read(form.get("client_assertion", ""))
        if signed is None:
            return _refused(f"client_assertion must be a JWT signed with {_of(ALGORITHMS)}.")
        signature, claims = signed
        asks = persona_named(claims.sub)
        if asks is None or claims.sub not in CLIENTS or claims.iss != claims.sub:
            return _refused(f"iss and sub of the assertion must be one of {_of(CLIENTS)}.")
        if form.get("client_id", claims.sub) != claims.sub:
            return _refused("client_id and sub of the assertion differ; leave client_id out.")
        if not any(_verifies(signature, key) for key in self._keys(claims.sub)):
            return _refused(
                f"No key in {jwks_file(claims.sub)} of the sandbox's directory verifies it."
            )
        return self._outdated(claims, now) or asks

    def _outdated(self, claims: _Claims, now: float) -> Refused | None:
        """Hold it to its audience and its time, and take its id: it is good for once."""
        named = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if len(named) != 1 or named[0] not in self._audiences:
            return _refused(f"aud of the assertion must be {self._audiences[0]} alone.")
        if claims.exp <= now - LEEWAY_SECONDS:
            return _refused("The assertion has expired; sign one for each request.")
        if claims.exp > now + LONGEST_SECONDS + LEEWAY_SECONDS:
            return _refused(f"exp of the assertion must be at most {LONGEST_SECONDS} seconds off.")
        if max(claims.nbf, claims.iat) > now + LEEWAY_SECONDS:
            return _refused("The assertion is of the future; set your clock.")
        self._used = {name: ends for name, ends in self._used.items() if ends > now}
        once = (claims.sub, claims.jti)
        if once in self._used:
            return _refused("An assertion with this jti was used before; sign one per request.")
        self._used[once] = claims.exp + LEEWAY_SECONDS
        return None

    def _keys(self, client: str) -> list[Key]:
        """Read the client's keys anew each time: a developer adds theirs while we run."""
        try:
            told = msgspec.json.decode((self._directory / jwks_file(client)).read_bytes())
            return KeySet.import_key_set(told).keys
        except (OSError, JoseError, ValueError, TypeError, KeyError):
            return []


def _read(compact: str) -> tuple[CompactSignature, _Claims] | None:
    """Read an assertion, verified by nobody yet."""
    try:
        signature = extract_compact(compact.encode("ascii"), registry=REGISTRY)
        header = signature.headers()
        if header.get("alg") not in ALGORITHMS or header.get("typ") not in TYPES:
            return None
        return signature, msgspec.json.decode(signature.payload, type=_Claims)
    except (JoseError, ValueError, TypeError):
        return None


def _verifies(signature: CompactSignature, key: Key) -> bool:
    header = signature.headers()
    if key.key_type != KINDS[header["alg"]] or header.get("kid", key.kid) != key.kid:
        return False
    try:
        return validate_compact(signature, key, registry=REGISTRY)
    except (JoseError, ValueError):
        return False


def _unknown() -> Refused:
    return _refused(f"Personas: {', '.join(it.name for it in PERSONAS)}.")


def _refused(description: str) -> Refused:
    return Refused(error="invalid_client", error_description=description, status=401)


def _of(names: tuple[str, ...]) -> str:
    return ", ".join(names)
