"""Administrative units now and before 2025-07-01, and addresses made of them.

units.py finds units by name, compare.py holds what somebody typed against an address.
"""

from datetime import date

import msgspec

from adapters.places.provinces import provinces_before, provinces_now
from adapters.places.tables import (
    LAST_DAY_OF_DISTRICTS,
    TWO_TIERS_SINCE,
    Unit,
    successors,
    units_before,
    units_now,
)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A ward-level unit and what lies within it, as it was on a day."""

    display: str
    """In full, as an official writes it: detail, ward, (district,) province."""
    detail: str | None = None
    ward_code: str | None = None
    ward_name: str | None = None
    district_name: str | None = None
    province_code: str | None = None
    province_name: str | None = None
    valid_on: date | None = None
    successors: tuple["Place", ...] = ()


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An address as recorded, and where that is today."""

    as_recorded: Place | None = None
    today: Place | None = None
    candidates: tuple[Place, ...] = ()
    """A divided ward's successors; *today* is then None, since nobody may choose for the owner."""


def place(ward_code: str, on: date | None, detail: str | None = None) -> Place | None:
    """Give the unit that *ward_code* named on that day, today when *on* is None.

    None when the code named nothing then. Days before 2025-07-01 are answered as of 2025-06-30:
    earlier mergers are not in the tables.
    """
    if on is None or on >= TWO_TIERS_SINCE:
        unit = units_now().get(ward_code)
        return None if unit is None else _today(unit, detail, on)
    unit = units_before().get(ward_code)
    return None if unit is None else _of_old(unit, detail, on)


def address(
    ward_code: str,
    *,
    recorded_on: date | None,
    province_code: str | None = None,
    district_code: str | None = None,
    detail: str | None = None,
) -> Address:
    """Read an address by its codes, and say where it is today.

    The island districts of old had no wards: their *district_code* stands for the ward. A code
    that is in no table leaves what was written, and nothing else.
    """
    code = ward_code or district_code or ""
    if _is_old(code, recorded_on, province_code, district_code):
        on = min(recorded_on or LAST_DAY_OF_DISTRICTS, LAST_DAY_OF_DISTRICTS)
        recorded = _of_old(units_before()[code], detail, on)
        heirs = recorded.successors
        if len(successors().get(code, ())) == 1:
            return Address(as_recorded=recorded, today=heirs[0])
        return Address(as_recorded=recorded, candidates=heirs)
    unit = units_now().get(code)
    if unit is not None:
        return Address(
            as_recorded=_today(unit, detail, recorded_on), today=_today(unit, detail, None)
        )
    return Address(as_recorded=_unknown(ward_code, province_code, detail, recorded_on))


def same_chain(code_a: str, on_a: date | None, code_b: str, on_b: date | None) -> bool:
    """Tell whether two codes, each of its day, name one unit or a unit and its successor.

    Two old units that went into one new unit are two places still.
    """
    a, b = place(code_a, on_a), place(code_b, on_b)
    if a is None or b is None:
        return False
    a_is_old, b_is_old = (on is not None and on < TWO_TIERS_SINCE for on in (on_a, on_b))
    if a_is_old == b_is_old:
        return code_a == code_b
    old, new = (a, b) if a_is_old else (b, a)
    return new.ward_code in {heir.ward_code for heir in old.successors}


def _is_old(
    code: str, recorded_on: date | None, province_code: str | None, district_code: str | None
) -> bool:
    """Decide whether *code* is meant as a unit of before 2025-07-01."""
    if code not in units_before() or code not in units_now():
        return code in units_before()
    # A district names the old unit whatever the date: records are touched without being moved.
    if district_code:
        return True
    if recorded_on is not None:
        return recorded_on < TWO_TIERS_SINCE
    return bool(province_code) and province_code != units_now()[code].province_code


def _of_old(unit: Unit, detail: str | None, on: date) -> Place:
    # For 83 old units the table has no successor. Where the code lives on, that unit is one
    # successor, but nobody says that it is the only one.
    heirs = successors().get(unit.code) or (unit.code,)
    return _place(
        unit,
        provinces_before()[unit.province_code].name,
        detail,
        on,
        tuple(_today(units_now()[heir], detail, None) for heir in heirs if heir in units_now()),
    )


def _today(unit: Unit, detail: str | None, on: date | None) -> Place:
    return _place(unit, provinces_now()[unit.province_code].name, detail, on, ())


def _place(
    unit: Unit, province: str, detail: str | None, on: date | None, heirs: tuple[Place, ...]
) -> Place:
    return Place(
        display=", ".join(part for part in (detail, unit.name, unit.district, province) if part),
        detail=detail,
        ward_code=unit.code,
        ward_name=unit.name,
        district_name=unit.district or None,
        province_code=unit.province_code,
        province_name=province,
        valid_on=on,
        successors=heirs,
    )


def _unknown(
    ward_code: str, province_code: str | None, detail: str | None, on: date | None
) -> Place | None:
    """Keep what was written of an address whose ward is in no table."""
    code = province_code or ""
    province = provinces_now().get(code) or provinces_before().get(code)
    name = province.name if province else None
    shown = ", ".join(part for part in (detail, name) if part)
    if not shown and not ward_code:
        return None
    return Place(
        display=shown,
        detail=detail,
        ward_code=ward_code or None,
        province_code=province_code,
        province_name=name,
        valid_on=on,
    )
