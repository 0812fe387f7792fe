"""`lienthong start`: sandbox, issuer and gateway as one process tree on this machine.

start -> sandbox (a child that watches us) ; gateway (this very process)

However it ends, nothing is left behind: at a signal both end in order, and should this process be
killed, the sandbox notices.
"""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

import msgspec

from gateway.cli.child import Child, SandboxFailedError, start_sandbox
from gateway.cli.directory import Held, hold
from gateway.cli.ends import MISUSE, PORT_TAKEN, REFUSED, or_stop, stop
from gateway.cli.face import Face
from gateway.logs import configure_logs
from gateway.port import PortTakenError, take_port
from gateway.settings import Settings, SettingsInvalidError, read_settings
from sandbox.parent import ended

__all__ = ["Order", "run", "sandbox_settings", "start_sandbox"]

HOST = "127.0.0.1"
SANDBOX_SECRET = "sandbox-secret"  # noqa: S105 - the sandbox's own, invented and public
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of `lienthong start`."""

    port: int
    sandbox_port: int
    people: int
    directory: Path
    log_level: str
    plain: bool
    demo: bool
    parent: int | None


def run(order: Order) -> None:
    """Start everything, serve until told to stop, and leave nothing behind."""
    for each in SIGNALS:
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, _leave)
    if order.parent:
        threading.Thread(target=_follow, args=(order.parent,), daemon=True).start()
    face = Face(order.directory, plain=order.plain, demo=order.demo)
    held = or_stop(hold(order.directory))
    try:
        _start(order, face, held)
    except PortTakenError as taken:
        stop(str(taken), PORT_TAKEN)
    except SandboxFailedError as failed:
        stop(str(failed), failed.status)
    except SettingsInvalidError as invalid:
        stop(f"Cấu hình không dùng được: {invalid}", MISUSE)
    finally:
        held.release()
    face.over()


def _start(order: Order, face: Face, held: Held) -> None:
    began = time.monotonic()
    taken = take_port(HOST, order.port)
    face.starting()
    child = Child(order.directory / "sandbox", order.sandbox_port, order.people)
    lost = threading.Event()
    try:
        with face.step("Nạp lược đồ và thủ tục"):
            serve = _load_house()
        with face.step("Dựng tỉnh giả định (các cơ sở dữ liệu, nơi cấp mã truy cập)"):
            addresses = child.wait_ready()
        child.watch(lambda: _give_up(lost))
        configure_logs(order.log_level)
        port = int(taken.getsockname()[1])
        settings = sandbox_settings(addresses, order.directory, port, order.log_level)

        def ready() -> None:
            told = _ready_line(order, addresses, port, time.monotonic() - began)
            held.tell(told)
            face.ready(told)

        serve(settings, taken, ready)
    finally:
        # From here on a second Ctrl-C would only leave something behind.
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        child.stop()
        if lost.is_set():
            stop("Tỉnh giả định đã dừng ngoài ý muốn, nên cổng kết nối cũng dừng theo.", REFUSED)


def _load_house() -> Callable[[Settings, socket.socket, Callable[[], None]], None]:
    """Load the gateway while the sandbox lays its world: each takes a second or two."""
    from gateway.serve import StartFailedError, serve  # noqa: PLC0415 - see above

    def serve_or_stop(settings: Settings, taken: socket.socket, ready: Callable[[], None]) -> None:
        try:
            serve(settings, taken, ready)
        except StartFailedError as failed:
            stop(str(failed), REFUSED)

    return serve_or_stop


def _ready_line(
    order: Order, addresses: Mapping[str, object], port: int, seconds: float
) -> dict[str, object]:
    gateway = f"http://{HOST}:{port}"
    return {
        "gateway": gateway,
        "graphql": f"{gateway}/graphql",
        **addresses,
        "access_log": str(_access_log(order.directory)),
        "pid": os.getpid(),
        "ready_s": round(seconds, 2),
    }


def sandbox_settings(
    addresses: Mapping[str, object], directory: Path, port: int, log_level: str
) -> Settings:
    """Make the settings that connect a gateway on *port* to a running sandbox.

    Raises SettingsInvalidError.
    """
    return read_settings(
        profile="sandbox",
        host=HOST,
        port=port,
        log_level=log_level,
        access_log_url=f"sqlite+aiosqlite:///{_access_log(directory)}",
        keys_dir=directory / "keys",
        issuers={addresses["issuer"]: f"{addresses['issuer']}/jwks.json"},
        sandbox_url=addresses["control"],
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


def _access_log(directory: Path) -> Path:
    return (directory / "access-log.db").resolve()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Obey a signal that comes before the gateway serves."""
    raise SystemExit(0)


def _give_up(lost: threading.Event) -> None:
    """Stop as at a signal, because the sandbox ended by itself."""
    lost.set()
    os.kill(os.getpid(), signal.SIGTERM)


def _follow(parent: int) -> None:
    """Stop as at a signal when the process *parent* is gone."""
    asyncio.run(ended(parent))
    os.kill(os.getpid(), signal.SIGTERM)
