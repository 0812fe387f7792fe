"""The WWW-Authenticate header that goes with a refused token (RFC 6750 section 3, RFC 9728)."""

from auth.refusal import Refused


def challenge(refused: Refused, *, resource_metadata: str | None = None) -> str | None:
    """Tell a client how to come back, or None when another token would not help.

    *resource_metadata* is the address of the document that names our issuers.
    Who sent nothing gets no error code: there is no mistake to name yet.
    """
    given: dict[str, str] = {}
    match refused.code:
        case "TOKEN_REQUIRED":
            pass
        case "TOKEN_INVALID":
            given = {"error": "invalid_token", "error_description": refused.rule}
        case "SCOPE_REQUIRED":
            given = {"error": "insufficient_scope", "scope": refused.facts["scope"]}
        case _:
            return None
    if resource_metadata is not None:
        given["resource_metadata"] = resource_metadata
    parameters = ", ".join(f'{name}="{value}"' for name, value in given.items())
    return f"Bearer {parameters}".rstrip()
