"""`lienthong log hold|release|holds`: entries that a case needs are not retired.

The number of a case is what somebody wrote on a file, and may name a person: it is asked for at the
terminal or read from a file, and never stands in an argument.
"""

import asyncio
import re
import secrets
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    from collections.abc import Callable, Coroutine

    from audit.retention.holds import Hold, Keys, NoSuchHold, NotThere
    from audit.retention.unfinished import Unfinished
    from gateway.settings import Settings

    Told = Hold | list[Hold] | NotThere | NoSuchHold | Unfinished

STDIN = Path("-")
_LONGEST_CASE = 200
_ENTRY_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII
)

_CaseFile = Annotated[
    Path | None,
    typer.Option("--case-file", help="Tệp có số vụ việc ở dòng đầu; bỏ trống: hỏi ở đây."),
]

_ASK = "Số vụ việc (công văn, quyết định)"
_NO_CASE = "Cần số vụ việc: một dòng, nhiều nhất 200 ký tự."
_TWO_ON_STDIN = "Mã mục đọc từ đầu vào chuẩn thì số vụ việc phải ở trong tệp: --case-file TỆP."
_UNREADABLE = "Không đọc được tệp. Hãy kiểm tra đường dẫn và quyền đọc."
_NO_IDS = "Tệp không có mã mục nào; mỗi dòng một mã, như accessLog cho biết."
_NO_ID = "Dòng {line} không phải là mã mục nhật ký (UUIDv7)."
_NOT_THERE = (
    "Không giữ gì: {count} mã không có trong nhật ký, hoặc đã bị hủy (dòng {lines}). Hãy bỏ các "
    "dòng đó rồi chạy lại."
)
_NO_SUCH_CASE = "Không có mục nào đang được giữ theo vụ việc này; xem `lienthong log holds`."
_NO_SUCH_ID = "Không có lần giữ nào mang mã này; xem `lienthong log holds`."
_UNFINISHED = (
    "Một lần hủy bị dừng giữa chừng. Hãy làm xong nó trước: lienthong log retire --before {before}."
)
_NONE = "Không có mục nào đang được giữ."
_NO_KEY = "(không còn khóa để đọc)"


def hold(
    file: Annotated[Path, typer.Argument(help="Các mã mục, mỗi dòng một mã; - là đầu vào chuẩn.")],
    case_file: _CaseFile = None,
    directory: Directory = None,
) -> None:
    """Giữ các mục (trọn từng yêu cầu) cho một vụ việc: chúng không bị hủy khi hết thời hạn lưu."""
    from audit.retention.holds import Hold, NotThere  # noqa: PLC0415 - only this command needs them
    from audit.retention.holds import hold as put  # noqa: PLC0415 - likewise

    if file == STDIN and case_file is None:
        stop(_TWO_ON_STDIN, MISUSE)
    lines = _ids_in(file)
    settings = settings_of(directory)
    case = _case(case_file)
    told = _carried_out(
        settings,
        lambda keys: put(
            settings.access_log_url, keys, lines, case, clock=now, randomness=secrets.token_bytes
        ),
    )
    if isinstance(told, NotThere):
        numbers = ", ".join(str(lines[each]) for each in told.entry_ids[:20])
        stop(_NOT_THERE.format(count=len(told.entry_ids), lines=numbers), REFUSED)
    if isinstance(told, Hold):
        print(f"Đang giữ {told.entries} mục ({told.hold_id}).")


def release(
    hold_id: Annotated[
        str | None, typer.Argument(help="Mã trong `lienthong log holds`; bỏ trống: theo vụ việc.")
    ] = None,
    case_file: _CaseFile = None,
    directory: Directory = None,
) -> None:
    """Thôi giữ các mục của một vụ việc; lần hủy kế tiếp lấy chúng đi nếu đã quá hạn."""
    from audit.retention.holds import NoSuchHold  # noqa: PLC0415 - only this command needs them
    from audit.retention.holds import release as let_go  # noqa: PLC0415 - likewise

    settings = settings_of(directory)
    case = _case(case_file) if hold_id is None else None

    def is_meant(each: "Hold") -> bool:
        return each.hold_id == hold_id if case is None else each.case == case

    told = _carried_out(
        settings,
        lambda keys: let_go(
            settings.access_log_url, keys, is_meant, clock=now, randomness=secrets.token_bytes
        ),
    )
    if isinstance(told, NoSuchHold):
        stop(_NO_SUCH_ID if case is None else _NO_SUCH_CASE, REFUSED)
    if isinstance(told, list):
        # Hold by hold, as they were told: two of them may hold the same entries.
        for each in told:
            print(f"Đã thôi giữ {each.entries} mục ({each.hold_id}).")


def holds(directory: Directory = None) -> None:
    """Liệt kê những gì đang được giữ: vụ việc, số mục, từ khi nào, mã."""
    from audit.retention.holds import holds as listed  # noqa: PLC0415 - only this command needs them
    from gateway.cli.grid import grid  # noqa: PLC0415 - likewise
    from gateway.cli.terminal import clean, console  # noqa: PLC0415 - likewise
    from gateway.sequencing import reader_url  # noqa: PLC0415 - likewise

    settings = settings_of(directory, by=reader_url)
    url = reader_url(settings) or settings.access_log_url
    told = _carried_out(settings, lambda keys: listed(url, keys))
    if not isinstance(told, list) or not told:
        print(_NONE)
        return
    rows = [
        (
            _NO_KEY if each.case is None else clean(each.case),
            str(each.entries),
            f"{each.since:%Y-%m-%d}",
            each.hold_id,
        )
        for each in told
    ]
    shown = console()
    shown.print(grid(("Vụ việc", "Số mục", "Từ ngày", "Mã"), [("", rows)], shown.width))


def _carried_out(
    settings: "Settings", work: "Callable[[Keys], Coroutine[None, None, Told]]"
) -> "Told":
    """Do it with the keys of this installation, or end with the reason why not."""
    from audit.key_files import KeyUnusableError  # noqa: PLC0415 - as above
    from audit.log import AccessLogUnavailable  # noqa: PLC0415 - likewise
    from audit.retention.unfinished import Unfinished  # noqa: PLC0415 - likewise
    from audit.stores.engine import DATABASE_ERRORS  # noqa: PLC0415 - likewise
    from gateway.retention import keys_of  # noqa: PLC0415 - likewise

    only_errors()
    try:
        told = asyncio.run(work(keys_of(settings, now())))
    except KeyUnusableError as unusable:
        stop(KEYS.format(folder=settings.keys_dir, reason=unusable), REFUSED)
    except AccessLogUnavailable as unavailable:
        stop_unwritten(unavailable)
    except DATABASE_ERRORS as error:
        stop_failed(error, settings)
    if isinstance(told, Unfinished):
        stop(_UNFINISHED.format(before=told.retired.before), REFUSED)
    return told


def _ids_in(file: Path) -> dict[str, int]:
    """Read entry ids, each with the number of its line."""
    found: dict[str, int] = {}
    for number, line in enumerate(_text(file).splitlines(), 1):
        if not line.strip():
            continue
        if _ENTRY_ID.fullmatch(line.strip()) is None:
            stop(_NO_ID.format(line=number), MISUSE)
        found.setdefault(line.strip(), number)
    if not found:
        stop(_NO_IDS, MISUSE)
    return found


def _case(file: Path | None) -> str:
    """Get the number of the case, in the one form in which it is compared."""
    given = _ask_for_case() if file is None else next(iter(_text(file).splitlines()), "")
    case = unicodedata.normalize("NFC", " ".join(given.split()))
    if not case or len(case) > _LONGEST_CASE:
        stop(_NO_CASE, MISUSE)
    return case


def _ask_for_case() -> str:
    """Ask; whoever ends the command or the input there has given none."""
    try:
        return str(typer.prompt(_ASK, err=True))
    except typer.Abort:
        sys.stderr.write("\n")
        return ""


def _text(file: Path) -> str:
    try:
        content = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        stop(_UNREADABLE, MISUSE)
