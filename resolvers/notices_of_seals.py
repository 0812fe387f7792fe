"""What an officer must know of a seal that did not count."""

from collections.abc import Mapping

from resolvers.enums import Severity

OF_SEALS: Mapping[str, tuple[Severity, str, str, str | None]] = {
    "SEAL_BROKEN": (
        Severity.WARNING,
        (
            "Giá trị đã thay đổi so với lúc điền sẵn, hoặc niêm phong thuộc về người, trường hay "
            "hồ sơ khác; đã đối chiếu như lời khai thường."
        ),
        (
            "The value was changed since it was pre-filled, or its seal is for another person, "
            "field or dossier; it was compared like any other claim."
        ),
        None,
    ),
    "SEAL_EXPIRED": (
        Severity.INFO,
        "Niêm phong đã quá 30 ngày; giá trị đã được đối chiếu như lời khai thường.",
        "The seal is older than 30 days; the value was compared like any other claim.",
        None,
    ),
}
"""As in resolvers/notices.py."""
