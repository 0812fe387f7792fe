"""What a reader of the access log sends: the case, the filters."""

from datetime import datetime

from adapters.registry import RegistryName
from resolvers.inputs import input_type
from resolvers.log.enums import AccessOutcome, CaseGround
from resolvers.scalars import (
    AgencyCode,
    DossierCode,
    DraftId,
    EnterpriseCode,
    HealthCardNumber,
    LoggedProcedureCode,
    Month,
    OldIdNumber,
    PersonalId,
    SocialInsuranceNumber,
    WardCode,
)
from resolvers.types.record import attribute


@input_type()
class CaseRef:
    """Vụ việc: for which case the access log is read, logged with the reading."""

    number: str = attribute("Số vụ việc: at most 100 characters, as in the reader's own files.")
    ground: CaseGround = attribute("Căn cứ: why the log is read.")
    decision: str | None = attribute(
        "Quyết định: number of the decision or warrant, at most 100 characters."
    )


@input_type()
class ParcelPlace:
    """Vị trí thửa đất: as it was asked for."""

    ward: WardCode = attribute("Mã xã: five digits, the ward that was asked for.")
    sheet: str = attribute("Số hiệu tờ bản đồ: as it was asked for.")
    parcel: str = attribute("Số thứ tự thửa đất: as it was asked for.")


@input_type(one_of=True)
class SubjectNumber:
    """Số của chủ thể dữ liệu: exactly one, the others of the same person are found by it."""

    personal_id: PersonalId | None = attribute("Số định danh cá nhân: 12 digits.")
    old_id_number: OldIdNumber | None = attribute("Số chứng minh nhân dân: 9 digits.")
    social_insurance_number: SocialInsuranceNumber | None = attribute(
        "Mã số bảo hiểm xã hội: 10 digits."
    )
    health_card_number: HealthCardNumber | None = attribute("Mã thẻ bảo hiểm y tế: as printed.")
    enterprise_code: EnterpriseCode | None = attribute(
        "Mã số doanh nghiệp, hộ kinh doanh: the 12 digits of a household business are its owner's."
    )
    certificate_number: str | None = attribute(
        "Số phát hành Giấy chứng nhận: serial or register number, as it was asked for."
    )
    parcel: ParcelPlace | None = attribute("Thửa đất: ward, sheet and parcel number.")


@input_type()
class AccessLogFilter:
    """Điều kiện lọc nhật ký: everything that is given must hold."""

    since: datetime | None = attribute("Từ thời điểm: inclusive.")
    until: datetime | None = attribute("Đến thời điểm: exclusive.")
    consumer: str | None = attribute("Hệ thống khai thác: the consumer's id.")
    agency: AgencyCode | None = attribute("Mã cơ quan: that received the dossier or decides it.")
    unit: AgencyCode | None = attribute("Mã đơn vị: of the officer.")
    officer: PersonalId | None = attribute(
        "Số định danh của cán bộ: in whose name the registries were asked."
    )
    procedure: LoggedProcedureCode | None = attribute(
        "Mã thủ tục: a local suffix is left out; self-access where citizens look at themselves."
    )
    dossier: DossierCode | None = attribute("Mã hồ sơ: as it was sent.")
    draft: DraftId | None = attribute("Mã bản nháp: as it was sent.")
    subject: SubjectNumber | None = attribute("Chủ thể dữ liệu: by any of the numbers.")
    registry: RegistryName | None = attribute("Cơ sở dữ liệu: that was asked or that answered.")
    upstream_request_id: str | None = attribute(
        "Mã yêu cầu phía nguồn: under which the registry's own journal knows the call."
    )
    entry: str | None = attribute("Mã bản ghi: the id of one entry, as a receipt names it.")
    request_id: str | None = attribute("Mã yêu cầu: under which the answer left.")
    outcome: AccessOutcome | None = attribute("Kết quả: what came of it.")
    from_cache: bool | None = attribute(
        "Từ bộ nhớ đệm: whether an answer of a registry was used again."
    )


@input_type()
class StatisticsFilter:
    """Điều kiện thống kê: everything that is given must hold."""

    since: Month = attribute("Từ tháng: inclusive.")
    until: Month = attribute("Đến tháng: inclusive, at most 36 months from the first.")
    procedure: LoggedProcedureCode | None = attribute(
        "Mã thủ tục: a local suffix is left out; self-access where citizens look at themselves."
    )
    agency: AgencyCode | None = attribute("Mã cơ quan: that received the dossiers.")
    registry: RegistryName | None = attribute("Cơ sở dữ liệu: only rows of this registry.")
