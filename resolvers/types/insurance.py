"""What the insurance registry states."""

from datetime import date

from adapters.dates import PartialDate
from adapters.insurance import records
from resolvers.scalars import HealthCardNumber, SocialInsuranceNumber
from resolvers.types.record import attribute, record
from resolvers.types.source import RegistryRecord


@record(records.SocialInsurance)
class SocialInsurance(RegistryRecord):
    """Bảo hiểm xã hội: participation, never a salary; insurance registry."""

    number: SocialInsuranceNumber | None = attribute(
        "Mã số bảo hiểm xã hội: 10 digits, kept as text, for life; insurance registry."
    )
    status: str | None = attribute(
        "Tình trạng tham gia: in the registry's own words; insurance registry."
    )
    participates_from: PartialDate | None = attribute(
        "Tham gia từ: the first month of contribution, as far as known; insurance registry."
    )
    months_contributed: int | None = attribute(
        "Số tháng đã đóng: whole months of contribution; insurance registry."
    )


@record(records.HealthInsurance)
class HealthInsurance(RegistryRecord):
    """Bảo hiểm y tế: the health card now in force, by the card check; insurance registry."""

    card_number: HealthCardNumber | None = attribute(
        "Mã thẻ bảo hiểm y tế: 15 characters, or the 10 digits of newer cards; insurance registry."
    )
    status: str | None = attribute(
        "Tình trạng thẻ: in the registry's own words; insurance registry."
    )
    valid_from: date | None = attribute(
        "Thẻ có giá trị từ ngày: first day, inclusive; insurance registry."
    )
    valid_to: date | None = attribute(
        "Thẻ có giá trị đến ngày: last day, inclusive; insurance registry."
    )
    benefit_level: int | None = attribute(
        "Mức hưởng: 1 to 5, the digit after the card's two letters; insurance registry."
    )
    first_clinic: str | None = attribute(
        "Nơi đăng ký khám bệnh, chữa bệnh ban đầu: the clinic's name or code; insurance registry."
    )
    check_code: str | None = attribute(
        "Mã kết quả kiểm tra thẻ: two digits, 00 when the data are correct; insurance registry."
    )
