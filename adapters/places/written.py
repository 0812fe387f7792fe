"""An address of which a record holds a ward's code and the words, and no day for either.

One code may name two areas, so the words tell which is meant.
"""

from datetime import date

from adapters import places
from adapters.places import Address, Place
from adapters.places.tables import LAST_DAY_OF_DISTRICTS, units_before, units_now
from adapters.places.units import read_official_name, read_unit_name


def address_in_words(
    ward_code: str | None, words: str | None, known_since: date | None
) -> Address | None:
    """Read *words* beside *ward_code*: in them a district is named, or else today's ward.

    Where they name neither, the day *known_since*, on which the address was in use, decides.
    """
    parts = [part.strip() for part in (words or "").split(",") if part.strip()]
    if ward_code is None:
        return Address(as_recorded=Place(display=words, detail=words)) if words else None
    on = known_since
    before, now = units_before().get(ward_code), units_now().get(ward_code)
    if before and any(_is_named(before.district, part) for part in parts):
        on = min(on or LAST_DAY_OF_DISTRICTS, LAST_DAY_OF_DISTRICTS)
    elif now and any(_is_named(now.name, part) for part in parts):
        on = None
    recorded = places.address(ward_code, recorded_on=on).as_recorded
    ward = (recorded and recorded.ward_name) or ""
    # The last part that names it: a street may bear the ward's name.
    ends = [at for at, part in enumerate(parts) if _is_named(ward, part)]
    detail = ", ".join(parts[: ends[-1]] if ends else parts)
    return places.address(ward_code, recorded_on=on, detail=detail or None)


def _is_named(official: str, part: str) -> bool:
    """Whether *part* is the unit's name, with the word for its kind, abbreviated or without."""
    written, known = read_unit_name(part), read_official_name(official)
    return written.name == known.name and written.kind in {None, known.kind}
