"""What the business registry states: enterprises and household businesses."""

from datetime import date
from decimal import Decimal

import strawberry

from adapters.business import records
from resolvers.enums import Verdict
from resolvers.scalars import EnterpriseCode
from resolvers.types.person_ref import PersonRef
from resolvers.types.place import Address
from resolvers.types.record import attribute, derived, interface, record
from resolvers.types.source import OF_THE_RECORD, RegistryRecord, Source


@record(records.BusinessStatus)
class BusinessStatus:
    """Tình trạng pháp lý: a legal status with its period; business registry."""

    code: str | None = attribute("Mã tình trạng: the registry's own code; business registry.")
    text: str | None = attribute("Tên tình trạng: in the registry's own words; business registry.")
    starts: date | None = attribute(
        "Từ ngày: first day, inclusive; business registry.", name="from"
    )
    ends: date | None = attribute(
        "Đến ngày: last day, inclusive, null while it lasts; business registry.", name="to"
    )


@interface
class Business:
    """Tổ chức, cá nhân kinh doanh: an enterprise or a household business; business registry."""

    source: Source = attribute(OF_THE_RECORD)
    code: EnterpriseCode | None = attribute(
        "Mã số doanh nghiệp hoặc mã số hộ kinh doanh: 10 digits, 10-3 for a branch, or the owner's "
        "12; business registry."
    )
    name: str | None = attribute("Tên: the registered Vietnamese name; business registry.")
    statuses: list[BusinessStatus] | None = attribute(
        "Tình trạng pháp lý: those on file, each with its period; business registry."
    )
    address: Address | None = attribute(
        "Địa chỉ trụ sở: head office or place of business; business registry."
    )


@record(records.Branch)
class Branch:
    """Chi nhánh hoặc đơn vị phụ thuộc: a part with a code of its own; business registry."""

    code: EnterpriseCode = attribute(
        "Mã số chi nhánh: 10 digits, a dash and 3 digits; business registry."
    )
    name: str | None = attribute("Tên chi nhánh: the registered name; business registry.")
    address: Address | None = attribute("Địa chỉ chi nhánh: as registered; business registry.")


@record(records.BusinessLocation)
class BusinessLocation:
    """Địa điểm kinh doanh: a place of business without a tax code of its own; business registry."""

    counter: str = attribute(
        "Mã địa điểm kinh doanh: five digits local to the enterprise, not a tax code; business "
        "registry."
    )
    name: str | None = attribute("Tên địa điểm kinh doanh: the registered name; business registry.")
    address: Address | None = attribute(
        "Địa chỉ địa điểm kinh doanh: as registered; business registry."
    )


@record(records.Industry)
class Industry:
    """Ngành, nghề kinh doanh: a registered line of business; business registry."""

    code: str = attribute("Mã ngành: VSIC code, kept as text; business registry.")
    name: str | None = attribute("Tên ngành: in the classification's words; business registry.")
    main: bool = attribute("Ngành chính: true for the main line of business; business registry.")


@record(records.Enterprise)
class Enterprise(Business, RegistryRecord):
    """Doanh nghiệp: an enterprise as registered; business registry."""

    short_name: str | None = attribute("Tên viết tắt: as registered; business registry.")
    foreign_name: str | None = attribute(
        "Tên bằng tiếng nước ngoài: as registered; business registry."
    )
    kind: str | None = attribute(
        "Loại hình doanh nghiệp: the legal form in the registry's words; business registry."
    )
    founded_on: date | None = attribute(
        "Ngày đăng ký lần đầu: the day of first registration; business registry."
    )
    charter_capital: Decimal | None = attribute(
        "Vốn điều lệ: Vietnamese dong, a decimal kept as text; business registry."
    )
    representatives: list[PersonRef] | None = attribute(
        "Người đại diện theo pháp luật: all of them, as registered; business registry."
    )
    branches: list[Branch] | None = attribute(
        "Chi nhánh và đơn vị phụ thuộc: those on file; business registry."
    )
    locations: list[BusinessLocation] | None = attribute(
        "Địa điểm kinh doanh: those on file; business registry."
    )
    industries: list[Industry] | None = attribute(
        "Ngành, nghề kinh doanh: all registered lines of business; business registry."
    )


@record(records.HouseholdBusiness)
class HouseholdBusiness(Business, RegistryRecord):
    """Hộ kinh doanh: not an enterprise, its code is its owner's personal id; business registry."""

    owner: PersonRef | None = attribute(
        "Chủ hộ kinh doanh: the owner, as registered; business registry."
    )


def _verdict(root: strawberry.Parent[records.NameCheck]) -> Verdict:
    if root.taken:
        return Verdict.EXACT
    return Verdict.PARTIAL if root.similar else Verdict.DIFFERENT


@record(records.NameCheck)
class NameCheck:
    """Kiểm tra tên: whether a business name is free in a ward; business registry."""

    verdict: Verdict = derived(
        "Kết quả kiểm tra tên: EXACT when taken, PARTIAL when only similar names stand, DIFFERENT "
        "when free; business registry.",
        _verdict,
    )
    similar: list[str] = attribute(
        "Tên trùng hoặc gần giống: public business names only, never a person; business registry."
    )
    source: Source = attribute(OF_THE_RECORD)
