"""The scalars of the schema: a name, a Vietnamese term, a form, and how its text is read.

Identifiers and dates are text: as a number they would lose a leading zero. At run time the
identifiers stay plain text; PartialDate is adapters.dates.PartialDate. A schema takes them by
`StrawberryConfig(scalar_map=SCALARS)`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NewType

import strawberry
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from adapters import dates, identifiers
from adapters.dates import PartialDate
from auth.purpose import SELF_ACCESS
from resolvers import shapes
from resolvers.shapes import BadInput, Shape, checked, like, shown

__all__ = [
    "SCALARS",
    "SHAPES",
    "AgencyCode",
    "BadInput",
    "CountryCode",
    "DossierCode",
    "DraftId",
    "EnterpriseCode",
    "HealthCardNumber",
    "LoggedProcedureCode",
    "Month",
    "OldIdNumber",
    "PersonalId",
    "ProcedureCode",
    "RoleName",
    "SocialInsuranceNumber",
    "WardCode",
]

PersonalId = NewType("PersonalId", str)
OldIdNumber = NewType("OldIdNumber", str)
EnterpriseCode = NewType("EnterpriseCode", str)
SocialInsuranceNumber = NewType("SocialInsuranceNumber", str)
HealthCardNumber = NewType("HealthCardNumber", str)
ProcedureCode = NewType("ProcedureCode", str)
LoggedProcedureCode = NewType("LoggedProcedureCode", str)
DossierCode = NewType("DossierCode", str)
DraftId = NewType("DraftId", str)
AgencyCode = NewType("AgencyCode", str)
RoleName = NewType("RoleName", str)
WardCode = NewType("WardCode", str)
CountryCode = NewType("CountryCode", str)
Month = NewType("Month", str)


TEXT = shown(str, str)
_PROCEDURE = checked(identifiers.check_procedure_code)

SHAPES: Mapping[object, Shape] = {
    PersonalId: Shape(
        name="PersonalId",
        term="Số định danh cá nhân",
        vi="gồm đúng 12 chữ số",
        en="exactly 12 digits",
        read=checked(identifiers.check_personal_id),
        show=TEXT,
    ),
    OldIdNumber: Shape(
        name="OldIdNumber",
        term="Số chứng minh nhân dân",
        vi="gồm đúng 9 chữ số",
        en="exactly 9 digits",
        read=checked(identifiers.check_old_id_number),
        show=TEXT,
    ),
    PartialDate: Shape(
        name="PartialDate",
        term="Ngày theo giấy tờ",
        vi="có dạng năm-tháng-ngày, năm-tháng hoặc năm",
        en="YYYY-MM-DD, YYYY-MM or YYYY",
        read=shapes.partial_date,
        show=shown(PartialDate, dates.iso),
    ),
    EnterpriseCode: Shape(
        name="EnterpriseCode",
        term="Mã số doanh nghiệp hoặc hộ kinh doanh",
        vi="gồm 10 chữ số, 10 chữ số kèm gạch nối và 3 chữ số của chi nhánh, hoặc 12 chữ số",
        en="10 digits, 10 digits with a dash and a branch's 3, or 12 digits",
        read=checked(identifiers.check_enterprise_code, form=identifiers.normalise_enterprise_code),
        show=TEXT,
    ),
    SocialInsuranceNumber: Shape(
        name="SocialInsuranceNumber",
        term="Mã số bảo hiểm xã hội",
        vi="gồm đúng 10 chữ số",
        en="exactly 10 digits",
        read=checked(identifiers.check_social_insurance_number),
        show=TEXT,
    ),
    HealthCardNumber: Shape(
        name="HealthCardNumber",
        term="Mã thẻ bảo hiểm y tế",
        vi="gồm 2 chữ in hoa và 13 chữ số, hoặc 10 chữ số của thẻ mới, hoặc 12 chữ số định danh",
        en="2 capitals and 13 digits, the 10 digits of newer cards, or the 12 of the personal id",
        read=checked(identifiers.check_health_card_number),
        show=TEXT,
    ),
    ProcedureCode: Shape(
        name="ProcedureCode",
        term="Mã thủ tục hành chính",
        vi="gồm 1 chữ số, dấu chấm và 6 chữ số, có thể kèm hậu tố địa phương",
        en="1 digit, a dot and 6 digits, with or without a local suffix",
        read=_PROCEDURE,
        show=TEXT,
    ),
    LoggedProcedureCode: Shape(
        name="LoggedProcedureCode",
        term="Mã thủ tục trong nhật ký",
        vi=f"gồm 1 chữ số, dấu chấm và 6 chữ số, có thể kèm hậu tố địa phương, hoặc {SELF_ACCESS}",
        en=f"1 digit, a dot and 6 digits, with or without a local suffix, or {SELF_ACCESS}",
        read=lambda text: text if text == SELF_ACCESS else _PROCEDURE(text),
        show=TEXT,
    ),
    DossierCode: Shape(
        name="DossierCode",
        term="Mã hồ sơ",
        vi="gồm 1 đến 64 ký tự in được, không có khoảng trắng ở hai đầu",
        en="1 to 64 printable characters without spaces around them",
        read=checked(identifiers.check_dossier_code),
        show=TEXT,
    ),
    DraftId: Shape(
        name="DraftId",
        term="Mã bản nháp",
        vi="gồm 16 đến 64 chữ cái không dấu, chữ số và các dấu - _",
        en="16 to 64 unmarked letters, digits and the signs - _",
        read=checked(identifiers.check_draft_id),
        show=TEXT,
    ),
    AgencyCode: Shape(
        name="AgencyCode",
        term="Mã cơ quan",
        vi="có dạng H26, H26.12 hoặc 000.00.00.H26",
        en="written as H26, H26.12 or 000.00.00.H26",
        read=checked(identifiers.check_agency_code),
        show=TEXT,
    ),
    RoleName: Shape(
        name="RoleName",
        term="Tên vai trò",
        vi="gồm 1 đến 40 chữ cái không dấu và chữ số, bắt đầu bằng chữ thường",
        en="1 to 40 unmarked letters and digits, a small letter first",
        read=like(r"[a-z][A-Za-z0-9]{0,39}"),
        show=TEXT,
    ),
    WardCode: Shape(
        name="WardCode",
        term="Mã xã, phường, đặc khu",
        vi="gồm đúng 5 chữ số",
        en="exactly 5 digits",
        read=checked(identifiers.check_ward_code),
        show=TEXT,
    ),
    CountryCode: Shape(
        name="CountryCode",
        term="Mã quốc gia",
        vi="gồm 2 chữ in hoa theo ISO 3166-1",
        en="2 capitals after ISO 3166-1 alpha-2",
        read=checked(identifiers.check_country_code),
        show=TEXT,
    ),
    Month: Shape(
        name="Month",
        term="Tháng",
        vi="có dạng năm-tháng, ví dụ 2026-11",
        en="YYYY-MM, such as 2026-11",
        read=like(r"20[0-9]{2}-(0[1-9]|1[0-2])"),
        show=TEXT,
    ),
    Decimal: Shape(
        name="Decimal",
        term="Số thập phân",
        vi="gồm tối đa 18 chữ số, có thể kèm dấu chấm và tối đa 6 chữ số lẻ",
        en="up to 18 digits, with or without a dot and up to 6 more",
        read=shapes.decimal,
        show=shown(Decimal, lambda value: format(value, "f")),
    ),
    date: Shape(
        name="Date",
        term="Ngày",
        vi="có dạng năm-tháng-ngày",
        en="YYYY-MM-DD",
        read=shapes.day,
        show=shown(date, date.isoformat),
    ),
    datetime: Shape(
        name="DateTime",
        term="Thời điểm",
        vi="có dạng ngày, chữ T, giờ và múi giờ theo ISO 8601, ví dụ 2026-11-21T00:00:00+07:00",
        en="date, T, time and offset after ISO 8601 (UTC in answers)",
        read=shapes.moment,
        show=shown(datetime, shapes.utc),
    ),
}

SCALARS: Mapping[object, ScalarDefinition] = {
    **{key: shape.definition() for key, shape in SHAPES.items()},
    JSON: strawberry.scalar(
        name="JSON", description="Dữ liệu JSON: any JSON value, in answers only."
    ),
}
