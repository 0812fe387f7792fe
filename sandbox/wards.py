"""The wards of Hà Nội and Lâm Đồng, as they were before 2025-07-01 and as they are now.

`places.csv` is derived from the MIT-licensed thanglequoc/vietnamese-provinces-database; the
district codes are the statistics office's, added by hand. A divided ward has a line per successor.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

import msgspec

from sandbox.records import Place, PostalAddress

PLACES_FILE = Path(__file__).with_name("places.csv")
TWO_TIERS_SINCE = "20250701"


class Ward(msgspec.Struct, frozen=True, kw_only=True):
    """An old ward and one of the wards it lies in today."""

    code: str
    name: str
    district_code: str
    district_name: str
    province_code: str
    province_name: str
    code_now: str
    name_now: str
    province_code_now: str
    province_name_now: str


class Wards:
    """Looks wards up by their code then and by their code now: the same code may be two places."""

    def __init__(self, lines: Iterable[Ward]) -> None:
        self.lines = tuple(lines)
        self._then = {line.code: line for line in self.lines}
        self._now = {line.code_now: line for line in self.lines}

    def place(self, ward: str, detail: str, recorded: str) -> Place:
        """Return the place that a record made on *recorded* (`YYYYMMDD`) holds.

        KeyError when there was no such ward on that day.
        """
        if recorded >= TWO_TIERS_SINCE:
            line = self._now[ward]
            return Place(province=line.province_code_now, ward=ward, detail=detail)
        line = self._then[ward]
        return Place(
            province=line.province_code, district=line.district_code, ward=ward, detail=detail
        )

    def postal(self, place: Place) -> PostalAddress:
        """Return *place* in words of its own time."""
        if place.district:
            line = self._then[place.ward]
            ward, district, province = line.name, line.district_name, line.province_name
        else:
            line = self._now[place.ward]
            ward, district, province = line.name_now, "", line.province_name_now
        parts = (place.detail, ward, district, province)
        return PostalAddress(
            place=place,
            ward=ward,
            district=district,
            province=province,
            text=", ".join(part for part in parts if part),
        )

    def now(self, ward: str) -> tuple[Ward, ...]:
        """Return the lines of the old ward *ward*: one, or one per successor when divided."""
        return tuple(line for line in self.lines if line.code == ward)

    def exists(self, place: Place) -> bool:
        """Say whether *place* is a ward of its time, in its district and province."""
        if place.district:
            then = self._then.get(place.ward)
            return then is not None and (then.district_code, then.province_code) == (
                place.district,
                place.province,
            )
        now = self._now.get(place.ward)
        return now is not None and now.province_code_now == place.province


def load_wards(path: Path = PLACES_FILE) -> Wards:
    """Read the wards from their file."""
    with path.open(encoding="utf-8", newline="") as file:
        return Wards([msgspec.convert(line, Ward) for line in csv.DictReader(file)])
