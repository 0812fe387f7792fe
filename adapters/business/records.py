"""Business records, and the translation of their wire names."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from adapters import identifiers, names
from adapters.business import seat, wire
from adapters.business.wire import NotAgreedError, Wire
from adapters.persons import PersonRef
from adapters.places import Address
from adapters.registry import Source


class EnterpriseKey(msgspec.Struct, frozen=True, kw_only=True):
    """A 10-digit enterprise code, or 10-3 for a branch."""

    code: str


class HouseholdBusinessKey(msgspec.Struct, frozen=True, kw_only=True):
    """A household business: its code is its owner's personal id, so the owner's name is proof."""

    code: str
    owner_name: str

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "HouseholdBusinessKey(…)"


class RepresentativeKey(msgspec.Struct, frozen=True, kw_only=True):
    """All enterprises and household businesses that a proven person represents or owns."""

    personal_id: str
    full_name: str

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "RepresentativeKey(…)"


class NameKey(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed business name in a ward: is it free? Public names only."""

    name: str
    ward: str


class BusinessStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A legal status in the registry's own code and words, with its period."""

    code: str | None = None
    text: str | None = None
    starts: date | None = None
    ends: date | None = None


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A branch or dependent unit: code 10-3."""

    code: str
    name: str | None = None
    address: Address | None = None


class BusinessLocation(msgspec.Struct, frozen=True, kw_only=True):
    """A place of business: a five-digit counter local to the enterprise, not a tax code."""

    counter: str
    name: str | None = None
    address: Address | None = None


class Industry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of business (VSIC)."""

    code: str
    name: str | None = None
    main: bool = False


class Enterprise(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An enterprise, as registered."""

    source: Source
    code: str | None = None
    name: str | None = None
    short_name: str | None = None
    foreign_name: str | None = None
    kind: str | None = None
    founded_on: date | None = None
    charter_capital: Decimal | None = None
    statuses: tuple[BusinessStatus, ...] = ()
    address: Address | None = None
    representatives: tuple[PersonRef, ...] = ()
    branches: tuple[Branch, ...] = ()
    locations: tuple[BusinessLocation, ...] = ()
    industries: tuple[Industry, ...] = ()


class HouseholdBusiness(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A household business: its code is its owner's personal id."""

    source: Source
    code: str | None = None
    name: str | None = None
    statuses: tuple[BusinessStatus, ...] = ()
    address: Address | None = None
    owner: PersonRef | None = None


class Businesses(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a RepresentativeKey: none is an empty tuple."""

    source: Source
    businesses: tuple[Enterprise | HouseholdBusiness, ...] = ()


class NameCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Is a name free in a ward: *similar* holds public business names only."""

    source: Source
    taken: bool
    similar: tuple[str, ...] = ()


RECORDS = (Enterprise, HouseholdBusiness, Businesses, NameCheck)
"""What this registry's answers may be; the cache keeps nothing else."""

_SUCCESS, _NOT_FOUND = "200", "404"
_PASSPORT = "hộ chiếu"
_COUNTRIES = {"việt nam": "VN", "viet nam": "VN", "vietnam": "VN"}


def data_from_wire(body: bytes) -> list[Wire]:
    """Open the national envelope: what stands in it, nothing when it says so in so many words.

    An error travels inside a 200, so no field alone is a sign of success. Raises NotAgreedError,
    as all functions here do, when the answer is not of the agreed form.
    """
    envelope = wire.decode(body)
    code = wire.text(envelope, "code") or _SUCCESS
    data = wire.parts(envelope, "Data")
    if code == _NOT_FOUND and not data:
        return []
    if code != _SUCCESS or not data:
        raise NotAgreedError
    return data


def enterprises_from_wire(data: Iterable[Wire], source: Source) -> list[Enterprise]:
    """Translate look-ups by code; MainInformation null is how the registry says no."""
    return [_enterprise(it, main, source) for it in data if (main := _main(it)) is not None]


def household_businesses_from_wire(data: Iterable[Wire], source: Source) -> list[HouseholdBusiness]:
    """Translate look-ups of household businesses (INVENTED after those of enterprises)."""
    return [_household_business(it, main, source) for it in data if (main := _main(it)) is not None]


def businesses_from_wire(
    data: Sequence[Wire], source: Source
) -> list[Enterprise | HouseholdBusiness]:
    """Translate what a person represents and owns (INVENTED); both lists must be there."""
    found = wire.only(data)
    if not {"Enterprises", "HouseholdBusinesses"} <= found.keys():
        raise NotAgreedError
    return [
        *enterprises_from_wire(wire.parts(found, "Enterprises"), source),
        *household_businesses_from_wire(wire.parts(found, "HouseholdBusinesses"), source),
    ]


def name_check_from_wire(data: Sequence[Wire], source: Source) -> NameCheck:
    """Translate whether a name is free (INVENTED)."""
    found = wire.only(data)
    taken, similar = found.get("TrungTen"), found.get("TenTuongTu")
    if not isinstance(taken, bool) or not isinstance(similar, list):
        raise NotAgreedError
    cleaned = (wire.clean(name) for name in similar)
    return NameCheck(source=source, taken=taken, similar=tuple(name for name in cleaned if name))


def _main(record: Wire) -> Wire | None:
    """Read what tells a record from nothing: there must be a code *and* a name, or a plain null."""
    if "MainInformation" not in record:
        raise NotAgreedError
    main = wire.part(record, "MainInformation")
    if main is not None and (_code(main) is None or wire.text(main, "NAME") is None):
        raise NotAgreedError
    return main


def _code(main: Wire) -> str | None:
    """Read the tax code, with the dash of a branch; the registry's inner code stands in for it."""
    code = wire.text(main, "ENTERPRISE_GDT_CODE") or wire.text(main, "ENTERPRISE_CODE")
    # What is no code by our rules is still the registry's own word.
    return code and (identifiers.normalise_enterprise_code(code) or code)


def _dated(source: Source, main: Wire) -> Source:
    changed = wire.partial_date(main, "LAST_AMEND_DATE") or wire.partial_date(main, "FOUNDING_DATE")
    return msgspec.structs.replace(source, record_date=changed)


def _enterprise(record: Wire, main: Wire, source: Source) -> Enterprise:
    return Enterprise(
        source=_dated(source, main),
        code=_code(main),
        name=wire.text(main, "NAME"),
        short_name=wire.text(main, "SHORT_NAME"),
        foreign_name=wire.text(main, "NAME_F"),
        kind=wire.text(main, "ENTERPRISE_TYPE_NAME"),
        founded_on=wire.day(main, "FOUNDING_DATE"),
        charter_capital=wire.amount(main, "CAPITAL_AMOUNT"),
        statuses=_statuses(record, main),
        address=_address(record),
        representatives=tuple(_person(it) for it in wire.parts(record, "Representatives") if it),
        branches=tuple(
            Branch(code=code, name=wire.text(unit, "NAME"), address=_address(unit))
            for unit in wire.parts(record, "Branches")
            if (code := _code(unit))
        ),
        locations=tuple(
            BusinessLocation(counter=counter, name=wire.text(spot, "NAME"), address=_address(spot))
            for spot in wire.parts(record, "BusinessLocations")
            if (counter := wire.text(spot, "COUNTER"))
        ),
        industries=tuple(
            Industry(
                code=code, name=wire.text(line, "TenNganh"), main=wire.flag(line, "LaNganhChinh")
            )
            for line in wire.parts(record, "NganhNgheKinhDoanh")
            if (code := wire.text(line, "MaNganh"))
        ),
    )


def _household_business(record: Wire, main: Wire, source: Source) -> HouseholdBusiness:
    owner = wire.part(record, "Owner")
    return HouseholdBusiness(
        source=_dated(source, main),
        code=_code(main),
        name=wire.text(main, "NAME"),
        statuses=_statuses(record, main),
        address=_address(record),
        owner=_person(owner) if owner else None,
    )


def _person(person: Wire) -> PersonRef:
    """Read a representative or owner; the number of a passport is no number of ours."""
    name, number = wire.text(person, "FULL_NAME"), wire.text(person, "PERS_DOC_NO")
    if number and _PASSPORT in (wire.text(person, "PERS_DOC_NAME") or "").casefold():
        number = None
    country = wire.text(person, "NATIONALITY_NAME") or ""
    return PersonRef(
        full_name=names.display(name) if name else None,
        personal_id=number if number and not identifiers.check_personal_id(number) else None,
        old_id_number=number if number and not identifiers.check_old_id_number(number) else None,
        nationality=_COUNTRIES.get(country.casefold()),
        birth_date=wire.partial_date(person, "DATE_OF_BIRTH"),
    )


def _statuses(record: Wire, main: Wire) -> tuple[BusinessStatus, ...]:
    """Read the legal statuses, and the one in the main part when the list has it not."""
    listed = [
        BusinessStatus(
            code=wire.text(it, "MaTinhTrangPhapLy"),
            text=wire.text(it, "TinhTrangPhapLy"),
            starts=wire.day(it, "NgayBatDauTamNgung"),
            ends=wire.day(it, "NgayKetThucTamNgung"),
        )
        for it in wire.parts(record, "TinhTrangPhapLy")
    ]
    code, text = wire.text(main, "ENTERPRISE_STATUS_ID"), wire.text(main, "ENTERPRISE_STATUS_NAME")
    known = {known for it in listed for known in (it.code, it.text)}
    if {code, text}.isdisjoint(known - {None}) and (code or text):
        listed.append(BusinessStatus(code=code, text=text))
    return tuple(listed)


def _address(record: Wire) -> Address | None:
    written = wire.part(record, "HOAdress")
    if written is None:
        return None
    return seat.address(
        wire.text(written, "AddressFullText"),
        detail=wire.text(written, "StreetNumber"),
        ward=wire.text(written, "WardName"),
        district=wire.text(written, "DistrictName"),
        province=wire.text(written, "CityName"),
    )
