"""Every reason for which this room says no.

A refusal is a value: a *code* the portal's program acts on, a *rule* that picks the sentence (the
sentences, in Vietnamese and English, are another room's), and *facts* that fill its gaps.
"""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """No, and why; never about a person, so that it may be logged and sent as it is."""

    code: str
    rule: str
    facts: dict[str, str]
    """Paths, scopes, codes and dates; never a number, a name or anything out of a token."""
    status: int
    """The HTTP status that goes with it."""
    grant_version: int | None = None
    """The version of the grants it was decided by, once grants came into it."""
    retry_after: int | None = None
    """Seconds after which the same request may be granted."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What is fixed about a reason: its code, its status, and the facts its sentence may use."""

    code: str
    status: int
    facts: tuple[str, ...] = ()


def _unidentified(*facts: str) -> Rule:
    return Rule(code="TOKEN_INVALID", status=401, facts=facts)


def _unproven() -> Rule:
    return Rule(code="DPOP_PROOF_INVALID", status=401)


def _ungranted(*facts: str) -> Rule:
    return Rule(code="GRANT_REQUIRED", status=403, facts=facts)


def _unattested() -> Rule:
    return Rule(code="ATTESTATION_REQUIRED", status=403)


def _misasked(*facts: str) -> Rule:
    return Rule(code="BAD_INPUT", status=400, facts=facts)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        # Who asks.
        "token-required": Rule(code="TOKEN_REQUIRED", status=401),
        "scheme-unknown": Rule(code="TOKEN_REQUIRED", status=401),
        "token-malformed": _unidentified(),
        "token-too-large": _unidentified("limit"),
        "token-type": _unidentified(),
        "token-algorithm": _unidentified(),
        "token-header": _unidentified(),
        "token-issuer-unknown": _unidentified(),
        "token-key-unknown": _unidentified(),
        "token-signature": _unidentified(),
        "token-claims": _unidentified(),
        "token-audience": _unidentified(),
        "token-expired": _unidentified(),
        "token-not-yet-valid": _unidentified(),
        "token-bound-as-bearer": _unidentified(),
        "sender-constraint-required": _unidentified(),
        # The token's use: bound to whom, spoken by whom, still believed (auth/tokens.py).
        "token-in-url": _unidentified(),
        "token-binding-unknown": _unidentified(),
        "token-not-bound-by-dpop": _unidentified(),
        "token-certificate": _unidentified(),
        "token-issuer-not-the-consumers": _unidentified(),
        "token-lives-too-long": _unidentified("limit"),
        "token-revoked": _unidentified(),
        # The proof that goes with a token bound by DPoP (auth/dpop.py).
        "dpop-required": _unproven(),
        "dpop-repeated": _unproven(),
        "dpop-malformed": _unproven(),
        "dpop-type": _unproven(),
        "dpop-algorithm": _unproven(),
        "dpop-key": _unproven(),
        "dpop-other-key": _unproven(),
        "dpop-signature": _unproven(),
        "dpop-claims": _unproven(),
        "dpop-method": _unproven(),
        "dpop-url": _unproven(),
        "dpop-token": _unproven(),
        "dpop-time": _unproven(),
        "dpop-nonce": _unproven(),
        "dpop-replayed": _unproven(),
        # The token may be good; nobody can tell at this moment.
        "issuer-unavailable": Rule(code="ISSUER_UNAVAILABLE", status=503),
        # For what.
        "procedure-unknown": Rule(code="UNKNOWN_PROCEDURE", status=400, facts=("procedure",)),
        "procedure-not-yet-in-force": Rule(
            code="UNKNOWN_PROCEDURE", status=400, facts=("procedure", "valid_from")
        ),
        "procedure-retired": Rule(
            code="PROCEDURE_RETIRED", status=400, facts=("procedure", "valid_until")
        ),
        "procedure-replaced": Rule(
            code="PROCEDURE_RETIRED", status=400, facts=("procedure", "valid_until", "successor")
        ),
        "procedure-malformed": _misasked(),
        "dossier-required": _misasked(),
        "opened-in-the-future": _misasked("opened_on"),
        "consent-required": _misasked(),
        "agency-malformed": _misasked("field"),
        # May they.
        "scope-missing": Rule(code="SCOPE_REQUIRED", status=403, facts=("scope",)),
        "scope-not-granted": Rule(code="SCOPE_REQUIRED", status=403, facts=("scope",)),
        "grants-expired": _ungranted("expires"),
        "consumer-without-grant": _ungranted("consumer"),
        "procedure-not-granted": _ungranted("consumer", "procedure"),
        "grant-not-in-force": _ungranted("consumer", "procedure", "valid_from", "valid_until"),
        "agency-not-yours": _ungranted("agency"),
        "unit-not-yours": _ungranted("agency"),
        "actor-contradicts-token": Rule(code="ACTOR_MISMATCH", status=403, facts=("field",)),
        "officer-without-number": Rule(code="OFFICER_REQUIRED", status=403),
        "officer-not-in-token": Rule(code="OFFICER_REQUIRED", status=403),
        "no-accountable-officer": Rule(code="OFFICER_REQUIRED", status=403, facts=("agency",)),
        # About whom, and which fields.
        "self-access-needs-a-citizen": Rule(code="SUBJECT_NOT_ALLOWED", status=403),
        "self-access-needs-an-issuer": Rule(code="SUBJECT_NOT_ALLOWED", status=403),
        "subject-is-another": Rule(code="SUBJECT_NOT_ALLOWED", status=403),
        # A citizen's own token (auth/citizen.py).
        "subject-by-old-number": Rule(code="SUBJECT_NOT_ALLOWED", status=403),
        "business-by-code": Rule(code="SUBJECT_NOT_ALLOWED", status=403),
        "land-not-claimed-as-own": Rule(code="SUBJECT_NOT_ALLOWED", status=403),
        "child-of-age": Rule(code="SUBJECT_NOT_ALLOWED", status=403),
        "child-not-in-household": Rule(code="SUBJECT_NOT_ALLOWED", status=403),
        "citizen-claims-missing": Rule(code="SUBJECT_NOT_ALLOWED", status=403, facts=("claims",)),
        "household-unavailable": Rule(code="GUARD_UNAVAILABLE", status=503),
        "path-outside-procedure": Rule(
            code="FIELD_OUTSIDE_PROCEDURE", status=400, facts=("paths",)
        ),
        "path-of-another-role": Rule(
            code="FIELD_OUTSIDE_PROCEDURE", status=400, facts=("paths", "roles")
        ),
        # The guard (resolvers/guard.py, resolvers/scopes.py).
        "path-of-another-part": Rule(code="FIELD_OUTSIDE_PROCEDURE", status=400, facts=("paths",)),
        "field-without-policy": Rule(code="FIELD_OUTSIDE_PROCEDURE", status=400, facts=("paths",)),
        "introspection-needs-developer": Rule(code="SCOPE_REQUIRED", status=403, facts=("scope",)),
        "developer-reads-nobody": Rule(code="SCOPE_REQUIRED", status=403, facts=("field", "scope")),
        "log-needs-an-issuer": Rule(code="SCOPE_REQUIRED", status=403),
        # What all replicas count and remember together (quotas.py, attempts.py, dossiers.py).
        "guard-unavailable": Rule(code="GUARD_UNAVAILABLE", status=503),
        "quota-of-requests": Rule(code="QUOTA_EXCEEDED", status=429, facts=("limit", "window")),
        "quota-of-subjects": Rule(code="QUOTA_EXCEEDED", status=429, facts=("limit", "window")),
        "attempts-exceeded": Rule(code="ATTEMPTS_EXCEEDED", status=403, facts=("seconds",)),
        "subject-of-another-dossier": Rule(code="NOT_A_PARTY", status=403, facts=("role",)),
        "dossier-of-another-procedure": Rule(code="NOT_A_PARTY", status=403),
        "draft-of-another-dossier": Rule(code="NOT_A_PARTY", status=403),
        # The portal's signed word (attestation.py).
        "subject-not-attested": Rule(code="NOT_A_PARTY", status=403, facts=("role",)),
        "attestation-missing": _unattested(),
        "attestation-malformed": _unattested(),
        "attestation-key-unknown": _unattested(),
        "attestation-signature": _unattested(),
        "attestation-claims": _unattested(),
        "attestation-expired": _unattested(),
        "attestation-untimely": _unattested(),
        "attestation-of-another-dossier": _unattested(),
        "attestation-opened-otherwise": _unattested(),
    }
)
"""The whole list; a test holds that nothing outside it is ever given as a reason."""


def refuse(rule: str, **facts: str) -> Refused:
    """Say no by a *rule* of the table, with exactly the facts that the rule has."""
    reason = RULES[rule]
    if set(facts) != set(reason.facts):
        message = f"the rule {rule} takes the facts {reason.facts}"
        raise TypeError(message)
    return Refused(code=reason.code, rule=rule, facts=facts, status=reason.status)
