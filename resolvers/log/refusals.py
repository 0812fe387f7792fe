"""The reasons for which a reading of the access log is refused, and their sentences."""

from collections.abc import Mapping

BAD = 400

OF_LOG: Mapping[str, tuple[str, int, str, str]] = {
    "log-read-alone": (
        "BAD_INPUT",
        BAD,
        (
            "Mỗi thao tác chỉ đọc nhật ký một lần (`accessLog`, `accessStatistics` hoặc "
            "`me.accessLog`, kể cả bí danh), và `accessLog`, `accessStatistics` không đi cùng "
            "`dossier` hay `me`. Hãy gửi nhiều yêu cầu."
        ),
        (
            "An operation reads the log once (`accessLog`, `accessStatistics` or `me.accessLog`, "
            "aliases counted), and `accessLog` and `accessStatistics` stand beside no `dossier` "
            "or `me`. Send several requests."
        ),
    ),
    "text-blank": (
        "BAD_INPUT",
        BAD,
        "`{argument}` để trống: hãy gửi giá trị; trường không bắt buộc thì có thể bỏ.",
        "`{argument}` is blank: send a value; a field that is not required may be left out.",
    ),
    "entry-id-malformed": (
        "BAD_INPUT",
        BAD,
        (
            "`{argument}` không phải mã bản ghi. Mã bản ghi là `entryId` của một dòng nhật ký hoặc "
            "của biên nhận, ví dụ 01939f3e-6c1a-7b2d-8e4f-5a6b7c8d9e0f."
        ),
        (
            "`{argument}` is no id of an entry. It is the `entryId` of a line of the log or of a "
            "receipt, such as 01939f3e-6c1a-7b2d-8e4f-5a6b7c8d9e0f."
        ),
    ),
    "page-size": (
        "BAD_INPUT",
        BAD,
        "`first` phải từ 1 đến {limit}.",
        "`first` is from 1 to {limit}.",
    ),
    "cursor-unknown": (
        "BAD_INPUT",
        BAD,
        "`after` không phải con trỏ của nhật ký này; hãy gửi lại `endCursor` của trang trước.",
        "`after` is no cursor of this log; send the `endCursor` of the page before.",
    ),
    "period-reversed": (
        "BAD_INPUT",
        BAD,
        "`until` phải sau `since`; nếu là tháng thì có thể trùng nhau.",
        "`until` must be later than `since`; months may be the same.",
    ),
    "period-too-long": (
        "BAD_INPUT",
        BAD,
        "Thống kê tối đa {limit} tháng một lần.",
        "Statistics cover at most {limit} months at once.",
    ),
    "access-log-unreadable": (
        "ACCESS_LOG_UNAVAILABLE",
        503,
        "Nhật ký truy cập tạm thời không đọc được. Xin thử lại sau ít phút.",
        "The access log cannot be read for the moment. Try again in a few minutes.",
    ),
    "access-log-question-too-long": (
        "ACCESS_LOG_UNAVAILABLE",
        503,
        (
            "Câu hỏi này phải đọc quá nhiều nhật ký nên không trả lời kịp. Hãy thu hẹp khoảng "
            "thời gian (`since`, `until`) hoặc thêm điều kiện."
        ),
        (
            "This question has to read too much of the log to be answered in time. Narrow the time "
            "(`since`, `until`) or add a condition."
        ),
    ),
    "access-log-not-read-here": (
        "ACCESS_LOG_UNAVAILABLE",
        503,
        (
            "Cổng này không được cấu hình để đọc nhật ký truy cập "
            "(`LIENTHONG_ACCESS_LOG_READER_URL`). Hãy hỏi đơn vị vận hành."
        ),
        (
            "This gateway is not set up to read the access log "
            "(`LIENTHONG_ACCESS_LOG_READER_URL`). Ask the operator."
        ),
    ),
}
"""rule -> code, HTTP status, Vietnamese, English."""
