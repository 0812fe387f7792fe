"""A compact JWS (RFC 7515): three parts, whose header says how it wants to be verified.

Readers return None for whatever is not of the form; the message of a library stays here, since it
may quote what it read.
"""

import base64
import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from auth.keys import ALGORITHMS, Key

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*")

_ALGORITHMS = JWSRegistry(algorithms=ALGORITHMS)
_ALGORITHM_OF: Mapping[type[Key], str] = {ECKey: "ES256", RSAKey: "PS256", OKPKey: "Ed25519"}
"""Each kind of key verifies by one algorithm, whatever a header says (RFC 8725 section 3.1)."""

_Form = TypeVar("_Form", bound=msgspec.Struct)


def parts(text: str) -> tuple[str, str] | None:
    """Give header and payload as they are written, or None when *text* is no compact JWS."""
    found = _COMPACT.fullmatch(text)
    return (found[1], found[2]) if found else None


def read_part(segment: str, form: type[_Form]) -> _Form | None:
    """Read the JSON object that a part holds."""
    try:
        content = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        return None
    return read(content, form)


def read(content: bytes, form: type[_Form]) -> _Form | None:
    """Read a JSON object strictly."""
    try:
        return msgspec.json.decode(content, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def payload_signed_by(key: Key, text: str) -> bytes | None:
    """Return the payload if *key* signed it, else None.

    The header is signed as it is written and not read here: who calls has read it, has refused one
    that oversteps (`crit` and its like), and has chosen *key* by its `alg`.
    """
    signed, _, signature = text.rpartition(".")
    algorithm = _ALGORITHMS.get_alg(_ALGORITHM_OF[type(key)])
    try:
        algorithm.check_key(key)
        genuine = algorithm.verify(
            signed.encode("ascii"), urlsafe_b64decode(signature.encode("ascii")), key
        )
        return urlsafe_b64decode(signed.partition(".")[2].encode("ascii")) if genuine else None
    except (JoseError, ValueError):
        return None
