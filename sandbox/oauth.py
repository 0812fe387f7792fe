"""What the issuer's addresses share: how parameters are read, and what an error is (RFC 6749)."""

from collections.abc import Mapping
from urllib.parse import parse_qs

import msgspec


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An error of RFC 6749, sections 4.1.2.1 and 5.2; its description is ASCII, as they ask."""

    error: str
    error_description: str
    status: int = 400


def parameters(encoded: bytes) -> Mapping[str, str] | Refused:
    """Read a query or a form; a parameter without a value counts as left out (section 3.1)."""
    found = parse_qs(encoded.decode("utf-8", "replace"))
    if any(len(values) > 1 for values in found.values()):
        return Refused(
            error="invalid_request", error_description="Send each parameter once at most."
        )
    return {name: values[0] for name, values in found.items()}
