"""`lienthong log export`: the log as a folder that anybody can check."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.ends import MISUSE, REFUSED, stop
from gateway.cli.log_settings import (
    DATABASE,
    Directory,
    now,
    only_errors,
    settings_of,
    stop_unwritten,
)

_NOTHING_SIGNED = (
    "Nhật ký chưa có điểm kiểm tra nào được ký, nên chưa có gì để chứng minh. Hãy thử lại sau vài "
    "giây, hoặc xem bộ xếp thứ tự (`lienthong log sequence`) có chạy không."
)
_ANOTHER_LOG = (
    "Mục nhật ký nói về lần xuất này không hiện ra trong nhật ký được đọc, nên không xuất gì. "
    "LIENTHONG_ACCESS_LOG_URL và LIENTHONG_ACCESS_LOG_READER_URL phải là cùng một nhật ký."
)

_OCCUPIED = (
    "{folder} đã có, và không phải là một thư mục trống có thể thay được, nên không xuất gì: hai "
    "bản xuất lẫn vào nhau trông như nhật ký bị sửa. Hãy chọn một tên mới."
)


def export(
    folder: Annotated[Path, typer.Argument(help="Thư mục để ghi: chưa có, hoặc còn trống.")],
    directory: Directory = None,
) -> None:
    """Xuất nhật ký thành một thư mục mà ai cũng kiểm tra được; lần xuất cũng là một mục nhật ký."""
    from rich.console import Console  # noqa: PLC0415 - only this command needs them
    from rich.progress import Progress  # noqa: PLC0415 - only this command needs them

    from audit.log import AccessLogUnavailable  # noqa: PLC0415 - likewise
    from audit.tree.export import AnotherLog, FolderUnwritable, NothingSigned, Occupied  # noqa: PLC0415 - likewise
    from audit.tree.export import export as write  # noqa: PLC0415 - likewise
    from audit.tree.proofs import LogUnreadable  # noqa: PLC0415 - likewise
    from gateway.cli.receipt_keys import public_keys  # noqa: PLC0415 - likewise
    from gateway.sequencing import reader_url  # noqa: PLC0415 - likewise

    settings = settings_of(directory)
    only_errors()
    writer = settings.access_log_url
    url = reader_url(settings) or writer
    jwks = public_keys(settings.keys_dir)
    try:
        with Progress(
            transient=True, console=Console(stderr=True), disable=not sys.stderr.isatty()
        ) as shown:
            bar = shown.add_task("Xuất nhật ký")

            def progress(done: int, of: int) -> None:
                shown.update(bar, completed=done, total=of)

            told = asyncio.run(
                write(url, folder, writer=writer, clock=now, jwks=jwks, progress=progress)
            )
    except AccessLogUnavailable as unavailable:
        stop_unwritten(unavailable)
    except LogUnreadable:
        stop(DATABASE, REFUSED)
    except FolderUnwritable as unwritable:
        stop(f"Không ghi được vào {folder} ({unwritable.why}).", REFUSED)
    if isinstance(told, Occupied):
        stop(_OCCUPIED.format(folder=folder), MISUSE)
    if isinstance(told, NothingSigned):
        stop(_NOTHING_SIGNED, REFUSED)
    if isinstance(told, AnotherLog):
        stop(_ANOTHER_LOG, REFUSED)
    print(f"Đã xuất {told.leaves} mục vào {folder}.")
