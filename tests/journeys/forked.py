"""Gateways that start in a moment: one process has loaded the program, and forks itself for each.

python -m tests.journeys.forked
It reads one order a line, and says the address of each gateway once that is ready. What runs is
`lienthong serve` from the settings on: only the second that loading takes is saved.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import psutil  # type: ignore[import-untyped]  # it ships no types

from tests.journeys.house import ROOT


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One gateway before the sandbox at *addresses*, with its files in *directory*."""

    addresses: dict[str, Any]
    directory: str
    settings: dict[str, str]
    """What differs from `lienthong start`."""


class Born(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway's process: killed as the kernel kills, or asked to stop."""

    pid: int
    port: int

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def alive(self) -> bool:
        """Tell whether it runs: dead is enough, whether it is buried or not."""
        try:
            return bool(psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    def kill(self) -> None:
        """Kill it with signal 9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)
        deadline = time.monotonic() + 60
        while self.alive():
            assert time.monotonic() < deadline, how
            time.sleep(0.002)


class Nursery:
    """The process that has loaded the gateway, and whatever it forks for one sandbox."""

    def __init__(self, folder: Path, addresses: Mapping[str, Any]) -> None:
        self.folder = folder
        self._addresses = dict(addresses)
        self._said = (folder / "said.log").open("w+b")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.forked"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )

    async def start(self, **settings: str) -> Born:
        """Start a gateway, and wait until it is ready."""
        order = Order(addresses=self._addresses, directory=str(self.folder), settings=settings)
        return await asyncio.to_thread(self._start, msgspec.json.encode(order))

    def _start(self, order: bytes) -> Born:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(order + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self.said()[-3000:]
        return msgspec.json.decode(line, type=Born)

    def said(self) -> str:
        """Give all that they have said."""
        return Path(self._said.name).read_text(encoding="utf-8")

    def close(self) -> None:
        """End the process, and what it has left running."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()
        self._said.close()


def main() -> None:
    """Fork a gateway for each order; at the end of the orders kill what still runs."""
    children: list[int] = []
    # Loaded here, so that who only wants the names above does not wait for it.
    from gateway import serve  # noqa: PLC0415, F401 - see above

    while line := sys.stdin.buffer.readline():
        # Who has ended is buried now, so that its number is never another's.
        children = [each for each in children if os.waitpid(each, os.WNOHANG) == (0, 0)]
        child = os.fork()
        if child == 0:
            _be(msgspec.json.decode(line, type=Order))
            os._exit(0)
        children.append(child)
    for each in children:
        if os.waitpid(each, os.WNOHANG) == (0, 0):
            os.kill(each, signal.SIGKILL)
            os.waitpid(each, 0)


def _be(order: Order) -> None:
    """Be a gateway until told to stop."""
    from gateway.cli.start import HOST, sandbox_settings  # noqa: PLC0415 - as above
    from gateway.logs import configure_logs  # noqa: PLC0415 - likewise
    from gateway.port import take_port  # noqa: PLC0415 - likewise
    from gateway.serve import serve  # noqa: PLC0415 - likewise

    taken = take_port(HOST, 0)
    born = Born(pid=os.getpid(), port=taken.getsockname()[1])
    plain = sandbox_settings(order.addresses, Path(order.directory), born.port, "INFO")
    configure_logs(plain.log_level)

    def ready() -> None:
        os.write(1, msgspec.json.encode(born) + b"\n")

    serve(plain.model_copy(update=order.settings), taken, ready)


if __name__ == "__main__":
    main()
