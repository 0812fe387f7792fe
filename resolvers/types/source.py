"""Where a value came from: every record carries it."""

from datetime import date, datetime

from adapters import registry
from adapters.dates import PartialDate
from adapters.registry import RegistryName
from resolvers.types.record import attribute, interface, record

OF_THE_RECORD = "Nguồn dữ liệu: the registry, its owner and the time of the answer."


@record(registry.Source)
class Source:
    """Nguồn dữ liệu: where a value came from, without which it is not usable; any registry."""

    registry: RegistryName = attribute("Cơ sở dữ liệu nguồn: which of the four registries.")
    authority: str = attribute("Cơ quan chủ quản: the registry's owner in words, Vietnamese.")
    record_date: PartialDate | None = attribute(
        "Ngày ghi nhận: when the registry made or last changed the record, when it says so."
    )
    digitised_from: str | None = attribute(
        "Số hóa từ giấy tờ: the paper the record was typed from, when the registry says so."
    )
    as_of: date | None = attribute(
        "Thời điểm dữ liệu: the day for which the registry says that the record holds."
    )
    fetched_at: datetime = attribute("Thời điểm khai thác: when the registry answered, UTC.")
    from_cache: bool = attribute(
        "Lấy từ bộ nhớ đệm: true when an earlier answer was used again; it is logged all the same."
    )
    stale: bool = attribute(
        "Dữ liệu cũ: true when the registry did not answer and an older answer stands in."
    )
    upstream_request_id: str | None = attribute(
        "Mã yêu cầu: the id under which the registry's own journal knows the call, as text."
    )


@interface
class RegistryRecord:
    """Bản ghi của cơ sở dữ liệu: anything that one registry states as a whole, with its source."""

    source: Source = attribute(OF_THE_RECORD)
