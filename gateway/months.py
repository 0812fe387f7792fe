"""The keys of the months must be those of the log, before anything is written with them."""

from datetime import datetime

from audit.key_files import KeyUnusableError
from audit.log import AccessLog
from audit.marks import show_marks
from audit.months import MonthsFile, number_of, period

_OTHERS = (
    "Khóa các tháng (months.key) không phải khóa đã dùng để ghi nhật ký truy cập này; ghi tiếp thì "
    "không ai tìm lại được người trong các mục cũ. Hãy đặt lại đúng tệp months.key vào thư mục "
    "khóa, từ tiến trình khác hoặc từ bản sao lưu; mất hẳn thì xem docs/operate.md."
)
_AHEAD = (
    "Khóa các tháng (months.key) bắt đầu từ tháng {since}, sau tháng của đồng hồ máy này. Hãy "
    "chỉnh đồng hồ, hoặc đặt lại đúng tệp."
)


async def opened_with(log: AccessLog, months: MonthsFile, url: str, now: datetime) -> None:
    """Let the opened *log* at *url* go on only if *months* are its keys.

    Else it is closed, and a file of keys that this process has just made is taken back: what was
    lost is not replaced by what opens nothing. Raises KeyUnusableError and AccessLogUnavailable.
    """
    try:
        await _check(months, url, now)
    except BaseException:
        await log.close()
        raise


async def _check(months: MonthsFile, url: str, now: datetime) -> None:
    keys = months()
    if number_of(keys.since) > number_of(period(now)):
        raise KeyUnusableError(_AHEAD.format(since=keys.since))
    if not await show_marks(url, keys):
        months.take_back()
        raise KeyUnusableError(_OTHERS)
