from datetime import UTC, datetime

import pytest

from audit.detail import Detail, Details, open_with
from audit.entry import uuid7
from audit.months import MonthKeys

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FIRST = uuid7(NOW, bytes(10))
SECOND = uuid7(NOW, b"\1" * 10)
DETAIL = Detail(officer="097085000101", subjects=((("person", "097203000001"),),))


def details(months: MonthKeys | None = None) -> Details:
    return Details(months or MonthKeys(bytes(32)), lambda length: b"n" * length)


def sealed(entry_id: str = FIRST) -> bytes:
    text = details().seal(entry_id, NOW, DETAIL)
    assert text is not None
    return text


def test_a_sealed_detail_opens_again_and_shows_nothing_meanwhile() -> None:
    assert DETAIL == details().open(FIRST, NOW, sealed())
    assert b"097" not in sealed()
    assert "Detail(…)" == repr(DETAIL)


def test_nothing_to_say_takes_no_room() -> None:
    assert details().seal(FIRST, NOW, Detail()) is None


@pytest.mark.parametrize("place", [0, 12, -1])
def test_a_changed_detail_does_not_open(place: int) -> None:
    changed = bytearray(sealed())
    changed[place] ^= 1
    assert details().open(FIRST, NOW, bytes(changed)) is None


def test_a_detail_opens_under_its_own_entry_only() -> None:
    assert details().open(SECOND, NOW, sealed()) is None


def test_once_the_month_is_burnt_no_detail_of_it_opens() -> None:
    months = MonthKeys(bytes(32))
    text = sealed()
    months.forget_before("2026-12")
    assert details(months).open(FIRST, NOW, text) is None


def test_the_key_of_one_entry_opens_that_one_and_no_other() -> None:
    key = details().key_of(FIRST, NOW)
    assert DETAIL == open_with(key, FIRST, sealed())
    assert open_with(key, SECOND, sealed(SECOND)) is None
