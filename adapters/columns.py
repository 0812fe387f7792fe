"""Columns as databases state them: a day may be a date or one of three texts, a number a text.

Each reader raises ValueError, without the value in its message, for what is of no agreed form.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from adapters import dates
from adapters.dates import PartialDate

_NOT_AGREED = "not the agreed form"


def as_written(value: object) -> str:
    """Give any column as the text it is, to be recognised by and not to be shown."""
    return "" if value is None else str(value).strip()


def text(value: object) -> str | None:
    """Read text, or a whole number that stands for one; empty and missing are one: not recorded."""
    if not isinstance(value, str | int | None):
        raise ValueError(_NOT_AGREED)  # noqa: TRY004 # callers know one failure: not agreed
    return as_written(value) or None


def amount(value: object) -> Decimal | None:
    """Read a number that is not negative, exactly as it is written."""
    written = as_written(value)
    try:
        number = Decimal(written or 0)
    except InvalidOperation:
        raise ValueError(_NOT_AGREED) from None
    if not number.is_finite() or number < 0:
        raise ValueError(_NOT_AGREED)
    return number if written else None


def known_date(value: object) -> PartialDate | None:
    """Read a day, a month or a year in whichever form; 0 is how some write that none is known."""
    if isinstance(value, date):
        return PartialDate(value.year, value.month, value.day)
    written = text(value)
    if written is None or written == "0":
        return None
    day = re.split("[ T]", written)[0]
    known = dates.parse(day) or dates.from_compact(day) or dates.parse_vietnamese(day)
    if known is None:
        raise ValueError(_NOT_AGREED)
    return known


def day(value: object) -> date | None:
    """Read a day; a year alone is none."""
    known = known_date(value)
    return dates.as_date(known) if known else None


def moment(value: object) -> datetime | None:
    """Read a moment with its zone; None when it is none, since a window may have no known end."""
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(as_written(value))
    except ValueError:
        return None
    return read if read.tzinfo is not None else None
