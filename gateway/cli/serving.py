"""`lienthong start` (the sandbox, everything embedded) and `lienthong serve`."""

import errno
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli import directory as start_directory
from gateway.cli.ends import MISUSE, PORT_TAKEN, REFUSED, stop

LAST_PORT = 65535


class LogLevel(StrEnum):
    """Least level of operational log lines."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def add_to(app: typer.Typer) -> None:
    """Add the commands that serve."""
    app.command()(start)
    app.command()(serve)


def start(
    port: Annotated[
        int, typer.Option(min=0, max=LAST_PORT, help="Cổng mạng của gateway; 0: cổng trống.")
    ] = 8000,
    sandbox_port: Annotated[
        int,
        typer.Option(min=0, max=LAST_PORT, help="Cổng đầu tiên của tỉnh giả định; 0: cổng trống."),
    ] = 8100,
    people: Annotated[int, typer.Option(min=0, help="Số người trong tỉnh giả định.")] = 0,
    directory: Annotated[
        Path, typer.Option("--dir", help="Thư mục dữ liệu.")
    ] = start_directory.DEFAULT,
    log_level: Annotated[LogLevel, typer.Option(help="Mức nhật ký vận hành.")] = LogLevel.WARNING,
    plain: Annotated[
        bool, typer.Option("--plain", help="Nói bằng dòng chữ cho người đọc.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Nói bằng một dòng JSON khi đã sẵn sàng.")
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Khi sẵn sàng: điền sẵn và đối chiếu thử một hồ sơ.")
    ] = False,
    parent: Annotated[
        int | None, typer.Option(help="Dừng khi tiến trình có số này không còn.")
    ] = None,
) -> None:
    """Khởi động tỉnh giả định và cổng kết nối trên máy này."""
    if as_json and (plain or demo):
        stop("--json chỉ in một dòng cho chương trình; bỏ --plain và --demo.", MISUSE)
    from gateway.cli.start import Order, run  # noqa: PLC0415 - only this command needs the house

    run(
        Order(
            port=port,
            sandbox_port=sandbox_port,
            people=people,
            directory=directory,
            log_level=log_level,
            plain=not as_json and (plain or demo or sys.stdout.isatty()),
            demo=demo,
            parent=parent,
        )
    )


def serve() -> None:
    """Phục vụ với cấu hình từ môi trường và lienthong.toml (production profile)."""
    from gateway import port, settings, single_node  # noqa: PLC0415 - only this command needs it
    from gateway.logs import configure_logs  # noqa: PLC0415 - likewise
    from gateway.production import refusals  # noqa: PLC0415 - likewise
    from gateway.serve import StartFailedError  # noqa: PLC0415 - likewise
    from gateway.serve import serve as run  # noqa: PLC0415 - likewise

    try:
        read = settings.read_settings()
        if "profile" not in read.model_fields_set:
            # Whoever serves and does not say where means it: the sandbox has `start`.
            read = settings.read_settings(profile=settings.ProfileName.PRODUCTION)
        if refused := refusals(read):
            stop("\n".join([_REFUSED, *(f"  - {each}" for each in refused)]), REFUSED)
        configure_logs(read.log_level)
        if read.single_node:
            single_node.take_alone(read.kept_dir)
        taken = port.take_port(read.host, read.port)
        host, number = taken.getsockname()[:2]
        scheme = "http" if read.tls_cert is None else "https"
        run(read, taken, lambda: print(f"{scheme}://{host}:{number}", flush=True))
    except settings.SettingsInvalidError as invalid:
        stop(f"Cấu hình không dùng được: {invalid}", MISUSE)
    except port.PortTakenError as port_taken:
        stop(str(port_taken), PORT_TAKEN)
    except (StartFailedError, single_node.SingleNodeTakenError) as failed:
        stop(str(failed), REFUSED)
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "?")
        stop(f"LIENTHONG_KEPT_DIR không ghi được ({reason}); hãy kiểm tra quyền.", REFUSED)


_REFUSED = "Môi trường chính thức (production) từ chối khởi động với cấu hình này:"
