"""`lienthong log check`: whether searches go by what the entries say."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.ends import REFUSED, stop
from gateway.cli.log_settings import (
    DATABASE,
    Directory,
    now,
    only_errors,
    settings_of,
    stop_unwritten,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.reading.looked_up import Compared

_RIGHT = "Đã so {entries} mục: cột, bảng tra cứu, hàng đợi và cây đều đúng như thân mục."
_COMPARED = "Đã so {entries} mục. Khác thân mục:"
_SENTENCES = {
    "BODY": (
        "thân mục hỏng, không phải bản đã vào cây, hoặc của phiên bản khác (không sửa; hãy kiểm "
        "tra)"
    ),
    "COLUMNS": "cột khác thân mục",
    "MISSING": "thiếu dòng tra cứu",
    "FOREIGN": "dòng tra cứu dẫn đến mục không nói như vậy",
    "FORGOTTEN": "mục không có chỗ trong cây và không ở hàng đợi",
    "TREE": "mảnh cây hoặc điểm kiểm tra khác lá (không sửa; hãy xuất và kiểm tra)",
    "HOLD": "số mục đang giữ khác số đã khai (không sửa; mã là của lần giữ)",
}
_MENDED = "Đã sửa những gì sửa được; hãy chạy lại lệnh này không có --mend để chắc chắn."
_HOW = "Sửa theo thân mục: thêm --mend, với địa chỉ của vai trò sở hữu các bảng."


def check(
    mend: Annotated[
        bool, typer.Option("--mend", help="Sửa các dòng tra cứu theo thân mục.")
    ] = False,
    directory: Directory = None,
) -> None:
    """So những gì tra cứu dựa vào (cột, bảng hẹp, hàng đợi, cây) với thân các mục."""
    from rich.console import Console  # noqa: PLC0415 - only this command needs them
    from rich.progress import Progress  # noqa: PLC0415 - likewise

    from audit.log import AccessLogUnavailable  # noqa: PLC0415 - likewise
    from audit.stores.engine import DATABASE_ERRORS  # noqa: PLC0415 - likewise
    from gateway.sequencing import reader_url  # noqa: PLC0415 - likewise

    settings = settings_of(directory, by=None if mend else reader_url)
    only_errors()
    url = settings.access_log_url if mend else reader_url(settings) or settings.access_log_url
    try:
        with Progress(
            transient=True, console=Console(stderr=True), disable=not sys.stderr.isatty()
        ) as shown:
            bar = shown.add_task("So với thân mục")

            def told(done: int, of: int) -> None:
                shown.update(bar, completed=done, total=of)

            found = asyncio.run(_compare(url, told, mend=mend))
    except AccessLogUnavailable as unavailable:
        stop_unwritten(unavailable)
    except DATABASE_ERRORS:
        stop(DATABASE, REFUSED)
    _say(found, mended=mend)


async def _compare(url: str, told: "Callable[[int, int], None]", *, mend: bool) -> "Compared":
    """Compare; to mend, take the name of those who retire and hold, and leave a boot."""
    from audit.reading.looked_up import compare  # noqa: PLC0415 - as above
    from audit.retention.by_hand import RETENTION, own_boot  # noqa: PLC0415 - as above

    if not mend:
        return await compare(url, told=told)
    async with own_boot(url, RETENTION, clock=now):
        return await compare(url, mend=True, told=told)


def _say(found: "Compared", *, mended: bool) -> None:
    if not found.wrong:
        print(_RIGHT.format(entries=found.entries))
        return
    print(_COMPARED.format(entries=found.entries))
    for wrong, count in found.wrong.items():
        print(f"  {wrong.value}: {count} · {_SENTENCES[wrong.value]}")
        for each in found.examples[wrong]:
            print(f"    {each}")
    stop(_MENDED if mended else _HOW, REFUSED)
