"""Dates known to the year, the month or the day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.dates import (
    PartialDate,
    Precision,
    age_on,
    as_date,
    compact,
    compare,
    from_compact,
    iso,
    parse,
    parse_vietnamese,
    precision,
    vietnamese,
)
from adapters.grades import Grade

_YEAR, _MONTH, _DAY = PartialDate(1985), PartialDate(1985, 5), PartialDate(1985, 5, 12)


@st.composite
def known_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(st.dates(date(1850, 1, 1), date(2100, 12, 31)))
    whole = PartialDate(day.year, day.month, day.day)
    return draw(st.sampled_from([whole, PartialDate(day.year, day.month), PartialDate(day.year)]))


@given(known_dates())
def test_every_date_is_read_back_from_each_of_its_written_forms(known: PartialDate) -> None:
    assert known == parse(iso(known))
    assert known == parse_vietnamese(vietnamese(known))
    assert known == from_compact(compact(known))


@pytest.mark.parametrize(
    ("known", "written"),
    [
        (_DAY, ("1985-05-12", "12/05/1985", "19850512", Precision.DAY)),
        (_MONTH, ("1985-05", "05/1985", "198505", Precision.MONTH)),
        (_YEAR, ("1985", "1985", "1985", Precision.YEAR)),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(
    known: PartialDate, written: tuple[str, str, str, Precision]
) -> None:
    assert written == (iso(known), vietnamese(known), compact(known), precision(known))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "85",
        "1985-5-12",
        "1985-13",
        "1985-00",
        "1985-02-30",
        "1985-05-00",
        "1849-12-31",
        "2101",
        "12/05/1985",
        "19850512",
        "1985-05-12T00:00",
        " 1985",
        "1985\n",
        "١٩٨٥",
        "１９８５",
    ],
)
def test_what_is_no_iso_date_is_not_read(text: str) -> None:
    assert parse(text) is None


def test_the_bounds_of_years_are_read() -> None:
    assert [PartialDate(1850), PartialDate(2100)] == [parse("1850"), parse("2100")]


@pytest.mark.parametrize("text", ["31/02/1985", "0/5/1985", "13/1985", "1985-05-12", "5/85"])
def test_what_is_no_vietnamese_date_is_not_read(text: str) -> None:
    assert parse_vietnamese(text) is None


def test_the_day_comes_first_and_may_lack_its_zero() -> None:
    assert PartialDate(1985, 3, 5) == parse_vietnamese("5/3/1985")


@pytest.mark.parametrize("text", ["19850230", "1985051", "00000000", "19850000", "198500"])
def test_what_is_no_compact_date_is_not_read(text: str) -> None:
    assert from_compact(text) is None


@pytest.mark.parametrize(
    ("claimed", "registered", "grade", "words"),
    [
        (_DAY, _DAY, Grade.EXACT, ()),
        (_YEAR, _YEAR, Grade.EXACT, ()),
        (PartialDate(1945, 1, 1), PartialDate(1945), Grade.COMPATIBLE, ("year-only",)),
        (PartialDate(1945), PartialDate(1945, 1, 1), Grade.COMPATIBLE, ("year-only",)),
        (_MONTH, _YEAR, Grade.COMPATIBLE, ("year-only",)),
        (_DAY, _MONTH, Grade.COMPATIBLE, ("month-only",)),
        (PartialDate(1946), PartialDate(1945), Grade.DIFFERENT, ()),
        (PartialDate(1985, 6), _DAY, Grade.DIFFERENT, ()),
        (PartialDate(1985, 12, 5), _DAY, Grade.DIFFERENT, ()),
    ],
)
def test_a_coarser_date_agrees_as_far_as_it_goes(
    claimed: PartialDate, registered: PartialDate, grade: Grade, words: tuple[str, ...]
) -> None:
    found = compare(claimed, registered)
    assert (grade, words) == (found.grade, found.normalisations)


@given(known_dates(), known_dates())
def test_comparing_dates_is_the_same_from_either_side(one: PartialDate, two: PartialDate) -> None:
    assert compare(one, two) == compare(two, one)


@given(known_dates())
def test_only_a_full_date_is_a_day(known: PartialDate) -> None:
    expected = date.fromisoformat(iso(known)) if precision(known) is Precision.DAY else None
    assert expected == as_date(known)


def test_a_day_that_cannot_be_is_no_day() -> None:
    assert as_date(PartialDate(1985, 2, 30)) is None


@pytest.mark.parametrize(
    ("birth", "day", "ages"),
    [
        (PartialDate(1985, 5, 12), date(2026, 5, 11), (40, 40)),
        (PartialDate(1985, 5, 12), date(2026, 5, 12), (41, 41)),
        (PartialDate(1985, 5), date(2026, 4, 30), (40, 40)),
        (PartialDate(1985, 5), date(2026, 5, 12), (40, 41)),
        (PartialDate(1985, 5), date(2026, 5, 31), (41, 41)),
        (PartialDate(1985), date(2026, 1, 1), (40, 41)),
        (PartialDate(1985), date(2026, 12, 31), (41, 41)),
        (PartialDate(2012, 2, 29), date(2026, 2, 28), (13, 13)),
        (PartialDate(2012, 2, 29), date(2026, 3, 1), (14, 14)),
        (PartialDate(2026, 11, 20), date(2026, 11, 20), (0, 0)),
    ],
)
def test_an_age_is_the_least_and_the_most_that_the_date_allows(
    birth: PartialDate, day: date, ages: tuple[int, int]
) -> None:
    assert ages == age_on(birth, day)
