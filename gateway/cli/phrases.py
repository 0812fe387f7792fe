"""The phrases around the codes, in Vietnamese and English."""

from collections.abc import Mapping

from gateway.cli.words import Language

PHRASES: Mapping[str, tuple[str, str]] = {
    "prefill": ("Điền sẵn", "Prefill"),
    "verify": ("Đối chiếu", "Verify"),
    "field": ("Trường", "Field"),
    "value": ("Giá trị", "Value"),
    "state": ("Trạng thái", "State"),
    "source": ("Nguồn", "Source"),
    "date": ("Ngày", "Date"),
    "verdict": ("Kết luận", "Verdict"),
    "normalisation": ("Chuẩn hoá", "Normalisation"),
    "component": ("Thành phần", "Component"),
    "outcome": ("Cách xử lý", "Next step"),
    "say": ("Nói với người dân", "What to say"),
    "ground": ("Căn cứ", "Ground"),
    "correct-at": ("Nơi chỉnh lý", "Corrected at"),
    "retry": ("Thử lại sau {} giây", "Try again after {} seconds"),
    "suggests": ("Nên dùng thủ tục", "Better use procedure"),
    "candidates": ("Xin chọn", "Choose among"),
    "conflict": ("Mâu thuẫn", "Conflict"),
    "not-shown": ("không hiển thị", "not shown"),
    "sources": ("Nguồn dữ liệu", "Sources"),
    "would-ask": ("Sẽ hỏi", "Would ask"),
    "answered": ("đã trả lời", "answered"),
    "stale": ("dữ liệu cũ", "stale"),
    "attempts-left": ("Số lần còn lại: {}", "Attempts left: {}"),
    "locked-until": ("Khóa đến {}", "Locked until {}"),
    "fetched-day": (
        "* Ngày khai thác; cơ sở dữ liệu không nêu ngày ghi nhận.",
        "* Day of asking; the registry states no day of record.",
    ),
    "dry-run": (
        "Chạy thử: chưa hỏi cơ sở dữ liệu nào; quyền khai thác đủ cho các trường trên.",
        "Dry run: no registry was asked; the grant suffices for the fields above.",
    ),
    "result": ("Kết quả", "Result"),
    "refused": ("Bị từ chối", "Refused"),
    "page": ("Giải thích và cách xử lý", "Explained in"),
    "request": ("Mã yêu cầu", "Request id"),
}


def phrase(name: str, language: Language) -> str:
    """Give a phrase."""
    return PHRASES[name][language is Language.EN]
