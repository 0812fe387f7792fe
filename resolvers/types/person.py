"""What the population registry states, and the edges that lead from a person onward.

The graph goes forward only: kin are small values, never a way to their own record.
"""

from adapters.dates import PartialDate
from adapters.population import records
from adapters.population.records import MaritalStatus, Sex
from resolvers.edges import edge_field
from resolvers.scalars import CountryCode, OldIdNumber, PersonalId
from resolvers.types.business import Business
from resolvers.types.insurance import HealthInsurance, SocialInsurance
from resolvers.types.land import Parcel
from resolvers.types.person_ref import PersonRef
from resolvers.types.place import Address
from resolvers.types.record import attribute, record
from resolvers.types.source import RegistryRecord

_SOCIAL = "Bảo hiểm xã hội: participation by personal id, name and birth date; insurance registry."
_HEALTH = "Bảo hiểm y tế: the card now in force; insurance registry."
_BUSINESSES = (
    "Doanh nghiệp và hộ kinh doanh: those that the person represents or owns; business registry."
)


@record(records.HouseholdMember)
class HouseholdMember:
    """Thành viên hộ gia đình: as the household answer carries them; population registry."""

    full_name: str | None = attribute("Họ, chữ đệm và tên: in full; population registry.")
    personal_id: PersonalId | None = attribute(
        "Số định danh cá nhân: 12 digits, kept as text; population registry."
    )
    birth_date: PartialDate | None = attribute(
        "Ngày, tháng, năm sinh: to the day, the month or the year; population registry."
    )
    sex: Sex | None = attribute("Giới tính: as registered; population registry.")
    relation_to_head: str | None = attribute(
        "Quan hệ với chủ hộ: in the registry's own words; population registry."
    )
    social_insurance: SocialInsurance | None = edge_field(
        _SOCIAL, type_name="HouseholdMember", name="socialInsurance"
    )
    health_insurance: HealthInsurance | None = edge_field(
        _HEALTH, type_name="HouseholdMember", name="healthInsurance"
    )
    businesses: list[Business] | None = edge_field(
        _BUSINESSES, type_name="HouseholdMember", name="businesses"
    )


@record(records.Household)
class Household(RegistryRecord):
    """Hộ gia đình: a proven citizen's household, by an invented operation; population registry."""

    relation_to_head: str | None = attribute(
        "Quan hệ với chủ hộ: the citizen's own, in the registry's words; population registry."
    )
    members: list[HouseholdMember] | None = attribute(
        "Thành viên hộ gia đình: all members, the citizen among them; population registry."
    )


@record(records.Person)
class Person(RegistryRecord):
    """Công dân: a person as the national population database states them; population registry."""

    personal_id: PersonalId | None = attribute(
        "Số định danh cá nhân: 12 digits, kept as text; population registry."
    )
    old_id_numbers: list[OldIdNumber] | None = attribute(
        "Số chứng minh nhân dân: earlier numbers, 9 digits, kept as text; population registry."
    )
    full_name: str | None = attribute(
        "Họ, chữ đệm và tên: in full, with its marks; population registry."
    )
    birth_date: PartialDate | None = attribute(
        "Ngày, tháng, năm sinh: to the day, the month or the year; population registry."
    )
    sex: Sex | None = attribute(
        "Giới tính: as registered, whatever digit the number carries; population registry."
    )
    nationality: CountryCode | None = attribute(
        "Quốc tịch: ISO 3166-1 alpha-2; population registry."
    )
    ethnic_group: str | None = attribute(
        "Dân tộc: the group's name, sensitive, only on a form's stated ground; population registry."
    )
    religion: str | None = attribute(
        "Tôn giáo: the religion's name, sensitive, only on a form's stated ground; population "
        "registry."
    )
    marital_status: MaritalStatus | None = attribute(
        "Tình trạng hôn nhân: as registered, of a quality that varies with the record's year; "
        "population registry."
    )
    died_on: PartialDate | None = attribute(
        "Ngày chết: to the day, the month or the year; population registry."
    )
    permanent_residence: Address | None = attribute(
        "Nơi thường trú: the registered permanent residence; population registry."
    )
    temporary_residence: Address | None = attribute(
        "Nơi tạm trú: the registered temporary residence; population registry."
    )
    current_residence: Address | None = attribute(
        "Nơi ở hiện tại: where the person lives now, as declared; population registry."
    )
    native_place: Address | None = attribute(
        "Quê quán: the family's place of origin; population registry."
    )
    birth_registration_place: Address | None = attribute(
        "Nơi đăng ký khai sinh: where the birth was registered; population registry."
    )
    father: PersonRef | None = attribute("Cha: as the record states him; population registry.")
    mother: PersonRef | None = attribute("Mẹ: as the record states her; population registry.")
    spouse: PersonRef | None = attribute(
        "Vợ hoặc chồng: as the record states them; population registry."
    )
    representative: PersonRef | None = attribute(
        "Người đại diện hợp pháp: guardian or legal representative; population registry."
    )
    head_of_household: PersonRef | None = attribute(
        "Chủ hộ: as the record states them; population registry."
    )
    household: Household | None = edge_field(
        "Hộ gia đình: the person's household with its members; population registry, by an "
        "operation invented here after the real ones.",
        type_name="Person",
        name="household",
    )
    social_insurance: SocialInsurance | None = edge_field(
        _SOCIAL, type_name="Person", name="socialInsurance"
    )
    health_insurance: HealthInsurance | None = edge_field(
        _HEALTH, type_name="Person", name="healthInsurance"
    )
    businesses: list[Business] | None = edge_field(
        _BUSINESSES, type_name="Person", name="businesses"
    )
    parcels: list[Parcel] | None = edge_field(
        "Thửa đất: the parcels the person holds, by personal id and by old number with name; "
        "land registry, all provinces connected here.",
        type_name="Person",
        name="parcels",
    )
