"""What the commands of `lienthong log` share: settings, the clock, and how trouble is said."""

import errno
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gateway.cli.ends import MISUSE, REFUSED, stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.log import AccessLogUnavailable
    from gateway.settings import Settings

Directory = Annotated[
    Path | None,
    typer.Option("--dir", help="Thư mục dữ liệu của `lienthong start`; bỏ trống: theo cấu hình."),
]

DATABASE = (
    "Cơ sở dữ liệu của nhật ký không trả lời. Hãy kiểm tra LIENTHONG_ACCESS_LOG_URL và máy chủ."
)
_NO_LOG = "Không có nhật ký ở {file}. Hãy kiểm tra --dir, hoặc LIENTHONG_ACCESS_LOG_URL."
KEYS = "Khóa của nhật ký (thư mục {folder}) không dùng được: {reason}."
_FOLDER = (
    "Thư mục khóa {folder} không dùng được ({reason}). Hãy kiểm tra quyền và chỗ trống, rồi chạy "
    "lại lệnh này; nó làm tiếp từ chỗ đã dừng."
)
_OF_DISKS = frozenset({errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_NAME_TAKEN = "Một lệnh khác cùng loại đang chạy trên nhật ký này; hãy đợi nó xong rồi chạy lại."
_NOT_MIGRATED = "Cơ sở dữ liệu thuộc phiên bản cũ; hãy chạy `lienthong log migrate` trước."
_NOT_WRITTEN = (
    "Không ghi được mục nhật ký nói về việc này ({trouble}), nên không làm gì. Hãy kiểm tra máy "
    "chủ và LIENTHONG_ACCESS_LOG_URL: lệnh này cần địa chỉ của một vai trò được thêm mục."
)


def settings_of(
    directory: Path | None, by: "Callable[[Settings], str | None] | None" = None
) -> "Settings":
    """Read the settings of an installation that has a log: at the address that *by* gives.

    Ends where that is a file that is not there: to connect would make an empty log, on which the
    gateway would then go on.
    """
    from audit.stores.opening import missing_file  # noqa: PLC0415 - slow to load

    settings = settings_alone(directory)
    try:
        missing = missing_file((by(settings) if by else None) or settings.access_log_url)
    except (ValueError, OSError):
        stop(DATABASE, REFUSED)
    if missing is not None:
        stop(_NO_LOG.format(file=missing.absolute()), MISUSE)
    return settings


def settings_alone(directory: Path | None) -> "Settings":
    """Read the settings, for a start's *directory* or as they are; the log need not be there."""
    from gateway.settings import SettingsInvalidError, read_settings  # noqa: PLC0415 - slow to load

    given: dict[str, object] = {}
    if directory is not None:
        file = (directory / "access-log.db").resolve()
        given = {
            "access_log_url": f"sqlite+aiosqlite:///{file}",
            "keys_dir": directory / "keys",
        }
    try:
        return read_settings(**given)
    except SettingsInvalidError as invalid:
        stop(f"Cấu hình không dùng được: {invalid}", MISUSE)


def only_errors() -> None:
    """Let a command that writes entries say on stderr only what is an error."""
    from gateway.logs import configure_logs  # noqa: PLC0415 - only commands that write need it

    configure_logs("ERROR")


def stop_unwritten(told: "AccessLogUnavailable") -> NoReturn:
    """Say why the entry could not be written, and end."""
    sentences = {"NAME_TAKEN": _NAME_TAKEN, "NOT_MIGRATED": _NOT_MIGRATED}
    said = sentences.get(told.trouble.value, _NOT_WRITTEN)
    stop(said.format(trouble=told.trouble.value), REFUSED)


def stop_failed(error: BaseException, settings: "Settings") -> NoReturn:
    """Say whether the folder of keys or the database would not do it, and end."""
    # A connection that is refused names no file.
    if isinstance(error, OSError) and (error.filename or error.errno in _OF_DISKS):
        reason = errno.errorcode.get(error.errno or 0, "?")
        stop(_FOLDER.format(folder=settings.keys_dir, reason=reason), REFUSED)
    stop(DATABASE, REFUSED)


def now() -> datetime:
    """Look at the clock."""
    return datetime.now(UTC)
