"""Addresses: as recorded, and where that is today."""

from datetime import date

from adapters import places
from resolvers.scalars import WardCode
from resolvers.types.record import attribute, record


@record(places.Place)
class Place:
    """Đơn vị hành chính: a ward-level unit and what lies within it, as it was on a day."""

    display: str = attribute(
        "Địa chỉ đầy đủ: as an official writes it, detail first, then ward, district of old, "
        "province."
    )
    detail: str | None = attribute("Địa chỉ chi tiết: house number, street, hamlet, as recorded.")
    ward_code: WardCode | None = attribute(
        "Mã xã, phường, đặc khu: five digits, kept as text; one code may have named another area "
        "before 2025-07-01."
    )
    ward_name: str | None = attribute("Tên xã, phường, đặc khu: with its kind, as on that day.")
    district_name: str | None = attribute(
        "Tên huyện, quận: only for days before 2025-07-01, when districts were abolished."
    )
    province_code: str | None = attribute("Mã tỉnh, thành phố: two digits, kept as text.")
    province_name: str | None = attribute("Tên tỉnh, thành phố: with its kind, as on that day.")
    valid_on: date | None = attribute("Ngày áp dụng: the day on which the place was so named.")
    successors: list["Place"] = attribute(
        "Đơn vị hành chính kế thừa: the units into which it went; empty when it still stands."
    )


@record(places.Address)
class Address:
    """Địa chỉ: an address as a registry recorded it, and where that is today."""

    today: Place | None = attribute(
        "Địa chỉ hiện nay: in today's two levels; null when the old ward was divided."
    )
    as_recorded: Place | None = attribute(
        "Địa chỉ theo bản ghi: in the units of the day on which the registry recorded it."
    )
    candidates: list[Place] = attribute(
        "Các đơn vị có thể: a divided ward's successors, among which the person must choose."
    )
