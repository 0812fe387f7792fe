import ast
from pathlib import Path

import pytest

from auth.refusal import RULES, refuse

ROOM = Path(__file__).parents[2] / "auth"
STATUSES = {
    "TOKEN_REQUIRED": 401,
    "TOKEN_INVALID": 401,
    "DPOP_PROOF_INVALID": 401,
    "ISSUER_UNAVAILABLE": 503,
    "GUARD_UNAVAILABLE": 503,
    "QUOTA_EXCEEDED": 429,
    "ATTEMPTS_EXCEEDED": 403,
    "NOT_A_PARTY": 403,
    "ATTESTATION_REQUIRED": 403,
    "SCOPE_REQUIRED": 403,
    "GRANT_REQUIRED": 403,
    "ACTOR_MISMATCH": 403,
    "OFFICER_REQUIRED": 403,
    "SUBJECT_NOT_ALLOWED": 403,
    "UNKNOWN_PROCEDURE": 400,
    "PROCEDURE_RETIRED": 400,
    "FIELD_OUTSIDE_PROCEDURE": 400,
    "BAD_INPUT": 400,
}


def rules_given_in_the_code() -> set[str]:
    """Every word that stands first in a call of refuse, also as one side of a condition."""
    given: set[str] = set()
    for source in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refuse":
                first = node.args[0]
                sides = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                given |= {str(side.value) for side in sides if isinstance(side, ast.Constant)}
    return given


def test_the_table_holds_exactly_the_reasons_that_are_given() -> None:
    assert set(RULES) == rules_given_in_the_code()


def test_a_code_has_one_status() -> None:
    assert STATUSES == {rule.code: rule.status for rule in RULES.values()}
    assert all(STATUSES[rule.code] == rule.status for rule in RULES.values())


def test_a_rule_takes_its_facts_and_no_others() -> None:
    assert {"scope": "verify"} == refuse("scope-missing", scope="verify").facts
    with pytest.raises(TypeError, match="scope-missing takes the facts"):
        refuse("scope-missing")
    with pytest.raises(TypeError, match="consent-required takes the facts"):
        refuse("consent-required", scope="verify")
