"""`lienthong log …`: what an operator does with the access log's Merkle tree and its keys."""

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.ends import MISUSE, REFUSED, stop

if TYPE_CHECKING:
    from audit.restore import Declaration
    from audit.sequencer import Sequencer
    from gateway.settings import Settings

_Directory = Annotated[
    Path | None,
    typer.Option("--dir", help="Thư mục dữ liệu của `lienthong start`; bỏ trống: theo cấu hình."),
]

_NOTHING = "Cơ sở dữ liệu không thiếu gì so với điểm kiểm tra đã ký cuối cùng; không có gì để khai."
_SEAT_TAKEN = (
    "Một tiến trình khác đang xếp thứ tự nhật ký này. Hãy dừng các cổng kết nối và "
    "`lienthong log sequence`, rồi khai lại."
)
_CANNOT = (
    "Cơ sở dữ liệu không phải là một trạng thái trước đó của nhật ký đã ký. Đừng chạy tiếp; hãy "
    "giữ nguyên mọi thứ và báo người phụ trách an toàn thông tin."
)
_NOT_DECLARED = (
    "Khai báo phục hồi đóng vĩnh viễn tên nhật ký cũ và ký tên vào những gì đã mất. Nếu đúng là "
    "cơ sở dữ liệu vừa được phục hồi từ bản sao lưu, hãy thêm --declare."
)
_KEYS = "Khóa của nhật ký (thư mục {folder}) không dùng được: {reason}."
_DATABASE = (
    "Cơ sở dữ liệu của nhật ký không trả lời. Hãy kiểm tra LIENTHONG_ACCESS_LOG_URL và máy chủ."
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    room = typer.Typer(help="Nhật ký truy cập: cây Merkle, khóa ký.", no_args_is_help=True)
    room.command()(sequence)
    room.command()(restore)
    room.command(name="rotate-key")(rotate_key)
    app.add_typer(room, name="log")


def sequence(directory: _Directory = None) -> None:
    """Xếp thứ tự và ký nhật ký trong một tiến trình riêng, cho đến khi được bảo dừng."""
    from gateway.logs import configure_logs  # noqa: PLC0415 - only this command runs for long
    from gateway.sequencing import sequencer_of  # noqa: PLC0415 - likewise

    settings = _settings(directory)
    configure_logs(settings.log_level)
    asyncio.run(_run(sequencer_of(settings, _now)))


def restore(
    declare: Annotated[
        bool, typer.Option("--declare", help="Khai rằng bản sao lưu đã được phục hồi.")
    ] = False,
    directory: _Directory = None,
) -> None:
    """Khai báo đã phục hồi bản sao lưu: đóng tên nhật ký cũ, mở tên mới, ký những gì đã mất."""
    if not declare:
        stop(_NOT_DECLARED, MISUSE)
    from audit.keyring import KeyringBroken  # noqa: PLC0415 - only this command needs them
    from audit.restore import CannotDeclare, SeatTaken, Statement  # noqa: PLC0415 - likewise
    from audit.seat import DATABASE_ERRORS  # noqa: PLC0415 - likewise
    from audit.tags import KeyUnusableError  # noqa: PLC0415 - likewise

    settings = _settings(directory)
    try:
        told = asyncio.run(_declare(settings))
    except (KeyringBroken, KeyUnusableError) as broken:
        stop(_KEYS.format(folder=settings.keys_dir / "log", reason=broken), REFUSED)
    except DATABASE_ERRORS:
        stop(_DATABASE, REFUSED)
    if isinstance(told, SeatTaken):
        stop(_SEAT_TAKEN, REFUSED)
    if isinstance(told, CannotDeclare):
        stop(_CANNOT, REFUSED)
    if isinstance(told, Statement):
        print(told.text(), end="")
    else:
        print(_NOTHING)


def rotate_key(directory: _Directory = None) -> None:
    """Chuẩn bị khóa ký mới; bộ xếp thứ tự dùng nó từ điểm kiểm tra kế tiếp."""
    from audit.tags import KeyUnusableError  # noqa: PLC0415 - only this command needs them
    from gateway.sequencing import keyring_of  # noqa: PLC0415 - likewise

    settings = _settings(directory)
    folder = settings.keys_dir / "log"
    if not (folder / "vkeys").exists():
        stop(_KEYS.format(folder=folder, reason="chưa có khóa nào để thay"), REFUSED)
    try:
        keyring_of(settings.keys_dir).prepare_next()
    except KeyUnusableError as unusable:
        stop(_KEYS.format(folder=folder, reason=unusable), REFUSED)
    print("Khóa mới sẽ ký từ điểm kiểm tra kế tiếp; /log/vkeys cho biết từ cỡ nào.")


async def _declare(settings: "Settings") -> "Declaration":
    from audit.restore import declare  # noqa: PLC0415 - as above
    from gateway.sequencing import keyring_of  # noqa: PLC0415 - as above

    return await declare(settings.access_log_url, keyring_of(settings.keys_dir), now=_now())


async def _run(sequencer: "Sequencer") -> None:
    """Sequence until a signal says stop; what is being committed is committed."""
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    await sequencer.run(stopped)


def _settings(directory: Path | None) -> "Settings":
    from gateway.settings import SettingsInvalidError, read_settings  # noqa: PLC0415 - as above

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


def _now() -> datetime:
    return datetime.now(UTC)
