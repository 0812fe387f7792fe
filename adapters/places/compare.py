"""An address as somebody typed it, against the address on file.

The ward decides, under any name that the place has borne. Levels that were not typed are not
missed; levels that were typed must agree.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, reduce

import msgspec

from adapters import names
from adapters.grades import Comparison, Grade
from adapters.places import Address, Place, place
from adapters.places.provinces import provinces_before, provinces_now
from adapters.places.tables import LAST_DAY_OF_DISTRICTS, predecessors
from adapters.places.units import UnitName, read_official_name, read_unit_name

LONGEST_ADDRESS = 500
# A house in a lane in a hamlet has eight; more is no address, and costs time.
_MOST_PARTS = 12
_WORST_LAST = list(Grade)
_SEPARATORS = re.compile(r"[,;\n]+")
# Without commas a new part begins at the word for a kind; `thị xã` is one word.
_BEFORE_KIND = re.compile(
    r"(?<!\bthị)(?<!\bthi)\s+(?=(?:ph(?:ườ|uo)ng|x[ãa]|th[ịi] (?:tr[ấa]n|x[ãa])|[đd][ặa]c khu"
    r"|qu[ậa]n|huy[ệe]n|th[àa]nh ph[ốo]|t[ỉi]nh) |(?:tp|tx|tt|[pqxht])\.)"
)
_HOUSE_NUMBER = re.compile(r"\b(?:số nhà|so nha|số|so|sn)\s+(?=\d)")
_STREET_WORDS = re.compile(r"\b(?:phố|pho|đường|duong|đ)\b\s*")


class _Reading(msgspec.Struct, frozen=True):
    """One way to name the place on file, and what it costs to use it."""

    place: Place
    grade: Grade = Grade.EXACT
    word: str | None = None


def compare_address(claimed_text: str, address: Address) -> Comparison:
    """Grade a typed address against the one on file.

    `place-renamed` (EQUIVALENT): the ward's name of before 2025-07-01, of a whole address or of
    the ward alone (case C20); with its district or province and no house it is an address whose
    house is missing, as under today's name. `place-merged`
    (COMPATIBLE): an old ward that is a part of the one on file. `place-divided` (COMPATIBLE): one
    of the wards that the one on file was divided into. `detail-missing` (COMPATIBLE): no house
    was typed, or none is on file. `street-words` (PARTIAL): `12 Trấn Vũ` for `12 phố Trấn Vũ`.
    """
    if len(claimed_text) > LONGEST_ADDRESS:
        return Comparison(grade=Grade.DIFFERENT)
    found = [_compare_texts(claimed_text, address), *_compare_readings(claimed_text, address)]
    return min(found, key=_rank)


def _rank(comparison: Comparison) -> int:
    return _WORST_LAST.index(comparison.grade)


def _compare_texts(claimed_text: str, address: Address) -> Comparison:
    """Compare with the very words on file; also all that can be done for a place abroad."""
    shown = [known.display for known in (address.as_recorded, address.today) if known]
    found = [names.compare(_plain(claimed_text), _plain(display)) for display in shown]
    for display in shown:
        claimed, known = _parts(claimed_text), _parts(display)
        if claimed and len(claimed) == len(known) <= _MOST_PARTS:
            units = [
                _compare_units(read_unit_name(mine), read_unit_name(theirs))
                for mine, theirs in zip(claimed, known, strict=True)
            ]
            agreeing = [unit for unit in units if unit is not None]
            if len(agreeing) == len(units):
                found.append(reduce(_worse, agreeing))
    return min(found, key=_rank, default=Comparison(grade=Grade.DIFFERENT))


def _compare_readings(claimed_text: str, address: Address) -> Iterator[Comparison]:
    parts = _parts(claimed_text)
    if len(parts) > _MOST_PARTS:
        return
    units = [read_unit_name(part) for part in parts]
    for reading in _readings(address):
        for at in range(len(parts)):
            levels = _compare_levels(units[at:], reading.place, address)
            if levels is not None:
                yield _with_detail(levels, parts, at, reading)


def _readings(address: Address) -> Iterator[_Reading]:
    """Give every way to name the place: today's, the recorded, and those of its history."""
    recorded, today = address.as_recorded, address.today
    if today is not None:
        yield _Reading(today)
    if recorded is not None and recorded.successors:
        yield _renamed(recorded, today)
    elif today is not None and today.ward_code is not None:
        for code in predecessors().get(today.ward_code, ()):
            old = place(code, LAST_DAY_OF_DISTRICTS, today.detail)
            if old is not None and code == today.ward_code:
                yield _renamed(old, today)
            elif old is not None:
                yield _Reading(old, Grade.COMPATIBLE, "place-merged")
    for candidate in address.candidates:
        yield _Reading(candidate, Grade.COMPATIBLE, "place-divided")


def _renamed(old: Place, today: Place | None) -> _Reading:
    if today is None or old.ward_name == today.ward_name:
        return _Reading(old)
    return _Reading(old, Grade.EQUIVALENT, "place-renamed")


def _compare_levels(units: Sequence[UnitName], known: Place, address: Address) -> Comparison | None:
    """Compare ward, district and province; None when one of them is another."""
    ward, *above = units
    if known.ward_name is None:
        return None
    result = _compare_units(ward, read_official_name(known.ward_name))
    # People write a ward of old in its province of today.
    higher = {known.district_name, known.province_name}
    higher |= {address.today.province_name} if address.today else set()
    for unit in above:
        matches = [
            m for name in higher if name and (m := _compare_units(unit, read_official_name(name)))
        ]
        if result is None or not matches:
            return None
        result = _worse(result, min(matches, key=_rank))
    return result


def _compare_units(claimed: UnitName, known: UnitName) -> Comparison | None:
    # Provinces became cities in 2026 and changed nothing else.
    cities = {"tỉnh", "thành phố"}
    if claimed.kind not in {None, known.kind} and not {claimed.kind, known.kind} <= cities:
        return None
    if claimed.kind is None and known.name.isdigit():
        return None
    found = names.compare(claimed.name, known.name)
    if found.grade is Grade.DIFFERENT:
        return None
    words = ("abbreviation",) if claimed.abbreviated else ()
    return Comparison(grade=found.grade, normalisations=(*found.normalisations, *words))


def _with_detail(
    levels: Comparison, parts: Sequence[str], at: int, reading: _Reading
) -> Comparison:
    """Add what was typed before the ward *at*, and what it costs to read the place so."""
    details = _compare_details(" ".join(parts[:at]), reading.place.detail or "")
    result = _worse(levels, details)
    if reading.word is None or result.grade is Grade.DIFFERENT:
        return result
    ward_alone = len(parts) == 1
    if ward_alone and reading.grade is Grade.EQUIVALENT and result.grade is Grade.COMPATIBLE:
        # Who types a ward and nothing else claims no address: its other name is all the news.
        return Comparison(
            grade=Grade.EQUIVALENT, normalisations=(*levels.normalisations, reading.word)
        )
    return _worse(result, Comparison(grade=reading.grade, normalisations=(reading.word,)))


def _compare_details(claimed: str, known: str) -> Comparison:
    mine, theirs = (_HOUSE_NUMBER.sub("", _plain(text)) for text in (claimed, known))
    if bool(mine) != bool(theirs):
        return Comparison(grade=Grade.COMPATIBLE, normalisations=("detail-missing",))
    found = names.compare(mine, theirs)
    if found.grade is not Grade.DIFFERENT:
        return found
    mine, theirs = (_STREET_WORDS.sub("", text) for text in (mine, theirs))
    if names.compare(mine, theirs).grade is Grade.DIFFERENT:
        return found
    return Comparison(grade=Grade.PARTIAL, normalisations=("street-words",))


def _worse(one: Comparison, other: Comparison) -> Comparison:
    return Comparison(
        grade=max(one, other, key=_rank).grade,
        normalisations=tuple(dict.fromkeys((*one.normalisations, *other.normalisations))),
    )


def _plain(text: str) -> str:
    """Fold case, spaces and the signs between parts."""
    return " ".join(re.sub(r"[,;.\n]+", " ", names.canonical(text)).split())


def _parts(text: str) -> list[str]:
    """Cut a typed address at its commas; without any, before the words for the kinds of units."""
    parts = _SEPARATORS.split(text)
    if len(parts) == 1:
        parts = _BEFORE_KIND.split(names.compose(text).casefold().strip())
        parts[-1:] = _before_province().split(parts[-1], maxsplit=1)
    return [part.strip() for part in parts if part.strip()]


@cache
def _before_province() -> re.Pattern[str]:
    """Find where a bare province name ends a text: `quận Ba Đình Hà Nội`."""
    known = {
        read_unit_name(p.name).name
        for p in (*provinces_now().values(), *provinces_before().values())
    }
    spellings = sorted(re.escape(s) for name in known for s in {name, names.bare(name).casefold()})
    kinds = "".join(rf"(?<!\b{kind})" for kind in ("tỉnh", "tinh", "thành phố", "thanh pho", "tp"))
    return re.compile(rf"{kinds}\s+(?=(?:{'|'.join(spellings)})$)")
