"""The form of `world.toml`: the world in people's words, before it becomes registry records."""

import msgspec


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the script; a misspelt key stops the sandbox."""


class Home(_Entry, frozen=True, kw_only=True):
    """A place: the ward's code on the day of the record, and what lies within the ward."""

    ward: str
    detail: str = ""


class Stranger(_Entry, frozen=True, kw_only=True):
    """A relative who is in no registry of ours."""

    name: str
    nationality: str = "VN"


class SocialEntry(_Entry, frozen=True, kw_only=True):
    """Participation in social insurance."""

    code: str
    status: str = "Đang tham gia"
    since: str
    months: int
    merged: tuple[str, ...] = ()
    compulsory: bool = True
    workplace: str = ""
    salary: int = 0


class CardEntry(_Entry, frozen=True, kw_only=True):
    """A health card; *code* is the insurance code unless the person has none."""

    group: str
    benefit: int
    code: str = ""
    valid_from: str
    valid_to: str
    clinic: str
    clinic_name: str
    year_only: bool = False
    """The card holds the year of birth and no more."""


class PersonEntry(_Entry, frozen=True, kw_only=True):
    """A person; those with a *story* are offered to visitors, the others are their relatives."""

    name: str
    number: str
    born: str
    sex: str
    story: str = ""
    story_en: str = ""
    cases: tuple[str, ...] = ()
    procedure: str = ""
    unknown: bool = False
    """In no registry at all: only the key exists."""
    name_in_one: bool = False
    """The registry keeps the whole name where the given name belongs."""
    old_numbers: tuple[str, ...] = ()
    ethnic: str = "01"
    religion: str = "00"
    marital: str = ""
    died: str = ""
    recorded: str = "2021-05-20"
    home: Home | None = None
    temporary: Home | None = None
    native: str = ""
    father: str | Stranger | None = None
    mother: str | Stranger | None = None
    spouse: str | Stranger | None = None
    representative: str | Stranger | None = None
    social: SocialEntry | None = None
    cards: tuple[CardEntry, ...] = ()


class HouseholdEntry(_Entry, frozen=True, kw_only=True):
    """A household: its head, and what each other member is to the head."""

    head: str
    members: dict[str, str] = {}


class StatusEntry(_Entry, frozen=True, kw_only=True):
    """A legal status with its period."""

    code: str
    text: str
    starts: str = ""
    ends: str = ""
    reason: str = ""


class PlaceEntry(_Entry, frozen=True, kw_only=True):
    """A branch (*mark* `001`) or a place of business (*mark* `00036`)."""

    mark: str
    name: str
    home: Home


class BusinessEntry(_Entry, frozen=True, kw_only=True):
    """An enterprise, or a household business when it has no *code* of its own."""

    name: str
    code: str = ""
    short: str = ""
    foreign: str = ""
    type_code: str = ""
    type_name: str = ""
    founded: str
    amended: str = ""
    capital: int
    home: Home
    representatives: tuple[str, ...]
    statuses: tuple[StatusEntry, ...] = ()
    branches: tuple[PlaceEntry, ...] = ()
    locations: tuple[PlaceEntry, ...] = ()
    industries: dict[str, str] = {}
    """VSIC code to name; the first is the main one."""


class HolderEntry(_Entry, frozen=True, kw_only=True):
    """Who holds a parcel, by short names; *printed* says which number the certificate bears."""

    kind: str
    first: str = ""
    second: str = ""
    members: tuple[str, ...] = ()
    wife_first: bool = False
    printed: str = "personal id"
    name: str = ""
    code: str = ""


class CertificateEntry(_Entry, frozen=True, kw_only=True):
    """A certificate of land use rights."""

    serial: str
    register: str
    issued: str
    issuer: str


class UseEntry(_Entry, frozen=True, kw_only=True):
    """A use of the land."""

    code: str
    area: float
    term: str = "Lâu dài"


class BurdenEntry(_Entry, frozen=True, kw_only=True):
    """A mortgage in force."""

    registered: str
    secured: str
    beneficiary: str


class ParcelEntry(_Entry, frozen=True, kw_only=True):
    """A parcel, its one holder and what is registered about it."""

    province: str
    home: Home
    sheet: str
    number: str
    old_sheet: str = ""
    old_number: str = ""
    national_id: str
    surveyed: str
    holder: HolderEntry
    uses: tuple[UseEntry, ...]
    certificates: tuple[CertificateEntry, ...] = ()
    burdens: tuple[BurdenEntry, ...] = ()


class Script(_Entry, frozen=True, kw_only=True):
    """The whole of `world.toml`."""

    as_of: str
    land_provinces: tuple[str, ...]
    rules: dict[str, str]
    people: dict[str, PersonEntry]
    households: dict[str, HouseholdEntry]
    enterprises: dict[str, BusinessEntry]
    household_businesses: dict[str, BusinessEntry]
    parcels: dict[str, ParcelEntry]


def compact(day: str) -> str:
    """Write an ISO date, month or year as the registries do: without dashes."""
    return day.replace("-", "")
