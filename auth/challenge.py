"""The header that tells a refused client how to come back (RFC 6750 3, RFC 9449 7.1, RFC 9728)."""

from collections.abc import Mapping

from auth.keys import ALGORITHMS
from auth.refusal import Refused

DPOP_ALGORITHMS = " ".join(ALGORITHMS)


def challenges(refused: Refused, *, resource_metadata: str | None = None) -> list[str]:
    """Give the values of WWW-Authenticate; none where another token would not help.

    *resource_metadata* is the address of the document that names our issuers. Who sent nothing
    gets no error code: there is no mistake to name yet. A nonce for the next proof goes in a
    header of its own, `DPoP-Nonce`, which is the endpoint's.
    """
    said = _said(refused)
    if said is None:
        return []
    known = {"resource_metadata": resource_metadata} if resource_metadata is not None else {}
    by_dpop = _challenge("DPoP", {**said, "algs": DPOP_ALGORITHMS, **known})
    if refused.code == "DPOP_PROOF_INVALID":
        return [by_dpop]
    return [_challenge("Bearer", {**said, **known}), by_dpop]


def _said(refused: Refused) -> Mapping[str, str] | None:
    match refused.code:
        case "TOKEN_REQUIRED":
            return {}
        case "TOKEN_INVALID":
            return {"error": "invalid_token", "error_description": refused.rule}
        case "SCOPE_REQUIRED":
            return {"error": "insufficient_scope", "scope": refused.facts["scope"]}
        case "DPOP_PROOF_INVALID":
            fresh = refused.rule == "dpop-nonce"
            error = "use_dpop_nonce" if fresh else "invalid_dpop_proof"
            return {"error": error, "error_description": refused.rule}
        case _:
            return None


def _challenge(scheme: str, parameters: Mapping[str, str]) -> str:
    written = ", ".join(f'{name}="{value}"' for name, value in parameters.items())
    return f"{scheme} {written}".rstrip()
