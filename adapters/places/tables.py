"""The tables of administrative units, read when first asked for and never changed after.

One code may name two areas: 3,315 of today's 3,321 codes were another unit's, or the same unit's
in other borders, before 2025-07-01. So a code means nothing without a day.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

TWO_TIERS_SINCE = date(2025, 7, 1)
"""Since this day there are 34 provinces and no districts (Decision 19/2025/QĐ-TTg)."""
LAST_DAY_OF_DISTRICTS = TWO_TIERS_SINCE - timedelta(days=1)

_DATA = Path(__file__).parent / "data"


class Unit(msgspec.Struct, frozen=True, gc=False):
    """A ward-level unit; *district* is empty since 2025-07-01."""

    code: str
    name: str
    district: str
    province_code: str


def rows(table: str) -> Iterator[list[str]]:
    """Read one table without its heading."""
    with (_DATA / table).open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        yield from lines


@cache
def units_now() -> Mapping[str, Unit]:
    """Give the units since 2025-07-01 by code."""
    return MappingProxyType(
        {
            # The source has one kind in small letters.
            code: Unit(code, name[0].upper() + name[1:], "", province)
            for code, name, province, _ in rows("admin_units.csv")
        }
    )


@cache
def units_before() -> Mapping[str, Unit]:
    """Give the units as they were on 2025-06-30 by code."""
    districts: dict[str, str] = {}
    return MappingProxyType(
        {
            code: Unit(code, name, districts.setdefault(district, district), province)
            for code, name, district, province, _ in rows("admin_units_before_2025_07.csv")
        }
    )


@cache
def successors() -> Mapping[str, tuple[str, ...]]:
    """Give, for each old code, the codes of the units that its area went to."""
    found: dict[str, tuple[str, ...]] = {}
    for old, new, _ in rows("admin_unit_successors.csv"):
        found[old] = (*found.get(old, ()), new)
    return MappingProxyType(found)


@cache
def predecessors() -> Mapping[str, tuple[str, ...]]:
    """Give, for each code of today, the old codes whose area it took in, wholly or in part."""
    found: dict[str, tuple[str, ...]] = {}
    for old, news in successors().items():
        for new in news:
            found[new] = (*found.get(new, ()), old)
    return MappingProxyType(found)
