"""Names of administrative units as people write them, and the units that bear a name."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

import msgspec

from adapters import names
from adapters.places import Place, place
from adapters.places.provinces import Province, provinces_before, provinces_now
from adapters.places.tables import LAST_DAY_OF_DISTRICTS, Unit, units_before, units_now

_SPELLED_OUT = (
    (r"ph(?:ườ|uo)ng", "phường"),
    (r"th[ịi] tr[ấa]n", "thị trấn"),
    (r"th[ịi] x[ãa]", "thị xã"),
    (r"th[àa]nh ph[ốo]", "thành phố"),
    (r"[đd][ặa]c khu", "đặc khu"),
    (r"qu[ậa]n", "quận"),
    (r"huy[ệe]n", "huyện"),
    (r"x[ãa]", "xã"),
    (r"t[ỉi]nh", "tỉnh"),
)
_ABBREVIATED = {
    "tp": "thành phố",
    "tx": "thị xã",
    "tt": "thị trấn",
    "đk": "đặc khu",
    "p": "phường",
    "q": "quận",
    "x": "xã",
    "h": "huyện",
    "t": "tỉnh",
}
_KINDS = [(re.compile(rf"(?:{form})\s+"), kind) for form, kind in _SPELLED_OUT]
_SHORT_KIND = re.compile(rf"({'|'.join(_ABBREVIATED)})(?:\.\s*|\s+|(?=\d)|(?=hcm$))")
_SHORT_NAMES = {"hcm": "hồ chí minh", "hn": "hà nội"}


class UnitName(msgspec.Struct, frozen=True):
    """The name of a unit, parted from the word for its kind; both in the form for comparison."""

    kind: str | None
    name: str
    abbreviated: bool = False


def read_unit_name(text: str) -> UnitName:
    """Part `P. Trúc Bạch`, `phuong truc bach`, `Q1` or `TPHCM` into kind and name."""
    plain = names.canonical(text)
    kind, short = None, False
    if match := _SHORT_KIND.match(plain):
        kind, short = _ABBREVIATED[match[1]], True
        plain = plain[match.end() :]
    else:
        for form, word in _KINDS:
            if match := form.match(plain):
                kind, plain = word, plain[match.end() :]
                break
    if plain in _SHORT_NAMES:
        return UnitName(kind, _SHORT_NAMES[plain], abbreviated=True)
    # Some registers write `Phường 01`.
    return UnitName(kind, plain.lstrip("0") if plain.isdigit() else plain, short)


@lru_cache(maxsize=16_384)
def read_official_name(name: str) -> UnitName:
    """Part a name out of the tables, once; never what somebody typed."""
    return read_unit_name(name)


def find_ward(name: str, province: str) -> tuple[Place, ...]:
    """Find the ward-level units of that name, today's first, then those of before 2025-07-01.

    *province* is a code or a name, of today or of old. Marks may be missing on either side, and
    the word for the kind, too; several units of old may share a name in one province.
    """
    asked = read_unit_name(name)
    key = names.bare(asked.name)
    today = [
        place(unit.code, None)
        for code in _codes(province, provinces_now())
        for unit in _wards_now(code).get(key, ())
        if _is_of_kind(unit, asked)
    ]
    before = [
        place(unit.code, LAST_DAY_OF_DISTRICTS)
        for code in _codes(province, provinces_before())
        for unit in _wards_before(code).get(key, ())
        if _is_of_kind(unit, asked)
    ]
    return tuple(found for found in (*today, *before) if found is not None)


def _is_of_kind(unit: Unit, asked: UnitName) -> bool:
    return asked.kind in {None, read_official_name(unit.name).kind}


def _codes(province: str, known: Mapping[str, Province]) -> list[str]:
    if province in known:
        return [province]
    asked = names.bare(read_unit_name(province).name)
    return [p.code for p in known.values() if names.bare(read_official_name(p.name).name) == asked]


@cache
def _wards_now(province_code: str) -> Mapping[str, tuple[Unit, ...]]:
    return _by_bare_name(u for u in units_now().values() if u.province_code == province_code)


@cache
def _wards_before(province_code: str) -> Mapping[str, tuple[Unit, ...]]:
    return _by_bare_name(u for u in units_before().values() if u.province_code == province_code)


def _by_bare_name(units: Iterable[Unit]) -> Mapping[str, tuple[Unit, ...]]:
    found: dict[str, tuple[Unit, ...]] = {}
    for unit in units:
        key = names.bare(read_official_name(unit.name).name)
        found[key] = (*found.get(key, ()), unit)
    return MappingProxyType(found)
