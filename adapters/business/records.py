"""Business records, and the translation of their wire names."""

from datetime import date
from decimal import Decimal

import msgspec

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
