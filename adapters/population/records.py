"""Population records, and the translation of their wire names."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec
from lxml import etree

from adapters import dates, names, places
from adapters.dates import PartialDate
from adapters.grades import Grade
from adapters.persons import PersonRef
from adapters.places import Address, Place
from adapters.registry import Source

ANSWER_NAMESPACE = "http://www.mic.gov.vn/dancu/1.0"

_NOT_AGREED = "not the agreed form"


class Sex(StrEnum):
    """As registered; the twelve-digit number's own digit may differ after a correction."""

    MALE = "MALE"
    FEMALE = "FEMALE"


class MaritalStatus(StrEnum):
    """As registered; its quality varies with the year of the record."""

    SINGLE = "SINGLE"
    MARRIED = "MARRIED"
    WIDOWED = "WIDOWED"
    DIVORCED = "DIVORCED"


class PersonKey(msgspec.Struct, frozen=True, kw_only=True):
    """One proof: number, name and birth date together, as the population service demands."""

    number: str
    """Twelve digits (personal id) or nine (old number); checked at the door."""
    full_name: str
    birth_date: PartialDate

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "PersonKey(…)"


class HouseholdKey(msgspec.Struct, frozen=True, kw_only=True):
    """The household of a citizen who has been proven already (the proof is sent again)."""

    person: PersonKey


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the population registry states them. Attribute names are the schema's."""

    source: Source
    personal_id: str | None = None
    old_id_numbers: tuple[str, ...] = ()
    full_name: str | None = None
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    nationality: str | None = None
    ethnic_group: str | None = None
    religion: str | None = None
    marital_status: MaritalStatus | None = None
    died_on: PartialDate | None = None
    permanent_residence: Address | None = None
    temporary_residence: Address | None = None
    current_residence: Address | None = None
    native_place: Address | None = None
    birth_registration_place: Address | None = None
    father: PersonRef | None = None
    mother: PersonRef | None = None
    spouse: PersonRef | None = None
    representative: PersonRef | None = None
    head_of_household: PersonRef | None = None
    relation_to_head: str | None = None
    under_review: tuple[str, ...] = ()
    """Attribute names that the owner says are being corrected (state UNDER_REVIEW)."""
    key: PersonKey
    """The proof that found the record."""
    name_grade: Grade = Grade.EXACT
    birth_grade: Grade = Grade.EXACT
    number_superseded: bool = False
    """The caller gave an old number; the record carries a new one."""


class HouseholdMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the household answer carries them: enough to reach their own insurance."""

    full_name: str | None = None
    personal_id: str | None = None
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    relation_to_head: str | None = None


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """The household that the proven citizen belongs to."""

    source: Source
    relation_to_head: str | None = None
    members: tuple[HouseholdMember, ...] = ()
    key: HouseholdKey


RECORDS = (Person, Household)
"""What this registry's answers may be; the cache keeps nothing else."""

_SEXES = {"1": Sex.MALE, "2": Sex.FEMALE}
_MARITAL = {
    "1": MaritalStatus.SINGLE,
    "2": MaritalStatus.MARRIED,
    "3": MaritalStatus.DIVORCED,
    "4": MaritalStatus.WIDOWED,
}
_NOT_STATED = "00"
_ETHNIC_GROUPS = (
    "Kinh, Tày, Thái, Hoa, Khmer, Mường, Nùng, Mông, Dao, Gia Rai, "
    "Ngái, Ê Đê, Ba Na, Xơ Đăng, Sán Chay, Cơ Ho, Chăm, Sán Dìu, Hrê, Mnông"
)
_ETHNIC_GROUP_OF = {f"{code:02}": name for code, name in enumerate(_ETHNIC_GROUPS.split(", "), 1)}
"""The national list begins with these; a code beyond them stays as the text it is."""

_PROVEN_NAMES = frozenset({Grade.EXACT, Grade.EQUIVALENT, Grade.UNACCENTED_ONLY})
_PROVEN_BIRTHS = frozenset({Grade.EXACT, Grade.COMPATIBLE})


def name_grade(key: PersonKey, registered: str | None) -> Grade:
    """Grade the claimed name; a record without a name proves nothing."""
    return names.compare(key.full_name, registered).grade if registered else Grade.DIFFERENT


def birth_grade(key: PersonKey, registered: PartialDate | None) -> Grade:
    """Grade the claimed birth date; a record that shows none does not contradict it."""
    if registered is None:
        return Grade.COMPATIBLE
    return dates.compare(key.birth_date, registered).grade


def proves(name: Grade, birth: Grade) -> bool:
    """Whether a record graded so is the person claimed; two spellings with i and y are not."""
    return name in _PROVEN_NAMES and birth in _PROVEN_BIRTHS


def persons_from_wire(
    answer: Sequence[etree._Element], key: PersonKey, source: Source
) -> list[Person]:
    """Translate the content of a SOAP body: one CongdanCollection, whose empty entries say none.

    Raises ValueError, without a value in its message, when it is not of the agreed form.
    """
    _check_form(answer, "CongdanCollection")
    if len(answer) != 1:
        raise ValueError(_NOT_AGREED)
    _check_form(answer[0], "CongDan")
    return [
        _person(citizen, key, source)
        for citizen in answer[0]
        if _text(citizen, "HoVaTen", "Ten") is not None
    ]


def _person(citizen: etree._Element, key: PersonKey, source: Source) -> Person:
    full_name, birth = _name(citizen), _birth(citizen)
    personal_id = _text(citizen, "SoDinhDanh") or _text(citizen, "SoCCCD")
    ethnic, religion = _text(citizen, "DanToc"), _text(citizen, "TonGiao")
    return Person(
        source=source,
        personal_id=personal_id,
        old_id_numbers=tuple(it.text.strip() for it in citizen.findall(_tag("SoCMND")) if it.text),
        full_name=full_name,
        birth_date=birth,
        sex=_SEXES.get(_text(citizen, "GioiTinh") or ""),
        nationality=_text(citizen, "QuocTich"),
        ethnic_group=_ETHNIC_GROUP_OF.get(ethnic, ethnic) if ethnic else None,
        religion=None if religion == _NOT_STATED else religion,
        marital_status=_MARITAL.get(_text(citizen, "TinhTrangHonNhan") or ""),
        permanent_residence=_address(citizen, "ThuongTru"),
        current_residence=_address(citizen, "NoiOHienTai"),
        native_place=_address(citizen, "QueQuan"),
        birth_registration_place=_address(citizen, "NoiDangKyKhaiSinh"),
        father=_kin(citizen, "Cha"),
        mother=_kin(citizen, "Me"),
        spouse=_kin(citizen, "VoChong"),
        representative=_kin(citizen, "NguoiDaiDien"),
        head_of_household=_kin(citizen, "ChuHo"),
        relation_to_head=_text(citizen, "ChuHo", "QuanHe"),
        key=key,
        name_grade=name_grade(key, full_name),
        birth_grade=birth_grade(key, birth),
        number_superseded=personal_id is not None and personal_id != key.number,
    )


def households_from_wire(
    answer: Sequence[etree._Element], key: HouseholdKey, source: Source
) -> list[Household]:
    """Translate the content of a SOAP body: HoGiaDinh (INVENTED), whose empty ones say none.

    Raises ValueError, without a value in its message, when it is not of the agreed form.
    """
    _check_form(answer, "HoGiaDinh")
    for household in answer:
        _check_form(household, "ThanhVien")
    members = [tuple(_member(it) for it in household) for household in answer]
    return [Household(source=source, members=of_one, key=key) for of_one in members if of_one]


def _member(wire: etree._Element) -> HouseholdMember:
    return HouseholdMember(
        full_name=_name(wire),
        personal_id=_text(wire, "SoDinhDanh"),
        birth_date=_birth(wire),
        sex=_SEXES.get(_text(wire, "GioiTinh") or ""),
        relation_to_head=_text(wire, "QuanHe"),
    )


def _tag(name: str) -> str:
    return f"{{{ANSWER_NAMESPACE}}}{name}"


def _check_form(wire: Iterable[etree._Element], expected: str) -> None:
    """Refuse what is named or spelled otherwise: not to find it would look like empty."""
    inner = f"{{{ANSWER_NAMESPACE}}}"
    for child in wire:
        named = child.tag == _tag(expected)
        if not named or not all(str(it.tag).startswith(inner) for it in child.iter()):
            raise ValueError(_NOT_AGREED)


def _text(wire: etree._Element, *path: str) -> str | None:
    """Read the text at *path*; empty and missing are one: not recorded."""
    text = wire.findtext("/".join(_tag(name) for name in path))
    return (text or "").strip() or None


def _name(wire: etree._Element) -> str | None:
    """Join family, middle and given name; with no family name the given name is the whole one."""
    parts = [_text(wire, "HoVaTen", part) for part in ("Ho", "ChuDem", "Ten")]
    whole = " ".join(part for part in parts if part) or _text(wire, "HoVaTen")
    return names.display(whole) if whole else None


def _birth(wire: etree._Element) -> PartialDate | None:
    """Read the full date, or the year when there is no more; 00 is an unknown day or month."""
    year = _text(wire, "NgayThangNamSinh", "Nam")
    full = _text(wire, "NgayThangNamSinh", "NgayThangNam")
    if full is not None and len(full) == len("yyyymmdd"):
        full = full.removesuffix("00").removesuffix("00")
    written = full or year
    birth = dates.from_compact(written) if written else None
    if written and (birth is None or (year and not written.startswith(year))):
        raise ValueError(_NOT_AGREED)
    return birth


def _kin(wire: etree._Element, name: str) -> PersonRef | None:
    """Read a relative; None when the record says nothing of them."""
    kin = wire.find(_tag(name))
    if kin is None:
        return None
    stated = PersonRef(
        full_name=_name(kin),
        personal_id=_text(kin, "SoDinhDanh"),
        old_id_number=_text(kin, "SoCMND"),
        nationality=_text(kin, "QuocTich"),
    )
    return None if stated == PersonRef() else stated


def _address(wire: etree._Element, name: str) -> Address | None:
    """Read an address by its codes; one abroad stays as it is written."""
    province, district = _text(wire, name, "MaTinhThanh"), _text(wire, name, "MaQuanHuyen")
    ward, detail = _text(wire, name, "MaPhuongXa"), _text(wire, name, "ChiTiet")
    country = _text(wire, name, "QuocGia") or "VN"
    if country != "VN":
        written = ", ".join(part for part in (detail, country) if part)
        return Address(as_recorded=Place(display=written, detail=detail))
    if not (ward or district or province or detail):
        return None
    # The record does not say when it was written; a district says that it was before 2025-07.
    return places.address(
        ward or "",
        recorded_on=None,
        province_code=province,
        district_code=district,
        detail=detail,
    )
