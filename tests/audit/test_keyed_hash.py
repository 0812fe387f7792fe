import hmac
from datetime import UTC, datetime

import pytest

from audit.keyed_hash import KeyedHash
from audit.months import MonthDestroyedError, MonthKeys

NOVEMBER = datetime(2026, 11, 21, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_keyed_hash_is_hmac_of_the_use_a_zero_byte_and_the_message() -> None:
    months = MonthKeys(bytes(32), since="2026-11")
    hashed = KeyedHash(months, "detail")
    for at in (NOVEMBER, DECEMBER, NOVEMBER):
        expected = hmac.digest(months.of(at), b"detail\0message", "sha256")
        assert expected == hashed(b"message", at)


def test_a_burnt_month_is_beyond_reach_of_a_hash_that_used_its_key() -> None:
    months = MonthKeys(bytes(32), since="2026-11")
    hashed = KeyedHash(months, "detail")
    hashed(b"message", NOVEMBER)
    months.forget_before("2026-12")
    with pytest.raises(MonthDestroyedError):
        hashed(b"message", NOVEMBER)


def test_a_keyed_hash_does_not_print_its_key() -> None:
    assert "KeyedHash(…)" == repr(KeyedHash(MonthKeys(bytes(32)), "detail"))
