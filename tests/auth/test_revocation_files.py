from datetime import date

import pytest

from auth.grant_table import GrantsInvalid
from auth.revocations import load_revocations
from auth.withdrawals import Withdrawal, Withdrawals, load_withdrawal, load_withdrawals

THUMBPRINT = "rgKti5ZKsUrHtXidJ6ZHbRcWu3zFZrI5nz4MiKYev1Y"
REVOKED = f"""\
version = 3
issued = 2026-01-01
expires = 2026-12-31

[[revoked]]
token = "jti-1"
reason = "Mã lộ trong nhật ký của cổng"
at = 2026-02-01

[[revoked]]
client = "portal-hue"
reason = "Ngừng thỏa thuận"
at = 2026-02-02

[[revoked]]
key = "{THUMBPRINT}"
reason = "Máy chủ bị mất"
at = 2026-02-03
"""
NOTICE = """\
registry = "land"
consumer = "portal-hanoi"
procedure = "1.004222"
ground = "Công văn 12/VPĐK: đang kiểm tra việc khai thác"
from = 2026-03-01
until = 2026-03-31
"""


def test_a_list_revokes_tokens_clients_and_keys() -> None:
    revocations = load_revocations(REVOKED)

    assert (3, date(2026, 12, 31)) == (revocations.version, revocations.expires)
    assert revocations.revoked("jti-1", "portal-hanoi", None)
    assert revocations.revoked("jti-2", "portal-hue", None)
    assert revocations.revoked("jti-2", "portal-hanoi", THUMBPRINT)
    assert not revocations.revoked("jti-2", "portal-hanoi", None)


@pytest.mark.parametrize(
    ("before", "after", "line", "rule"),
    [
        ("version = 3", "version = 0", 1, "not-a-number"),
        ("expires = 2026-12-31", "expires = 2025-12-31", 3, "ends-before-it-begins"),
        ('token = "jti-1"\n', "", 5, "one-of-three"),
        ('token = "jti-1"', 'token = "jti-1"\nclient = "portal-hue"', 6, "one-of-three"),
        ('reason = "Ngừng thỏa thuận"\n', "", 10, "missing"),
        ("at = 2026-02-02", 'at = "hôm qua"', 13, "not-a-date"),
        (THUMBPRINT, THUMBPRINT[1:], 16, "malformed-thumbprint"),
        ('client = "portal-hue"', 'client = "cổng Huế"', 11, "malformed-name"),
        ("[[revoked]]\ntoken", "[[revokt]]\ntoken", None, "unknown"),
    ],
)
def test_a_broken_list_is_refused_by_line_and_rule(
    before: str, after: str, line: int | None, rule: str
) -> None:
    with pytest.raises(GrantsInvalid) as refused:
        load_revocations(REVOKED.replace(before, after, 1))

    assert (line, rule) == (refused.value.line, refused.value.rule)


def test_a_notice_stands_between_a_consumer_and_a_registry_on_its_days() -> None:
    notices = Withdrawals(notices=(load_withdrawal(NOTICE),))

    def found(registry: str, consumer: str, procedure: str, day: date) -> bool:
        return notices.find(registry, consumer, procedure, day) is not None

    assert found("land", "portal-hanoi", "1.004222", date(2026, 3, 1))
    assert found("land", "portal-hanoi", "1.004222", date(2026, 3, 31))
    assert not found("land", "portal-hanoi", "1.004222", date(2026, 2, 28))
    assert not found("land", "portal-hanoi", "1.004222", date(2026, 4, 1))
    assert not found("population", "portal-hanoi", "1.004222", date(2026, 3, 1))
    assert not found("land", "portal-hue", "1.004222", date(2026, 3, 1))
    assert not found("land", "portal-hanoi", "1.001193", date(2026, 3, 1))


def test_a_notice_may_mean_every_consumer_or_every_procedure_and_have_no_end() -> None:
    text = NOTICE.replace("until = 2026-03-31\n", "")
    everybody = load_withdrawal(text.replace('consumer = "portal-hanoi"\n', ""))
    whatever = load_withdrawal(text.replace('procedure = "1.004222"\n', ""))

    assert everybody.holds("land", "portal-hue", "1.004222", date(2099, 1, 1))
    assert whatever.holds("land", "portal-hanoi", "1.001193", date(2099, 1, 1))
    assert isinstance(everybody, Withdrawal)
    assert "Công văn" not in repr(everybody)


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('consumer = "portal-hanoi"\nprocedure = "1.004222"\n', "", "one-at-least"),
        ('"land"', '"vehicles"', "not-a-registry"),
        ('"1.004222"', '"1.004222.H26"', "malformed-procedure"),
        ("until = 2026-03-31", "until = 2026-02-01", "ends-before-it-begins"),
        ("ground", "grounds", "unknown"),
    ],
)
def test_a_broken_notice_is_refused_by_rule(before: str, after: str, rule: str) -> None:
    with pytest.raises(GrantsInvalid) as refused:
        load_withdrawal(NOTICE.replace(before, after))

    assert rule == refused.value.rule


def test_the_sandbox_reads_notices_from_one_unsigned_file() -> None:
    assert (load_withdrawal(NOTICE),) == load_withdrawals(f"[[withdrawal]]\n{NOTICE}").notices
