"""The access log, as an auditor is shown it; see docs/access-log.md."""

from datetime import datetime

from resolvers.log import results
from resolvers.log.enums import AccessOutcome, DetailState
from resolvers.types.catalogue import PageInfo
from resolvers.types.record import attribute, record

_MASKED = "masked, and a mark of its own behind #, unless the token may unmask."
_NAMED = "where this installation names it, or an agency above it."
_REGISTRY = "Cơ sở dữ liệu: a registry, or ACCESS_LOG where the log itself was read."


@record(results.AccessNumber)
class AccessNumber:
    """Số của chủ thể dữ liệu: one number, masked unless the reader may see it."""

    kind: str = attribute(
        "Loại số: person, old-number, insurance, card, business, parcel or certificate."
    )
    value: str = attribute(f"Giá trị: {_MASKED}")


@record(results.AccessSubject)
class AccessSubject:
    """Chủ thể dữ liệu: somebody, or a thing of somebody's, who was asked about or shown."""

    numbers: list[AccessNumber] = attribute("Các số: empty where the detail cannot be read.")
    roles: list[str] = attribute("Vai trò: empty where another one's answer showed the subject.")


@record(results.AccessRead)
class AccessRead:
    """Lần đọc: what one registry was asked about whom, or whom its answer showed."""

    registry: str = attribute(_REGISTRY)
    operation: str = attribute("Nghiệp vụ: the kind of question, or Reached for who was shown.")
    subjects: list[AccessSubject] = attribute("Các chủ thể: whom it was about.")
    fields: list[str] = attribute("Các trường: role paths, or names of filters for ACCESS_LOG.")


@record(results.AccessState)
class AccessState:
    """Trạng thái của trường: what became of it, never its value."""

    path: str = attribute("Đường dẫn: a role path, after verify when it was only compared.")
    state: str = attribute("Trạng thái: such as VALUE, or a verdict.")


@record(results.AccessComponent)
class AccessComponent:
    """Thành phần hồ sơ: what was decided about one paper."""

    id: str = attribute("Mã thành phần: as the procedure document names it.")
    outcome: str = attribute("Kết quả: such as REPLACED_BY_DATA.")


@record(results.AccessSource)
class AccessSource:
    """Nguồn dữ liệu: how one registry answered the request."""

    registry: str = attribute("Cơ sở dữ liệu: which registry.")
    state: str = attribute("Trạng thái: VALUE when it answered, else why not.")
    upstream_request_ids: list[str] = attribute(
        "Mã yêu cầu phía nguồn: under which the registry's own journal knows its calls."
    )
    from_cache: bool = attribute("Từ bộ nhớ đệm: whether an answer was used again.")
    waited_ms: int = attribute("Thời gian chờ: milliseconds, of its slowest answer.")


@record(results.AccessHuman)
class AccessHuman:
    """Người tham gia: an officer, whoever sat at the keyboard, or who helped."""

    kind: str | None = attribute("Loại người thao tác: such as OFFICER or CITIZEN.")
    standing: str | None = attribute("Theo lời của ai: CLAIM, ASSERTED or ACCOUNTABLE.")
    personal_id: str | None = attribute(f"Số định danh: {_MASKED}")
    name: str | None = attribute("Họ tên: of the token's claim, only where the token may unmask.")
    unit: str | None = attribute("Đơn vị: an agency code.")
    employer: str | None = attribute("Nơi làm việc: free text only where the token may unmask.")


@record(results.AccessActingFor)
class AccessActingFor:
    """Thay mặt người khác: in whose place the actor acted."""

    kind: str = attribute("Tư cách đại diện: such as PARENT or PROXY.")
    role: str | None = attribute("Vai trò được đại diện: a role of the dossier.")
    evidence: str | None = attribute("Giấy tờ chứng minh: only where the token may unmask.")


@record(results.AccessProcedure)
class AccessProcedure:
    """Thủ tục: for which the data were read."""

    code: str = attribute("Mã thủ tục: the national code.")
    name: str | None = attribute("Tên thủ tục: where this installation still knows it.")
    version: str | None = attribute("Phiên bản: of the procedure document.")


@record(results.AccessGrant)
class AccessGrant:
    """Quyền khai thác: by which the data were read."""

    id: str | None = attribute("Mã quyền: as the grants name it.")
    version: int | None = attribute("Phiên bản: of all grants.")


@record(results.AccessCase)
class AccessCase:
    """Vụ việc: for which somebody read the log, or put entries on hold."""

    number: str | None = attribute("Số vụ việc: where the detail can be read.")
    ground: str | None = attribute("Căn cứ: why.")
    decision: str | None = attribute("Quyết định: where the detail can be read.")


@record(results.AccessEntry)
class AccessEntry:
    """Lượt khai thác: one request, by its last entry and the intents that this one closes."""

    entry_id: str = attribute("Mã bản ghi: of the last entry.")
    seq: int = attribute("Vị trí: its leaf in the tree of the log.")
    at: datetime = attribute("Thời điểm: UTC.")
    outcome: AccessOutcome = attribute("Kết quả: what came of it.")
    request_id: str = attribute("Mã yêu cầu: as the caller has it.")
    consumer: str | None = attribute("Hệ thống khai thác: the consumer's id.")
    token_id: str | None = attribute(
        "Mã của mã truy cập: its jti, by which its issuer knows whom it was given to."
    )
    operation_name: str | None = attribute("Tên thao tác: of the GraphQL operation.")
    receiving_agency: str | None = attribute("Cơ quan tiếp nhận: an agency code.")
    receiving_agency_name: str | None = attribute(f"Tên cơ quan tiếp nhận: {_NAMED}")
    competent_agency: str | None = attribute("Cơ quan có thẩm quyền: out of the dossier's code.")
    competent_agency_name: str | None = attribute(f"Tên cơ quan có thẩm quyền: {_NAMED}")
    unit: str | None = attribute("Đơn vị: of the officer.")
    unit_name: str | None = attribute(f"Tên đơn vị: {_NAMED}")
    officer: AccessHuman | None = attribute("Cán bộ: in whose name the registries were asked.")
    actor: AccessHuman | None = attribute("Người thao tác: who sat at the keyboard.")
    assisted_by: AccessHuman | None = attribute("Người hỗ trợ: who sat beside.")
    acting_for: AccessActingFor | None = attribute("Thay mặt: in whose place.")
    procedure: AccessProcedure | None = attribute("Thủ tục: for which.")
    dossier: str | None = attribute("Mã hồ sơ: where the detail can be read.")
    draft: str | None = attribute("Mã bản nháp: where the detail can be read.")
    step: str | None = attribute("Bước xử lý hồ sơ: such as OPEN_FORM.")
    legal_basis: str | None = attribute("Căn cứ khai thác: LAW or CONSENT.")
    consent: str | None = attribute("Tham chiếu sự đồng ý: only where the token may unmask.")
    grant: AccessGrant | None = attribute("Quyền khai thác: by which.")
    attestation: str | None = attribute("Xác nhận hồ sơ: ASSERTED or ATTESTED.")
    document_hash: str | None = attribute("Mã băm tài liệu: SHA-256 of the document, hex.")
    reads: list[AccessRead] = attribute("Các lần đọc: of the intents, then of the last entry.")
    states: list[AccessState] = attribute("Trạng thái các trường: path by path.")
    components: list[AccessComponent] = attribute("Thành phần hồ sơ: paper by paper.")
    sources: list[AccessSource] = attribute("Các nguồn: registry by registry.")
    code: str | None = attribute("Mã lỗi: of a refusal or failure.")
    rule: str | None = attribute("Quy tắc: by which it was refused.")
    refused_paths: list[str] = attribute("Trường bị từ chối: those outside the grant.")
    action: str | None = attribute(
        "Việc với nhật ký: SEARCH, OWN, STATISTICS, EXPORT, HOLD, RELEASE or RETIRE."
    )
    case: AccessCase | None = attribute("Vụ việc: of a reading of the log, or of a hold.")
    found: int | None = attribute("Số bản ghi: that the reading showed, or the hold took.")
    http_status: int | None = attribute("Mã HTTP: with which the answer left.")
    duration_ms: int | None = attribute("Thời gian xử lý: milliseconds.")
    answer_bytes: int | None = attribute("Độ dài câu trả lời: bytes of data and errors.")
    detail_state: DetailState = attribute("Phần chi tiết: whether its numbers can be read.")
    intents: list[str] = attribute("Các bản ghi ý định: ids of the intents that it closes.")
    proof: str = attribute("Bằng chứng: path of the inclusion proof at this gateway.")


@record(results.AccessEdge)
class AccessEdge:
    """Dòng nhật ký: a line and its place."""

    node: AccessEntry = attribute("Lượt khai thác: the line itself.")
    cursor: str = attribute("Con trỏ: to be sent as after.")


@record(results.AccessEntryConnection)
class AccessEntryConnection:
    """Nhật ký truy cập: one page, the newest first."""

    edges: list[AccessEdge] = attribute("Các dòng: at most as many as asked for.")
    page_info: PageInfo = attribute("Phân trang: where this page ends.")
    log_size: int = attribute("Độ dài nhật ký: leaves of the tree in which all pages look.")


@record(results.AccessOutcomeCount)
class AccessOutcomeCount:
    """Số câu trả lời theo kết quả: how many answers had one outcome."""

    outcome: str = attribute("Kết quả: OK or PARTIAL.")
    answers: int | None = attribute("Số câu trả lời: null where hidden.")


@record(results.AccessCount)
class AccessCount:
    """Dòng thống kê: of one month, agency, procedure and registry."""

    month: str = attribute("Tháng: year and month, UTC.")
    agency: str | None = attribute("Cơ quan tiếp nhận: an agency code.")
    agency_name: str | None = attribute(f"Tên cơ quan tiếp nhận: {_NAMED}")
    procedure: str | None = attribute("Mã thủ tục: the national code.")
    registry: str | None = attribute("Cơ sở dữ liệu: null for the row over all of them.")
    answers: int | None = attribute("Số câu trả lời: null where hidden.")
    outcomes: list[AccessOutcomeCount] = attribute("Theo kết quả: the same answers.")
    dossiers: int | None = attribute("Số hồ sơ: different ones, null where hidden.")
    dossiers_replaced: int | None = attribute(
        "Số hồ sơ được thay giấy tờ: with at least one paper replaced, null where hidden."
    )
    share_percent: int | None = attribute("Tỷ lệ: percent of the dossiers, null where hidden.")
    hidden: bool = attribute("Có số bị ẩn: whether a count of this row is not told.")


@record(results.AccessStatistics)
class AccessStatistics:
    """Thống kê khai thác: counts without personal data."""

    rows: list[AccessCount] = attribute("Các dòng: by month, agency, procedure and registry.")
    note: str = attribute("Ghi chú: by which rule small counts are hidden, in words.")
