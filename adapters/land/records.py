"""Land records, and the translation of their column names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeAlias, TypeVar

import msgspec

from adapters import columns, names
from adapters.dates import PartialDate
from adapters.persons import PersonRef
from adapters.places import Address
from adapters.places.written import address_in_words
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
    unheard = getattr(getattr(answer, "source", None), "unheard", None)
    return unheard is None and not getattr(answer, "silent_provinces", ())


def persons(holder: LandHolder | None) -> list[PersonRef]:
    """Name the persons whom a holder stands for: one, two, or a household's members."""
    match holder:
        case HolderPerson(person=PersonRef() as person):
            return [person]
        case HolderCouple(first=first, second=second):
            return [*persons(first), *persons(second)]
        case HolderHousehold(head=head, spouse_of_head=spouse, members=members):
            return [*persons(head), *([spouse] if spouse else []), *members]
    return []


T = TypeVar("T")
Row: TypeAlias = Mapping[str, object]  # each column is named after its table and itself


def parcels_from_wire(rows: Iterable[Row], source: Source) -> list[Parcel]:
    """Part the lines of an answer by parcel and holder, and translate each.

    Raises ValueError when one is not of the agreed form; its message is for nobody.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(f"{row['thua_dat_thua_dat_id']} {row['chu_chu_id']}", []).append(row)
    return [_parcel(group, source) for group in groups.values()]


def _parcel(rows: Sequence[Row], source: Source) -> Parcel:
    row, holder = rows[0], _holder(rows)
    certificates = _each(rows, "giay_chung_nhan", lambda it: _certificate(it, holder, source))
    ward, address = columns.text(row["thua_dat_ma_xa"]), columns.text(row["thua_dat_dia_chi"])
    first_issued = min((it.issued_on for it in certificates if it.issued_on), default=None)
    return Parcel(
        source=source,
        national_id=columns.text(row["thua_dat_ma_dinh_danh_thua_dat"]),
        ward=ward,
        sheet=columns.text(row["thua_dat_so_hieu_to_ban_do"]),
        parcel=columns.text(row["thua_dat_so_thu_tu_thua"]),
        old_sheet=columns.text(row["thua_dat_so_hieu_to_ban_do_cu"]),
        old_parcel=columns.text(row["thua_dat_so_thu_tu_thua_cu"]),
        area=columns.amount(row["thua_dat_dien_tich"]),
        address=address_in_words(ward, address, first_issued),
        uses=_each(rows, "muc_dich_su_dung", _use),
        holder=holder,
        certificates=certificates,
        encumbrances=_each(rows, "giao_dich_bao_dam", _encumbrance),
    )


def _each(rows: Sequence[Row], table: str, read: Callable[[Row], T]) -> tuple[T, ...]:
    """Read each line of *table* once: joined, it came as often as there are lines beside it."""
    lines = {columns.as_written(row[f"{table}_{table}_id"]): row for row in rows}
    return tuple(read(row) for line, row in lines.items() if line)


def _certificate(row: Row, holder: LandHolder | None, source: Source) -> LandCertificate:
    issued = columns.known_date(row["giay_chung_nhan_ngay_cap"])
    return LandCertificate(
        source=msgspec.structs.replace(source, record_date=issued),
        serial_number=columns.text(row["giay_chung_nhan_so_phat_hanh"]),
        register_number=columns.text(row["giay_chung_nhan_so_vao_so"]),
        issued_on=columns.day(row["giay_chung_nhan_ngay_cap"]),
        issued_by=columns.text(row["giay_chung_nhan_don_vi_cap"]),
        holder=holder,
    )


def _use(row: Row) -> LandUse:
    code = columns.as_written(row["muc_dich_su_dung_ma_muc_dich_su_dung"])
    return LandUse(
        code=code,
        name=_land_use_names().get(code.upper()),
        area=columns.amount(row["muc_dich_su_dung_dien_tich"]),
        term=columns.text(row["muc_dich_su_dung_thoi_han_su_dung"]),
        origin=columns.text(row["muc_dich_su_dung_nguon_goc"]),
    )


@cache
def _land_use_names() -> Mapping[str, str]:
    """Read the list of 43 codes once; what people mistype stands in none of them."""
    listed = msgspec.json.decode(Path(__file__).with_name("land_use_codes.json").read_bytes())
    return msgspec.convert(listed["codes"], dict[str, str])


def _encumbrance(row: Row) -> Encumbrance:
    return Encumbrance(
        kind=columns.as_written(row["giao_dich_bao_dam_loai"]),
        registered_on=columns.day(row["giao_dich_bao_dam_ngay_dang_ky"]),
        secured=columns.text(row["giao_dich_bao_dam_nghia_vu"]),
        beneficiary=columns.text(row["giao_dich_bao_dam_ben_nhan"]),
    )


def _holder(rows: Sequence[Row]) -> LandHolder | None:
    row = rows[0]
    first, second = _person(row, "chu_"), _person(row, "chu_vo_chong_")
    match row["chu_loai"]:
        case None if row["chu_chu_id"] is None:
            return None
        case "CA_NHAN":
            return first
        case "VO_CHONG":
            wife_first = columns.as_written(row["chu_in_vo_truoc"]) in {"1", "True"}
            printed = (second, first) if wife_first else (first, second)
            return HolderCouple(first=printed[0], second=printed[1])
        case "HO_GIA_DINH":
            count = columns.text(row["chu_so_thanh_vien"])
            return HolderHousehold(
                head=first,
                spouse_of_head=second.person if second else None,
                member_count=int(count) if count else None,
                members=_each(rows, "thanh_vien", lambda row: _reference(row, "thanh_vien_")),
            )
        case "TO_CHUC":
            code = columns.text(row["chu_ma_doanh_nghiep"])
            return HolderOrganisation(name=columns.text(row["chu_ten_to_chuc"]), code=code)
        case "CONG_DONG":
            return HolderCommunity(name=columns.text(row["chu_ten_to_chuc"]))
    msg = "not one of the five kinds of holder"
    raise ValueError(msg)


def _person(row: Row, prefix: str) -> HolderPerson | None:
    day, year, died = (
        columns.known_date(row[f"{prefix}{it}"]) for it in ("ngay_sinh", "nam_sinh", "nam_mat")
    )
    person = msgspec.structs.replace(_reference(row, prefix), birth_date=day or year)
    return None if person == PersonRef() else HolderPerson(person=person, died_in=died)


def _reference(row: Row, prefix: str) -> PersonRef:
    full_name = columns.text(row[f"{prefix}ho_ten"])
    return PersonRef(
        full_name=names.display(full_name) if full_name else None,
        personal_id=columns.text(row[f"{prefix}ma_so_dinh_danh"]),
        old_id_number=columns.text(row[f"{prefix}so_giay_to"]),
    )
