"""Reading JSON from a registry that takes its own forms lightly.

Numbers may be text and text numbers; null, "" and a missing field are one thing, not recorded;
an object stands for a list of one. What has none of these forms is not guessed at.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import msgspec

from adapters import dates, names
from adapters.dates import PartialDate

Wire: TypeAlias = Mapping[str, object]

MOST_DIGITS = 18
"""Of an amount in dong: more is no money that anybody has."""

# Money stays exact: a float would round it before anyone has looked.
_DECODER = msgspec.json.Decoder(dict[str, object], float_hook=Decimal)
_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,6})?", re.ASCII)
_CLOCK = re.compile(r"[T ].*", re.DOTALL)
_FLAGS = {"0": False, "1": True}


class NotAgreedError(ValueError):
    """An answer is not of the agreed form; it never says what stood there instead."""

    def __init__(self) -> None:
        super().__init__("not the agreed form")


def decode(body: bytes) -> Wire:
    """Read one JSON object."""
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
        raise NotAgreedError from None


def parts(wire: Wire, name: str) -> list[Wire]:
    """Read a list of objects; one alone may stand without its list."""
    value = wire.get(name)
    if value is None or value == "":
        return []
    listed = value if isinstance(value, list) else [value]
    found: list[Wire] = [part for part in listed if isinstance(part, dict)]
    if len(found) < len(listed):
        raise NotAgreedError
    return found


def part(wire: Wire, name: str) -> Wire | None:
    """Read one object, or none."""
    found = parts(wire, name)
    return only(found) if found else None


def only(found: Sequence[Wire]) -> Wire:
    """Give the one object of *found*; two are not to be chosen from."""
    if len(found) != 1:
        raise NotAgreedError
    return found[0]


def text(wire: Wire, name: str) -> str | None:
    """Read text, or a whole number as it is written."""
    return clean(wire.get(name))


def clean(value: object) -> str | None:
    """Put text into one form: composed letters, single spaces, nothing invisible."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise NotAgreedError
    spaced = " ".join(names.compose(value).split())
    kinds = {letter: unicodedata.category(letter) for letter in spaced}
    if "Cc" in kinds.values():
        raise NotAgreedError
    # A zero-width space is an accident of typing; a sign that turns the line round may be none.
    return "".join(letter for letter in spaced if kinds[letter] != "Cf") or None


def flag(wire: Wire, name: str) -> bool:
    """Read 1 or 0, or a boolean; not recorded is no."""
    value = wire.get(name)
    if isinstance(value, bool):
        return value
    written = clean(value) or "0"
    if written not in _FLAGS:
        raise NotAgreedError
    return _FLAGS[written]


def partial_date(wire: Wire, name: str) -> PartialDate | None:
    """Read `10/06/2015`, `2015-06-10`, either with a clock behind it, or a year."""
    written = text(wire, name)
    if written is None:
        return None
    day = _CLOCK.sub("", written)
    found = dates.parse_vietnamese(day) or dates.parse(day)
    if found is None:
        raise NotAgreedError
    return found


def day(wire: Wire, name: str) -> date | None:
    """Read a day; None also when only the year of it is known."""
    found = partial_date(wire, name)
    return dates.as_date(found) if found else None


def amount(wire: Wire, name: str) -> Decimal | None:
    """Read an amount of money, exactly; `.00` behind it says nothing and goes."""
    value = wire.get(name)
    written = f"{value:f}" if _is_amount(value) else clean(value)
    if written is None:
        return None
    if not _AMOUNT.fullmatch(written):
        raise NotAgreedError
    found = Decimal(written)
    return found.to_integral_value() if found == found.to_integral_value() else found


def _is_amount(value: object) -> bool:
    # Written out, 1E999999 would fill the memory.
    return isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < MOST_DIGITS
