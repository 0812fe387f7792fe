"""`lienthong start`: sandbox, issuer and gateway as one process tree on this machine."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.logs import configure_logs
from gateway.serve import PortTakenError, serve, take_port
from gateway.settings import Settings, read_settings

SANDBOX_SECRET = "sandbox-secret"  # noqa: S105 - the sandbox's own, invented and public


class SandboxFailedError(Exception):
    """The sandbox did not start; it said why itself."""


def start(
    port: Annotated[int, typer.Option(help="Cổng của cổng kết nối (gateway).")] = 8000,
    sandbox_port: Annotated[
        int, typer.Option(help="Cổng đầu tiên của tỉnh giả định; 0: cổng trống bất kỳ.")
    ] = 8100,
    people: Annotated[int, typer.Option(help="Số người trong tỉnh giả định.")] = 0,
    directory: Annotated[Path, typer.Option("--dir", help="Thư mục dữ liệu.")] = Path("var"),
    log_level: Annotated[str, typer.Option(help="Mức nhật ký vận hành.")] = "WARNING",
) -> None:
    """Khởi động tỉnh giả định và cổng kết nối trên máy này."""
    configure_logs(log_level)
    try:
        taken = take_port("127.0.0.1", port)
    except PortTakenError as port_taken:
        sys.stderr.write(f"{port_taken}\n")
        raise typer.Exit(3) from None
    try:
        sandbox, addresses = start_sandbox(directory / "sandbox", sandbox_port, people)
    except SandboxFailedError:
        raise typer.Exit(3) from None
    gateway_port = int(taken.getsockname()[1])
    settings = sandbox_settings(addresses, directory, gateway_port, log_level)
    url = settings.url()
    ready = {"gateway": url, **addresses}
    try:
        serve(settings, taken, lambda: _say(directory, ready))
    finally:
        sandbox.terminate()
        sandbox.wait(timeout=5)
        (directory / "addresses.json").unlink(missing_ok=True)


def start_sandbox(
    directory: Path, port: int, people: int
) -> tuple[subprocess.Popen[str], Mapping[str, Any]]:
    """Start the sandbox as a child that ends with this process; give its ready line.

    Raises SandboxFailedError; the sandbox's own sentence is on stderr by then.
    """
    directory.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "sandbox", "--dir", str(directory), "--port", str(port),
        "--people", str(people), "--parent", str(os.getpid()),
    ]  # fmt: skip
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program, no shell
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        child.wait(timeout=5)
        raise SandboxFailedError
    _drain(child)
    return child, json.loads(line)


def sandbox_settings(
    addresses: Mapping[str, Any], directory: Path, port: int, log_level: str
) -> Settings:
    """Make the settings that connect a gateway on *port* to a running sandbox."""
    return read_settings(
        profile="sandbox",
        port=port,
        log_level=log_level,
        access_log_url=f"sqlite+aiosqlite:///{(directory / 'access-log.db').resolve()}",
        keys_dir=directory / "keys",
        issuers={addresses["issuer"]: f"{addresses['issuer']}/jwks.json"},
        registry_population_url=addresses["population"],
        registry_population_account="lienthong",
        registry_population_secret=SANDBOX_SECRET,
        registry_population_api_key="sandbox",
        registry_population_member="VN:GOV:SANDBOX:lienthong",
        registry_business_url=addresses["business"],
        registry_business_token_url=f"{addresses['business']}/token",
        registry_business_key=addresses.get("business_key"),
        registry_insurance_url=addresses.get("insurance", ""),
        registry_insurance_account="lienthong",
        registry_insurance_secret=SANDBOX_SECRET,
        registry_land_urls=addresses["land"],
    )


def _say(directory: Path, ready: Mapping[str, Any]) -> None:
    """Say where everything is: a line for programs, and a file for the other commands."""
    text = json.dumps(ready)
    (directory / "addresses.json").write_text(text, encoding="utf-8")
    print(text, flush=True)


def _drain(child: "subprocess.Popen[str]") -> None:
    """Read on, so that the child never waits for a full pipe."""
    stream = child.stdout
    if stream is not None:
        read_on: Callable[[], str] = stream.read
        threading.Thread(target=read_on, daemon=True).start()
