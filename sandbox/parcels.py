"""What a province's land database holds: parcels, their uses, holders, certificates and burdens.

Land is asked by SQL, so each of these becomes rows of tables (`land_tables.py`), never JSON.
Dates are ISO text, `2015-03-04`.
"""

from enum import StrEnum

from sandbox.records import Record


class HolderKind(StrEnum):
    """Who may hold land as one party, in the wire's own words."""

    PERSON = "CA_NHAN"
    COUPLE = "VO_CHONG"
    HOUSEHOLD = "HO_GIA_DINH"
    ORGANISATION = "TO_CHUC"
    COMMUNITY = "CONG_DONG"


class LandPerson(Record, frozen=True, kw_only=True):
    """A person as the certificate names them: often by an old number, often without a full date."""

    full_name: str
    number: str = ""
    """The personal id, empty when the certificate is older than it."""
    old_number: str = ""
    """The CMND printed on the certificate."""
    birth_year: int | None = None
    birth_date: str = ""
    died: int | None = None
    """The year, when the land office knows of a death."""


class Holder(Record, frozen=True, kw_only=True):
    """One party: *first* is the person, the husband or the head; *second* the wife or spouse."""

    kind: HolderKind
    first: LandPerson | None = None
    second: LandPerson | None = None
    wife_first: bool = False
    """The certificate prints the wife before the husband."""
    members: tuple[LandPerson, ...] = ()
    """Of a household; the head and the spouse are among them."""
    name: str = ""
    """Of an organisation or a community."""
    code: str = ""
    """Of an organisation: its enterprise code."""


class LandUse(Record, frozen=True, kw_only=True):
    """A use of the parcel: a code of the land-use list, or whatever somebody typed."""

    code: str
    area: float
    term: str = "Lâu dài"
    origin: str = "Nhà nước giao đất có thu tiền sử dụng đất"


class Certificate(Record, frozen=True, kw_only=True):
    """A certificate of land use rights."""

    serial: str
    register: str
    issued: str
    issuer: str


class Burden(Record, frozen=True, kw_only=True):
    """A registered mortgage or restriction now in force."""

    kind: str = "Thế chấp quyền sử dụng đất"
    registered: str
    secured: str
    beneficiary: str


class Parcel(Record, frozen=True, kw_only=True):
    """A parcel of land and the party that holds it."""

    province: str
    """Whose database has it, today's code."""
    ward: str
    """The code at survey time: mostly a ward of before 2025-07-01."""
    sheet: str
    number: str
    old_sheet: str = ""
    old_number: str = ""
    national_id: str
    area: float
    """Square metres."""
    address: str
    uses: tuple[LandUse, ...]
    holder: Holder
    certificates: tuple[Certificate, ...] = ()
    burdens: tuple[Burden, ...] = ()
