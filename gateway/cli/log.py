"""`lienthong log …`: what an operator does with the access log, its Merkle tree and its keys."""

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.ends import MISUSE, REFUSED, stop
from gateway.cli.log_check import check
from gateway.cli.log_export import export
from gateway.cli.log_holds import hold, holds, release
from gateway.cli.log_retire import retire
from gateway.cli.log_settings import DATABASE, KEYS, Directory, now, settings_alone, settings_of
from gateway.cli.log_verify import verify

if TYPE_CHECKING:
    from audit.tree.proofs import NotInTree
    from audit.tree.restore import Declaration
    from audit.tree.sequencer import Sequencer
    from audit.tree.tlog_proof import TlogProof
    from gateway.settings import Settings

_NOTHING = "Cơ sở dữ liệu không thiếu gì so với điểm kiểm tra đã ký cuối cùng; không có gì để khai."
_SEAT_TAKEN = (
    "Một tiến trình khác đang xếp thứ tự nhật ký này. Hãy dừng các cổng kết nối và "
    "`lienthong log sequence`, rồi khai lại."
)
_CANNOT = (
    "Cơ sở dữ liệu không phải là một trạng thái trước đó của nhật ký đã ký. Đừng chạy tiếp; hãy "
    "giữ nguyên mọi thứ và báo người phụ trách an toàn thông tin."
)
_DECLARED_LOST = (
    "Không khai được: tên {closed} đã được khai là đóng và chỉ giữ {kept} mục đầu, còn cơ sở dữ "
    "liệu này có những mục sau đó, đã được ký là mất. Hãy phục hồi cơ sở dữ liệu của lần khai "
    "cuối, hoặc một bản sao lưu của nó; bản sao lưu đã dùng cho lần khai ấy cũng được."
)
_NOT_DECLARED = (
    "Khai báo phục hồi đóng vĩnh viễn tên nhật ký cũ và ký tên vào những gì đã mất. Nếu đúng là "
    "cơ sở dữ liệu vừa được phục hồi từ bản sao lưu, hãy thêm --declare."
)
_NOT_IN_TREE = "Không có mục nhật ký này trong cây, hoặc chưa có; hãy thử lại sau một phút."
_SQLITE_MIGRATES = "SQLite tự lên dạng mới khi cổng kết nối mở tệp; không phải làm gì."
_NOT_MIGRATED = (
    "Chưa đưa được cơ sở dữ liệu lên dạng mới. Hãy kiểm tra máy chủ, và đặt "
    "LIENTHONG_ACCESS_LOG_URL cho vai trò sở hữu các bảng (chỉ cho lệnh này)."
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    room = typer.Typer(
        help="Nhật ký truy cập: cây Merkle, khóa ký, thời hạn lưu.", no_args_is_help=True
    )
    room.command()(sequence)
    room.command()(restore)
    room.command()(rotate)
    room.command()(migrate)
    room.command()(export)
    room.command()(verify)
    room.command()(check)
    room.command()(prove)
    room.command()(retire)
    room.command()(hold)
    room.command()(release)
    room.command()(holds)
    app.add_typer(room, name="log")


def sequence(directory: Directory = None) -> None:
    """Xếp thứ tự và ký nhật ký trong một tiến trình riêng, cho đến khi được bảo dừng."""
    import structlog  # noqa: PLC0415 - only this command runs for long

    from gateway.logs import configure_logs  # noqa: PLC0415 - likewise
    from gateway.sequencing import sequencer_of, sequencer_url  # noqa: PLC0415 - likewise

    settings = settings_of(directory, by=sequencer_url)
    configure_logs(settings.log_level)
    sequencer = sequencer_of(settings, now)
    # The sequencer tells what changes; that it stands by until then, nobody would see.
    structlog.get_logger().info("the sequencer of the access log", state=sequencer.state().value)
    asyncio.run(_run(sequencer))


def restore(
    declare: Annotated[
        bool, typer.Option("--declare", help="Khai rằng bản sao lưu đã được phục hồi.")
    ] = False,
    directory: Directory = None,
) -> None:
    """Khai báo đã phục hồi bản sao lưu: đóng tên nhật ký cũ, mở tên mới, ký những gì đã mất."""
    if not declare:
        stop(_NOT_DECLARED, MISUSE)
    from audit.key_files import KeyUnusableError  # noqa: PLC0415 - likewise
    from audit.stores.engine import DATABASE_ERRORS  # noqa: PLC0415 - likewise
    from audit.tree.keyring import KeyringBroken  # noqa: PLC0415 - only this command needs them
    from audit.tree.restore import CannotDeclare, SeatTaken, Statement  # noqa: PLC0415 - likewise

    settings = settings_of(directory)
    try:
        told = asyncio.run(_declare(settings))
    except (KeyringBroken, KeyUnusableError) as broken:
        stop(KEYS.format(folder=settings.keys_dir / "log", reason=broken), REFUSED)
    except DATABASE_ERRORS:
        stop(DATABASE, REFUSED)
    if isinstance(told, SeatTaken):
        stop(_SEAT_TAKEN, REFUSED)
    if isinstance(told, CannotDeclare):
        lost = _DECLARED_LOST.format(closed=told.closed, kept=told.kept)
        stop(lost if told.closed else _CANNOT, REFUSED)
    if isinstance(told, Statement):
        print(told.text(), end="")
    else:
        print(_NOTHING)


def rotate(
    receipts: Annotated[
        bool, typer.Option("--receipts", help="Thay khóa ký biên nhận, không phải khóa ký cây.")
    ] = False,
    directory: Directory = None,
) -> None:
    """Chuẩn bị khóa ký mới; bộ xếp thứ tự dùng nó từ điểm kiểm tra kế tiếp."""
    from audit.key_files import KeyUnusableError  # noqa: PLC0415 - only this command needs them
    from gateway.cli.receipt_keys import rotate as rotate_receipts  # noqa: PLC0415 - likewise
    from gateway.sequencing import keyring_of  # noqa: PLC0415 - likewise

    settings = settings_alone(directory)
    if receipts:
        rotate_receipts(settings.keys_dir)
        return
    folder = settings.keys_dir / "log"
    if not (folder / "vkeys").exists():
        stop(KEYS.format(folder=folder, reason="chưa có khóa nào để thay"), REFUSED)
    try:
        keyring_of(settings.keys_dir).prepare_next()
    except KeyUnusableError as unusable:
        stop(KEYS.format(folder=folder, reason=unusable), REFUSED)
    print("Khóa mới sẽ ký từ điểm kiểm tra kế tiếp; /log/vkeys cho biết từ cỡ nào.")


def prove(
    entry_id: Annotated[str, typer.Argument(help="Mã của mục nhật ký (UUIDv7), trong biên nhận.")],
    directory: Directory = None,
) -> None:
    """In chứng minh rằng một mục có trong cây (C2SP tlog-proof)."""
    from audit.tree.proofs import LogReader, LogUnreadable, NotInTree  # noqa: PLC0415 - as above
    from gateway.sequencing import reader_url  # noqa: PLC0415 - likewise

    settings = settings_of(directory, by=reader_url)
    url = reader_url(settings) or settings.access_log_url

    async def find() -> "TlogProof | NotInTree":
        reader = LogReader(url)
        try:
            return await reader.entry_proof(entry_id)
        finally:
            await reader.aclose()

    try:
        found = asyncio.run(find())
    except LogUnreadable:
        stop(DATABASE, REFUSED)
    if isinstance(found, NotInTree):
        stop(_NOT_IN_TREE, REFUSED)
    print(found.write(), end="")


def migrate() -> None:
    """Đưa cơ sở dữ liệu PostgreSQL của nhật ký lên dạng mới, bằng vai trò sở hữu các bảng."""
    from audit.migrate import newest, upgrade  # noqa: PLC0415 - only this command needs them
    from audit.stores.engine import DATABASE_ERRORS  # noqa: PLC0415 - likewise

    settings = settings_alone(None)
    if settings.access_log_url.startswith("sqlite"):
        print(_SQLITE_MIGRATES)
        return
    try:
        asyncio.run(upgrade(settings.access_log_url))
    except DATABASE_ERRORS:
        stop(_NOT_MIGRATED, REFUSED)
    print(f"Cơ sở dữ liệu của nhật ký đã ở dạng {newest()}.")


async def _declare(settings: "Settings") -> "Declaration":
    from audit.tree.restore import declare  # noqa: PLC0415 - as above
    from gateway.sequencing import keyring_of  # noqa: PLC0415 - as above

    return await declare(settings.access_log_url, keyring_of(settings.keys_dir), now=now())


async def _run(sequencer: "Sequencer") -> None:
    """Sequence until a signal says stop; what is being committed is committed."""
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    await sequencer.run(stopped)
