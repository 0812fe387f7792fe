"""`lienthong start` (the sandbox, everything embedded) and `lienthong serve`."""

import sys
from typing import NoReturn

import typer

from gateway.cli.start import start
from gateway.logs import configure_logs
from gateway.serve import PortTakenError, take_port
from gateway.serve import serve as run
from gateway.settings import SettingsInvalidError, read_settings

EXIT_MISUSE = 2
EXIT_PORT_TAKEN = 3


def add_to(app: typer.Typer) -> None:
    """Add the commands that serve."""
    app.command()(start)
    app.command()(serve)


def serve() -> None:
    """Phục vụ với cấu hình từ môi trường và lienthong.toml (production profile)."""
    try:
        settings = read_settings()
    except SettingsInvalidError as invalid:
        stop(str(invalid), EXIT_MISUSE)
    configure_logs(settings.log_level)
    try:
        taken = take_port(settings.host, settings.port)
    except PortTakenError as port_taken:
        stop(str(port_taken), EXIT_PORT_TAKEN)
    host, port = taken.getsockname()[:2]
    run(settings, taken, lambda: print(f"http://{host}:{port}", flush=True))


def stop(sentence: str, status: int) -> NoReturn:
    """Say why, and end."""
    sys.stderr.write(f"{sentence}\n")
    raise typer.Exit(status)
