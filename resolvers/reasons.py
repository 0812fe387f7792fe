"""Why a paper is or is not replaced: reason words, and the one sentence an officer can say.

Vietnamese as an official would write it, English for developers. The words are stable.
"""

from collections.abc import Mapping, Sequence

from resolvers.enums import ComponentOutcome

REASONS: Mapping[str, tuple[str, str]] = {
    "DATA_FOUND": (
        "Dữ liệu đã có trong cơ sở dữ liệu và đúng người trong hồ sơ.",
        "The registry holds the data, and it is about the right person.",
    ),
    "DATA_AGREES": (
        "Dữ liệu đã có; bản chính chỉ để đối chiếu, không lưu bản sao.",
        "The registry holds the data; the original is looked at, no copy is kept.",
    ),
    "NOT_IN_REGISTRIES": (
        "Không cơ sở dữ liệu nào trong hệ thống có giấy tờ này.",
        "No connected registry holds this paper.",
    ),
    "ROLE_NOT_PRESENT": (
        "Hồ sơ không có người ở vai trò liên quan.",
        "The dossier has nobody in the role concerned.",
    ),
    "HOLDER_IS_ANOTHER": (
        "Bản ghi không đứng tên người có vai trò trong hồ sơ.",
        "The record does not stand in the name of a person of this dossier.",
    ),
    "HOLDER_DECEASED": (
        "Người đứng tên trên bản ghi đã mất.",
        "The holder on record has died.",
    ),
    "DATA_CONTRADICTS": (
        "Các cơ sở dữ liệu ghi khác nhau về cùng một thông tin.",
        "Registries state the same fact differently.",
    ),
    "TOO_OLD": (
        "Dữ liệu đã quá thời hạn được dùng cho thủ tục này.",
        "The data is older than this procedure allows.",
    ),
    "NOT_RECORDED": (
        "Cơ sở dữ liệu chưa ghi nhận thông tin này.",
        "The registry has not recorded this.",
    ),
    "NOT_DIGITISED": (
        "Hồ sơ loại và năm này còn ở bản giấy, chưa số hóa.",
        "Records of this kind and year are still on paper.",
    ),
    "NOT_FOUND_OR_MISMATCH": (
        "Không tìm thấy bản ghi khớp cả số, họ tên và ngày sinh đã khai.",
        "No record agrees with number, name and birth date together.",
    ),
    "AMBIGUOUS": (
        "Có nhiều bản ghi cùng ứng với thông tin đã khai.",
        "More than one record answers to what was given.",
    ),
    "NOT_APPLICABLE": (
        "Người này không có trong cơ sở dữ liệu dân cư.",
        "This person is in no registry.",
    ),
    "NOT_ASKED": (
        "Chưa có thông tin để tra cứu.",
        "Nothing was given to look it up by.",
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
        "Cơ quan chủ quản không cung cấp theo pháp luật chuyên ngành.",
        "The registry withholds the value by its own law.",
    ),
    "SOURCE_NOT_CONNECTED": (
        "Hệ thống chưa kết nối cơ sở dữ liệu này.",
        "This installation is not connected to the registry.",
    ),
    "SOURCE_DOWN": (
        "Cơ sở dữ liệu không phản hồi.",
        "The registry did not answer.",
    ),
    "SOURCE_MAINTENANCE": (
        "Cơ sở dữ liệu đang bảo trì theo thông báo.",
        "The registry is in an announced maintenance window.",
    ),
    "SOURCE_REFUSED": (
        "Cơ sở dữ liệu từ chối kết nối của hệ thống.",
        "The registry refused this gateway.",
    ),
    "SOURCE_GARBLED": (
        "Cơ sở dữ liệu trả lời không đúng quy cách.",
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
        "Không cần nộp {name}: cơ quan đã có dữ liệu.",
        "No need for {name}: the state already holds the data.",
    ),
    ComponentOutcome.VERIFY_AGAINST_ORIGINAL: (
        "Xin cho xem bản chính {name} để đối chiếu; không cần bản sao.",
        "Please show the original of {name}; no copy is needed.",
    ),
    ComponentOutcome.ASK_SUPPLEMENT: (
        "Xin bổ sung {name}. {why}",
        "Please supply {name}. {why}",
    ),
    ComponentOutcome.ASK_REGISTRY_CORRECTION: (
        "Xin bổ sung {name} và đề nghị cơ quan chủ quản chỉnh lý dữ liệu. {why}",
        "Please supply {name}, and ask the registry's owner to correct the data. {why}",
    ),
    ComponentOutcome.MUST_UPLOAD: (
        "Xin nộp {name}: giấy tờ này chưa có trong các cơ sở dữ liệu.",
        "Please hand in {name}: no registry holds it.",
    ),
    ComponentOutcome.NOT_REQUIRED: (
        "Hồ sơ này không cần {name}.",
        "This dossier needs no {name}.",
    ),
    ComponentOutcome.FORM: (
        "Đã điền sẵn {name} từ dữ liệu; xin kiểm tra và xác nhận.",
        "Filled from data: {name}; please check and confirm.",
    ),
}

_AGAIN = frozenset({"SOURCE_DOWN", "SOURCE_MAINTENANCE"})


def reason_text(reason: str, language: str) -> str:
    """Say a reason in the caller's language."""
    return REASONS[reason][language == "en"]


def say(outcome: ComponentOutcome, reasons: Sequence[str], name: str, language: str) -> str:
    """Give the one sentence (with its reason) that the officer can say."""
    why = " ".join(reason_text(r, language) for r in reasons)
    if _AGAIN.intersection(reasons):
        why += " Có thể thử lại sau ít phút." if language != "en" else " It may be tried again."
    return _SAY[outcome][language == "en"].format(name=_lower(name), why=why).strip()


def _lower(name: str) -> str:
    """Put a paper's name inside a sentence: "Giấy tờ ..." -> "giấy tờ ...", codes untouched."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
