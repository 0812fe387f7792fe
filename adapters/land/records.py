"""Land records, and the translation of their column names."""

from datetime import date
from decimal import Decimal

import msgspec

from adapters.dates import PartialDate
from adapters.persons import PersonRef
from adapters.places import Address
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
