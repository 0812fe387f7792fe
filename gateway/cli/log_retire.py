"""`lienthong log retire`: entries of old months go, and their keys with them."""

import asyncio
import re
import secrets
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gateway.cli.ends import MISUSE, REFUSED, stop
from gateway.cli.log_settings import (
    KEYS,
    Directory,
    now,
    only_errors,
    settings_of,
    stop_failed,
    stop_unwritten,
)

if TYPE_CHECKING:
    from audit.retention.holds import Keys
    from audit.retention.plan import Plan, Refusal
    from gateway.settings import Settings

_MONTH = re.compile(r"2[0-9]{3}-(?:0[1-9]|1[0-2])")

_NO_MONTH = "--before là một tháng, dạng 2024-11: mọi mục trước tháng đó được hủy."
_REFUSALS = {
    "TOO_YOUNG": (
        "Các mục được giữ {months} tháng (LIENTHONG_RETENTION_MONTHS), nên hôm nay chỉ hủy được "
        "các tháng trước {latest}: --before {latest}."
    ),
    "OTHER_PROGRAM": (
        "Cơ sở dữ liệu ở dạng {step}, chương trình này viết dạng {ours}. Hãy chạy `lienthong log "
        "migrate` (SQLite: khởi động cổng kết nối một lần), hoặc dùng đúng phiên bản."
    ),
    "NOT_OWNER": (
        "Chỉ vai trò sở hữu các bảng mới hủy được. Hãy đặt LIENTHONG_ACCESS_LOG_URL cho vai trò "
        "đó, chỉ cho lệnh này."
    ),
    "NOT_PLACED": (
        "Còn mục chưa có chỗ trong cây, nên chưa xóa gì. Hãy xem bộ xếp thứ tự có chạy không (cổng "
        "kết nối, hoặc `lienthong log sequence`), rồi chạy lại lệnh này."
    ),
    "UNFINISHED": (
        "Một lần hủy trước đó bị dừng giữa chừng. Hãy làm xong nó trước: --before {before}."
    ),
    "IN_USE": (
        "Có người đang đọc nhật ký rất lâu (một lần xuất chẳng hạn), nên chưa xóa hết được. Hãy "
        "đợi rồi chạy lại lệnh này; nó làm tiếp từ chỗ đã dừng."
    ),
}
_NOTHING = "Không còn mục nào, khóa nào cũ như vậy; không có gì để hủy."
_ASK = "Hủy vĩnh viễn các mục này và khóa của các tháng đó?"
_NOT_EMPTIED = (
    "Tệp -wal còn giữ dữ liệu cũ vì có người đang đọc; nó tự được làm trống khi không còn ai đọc."
)
_AFTER = (
    "Khóa của các tháng trước {before} đã bị hủy trong {folder}. Hãy thay mọi bản sao khác của "
    "months.key và held-keys (các máy khác, bản sao lưu) bằng hai tệp này, rồi xóa bản cũ."
)


def retire(
    before: Annotated[str, typer.Option("--before", help="Tháng đầu tiên còn giữ lại: 2024-11.")],
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại.")] = False,
    directory: Directory = None,
) -> None:
    """Hủy các mục cũ hơn thời hạn lưu và khóa của chúng; mọi chứng minh vẫn đúng."""
    from audit.key_files import KeyUnusableError  # noqa: PLC0415 - only this command needs them
    from audit.log import AccessLogUnavailable  # noqa: PLC0415 - likewise
    from audit.retention.plan import Refusal  # noqa: PLC0415 - likewise
    from audit.stores.engine import DATABASE_ERRORS  # noqa: PLC0415 - likewise
    from gateway.retention import keys_of  # noqa: PLC0415 - likewise

    if _MONTH.fullmatch(before) is None:
        stop(_NO_MONTH, MISUSE)
    settings = settings_of(directory)
    only_errors()
    try:
        keys = keys_of(settings, now())
        _confirm(_planned(settings, keys, before), yes=yes)
        done = _retire(settings, keys, before)
    except KeyUnusableError as unusable:
        stop(KEYS.format(folder=settings.keys_dir, reason=unusable), REFUSED)
    except AccessLogUnavailable as unavailable:
        stop_unwritten(unavailable)
    except DATABASE_ERRORS as error:
        stop_failed(error, settings)
    if isinstance(done, Refusal):
        _stop(done)
    print(f"Đã hủy {done.entries} mục trước {before}; {done.held} mục được giữ theo vụ việc.")
    if not done.wal_emptied:
        print(_NOT_EMPTIED)
    print(_AFTER.format(before=before, folder=settings.keys_dir))


def _planned(settings: "Settings", keys: "Keys", before: str) -> "Plan":
    from audit.retention.plan import Refusal, plan, too_young  # noqa: PLC0415 - as above

    if young := too_young(before, now(), settings.retention_months):
        _stop(young, months=settings.retention_months)
    planned = asyncio.run(plan(settings.access_log_url, keys, before))
    if isinstance(planned, Refusal):
        _stop(planned)
    return planned


def _confirm(planned: "Plan", *, yes: bool) -> None:
    for month, entries in planned.months:
        print(f"{month}: {entries} mục")
    print(f"Tổng cộng {planned.entries} mục trước {planned.before}; giữ lại {planned.held} mục.")
    if not yes and not _says_yes():
        stop("Không hủy gì.", REFUSED)


def _says_yes() -> bool:
    """Ask; whoever ends the command or the input there has not said yes."""
    try:
        return typer.confirm(_ASK, err=True)
    except typer.Abort:
        sys.stderr.write("\n")
        return False


def _retire(settings: "Settings", keys: "Keys", before: str) -> "Plan | Refusal":
    from rich.console import Console  # noqa: PLC0415 - only this command needs them
    from rich.progress import Progress  # noqa: PLC0415 - as above

    from audit.retention.retire import retire as go  # noqa: PLC0415 - as above

    with Progress(
        transient=True, console=Console(stderr=True), disable=not sys.stderr.isatty()
    ) as shown:
        bar = shown.add_task("Hủy các mục cũ", total=None)

        def told(done: int, of: int) -> None:
            shown.update(bar, completed=done, total=of)

        work = go(
            settings.access_log_url,
            keys,
            before,
            clock=now,
            randomness=secrets.token_bytes,
            told=told,
        )
        return asyncio.run(work)


def _stop(refusal: "Refusal", **more: object) -> NoReturn:
    from audit.retention.plan import Why  # noqa: PLC0415 - as above

    if refusal.why is Why.NOTHING:  # as it should be
        print(_NOTHING)
        raise typer.Exit
    stop(_REFUSALS[refusal.why.value].format(**refusal.facts, **more), REFUSED)
