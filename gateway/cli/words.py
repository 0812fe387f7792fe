"""The words beside the stable codes, in Vietnamese and English.

The Vietnamese of a code is its term in the schema, by test: an official reads the same word in a
table here, in GraphiQL and in the documentation.
"""

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """In what language a command speaks."""

    VI = "vi"
    EN = "en"


Words = Mapping[str, tuple[str, str]]

STATES: Words = {
    "VALUE": ("Có giá trị", "Has a value"),
    "NOT_RECORDED": ("Chưa ghi nhận", "Not recorded"),
    "NOT_DIGITISED": ("Chưa số hóa", "Not digitised"),
    "NOT_FOUND_OR_MISMATCH": ("Không tìm thấy hoặc không khớp", "Not found or mismatch"),
    "AMBIGUOUS": ("Nhiều bản ghi", "Several records"),
    "NOT_APPLICABLE": ("Không áp dụng", "Not applicable"),
    "NOT_ASKED": ("Không tra cứu", "Not asked"),
    "UNDER_REVIEW": ("Đang được chỉnh lý", "Being corrected"),
    "RESTRICTED": ("Bị hạn chế", "Restricted"),
    "WITHHELD": ("Cơ quan chủ quản không cung cấp", "Withheld by its owner"),
    "SOURCE_NOT_CONNECTED": ("Chưa kết nối", "Not connected"),
    "SOURCE_DOWN": ("Không phản hồi", "No answer"),
    "SOURCE_MAINTENANCE": ("Đang bảo trì", "Under maintenance"),
    "SOURCE_REFUSED": ("Từ chối kết nối", "Refused us"),
    "SOURCE_GARBLED": ("Trả lời sai quy cách", "Answered wrongly"),
}

PREFILL_OUTCOMES: Words = {
    "COMPLETE": ("Đầy đủ", "Complete"),
    "NEEDS_ACTION": ("Cần bổ sung hoặc xác nhận", "Something has to be done"),
    "BLOCKED": ("Chưa thể tiếp tục", "Cannot go on"),
    "INCOMPLETE": ("Chưa đầy đủ", "Incomplete"),
}

COMPONENT_OUTCOMES: Words = {
    "REPLACED_BY_DATA": ("Đã có dữ liệu thay thế", "Replaced by data"),
    "VERIFY_AGAINST_ORIGINAL": ("Đối chiếu bản chính", "Check the original"),
    "ASK_SUPPLEMENT": ("Yêu cầu bổ sung", "Supplement needed"),
    "ASK_REGISTRY_CORRECTION": ("Đề nghị chỉnh lý dữ liệu", "Registry must correct"),
    "MUST_UPLOAD": ("Phải nộp kèm", "Must be handed in"),
    "NOT_REQUIRED": ("Không phải nộp", "Not required"),
    "FORM": ("Tờ khai", "The form itself"),
}

VERIFICATION_OUTCOMES: Words = {
    "CONFIRMED": ("Đã xác nhận", "Confirmed"),
    "PARTLY": ("Xác nhận một phần", "Partly confirmed"),
    "CONTRADICTED": ("Mâu thuẫn", "Contradicted"),
    "CANNOT_DECIDE": ("Không kết luận được", "Cannot decide"),
}

VERDICTS: Words = {
    "EXACT": ("Khớp", "Exact"),
    "EQUIVALENT": ("Tương đương", "Equivalent"),
    "COMPATIBLE": ("Không mâu thuẫn", "Compatible"),
    "UNACCENTED_ONLY": ("Khớp khi bỏ dấu", "Alike without marks"),
    "PARTIAL": ("Khớp một phần", "Partly alike"),
    "DIFFERENT": ("Không khớp", "Different"),
    "AMBIGUOUS": ("Nhiều bản ghi", "Several records"),
    "CANNOT_DECIDE": ("Không kết luận được", "Cannot decide"),
    "LOCKED": ("Đã khóa", "Locked"),
}

SEVERITIES: Words = {
    "INFO": ("Thông tin", "Information"),
    "WARNING": ("Cảnh báo", "Warning"),
    "BLOCKING": ("Ngăn chặn", "Blocking"),
}

REGISTRIES: Words = {
    "POPULATION": ("Dân cư", "Population"),
    "BUSINESS": ("Đăng ký doanh nghiệp", "Business"),
    "INSURANCE": ("Bảo hiểm", "Insurance"),
    "LAND": ("Đất đai", "Land"),
}
"""Short names; the full ones begin with "Cơ sở dữ liệu quốc gia về"."""

NORMALISATIONS: Words = {
    "unicode-nfc": ("dạng mã chữ", "letter encoding"),
    "case": ("chữ hoa, chữ thường", "letter case"),
    "spaces": ("khoảng trắng", "spaces"),
    "tone-placement": ("vị trí dấu thanh", "tone placement"),
    "eth": ("Ð gõ thay cho Đ", "eth typed for đ"),
    "apostrophe": ("kiểu dấu nháy", "kind of apostrophe"),
    "marks-ignored": ("bỏ dấu", "marks ignored"),
    "i-y": ("i và y", "i and y"),
    "company-form": ("loại hình doanh nghiệp", "company form"),
    "year-only": ("chỉ có năm", "year only"),
    "month-only": ("chỉ có tháng", "month only"),
    "abbreviation": ("viết tắt", "abbreviation"),
    "place-merged": ("xã, phường đã sáp nhập", "merged ward"),
    "place-divided": ("xã, phường đã chia tách", "divided ward"),
    "place-renamed": ("địa danh đã đổi tên", "renamed place"),
    "detail-missing": ("thiếu địa chỉ chi tiết", "detail missing"),
    "street-words": ("từ chỉ đường, phố", "street words"),
}
"""Rules of comparison; a new one is shown by its name alone until it is named here."""


def word(words: Words, code: str, language: Language) -> str:
    """Give the words of *code*; a code that a newer gateway invented speaks for itself."""
    return words.get(code, (code, code))[language is Language.EN]
