"""Who looked at a citizen's data, as the citizen is shown it: in words, and about nobody else."""

from datetime import datetime

from resolvers.log import results
from resolvers.types.access import AccessProcedure
from resolvers.types.catalogue import PageInfo
from resolvers.types.record import attribute, record


@record(results.OwnAccess)
class OwnAccess:
    """Lượt khai thác dữ liệu của bản thân: one request that concerned the citizen."""

    entry_id: str = attribute("Mã bản ghi: to name the line in a complaint.")
    at: datetime = attribute("Thời điểm: UTC.")
    agency: str | None = attribute("Cơ quan tiếp nhận: an agency code.")
    agency_name: str | None = attribute(
        "Tên cơ quan tiếp nhận: where this installation names it, or an agency above it."
    )
    unit: str | None = attribute("Đơn vị: of the officer, an agency code.")
    unit_name: str | None = attribute(
        "Tên đơn vị: where this installation names it, or an agency above it."
    )
    procedure: AccessProcedure | None = attribute("Thủ tục: for which it was asked.")
    registries: list[str] = attribute("Cơ sở dữ liệu: those asked about the citizen, in words.")
    fields: list[str] = attribute(
        "Các trường: what was given out or compared, of a refused request what was asked."
    )
    step: str | None = attribute("Bước xử lý: of the dossier, in words; null without one.")
    who: str = attribute("Người khai thác: who sat at the keyboard, in words.")
    officer_name: str | None = attribute(
        "Họ tên cán bộ: null unless this installation shows names and the token told one."
    )
    outcome: str = attribute("Kết quả: what came of it, and whether data were given out, in words.")


@record(results.OwnAccessEdge)
class OwnAccessEdge:
    """Dòng trong danh sách của bản thân: a line and its place."""

    node: OwnAccess = attribute("Lượt khai thác: the line itself.")
    cursor: str = attribute("Con trỏ: to be sent as after.")


@record(results.OwnAccessConnection)
class OwnAccessConnection:
    """Ai đã xem dữ liệu của tôi: one page, the newest first."""

    edges: list[OwnAccessEdge] = attribute("Các dòng: at most as many as asked for.")
    page_info: PageInfo = attribute("Phân trang: where this page ends.")
