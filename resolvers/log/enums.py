"""The closed lists of those who read the access log."""

from enum import StrEnum

from resolvers.enums import described


@described(
    "Căn cứ xem nhật ký: why somebody looks into the access log.",
    INSPECTION="Thanh tra, kiểm tra: an inspection or audit of the work.",
    COMPLAINT="Khiếu nại, tố cáo: somebody complained.",
    SUBJECT_REQUEST="Yêu cầu của chủ thể dữ liệu: the data subject asked who had looked.",
    INCIDENT="Sự cố: a leak or misuse is being looked into.",
    COURT="Tòa án, cơ quan điều tra: a court or an investigator asks.",
)
class CaseGround(StrEnum):
    """Why somebody looks into the access log."""

    INSPECTION = "INSPECTION"
    COMPLAINT = "COMPLAINT"
    SUBJECT_REQUEST = "SUBJECT_REQUEST"
    INCIDENT = "INCIDENT"
    COURT = "COURT"


@described(
    "Kết quả của lần khai thác: what came of one request, as its last entry says.",
    OK="Đã trả lời: an answer left, without errors.",
    PARTIAL="Đã trả lời một phần: an answer left, and some fields of it are errors.",
    DENIED="Đã từ chối: nothing was read for it, or not what this entry names.",
    NOT_DELIVERED="Không đến được người hỏi: registries answered, and the caller did not get it.",
    DRY_RUN="Chạy thử: it was told what would be asked, nothing was asked.",
    UNFINISHED="Chưa rõ kết quả: it was begun, and no entry says how it ended.",
    AUDIT_READ="Nhật ký được xem: somebody read the access log.",
    ADMIN="Lưu giữ theo vụ việc: entries were put on hold or let go.",
    RETENTION="Hết hạn lưu: entries of old months were retired.",
    BOOT="Khởi động hoặc dừng hệ thống: a process began or ended, which is about nobody.",
)
class AccessOutcome(StrEnum):
    """What came of one request."""

    OK = "OK"
    PARTIAL = "PARTIAL"
    DENIED = "DENIED"
    NOT_DELIVERED = "NOT_DELIVERED"
    DRY_RUN = "DRY_RUN"
    UNFINISHED = "UNFINISHED"
    AUDIT_READ = "AUDIT_READ"
    ADMIN = "ADMIN"
    RETENTION = "RETENTION"
    BOOT = "BOOT"


@described(
    "Tình trạng phần chi tiết: whether the numbers behind the tags can still be read.",
    OPEN="Đọc được: the key of its month is here.",
    BURNT="Đã hủy khóa: its key was destroyed, or the text was changed, and nobody can read it.",
    NONE="Không có: the entry says nothing that needs hiding.",
)
class DetailState(StrEnum):
    """Whether the numbers behind the tags can still be read."""

    OPEN = "OPEN"
    BURNT = "BURNT"
    NONE = "NONE"
