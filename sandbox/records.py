"""What the registries hold about people and businesses: the truth of the invented province.

Values stand as a registry keeps them: names in upper case, dates as `19850512` or `1945`, places
in codes, sex in each registry's own digits. The twins put them on the wire; `parcels.py` has land.
"""

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Anything a registry holds; stored as JSON, so what is empty is left out."""


class Place(Record, frozen=True, kw_only=True):
    """A place in codes of its time: *district* is empty in records made since 2025-07-01."""

    province: str
    district: str = ""
    ward: str
    detail: str = ""
    country: str = "VN"


class PostalAddress(Record, frozen=True, kw_only=True):
    """A place in codes and in words, as the business and insurance registries print it."""

    place: Place
    province: str
    district: str = ""
    ward: str
    text: str
    """In full: detail, ward, (district,) province."""


class Kin(Record, frozen=True, kw_only=True):
    """A relative as the citizen's own record names them; a foreigner has no *number*."""

    full_name: str
    number: str = ""
    old_number: str = ""
    nationality: str = "VN"


class Head(Record, frozen=True, kw_only=True):
    """The head of a citizen's household, and what the citizen is to them (`Con`, `Vợ`)."""

    relation: str
    number: str
    old_number: str = ""
    full_name: str


class Citizen(Record, frozen=True, kw_only=True):
    """A citizen of the population registry."""

    number: str
    old_numbers: tuple[str, ...] = ()
    """Nine-digit CMND, the newest first; two citizens may share one."""
    family_name: str = ""
    middle_name: str = ""
    given_name: str
    """The whole name when *family_name* is empty, as the registry does with many records."""
    full_name: str
    birth: str
    """`YYYYMMDD`, or `YYYY` for those whose day nobody wrote down."""
    sex: str
    """`1` male, `2` female."""
    ethnic: str = "01"
    religion: str = "00"
    marital: str = ""
    """`1` single, `2` married, `3` divorced, `4` widowed, empty when not recorded (our codes)."""
    blood: str = "00"
    nationality: str = "VN"
    birth_registration: Place | None = None
    native_place: Place | None = None
    permanent: Place | None = None
    temporary: Place | None = None
    current: Place | None = None
    father: Kin | None = None
    mother: Kin | None = None
    spouse: Kin | None = None
    representative: Kin | None = None
    head: Head | None = None
    household: str = ""
    died: str = ""
    """As *birth*; empty for the living."""
    recorded: str
    """`YYYYMMDD`, when the record was made or last changed."""


class Member(Record, frozen=True, kw_only=True):
    """One line of a household, the head's own with the relation `Chủ hộ`."""

    number: str
    full_name: str
    birth: str
    sex: str
    relation: str


class Household(Record, frozen=True, kw_only=True):
    """People who live together; the head stands first among *members*."""

    number: str
    head: str
    members: tuple[Member, ...]


class SocialInsured(Record, frozen=True, kw_only=True):
    """A participant of social insurance."""

    code: str
    cmnd: str
    """The column's old name: it holds nine digits or twelve."""
    full_name: str
    birth: str
    sex: str
    """`1` male, `0` female: not the population registry's digits."""
    status: str
    start: str
    """`YYYYMM`."""
    months: int
    merged: tuple[str, ...] = ()
    """Older codes of the same person, which now lead here."""
    compulsory: bool = True
    workplace: str = ""
    salary: int = 0
    """The monthly contribution salary in VND: sensitive, and on the wire all the same."""
    household: str = ""
    """The insurance system's own household number, not the police household."""
    residence: PostalAddress | None = None


class HealthCard(Record, frozen=True, kw_only=True):
    """A health card; one person may have several, one after the other."""

    card: str
    """15 characters; the last ten are *code*."""
    code: str
    personal_id: str = ""
    full_name: str
    birth: str
    """`YYYYMMDD`, or `YYYY` as on many cards."""
    sex: str
    """`1` male, `2` female."""
    valid_from: str
    valid_to: str
    clinic: str
    clinic_name: str
    benefit: int
    address: str = ""


class LegalStatus(Record, frozen=True, kw_only=True):
    """A legal status of a business, with its period (`YYYYMMDD`) and the reason given."""

    code: str
    text: str
    starts: str = ""
    ends: str = ""
    reason: str = ""


class Representative(Record, frozen=True, kw_only=True):
    """A person whom the business registry names: representative or owner."""

    full_name: str
    number: str
    """Of the document; the personal id for nearly everybody."""
    document: str = "Căn cước công dân"
    birth: str
    sex: str
    """`1` male, `2` female."""
    nationality: str = "Việt Nam"
    position: str = "Giám đốc"


class Branch(Record, frozen=True, kw_only=True):
    """A branch or dependent unit: code 10-3."""

    code: str
    name: str
    address: PostalAddress


class Location(Record, frozen=True, kw_only=True):
    """A place of business: a five-digit counter local to the enterprise."""

    counter: str
    name: str
    address: PostalAddress


class Industry(Record, frozen=True, kw_only=True):
    """A line of business (VSIC)."""

    code: str
    name: str
    main: bool = False


class Enterprise(Record, frozen=True, kw_only=True):
    """An enterprise; its code is its tax code and begins with 99 here."""

    code: str
    name: str
    foreign_name: str = ""
    short_name: str = ""
    type_code: str
    type_name: str
    statuses: tuple[LegalStatus, ...]
    """The one in force last."""
    founded: str
    last_amended: str
    changes: int = 0
    capital: int
    """Charter capital in VND."""
    address: PostalAddress
    representatives: tuple[Representative, ...]
    branches: tuple[Branch, ...] = ()
    locations: tuple[Location, ...] = ()
    industries: tuple[Industry, ...] = ()


class HouseholdBusiness(Record, frozen=True, kw_only=True):
    """A household business: its code is its owner's personal id."""

    code: str
    name: str
    owner: Representative
    address: PostalAddress
    statuses: tuple[LegalStatus, ...]
    founded: str
    capital: int = 0
    industries: tuple[Industry, ...] = ()


def check_digit(body: str) -> str | None:
    """Return the tenth digit of the tax code that begins with the nine digits of *body*.

    None when there is none: such a body is never issued.
    """
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    rest = sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11
    return str(10 - rest) if rest else None
