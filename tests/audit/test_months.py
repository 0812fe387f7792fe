import hmac
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.key_files import KeyUnusableError
from audit.months import (
    MonthDestroyedError,
    MonthKeys,
    MonthsFile,
    begin_of,
    burn_before,
    load_or_create_months,
    name_of,
    number_of,
)

KEY = bytes(range(32))
NOVEMBER = datetime(2026, 11, 21, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_later_months_key_is_the_same_from_then_on_and_opens_nothing_before() -> None:
    later = KEY
    for _ in range(23):  # from January 2025 to December 2026
        later = hmac.digest(later, b"the month after", "sha256")
    moved = MonthKeys(later, since="2026-12")
    assert MonthKeys(KEY).of(DECEMBER) == moved.of(DECEMBER)
    with pytest.raises(MonthDestroyedError, match="the key of that month is destroyed"):
        moved.of(NOVEMBER)


def test_months_are_counted_across_the_turn_of_the_year() -> None:
    assert ["2026-12", "2027-01"] == [name_of(number_of("2026-12") + step) for step in (0, 1)]


def test_a_missing_file_begins_with_todays_month_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "months.key"
    first = load_or_create_months(path, NOVEMBER)
    assert "2026-11" == first.since
    assert first.of(NOVEMBER) == load_or_create_months(path, DECEMBER).of(NOVEMBER)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(path.parent.iterdir())


def test_what_was_burnt_is_in_no_file_any_more_and_later_months_are_as_they_were(
    tmp_path: Path,
) -> None:
    path = tmp_path / "months.key"
    november = load_or_create_months(path, NOVEMBER).of(NOVEMBER)
    december = load_or_create_months(path, NOVEMBER).of(DECEMBER)
    with path.open("rb") as old:
        burn_before(path, "2026-12")
        assert bytes(len(old.read())) == (old.seek(0), old.read())[1]
    moved = load_or_create_months(path, DECEMBER)
    assert ("2026-12", december) == (moved.since, moved.of(DECEMBER))
    assert november.hex() not in path.read_text()
    assert [path] == list(tmp_path.iterdir())


def test_to_burn_what_is_burnt_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "months.key"
    load_or_create_months(path, DECEMBER)
    before = path.read_bytes()
    assert "2026-12" == burn_before(path, "2026-11").since
    assert before == path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"2026-11", b"2026-11 00", b"November " + b"00" * 32])
def test_a_file_that_holds_no_month_and_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "months.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyUnusableError, match="does not hold a month and its key"):
        load_or_create_months(path, NOVEMBER)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(KeyUnusableError, match="32 bytes"):
        MonthKeys(b"short")


def test_keys_do_not_print_themselves() -> None:
    assert "MonthKeys(…)" == repr(MonthKeys(KEY))


def test_keys_that_were_burnt_in_the_file_are_forgotten_by_who_asks_there(tmp_path: Path) -> None:
    path = tmp_path / "months.key"
    watched = MonthsFile(path, NOVEMBER)
    keys = watched()
    december = keys.of(DECEMBER)
    assert "2026-11" == watched().since
    burn_before(path, "2026-12")
    # Whoever holds the object forgets with it; it was never made anew.
    assert (keys, "2026-12", december) == (watched(), keys.since, keys.of(DECEMBER))
    with pytest.raises(MonthDestroyedError):
        keys.of(NOVEMBER)


def test_a_file_that_is_away_burns_nothing(tmp_path: Path) -> None:
    path = tmp_path / "months.key"
    watched = MonthsFile(path, NOVEMBER)
    path.unlink()
    assert "2026-11" == watched().since


def test_a_month_begins_at_its_first_moment() -> None:
    assert datetime(2026, 12, 1, tzinfo=UTC) == begin_of(number_of("2026-12"))
    assert datetime(2027, 1, 1, tzinfo=UTC) == begin_of(number_of("2026-12") + 1)
