"""Why a paper is or is not replaced: reason words, and the one sentence an officer can say.

Vietnamese as an official would write it, English for developers. The words are stable.
"""

from collections.abc import Mapping, Sequence

from resolvers.enums import ComponentOutcome

REASONS: Mapping[str, tuple[str, str]] = {
    "DATA_FOUND": (
        "Cơ sở dữ liệu đã có thông tin này và đúng với người trong hồ sơ.",
        "The registry holds the data, and it is about the right person.",
    ),
    "DATA_AGREES": (
        "Cơ sở dữ liệu đã có thông tin này; bản chính chỉ để đối chiếu, không lưu bản sao.",
        "The registry holds the data; the original is looked at, no copy is kept.",
    ),
    "NOT_IN_REGISTRIES": (
        "Chưa có cơ sở dữ liệu nào được kết nối lưu giấy tờ này.",
        "No connected registry holds this paper.",
    ),
    "ROLE_NOT_PRESENT": (
        "Hồ sơ không có chủ thể ở vai trò liên quan.",
        "The dossier has nobody and nothing in the role concerned.",
    ),
    "HOLDER_IS_ANOTHER": (
        "Không tìm thấy dữ liệu đứng tên hoặc gắn với người tương ứng trong hồ sơ.",
        "No record was found in the name of, or pointing to, the person of this dossier.",
    ),
    "HOLDER_DECEASED": (
        "Người đứng tên trong cơ sở dữ liệu đã mất.",
        "The holder on record has died.",
    ),
    "DATA_CONTRADICTS": (
        "Cùng một thông tin nhưng các cơ sở dữ liệu ghi khác nhau.",
        "Registries state the same fact differently.",
    ),
    "TOO_OLD": (
        "Dữ liệu đã quá thời hạn được sử dụng cho thủ tục này.",
        "The data is older than this procedure allows.",
    ),
    "NOT_RECORDED": (
        "Cơ sở dữ liệu chưa ghi nhận thông tin này.",
        "The registry has not recorded this.",
    ),
    "NOT_DIGITISED": (
        "Hồ sơ thuộc loại và năm này còn lưu trên giấy, chưa được số hóa.",
        "Records of this kind and year are still on paper.",
    ),
    "NOT_FOUND_OR_MISMATCH": (
        "Không tìm thấy bản ghi khớp với tất cả thông tin đã khai (số, họ tên, ngày sinh).",
        "No record agrees with everything that was given (number, name, birth date).",
    ),
    "AMBIGUOUS": (
        "Có nhiều bản ghi cùng khớp với thông tin đã khai.",
        "More than one record answers to what was given.",
    ),
    "NOT_APPLICABLE": (
        "Người này không có trong các cơ sở dữ liệu, hoặc không có số để tra cứu.",
        "This person is in no registry, or has no number to be looked up by.",
    ),
    "NOT_ASKED": (
        "Chưa tra cứu, vì chưa có thông tin để tra cứu.",
        "Not looked up, since nothing was given to look it up by.",
    ),
    "UNDER_REVIEW": (
        "Cơ quan chủ quản đang chỉnh lý thông tin này.",
        "The registry's owner is correcting this value.",
    ),
    "RESTRICTED": (
        "Thông tin không được cung cấp cho thủ tục này.",
        "The value is not given for this procedure.",
    ),
    "WITHHELD": (
        "Cơ quan chủ quản không cung cấp thông tin này theo pháp luật chuyên ngành.",
        "The registry withholds the value by its own law.",
    ),
    "SOURCE_NOT_CONNECTED": (
        "Hệ thống chưa kết nối với cơ sở dữ liệu này.",
        "This installation is not connected to the registry.",
    ),
    "SOURCE_DOWN": (
        "Cơ sở dữ liệu chưa phản hồi.",
        "The registry did not answer.",
    ),
    "SOURCE_MAINTENANCE": (
        "Cơ sở dữ liệu đang bảo trì theo thông báo.",
        "The registry is in an announced maintenance window.",
    ),
    "SOURCE_REFUSED": (
        "Cơ sở dữ liệu từ chối yêu cầu của hệ thống này, không phải từ chối người dân.",
        "The registry refused this gateway, not the citizen.",
    ),
    "SOURCE_GARBLED": (
        "Cơ sở dữ liệu trả lời không đúng quy cách đã thỏa thuận.",
        "The registry's answer was not of the agreed form.",
    ),
}

LEGAL_GROUND: Mapping[ComponentOutcome, str] = {
    ComponentOutcome.REPLACED_BY_DATA: "Nghị định 224/2026/NĐ-CP, Điều 18 khoản 4",
    ComponentOutcome.VERIFY_AGAINST_ORIGINAL: "Nghị định 224/2026/NĐ-CP, Điều 15 khoản 1 điểm d",
    ComponentOutcome.ASK_SUPPLEMENT: "Nghị quyết 66.7/2025/NQ-CP",
    ComponentOutcome.ASK_REGISTRY_CORRECTION: "Nghị quyết 66.7/2025/NQ-CP",
}

_SAY: Mapping[ComponentOutcome, tuple[str, str]] = {
    ComponentOutcome.REPLACED_BY_DATA: (
        "Ông/bà không phải nộp {name}: cơ quan nhà nước đã có dữ liệu.",
        "No need for {name}: the state already holds the data.",
    ),
    ComponentOutcome.VERIFY_AGAINST_ORIGINAL: (
        "Đề nghị ông/bà xuất trình bản chính {name} để đối chiếu; không phải nộp bản sao.",
        "Please show the original of {name}; no copy is needed.",
    ),
    ComponentOutcome.ASK_SUPPLEMENT: (
        "Đề nghị ông/bà nộp bổ sung {name}. {why}",
        "Please supply {name}. {why}",
    ),
    ComponentOutcome.ASK_REGISTRY_CORRECTION: (
        "Đề nghị ông/bà nộp bổ sung {name} và yêu cầu cơ quan chủ quản chỉnh lý dữ liệu. {why}",
        "Please supply {name}, and ask the registry's owner to correct the data. {why}",
    ),
    ComponentOutcome.MUST_UPLOAD: (
        "Đề nghị ông/bà nộp {name}: giấy tờ này chưa có trong các cơ sở dữ liệu.",
        "Please hand in {name}: no registry holds it.",
    ),
    ComponentOutcome.NOT_REQUIRED: (
        "Hồ sơ này không cần {name}.",
        "This dossier needs no {name}.",
    ),
    ComponentOutcome.FORM: (
        "Đề nghị ông/bà kiểm tra và xác nhận {name}; những mục đã có dữ liệu được điền sẵn.",
        "Please check and confirm {name}; what the registries hold is filled in.",
    ),
}

_SAY_NOT_ASKED = (
    "Đề nghị ông/bà cung cấp thông tin để tra cứu {name}, hoặc nộp giấy tờ này.",
    "Please give what {name} can be looked up by, or hand it in.",
)
_SAY_NOT_GRANTED = (
    "Đề nghị ông/bà nộp {name}: hệ thống này không được cấp quyền khai thác dữ liệu thay thế.",
    "Please hand in {name}: this portal's grant does not include the data in its place.",
)
_AGAIN = frozenset({"SOURCE_DOWN", "SOURCE_MAINTENANCE"})


def reason_text(reason: str, language: str) -> str:
    """Say a reason in the caller's language."""
    return REASONS[reason][language == "en"]


def say(outcome: ComponentOutcome, reasons: Sequence[str], name: str, language: str) -> str:
    """Give what the officer can say to the citizen: one sentence, and its reason."""
    template = _SAY_NOT_ASKED if list(reasons) == ["NOT_ASKED"] else _SAY[outcome]
    if outcome is ComponentOutcome.MUST_UPLOAD and "RESTRICTED" in reasons:
        template = _SAY_NOT_GRANTED
    why = " ".join(reason_text(r, language) for r in reasons)
    if _AGAIN.intersection(reasons):
        why += " Có thể tra cứu lại sau ít phút." if language != "en" else " It may be tried again."
    return template[language == "en"].format(name=_lower(name), why=why).strip()


def _lower(name: str) -> str:
    """Put a paper's name inside a sentence: "Giấy tờ ..." -> "giấy tờ ...", codes untouched."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
