"""Where a business has its seat: the registry numbers places by itself and writes their names.

The names of ward, district and province lead to the unit that the rest of the country knows by
its code, and so to where it is today; names that lead nowhere, or to two, stay as written.
"""

import msgspec

from adapters import places
from adapters.places import Address, Place
from adapters.places.units import find_ward, read_unit_name


def address(
    written: str | None,
    *,
    detail: str | None,
    ward: str | None,
    district: str | None,
    province: str | None,
) -> Address | None:
    """Read an address; *written* is the whole of it, as the registry prints it."""
    named = ", ".join(part for part in (detail, ward, district, province) if part)
    display = written or named
    if not display:
        return None
    found = _unit(ward, district, province) if ward and province else None
    if found is None or found.ward_code is None:
        recorded = Place(
            display=display,
            detail=detail,
            ward_name=ward,
            district_name=district,
            province_name=province,
        )
        return Address(as_recorded=recorded)
    known = places.address(found.ward_code, recorded_on=found.valid_on, detail=detail)
    if known.as_recorded is None:
        return known
    return msgspec.structs.replace(
        known, as_recorded=msgspec.structs.replace(known.as_recorded, display=display)
    )


def _unit(ward: str, district: str | None, province: str) -> Place | None:
    """Find the one unit of these names: with a district it is one of before 2025-07-01."""
    found = [
        unit for unit in find_ward(ward, province) if _name(unit.district_name) == _name(district)
    ]
    return found[0] if len(found) == 1 else None


def _name(unit: str | None) -> str | None:
    return read_unit_name(unit).name if unit else None
