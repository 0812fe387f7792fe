"""`lienthong log verify`: whether an export is right, by the verifier that also runs alone."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.ends import MISUSE, stop

_NO_FOLDER = "{path} không phải là thư mục. Hãy đưa thư mục mà `lienthong log export` đã ghi."
_NO_FILE = "Không có tệp {path}. Hãy kiểm tra đường dẫn."
_UNREADABLE = "Không đọc được {path} ({why})."

_File = Path | None


def verify(
    folder: Annotated[Path, typer.Argument(help="Thư mục mà `lienthong log export` đã ghi.")],
    every_body: Annotated[
        bool, typer.Option("--every-body", help="Đọc hết từng mục của một bản xuất lớn; chậm hơn.")
    ] = False,
    kept: Annotated[
        list[Path] | None, typer.Option(help="Điểm kiểm tra mà kiểm toán viên đã giữ.")
    ] = None,
    receipts: Annotated[_File, typer.Option(help="Các biên nhận, mỗi dòng một cái.")] = None,
    vkeys: Annotated[_File, typer.Option(help="Khóa công khai lấy từ nơi khác.")] = None,
    jwks: Annotated[_File, typer.Option(help="Khóa của biên nhận lấy từ nơi khác.")] = None,
) -> None:
    """Kiểm tra một bản xuất, không cần cổng kết nối; audit/verify.py cũng chạy một mình được."""
    from audit.verify import main as check  # noqa: PLC0415 - only this command needs it

    if not _seen(folder, Path.is_dir):
        stop(_NO_FOLDER.format(path=folder), MISUSE)
    whole = ["--every-body"] if every_body else []
    given: dict[str, list[Path | None]] = {
        "--kept": [*(kept or ())],
        "--receipts": [receipts],
        "--vkeys": [vkeys],
        "--jwks": [jwks],
    }
    words = [_word(name, each) for name, files in given.items() for each in files if each]
    raise typer.Exit(check([*whole, *words, "--", str(folder)]))


def _word(name: str, file: Path) -> str:
    """Write an option as the verifier reads it; it must name a file."""
    if not _seen(file, Path.is_file):
        stop(_NO_FILE.format(path=file), MISUSE)
    return f"{name}={file}"


def _seen(path: Path, look: Callable[[Path], bool]) -> bool:
    """Say what is seen at *path*, where one may look."""
    try:
        return look(path)
    except OSError as error:
        why = errno.errorcode.get(error.errno or 0, "?")
        stop(_UNREADABLE.format(path=path, why=why), MISUSE)
