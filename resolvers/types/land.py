"""What the provincial land databases state. Land has holders, not owners: it is the people's."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from adapters.dates import PartialDate
from adapters.land import records
from resolvers.scalars import EnterpriseCode, WardCode
from resolvers.types.person_ref import PersonRef
from resolvers.types.place import Address
from resolvers.types.record import attribute, record
from resolvers.types.source import RegistryRecord


@record(records.HolderPerson, in_union=True)
class HolderPerson:
    """Cá nhân sử dụng đất: one person as holder; land registry."""

    person: PersonRef | None = attribute("Cá nhân: as the land register names them; land registry.")
    died_in: PartialDate | None = attribute(
        "Năm chết: usually a year, when the land register says so; land registry."
    )


@record(records.HolderCouple, in_union=True)
class HolderCouple:
    """Vợ chồng cùng sử dụng đất: spouses as one party; land registry."""

    first: HolderPerson | None = attribute(
        "Người đứng tên thứ nhất: the spouse whom the certificate prints first; land registry."
    )
    second: HolderPerson | None = attribute(
        "Người đứng tên thứ hai: the spouse whom the certificate prints second; land registry."
    )


@record(records.HolderHousehold, in_union=True)
class HolderHousehold:
    """Hộ gia đình sử dụng đất: one party, its members counted and not named; land registry."""

    head: HolderPerson | None = attribute("Chủ hộ: as the land register names them; land registry.")
    spouse_of_head: PersonRef | None = attribute(
        "Vợ hoặc chồng của chủ hộ: as the land register names them; land registry."
    )
    member_count: int | None = attribute(
        "Số thành viên: how many members share the right; land registry."
    )


@record(records.HolderOrganisation, in_union=True)
class HolderOrganisation:
    """Tổ chức sử dụng đất: an organisation as holder; land registry."""

    name: str | None = attribute("Tên tổ chức: as the land register writes it; land registry.")
    code: EnterpriseCode | None = attribute(
        "Mã số doanh nghiệp: 10 digits or 10-3, when the organisation has one; land registry."
    )


@record(records.HolderCommunity, in_union=True)
class HolderCommunity:
    """Cộng đồng dân cư sử dụng đất: a community of residents as holder; land registry."""

    name: str | None = attribute(
        "Tên cộng đồng dân cư: as the land register writes it; land registry."
    )


LandHolder: TypeAlias = Annotated[
    HolderPerson | HolderCouple | HolderHousehold | HolderOrganisation | HolderCommunity,
    strawberry.union(
        "LandHolder",
        description="Người sử dụng đất: one of the five kinds of holder; land registry.",
    ),
]

_HOLDER = (
    "Người sử dụng đất: null with state RESTRICTED unless a role of this dossier is matched as "
    "holder; land registry."
)


@record(records.LandUse)
class LandUse:
    """Mục đích sử dụng đất: one use of the parcel; land registry."""

    code: str = attribute(
        "Mã loại đất: three letters such as ONT, an unknown one kept as written; land registry."
    )
    name: str | None = attribute(
        "Tên loại đất: null when the code is not in the list; land registry."
    )
    area: Decimal | None = attribute(
        "Diện tích: square metres, a decimal kept as text; land registry."
    )
    term: str | None = attribute(
        "Thời hạn sử dụng: the words for a lasting use or a number of years, as written; land "
        "registry."
    )
    origin: str | None = attribute(
        "Nguồn gốc sử dụng: how the right came about, as written; land registry."
    )


@record(records.LandCertificate)
class LandCertificate(RegistryRecord):
    """Giấy chứng nhận quyền sử dụng đất: as the province's database states it; land registry."""

    serial_number: str | None = attribute(
        "Số phát hành: the printed serial number, one or two letters and 6 or 8 digits; land "
        "registry."
    )
    register_number: str | None = attribute(
        "Số vào sổ cấp giấy chứng nhận: the number in the register of issue; land registry."
    )
    matched_by: str | None = attribute(
        "Khớp theo: serialNumber or registerNumber, whichever the asked number was; land registry."
    )
    issued_on: date | None = attribute("Ngày cấp: the day of issue; land registry.")
    issued_by: str | None = attribute("Cơ quan cấp: the issuing authority in words; land registry.")
    holder: LandHolder | None = attribute(_HOLDER)


@record(records.Encumbrance)
class Encumbrance:
    """Biện pháp bảo đảm hoặc hạn chế: a mortgage or restriction now in force; land registry."""

    kind: str = attribute("Loại: mortgage or restriction in the register's words; land registry.")
    registered_on: date | None = attribute("Ngày đăng ký: the day of registration; land registry.")
    secured: str | None = attribute(
        "Nghĩa vụ được bảo đảm: what is secured, as written; land registry."
    )
    beneficiary: str | None = attribute(
        "Bên nhận bảo đảm: the secured party or the authority that restricts; land registry."
    )


@record(records.Parcel)
class Parcel(RegistryRecord):
    """Thửa đất: a land parcel as the province's database states it; land registry."""

    national_id: str | None = attribute(
        "Mã định danh thửa đất: the new national parcel id, kept as text; land registry."
    )
    ward: WardCode | None = attribute(
        "Mã xã: five digits, kept as text, the ward at survey time; land registry."
    )
    sheet: str | None = attribute(
        "Số hiệu tờ bản đồ: the map sheet within the ward, kept as text; land registry."
    )
    parcel: str | None = attribute(
        "Số thứ tự thửa đất: the parcel within the sheet, kept as text; land registry."
    )
    old_sheet: str | None = attribute(
        "Số hiệu tờ bản đồ cũ: the sheet before the last survey, kept as text; land registry."
    )
    old_parcel: str | None = attribute(
        "Số thứ tự thửa đất cũ: the parcel before the last survey, kept as text; land registry."
    )
    area: Decimal | None = attribute(
        "Diện tích: square metres, a decimal kept as text; land registry."
    )
    address: Address | None = attribute("Địa chỉ thửa đất: as recorded; land registry.")
    uses: list[LandUse] | None = attribute("Mục đích sử dụng: all uses on file; land registry.")
    holder: LandHolder | None = attribute(_HOLDER)
    certificates: list[LandCertificate] | None = attribute(
        "Giấy chứng nhận: the certificates issued for the parcel; land registry."
    )
    encumbrances: list[Encumbrance] | None = attribute(
        "Biện pháp bảo đảm và hạn chế: those now in force; land registry."
    )
