import hmac
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from audit.tags import KeyUnusableError, TagDomain, Tagger, load_or_create_key, period

KEY = bytes(range(32))
NOVEMBER = datetime(2026, 11, 21, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
NUMBER = "097203000001"


def test_the_same_number_has_the_same_tag_all_month() -> None:
    tagger = Tagger(KEY)
    first, last = NOVEMBER.replace(day=1), NOVEMBER.replace(day=30, hour=23)
    assert tagger.tag("person", NUMBER, first) == tagger.tag("person", NUMBER, last)


def test_another_month_domain_number_or_key_gives_another_tag() -> None:
    tagger = Tagger(KEY)
    tags = {
        tagger.tag("person", NUMBER, NOVEMBER),
        tagger.tag("person", NUMBER, DECEMBER),
        tagger.tag("business", NUMBER, NOVEMBER),
        tagger.tag("person", "097203000002", NOVEMBER),
        Tagger(bytes(32)).tag("person", NUMBER, NOVEMBER),
    }
    assert 5 == len(tags)


def test_a_tag_says_nothing_of_the_number_and_fits_an_entry() -> None:
    tag = Tagger(KEY).tag(TagDomain.PERSON, NUMBER, NOVEMBER)
    assert 43 == len(tag)
    assert NUMBER not in tag


def test_the_month_is_counted_by_utc() -> None:
    hanoi = timezone(timedelta(hours=7))
    new_year = datetime(2027, 1, 1, 6, 0, tzinfo=hanoi)
    tagger = Tagger(KEY)
    assert "2026-12" == period(new_year)
    assert tagger.tag("person", NUMBER, DECEMBER) == tagger.tag("person", NUMBER, new_year)


def test_a_later_months_key_makes_the_same_tags_from_then_on_and_none_before() -> None:
    later = KEY
    for _ in range(23):  # from January 2025 to December 2026
        later = hmac.digest(later, b"the month after", "sha256")
    moved = Tagger(later, since="2026-12")
    assert Tagger(KEY).tag("person", NUMBER, DECEMBER) == moved.tag("person", NUMBER, DECEMBER)
    with pytest.raises(ValueError, match="the key of that month is destroyed"):
        moved.tag("person", NUMBER, NOVEMBER)


def test_an_unknown_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="'people' is not a valid TagDomain"):
        Tagger(KEY).tag("people", NUMBER, NOVEMBER)


def test_a_tagger_does_not_print_its_key() -> None:
    assert "Tagger(…)" == repr(Tagger(KEY))


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(KeyUnusableError, match="32 bytes"):
        Tagger(b"short")


def test_a_missing_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "tags.key"
    first = load_or_create_key(path)
    assert 32 == len(first)
    assert first == load_or_create_key(path)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(path.parent.iterdir())


def test_of_two_that_start_at_once_the_first_ones_key_stays(tmp_path: Path) -> None:
    path = tmp_path / "tags.key"

    def overtaken(length: int) -> bytes:
        load_or_create_key(path, randomness=lambda _: b"1" * length)
        return b"2" * length

    assert b"1" * 32 == load_or_create_key(path, randomness=overtaken)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tags.key"
    load_or_create_key(path)
    path.chmod(0o640)
    with pytest.raises(KeyUnusableError, match="set its mode to 600"):
        load_or_create_key(path)


def test_a_file_that_is_no_key_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tags.key"
    path.write_bytes(b"something else")
    with pytest.raises(KeyUnusableError, match="does not hold a key of 32 bytes"):
        load_or_create_key(path)
    assert b"something else" == path.read_bytes()
