"""Land records, and the translation of their column names."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TypeAlias, TypeVar

import msgspec

from adapters import dates, names, places
from adapters.dates import PartialDate
from adapters.persons import PersonRef
from adapters.places import Address, Place
from adapters.places.tables import LAST_DAY_OF_DISTRICTS, units_before, units_now
from adapters.places.units import read_official_name, read_unit_name
from adapters.registry import Source


class ParcelKey(msgspec.Struct, frozen=True, kw_only=True):
    """Ward at survey time, map sheet, parcel number.

    *ward_as_of*: before 2025-07-01 the code is the old ward's, and two parcels of one new ward
    may share sheet and number.
    """

    ward: str
    sheet: str
    parcel: str
    ward_as_of: date | None = None


class CertificateKey(msgspec.Struct, frozen=True, kw_only=True):
    """A serial number or a register number; people mix them, so both are tried."""

    number: str


class HolderKey(msgspec.Struct, frozen=True, kw_only=True):
    """All parcels a proven person holds, by personal id and by old number with name."""

    personal_id: str
    old_numbers: tuple[str, ...]
    full_name: str
    birth_date: PartialDate

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "HolderKey(…)"


class LandUse(msgspec.Struct, frozen=True, kw_only=True):
    """A use of the parcel; an unknown code stays as text with *name* None."""

    code: str
    name: str | None = None
    area: Decimal | None = None
    term: str | None = None
    """`Lâu dài` or a number of years, as written."""
    origin: str | None = None


class Encumbrance(msgspec.Struct, frozen=True, kw_only=True):
    """A registered mortgage or restriction now in force."""

    kind: str
    registered_on: date | None = None
    secured: str | None = None
    beneficiary: str | None = None


class HolderPerson(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One person; *died_in* when the land register says so."""

    person: PersonRef | None = None
    died_in: PartialDate | None = None


class HolderCouple(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Spouses as one party, in the order in which the certificate prints them."""

    first: HolderPerson | None = None
    second: HolderPerson | None = None


class HolderHousehold(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A household as one party; its members are counted, not named."""

    head: HolderPerson | None = None
    spouse_of_head: PersonRef | None = None
    member_count: int | None = None
    members: tuple[PersonRef, ...] = ()
    """For matching only; not in the schema."""


class HolderOrganisation(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An organisation, by its enterprise code when it has one."""

    name: str | None = None
    code: str | None = None


class HolderCommunity(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A community of residents."""

    name: str | None = None


LandHolder = HolderPerson | HolderCouple | HolderHousehold | HolderOrganisation | HolderCommunity


class LandCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate of land use rights ("sổ đỏ")."""

    source: Source
    serial_number: str | None = None
    register_number: str | None = None
    matched_by: str | None = None
    """`serialNumber` or `registerNumber`: which of them the asked number was."""
    issued_on: date | None = None
    issued_by: str | None = None
    holder: LandHolder | None = None


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A land parcel, as the province's database states it."""

    source: Source
    national_id: str | None = None
    ward: str | None = None
    sheet: str | None = None
    parcel: str | None = None
    old_sheet: str | None = None
    old_parcel: str | None = None
    area: Decimal | None = None
    """Square metres."""
    address: Address | None = None
    uses: tuple[LandUse, ...] = ()
    holder: LandHolder | None = None
    certificates: tuple[LandCertificate, ...] = ()
    encumbrances: tuple[Encumbrance, ...] = ()


class Holdings(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a HolderKey, over all provinces that this installation knows."""

    source: Source
    parcels: tuple[Parcel, ...] = ()
    silent_provinces: tuple[str, ...] = ()
    """Names of provinces that did not answer; their parcels may be missing."""


RECORDS = (Parcel, LandCertificate, Holdings)
"""What this registry's answers may be; the cache keeps nothing else."""


def is_whole(answer: object) -> bool:
    """Whether an answer may be kept: one from which a province was missing may not."""
    return not (isinstance(answer, Holdings) and answer.silent_provinces)


T = TypeVar("T")
Row: TypeAlias = Mapping[str, object]
"""A line of an answer; each column is named after its table and itself."""

_NOT_AGREED = "not the agreed form"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel with one of its holders: what they are known by, and the lines themselves, unread.

    So a line that cannot be read spoils the answer to those keys alone that it belongs to.
    """

    parcel_line: str
    """The province's own number of the parcel's line: the holders of one parcel share it."""
    ward: str
    places: tuple[tuple[str, ...], ...]
    """Map sheet and parcel number, now and of old."""
    certificates: frozenset[tuple[str, ...]]
    """Serial number and register number of each."""
    numbers: frozenset[str]
    """Personal ids and old numbers of everybody who belongs to the holder."""
    rows: Sequence[Row]

    def __repr__(self) -> str:
        """Say nothing of the land and its holder."""
        return "Found(…)"


def found_from_wire(rows: Iterable[Row]) -> list[Found]:
    """Part the lines of an answer by parcel and holder; nothing in them makes this fail."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = _written(row, "thua_dat_thua_dat_id", "chu_chu_id")
        if key[0]:
            groups.setdefault(key, []).append(row)
    persons = ("chu", "chu_vo_chong", "thanh_vien")
    numbers = [f"{it}_{kind}" for it in persons for kind in ("ma_so_dinh_danh", "so_giay_to")]
    certificate = ("giay_chung_nhan_so_phat_hanh", "giay_chung_nhan_so_vao_so")
    sheet, parcel = "thua_dat_so_hieu_to_ban_do", "thua_dat_so_thu_tu_thua"
    return [
        Found(
            parcel_line=line,
            ward=_written(group[0], "thua_dat_ma_xa")[0],
            places=tuple(_written(group[0], sheet + era, parcel + era) for era in ("", "_cu")),
            certificates=frozenset(_written(row, *certificate) for row in group),
            numbers=frozenset(number for row in group for number in _written(row, *numbers)),
            rows=group,
        )
        for (line, _), group in groups.items()
    ]


def parcel_from_wire(found: Found, source: Source) -> Parcel:
    """Translate a parcel as one holder holds it.

    Raises ValueError, without a value in its message, when it is not of the agreed form.
    """
    row = found.rows[0]
    certificates = certificates_from_wire(found, source)
    return Parcel(
        source=source,
        national_id=_text(row["thua_dat_ma_dinh_danh_thua_dat"]),
        ward=_text(row["thua_dat_ma_xa"]),
        sheet=_text(row["thua_dat_so_hieu_to_ban_do"]),
        parcel=_text(row["thua_dat_so_thu_tu_thua"]),
        old_sheet=_text(row["thua_dat_so_hieu_to_ban_do_cu"]),
        old_parcel=_text(row["thua_dat_so_thu_tu_thua_cu"]),
        area=_decimal(row["thua_dat_dien_tich"]),
        address=_address(row, [it.issued_on for it in certificates if it.issued_on]),
        uses=_each(found, "muc_dich_su_dung", _use),
        holder=_holder(found),
        certificates=certificates,
        encumbrances=_each(found, "giao_dich_bao_dam", _encumbrance),
    )


def certificates_from_wire(found: Found, source: Source) -> tuple[LandCertificate, ...]:
    """Translate the certificates of one holder's right; raises as *parcel_from_wire* does."""
    holder = _holder(found)

    def certificate(row: Row) -> LandCertificate:
        issued = _known(row["giay_chung_nhan_ngay_cap"])
        return LandCertificate(
            source=msgspec.structs.replace(source, record_date=issued),
            serial_number=_text(row["giay_chung_nhan_so_phat_hanh"]),
            register_number=_text(row["giay_chung_nhan_so_vao_so"]),
            issued_on=dates.as_date(issued) if issued else None,
            issued_by=_text(row["giay_chung_nhan_don_vi_cap"]),
            holder=holder,
        )

    return _each(found, "giay_chung_nhan", certificate)


def _each(found: Found, table: str, read: Callable[[Row], T]) -> tuple[T, ...]:
    """Read each line of *table* once: joined, it came as often as there are lines beside it."""
    lines = {_written(row, f"{table}_{table}_id")[0]: row for row in found.rows}
    return tuple(read(row) for line, row in lines.items() if line)


def _use(row: Row) -> LandUse:
    code = _text(row["muc_dich_su_dung_ma_muc_dich_su_dung"])
    if code is None:
        raise ValueError(_NOT_AGREED)
    return LandUse(
        code=code,
        name=_land_use_names().get(code.upper()),
        area=_decimal(row["muc_dich_su_dung_dien_tich"]),
        term=_text(row["muc_dich_su_dung_thoi_han_su_dung"]),
        origin=_text(row["muc_dich_su_dung_nguon_goc"]),
    )


@cache
def _land_use_names() -> Mapping[str, str]:
    """Read the land-use list once: 43 codes, and what people mistype is in none of them."""
    file = Path(__file__).with_name("land_use_codes.json")
    codes: Mapping[str, str] = msgspec.json.decode(file.read_bytes())["codes"]
    return codes


def _encumbrance(row: Row) -> Encumbrance:
    registered = _known(row["giao_dich_bao_dam_ngay_dang_ky"])
    return Encumbrance(
        kind=_text(row["giao_dich_bao_dam_loai"]) or "",
        registered_on=dates.as_date(registered) if registered else None,
        secured=_text(row["giao_dich_bao_dam_nghia_vu"]),
        beneficiary=_text(row["giao_dich_bao_dam_ben_nhan"]),
    )


def _holder(found: Found) -> LandHolder | None:
    row = found.rows[0]
    if row["chu_chu_id"] is None:
        return None
    first, second = _person(row, "chu_"), _person(row, "chu_vo_chong_")
    match row["chu_loai"]:
        case "CA_NHAN":
            return first
        case "VO_CHONG":
            wife_first = _text(row["chu_in_vo_truoc"]) in {"1", "True"}
            printed = (second, first) if wife_first else (first, second)
            return HolderCouple(first=printed[0], second=printed[1])
        case "HO_GIA_DINH":
            count = _text(row["chu_so_thanh_vien"])
            return HolderHousehold(
                head=first,
                spouse_of_head=second.person if second else None,
                member_count=int(count) if count else None,
                members=_each(found, "thanh_vien", lambda row: _reference(row, "thanh_vien_")),
            )
        case "TO_CHUC":
            code = _text(row["chu_ma_doanh_nghiep"])
            return HolderOrganisation(name=_text(row["chu_ten_to_chuc"]), code=code)
        case "CONG_DONG":
            return HolderCommunity(name=_text(row["chu_ten_to_chuc"]))
    raise ValueError(_NOT_AGREED)


def _person(row: Row, prefix: str) -> HolderPerson | None:
    person = msgspec.structs.replace(
        _reference(row, prefix),
        birth_date=_known(row[f"{prefix}ngay_sinh"]) or _known(row[f"{prefix}nam_sinh"]),
    )
    died = _known(row[f"{prefix}nam_mat"])
    return None if person == PersonRef() else HolderPerson(person=person, died_in=died)


def _reference(row: Row, prefix: str) -> PersonRef:
    full_name = _text(row[f"{prefix}ho_ten"])
    return PersonRef(
        full_name=names.display(full_name) if full_name else None,
        personal_id=_text(row[f"{prefix}ma_so_dinh_danh"]),
        old_id_number=_text(row[f"{prefix}so_giay_to"]),
    )


def _address(row: Row, issued: Sequence[date]) -> Address | None:
    """Read the address, whose ward is that of the survey, of which no column tells the day.

    So the words tell: a district is named, or today's ward is; else the oldest certificate does.
    """
    ward, text = _text(row["thua_dat_ma_xa"]), _text(row["thua_dat_dia_chi"])
    if ward is None:
        return Address(as_recorded=Place(display=text, detail=text)) if text else None
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]

    def names_it(part: str, official: str) -> bool:
        written, known = read_unit_name(part), read_official_name(official)
        return written.name == known.name and written.kind in {None, known.kind}

    before, now = units_before().get(ward), units_now().get(ward)
    on = min(issued, default=None)
    if before and any(names_it(part, before.district) for part in parts):
        on = min(on or LAST_DAY_OF_DISTRICTS, LAST_DAY_OF_DISTRICTS)
    elif now and any(names_it(part, now.name) for part in parts):
        on = None
    known = places.address(ward, recorded_on=on).as_recorded
    name = (known and known.ward_name) or ""
    ends = [at for at, part in enumerate(parts) if names_it(part, name)]
    detail = ", ".join(parts[: ends[-1]] if ends else parts)
    return places.address(ward, recorded_on=on, detail=detail or None)


def _text(value: object) -> str | None:
    """Read text, or a number that stands for one; empty and missing are one: not recorded."""
    if not isinstance(value, str | int | None):
        raise ValueError(_NOT_AGREED)  # noqa: TRY004 # the caller knows one failure: not agreed
    return (str(value).strip() or None) if value is not None else None


def _decimal(value: object) -> Decimal | None:
    text = "" if value is None else str(value).strip()
    try:
        number = Decimal(text or 0)
    except InvalidOperation:
        raise ValueError(_NOT_AGREED) from None
    if not number.is_finite() or number < 0:
        raise ValueError(_NOT_AGREED)
    return number if text else None


def _known(value: object) -> PartialDate | None:
    """Read a day, a month or a year in whichever form; 0 is how some write that none is known."""
    if isinstance(value, date):
        return PartialDate(value.year, value.month, value.day)
    text = _text(value)
    if text is None or text == "0":
        return None
    day = re.split("[ T]", text)[0]
    known = dates.parse(day) or dates.from_compact(day) or dates.parse_vietnamese(day)
    if known is None:
        raise ValueError(_NOT_AGREED)
    return known


def _written(row: Row, *columns: str) -> tuple[str, ...]:
    """Give columns as the text they are, whatever they hold."""
    return tuple("" if row[it] is None else str(row[it]).strip() for it in columns)
