"""Dates as registries state them: many people have a year of birth and nothing more."""

import re
from datetime import date
from enum import StrEnum

import msgspec

from adapters.grades import Comparison, Grade

FIRST_YEAR = 1850
LAST_YEAR = 2100


class PartialDate(msgspec.Struct, frozen=True, order=True):
    """A date known to the year, the month or the day; never filled up to 1 January.

    Written `1985-05-12`, `1985-05` or `1985`.
    """

    year: int
    month: int | None = None
    day: int | None = None


class Precision(StrEnum):
    """How much of a date is known."""

    YEAR = "YEAR"
    MONTH = "MONTH"
    DAY = "DAY"


_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?", re.ASCII)
_COMPACT = re.compile(r"(?P<year>\d{4})(?:(?P<month>\d\d)(?P<day>\d\d)?)?", re.ASCII)
# People write 5/3/1985 as well as 05/03/1985.
_VIETNAMESE = re.compile(r"(?:(?:(?P<day>\d{1,2})/)?(?P<month>\d{1,2})/)?(?P<year>\d{4})", re.ASCII)


def parse(text: str) -> PartialDate | None:
    """Read `1985-05-12`, `1985-05` or `1985`; None for anything else and for impossible days."""
    return _read(_ISO, text)


def parse_vietnamese(text: str) -> PartialDate | None:
    """Read `12/05/1985`, `05/1985` or `1985`: the day comes first, always."""
    return _read(_VIETNAMESE, text)


def from_compact(text: str) -> PartialDate | None:
    """Read `19850512`, `198505` or `1985`, as the wires write them."""
    return _read(_COMPACT, text)


def _read(form: re.Pattern[str], text: str) -> PartialDate | None:
    match = form.fullmatch(text)
    if match is None:
        return None
    # A part that was not written is unknown; a part written 00 is no date.
    written = {part: int(digits) for part, digits in match.groupdict().items() if digits}
    year = written["year"]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if _calendar_day(year, written.get("month", 1), written.get("day", 1)) is None:
        return None
    return PartialDate(**written)


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def iso(known: PartialDate) -> str:
    """Write `1985-05-12`, `1985-05` or `1985`."""
    return "-".join(_parts(known))


def compact(known: PartialDate) -> str:
    """Write `19850512`, `198505` or `1985`."""
    return "".join(_parts(known))


def vietnamese(known: PartialDate) -> str:
    """Write `12/05/1985`, `05/1985` or `1985`."""
    return "/".join(reversed(_parts(known)))


def _parts(known: PartialDate) -> list[str]:
    parts = [f"{known.year:04}"]
    if known.month is not None:
        parts.append(f"{known.month:02}")
        if known.day is not None:
            parts.append(f"{known.day:02}")
    return parts


def precision(known: PartialDate) -> Precision:
    """Say how much is known: the year, the month or the day."""
    if known.month is None:
        return Precision.YEAR
    return Precision.MONTH if known.day is None else Precision.DAY


def compare(claimed: PartialDate, registered: PartialDate) -> Comparison:
    """Grade a date as typed against the date on file.

    A year on one side and a full date on the other agree as far as they go, and no further: 1945
    on file is no proof of 1 January 1945.
    """
    mine, theirs = _parts(claimed), _parts(registered)
    shared = min(len(mine), len(theirs))
    if mine[:shared] != theirs[:shared]:
        return Comparison(grade=Grade.DIFFERENT)
    if len(mine) == len(theirs):
        return Comparison(grade=Grade.EXACT)
    word = "year-only" if shared == 1 else "month-only"
    return Comparison(grade=Grade.COMPATIBLE, normalisations=(word,))


def as_date(known: PartialDate) -> date | None:
    """Give the day itself when it is known; a year is never turned into a day."""
    if known.month is None or known.day is None:
        return None
    return _calendar_day(known.year, known.month, known.day)


def age_on(birth: PartialDate, day: date) -> tuple[int, int]:
    """Completed years on *day*, the least and the most that *birth* allows.

    Before birth it is negative, by whole years begun.
    """
    oldest = (birth.month or 1, birth.day or 1)
    youngest = (birth.month or 12, birth.day or 31)

    def years(birthday: tuple[int, int]) -> int:
        return day.year - birth.year - ((day.month, day.day) < birthday)

    return years(youngest), years(oldest)
