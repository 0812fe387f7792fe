"""The log opens to an issuer's word, and to no developer in production."""

from datetime import UTC, datetime

import msgspec
import pytest

from auth.auditor import check_auditor, may_unmask
from auth.caller import Caller
from auth.profile import Profile
from auth.refusal import Refused

AUDITOR = Caller(
    consumer_id="auditor",
    scopes=frozenset({"audit:read"}),
    token_id="a-token",
    issuer="an-issuer",
    expires_at=datetime(2099, 1, 1, tzinfo=UTC),
)


def test_the_scope_opens_the_log() -> None:
    assert check_auditor(AUDITOR, Profile.PRODUCTION, "accessLog") is None


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"scopes": frozenset({"records", "audit:unmask"})}, "scope-missing"),
        ({"own_word": True}, "log-needs-an-issuer"),
        ({"scopes": frozenset({"audit:read", "developer"})}, "developer-reads-nobody"),
    ],
)
def test_nothing_else_does(changed: dict[str, object], rule: str) -> None:
    caller = msgspec.structs.replace(AUDITOR, **changed)
    refused = check_auditor(caller, Profile.PRODUCTION, "accessLog")
    assert isinstance(refused, Refused)
    assert ("SCOPE_REQUIRED", rule) == (refused.code, refused.rule)


def test_numbers_are_shown_to_a_scope_of_its_own() -> None:
    assert not may_unmask(AUDITOR)
    assert may_unmask(msgspec.structs.replace(AUDITOR, scopes=frozenset({"audit:unmask"})))
