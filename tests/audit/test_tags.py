from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit.months import MonthKeys, period
from audit.tags import TagDomain, Tagger

KEY = bytes(range(32))
NOVEMBER = datetime(2026, 11, 21, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
NUMBER = "097203000001"


def test_the_same_number_has_the_same_tag_all_month() -> None:
    tagger = Tagger(MonthKeys(KEY))
    first, last = NOVEMBER.replace(day=1), NOVEMBER.replace(day=30, hour=23)
    assert tagger.tag("person", NUMBER, first) == tagger.tag("person", NUMBER, last)


def test_another_month_domain_number_or_key_gives_another_tag() -> None:
    tagger = Tagger(MonthKeys(KEY))
    tags = {
        tagger.tag("person", NUMBER, NOVEMBER),
        tagger.tag("person", NUMBER, DECEMBER),
        tagger.tag("business", NUMBER, NOVEMBER),
        tagger.tag("person", "097203000002", NOVEMBER),
        Tagger(MonthKeys(bytes(32))).tag("person", NUMBER, NOVEMBER),
    }
    assert 5 == len(tags)


def test_a_tag_says_nothing_of_the_number_and_fits_an_entry() -> None:
    tag = Tagger(MonthKeys(KEY)).tag(TagDomain.PERSON, NUMBER, NOVEMBER)
    assert 43 == len(tag)
    assert NUMBER not in tag


def test_the_month_is_counted_by_utc() -> None:
    hanoi = timezone(timedelta(hours=7))
    new_year = datetime(2027, 1, 1, 6, 0, tzinfo=hanoi)
    tagger = Tagger(MonthKeys(KEY))
    assert "2026-12" == period(new_year)
    assert tagger.tag("person", NUMBER, DECEMBER) == tagger.tag("person", NUMBER, new_year)


def test_an_unknown_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="'people' is not a valid TagDomain"):
        Tagger(MonthKeys(KEY)).tag("people", NUMBER, NOVEMBER)


def test_a_tagger_does_not_print_its_key() -> None:
    assert "Tagger(…)" == repr(Tagger(MonthKeys(KEY)))
