"""The sandbox as a child process: started, waited for, watched, and stopped with us."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import msgspec

from gateway.cli.ends import PORT_TAKEN, REFUSED

STOP_S = 5
"""Seconds a sandbox has to end by itself; it needs two."""

Addresses = Mapping[str, object]

_TAKEN = re.compile(r"Port (?P<port>\d+), wanted for (?P<registry>[a-z]+)")


class SandboxFailedError(Exception):
    """The sandbox did not start: why, the way out, and the exit status that says so."""

    def __init__(self, sentence: str, status: int) -> None:
        self.status = status
        super().__init__(sentence)


class Child:
    """A sandbox process that ends with us, however we end."""

    def __init__(self, directory: Path, port: int, people: int) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable, "-m", "sandbox", "--dir", str(directory), "--port", str(port),
            "--people", str(people), "--parent", str(os.getpid()),
        ]  # fmt: skip
        # A group of its own: at Ctrl-C the gateway finishes its requests before it stops this.
        self.process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
        )
        self._stopping = False

    def wait_ready(self) -> Addresses:
        """Wait for the ready line. Raises SandboxFailedError."""
        line = _stream(self.process.stdout).readline()
        if line:
            return msgspec.json.decode(line, type=dict[str, object])
        said = _stream(self.process.stderr).read()
        raise _why(said, self.process.wait(timeout=STOP_S))

    def watch(self, ended: Callable[[], None]) -> None:
        """Pass on what it says, and call *ended* should it end by itself."""
        threading.Thread(target=self._pass_on, daemon=True).start()
        threading.Thread(target=self._await_end, args=(ended,), daemon=True).start()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._stopping = True
        self.process.terminate()
        try:
            self.process.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _pass_on(self) -> None:
        for line in _stream(self.process.stderr):
            sys.stderr.write(line)

    def _await_end(self, ended: Callable[[], None]) -> None:
        _stream(self.process.stdout).read()
        if not self._stopping:
            ended()


def start_sandbox(
    directory: Path, port: int, people: int
) -> tuple["subprocess.Popen[str]", Addresses]:
    """Start a sandbox and give it with its addresses once it is ready.

    Raises SandboxFailedError.
    """
    child = Child(directory, port, people)
    ready = child.wait_ready()
    child.watch(lambda: None)
    return child.process, ready


def _stream(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        message = "the sandbox was started without pipes"
        raise RuntimeError(message)
    return stream


def _why(said: str, status: int) -> SandboxFailedError:
    """Say it in our words, with our option: the sandbox knows only its own `--port`."""
    taken = _TAKEN.match(said)
    if taken is None:
        return SandboxFailedError(
            f"{said}Tỉnh giả định không khởi động được (mã thoát {status}).", REFUSED
        )
    port = taken["port"]
    return SandboxFailedError(
        f"Cổng {port} (cần cho tỉnh giả định, {taken['registry']}) đang được chương trình khác "
        f"dùng. Hãy dừng chương trình đó (`ss -ltnp 'sport = :{port}'` cho biết tên), hoặc chọn "
        "cổng khác bằng --sandbox-port N, hay --sandbox-port 0 để lấy cổng trống bất kỳ. "
        f"(Port {port} is taken; choose others with --sandbox-port.)",
        PORT_TAKEN,
    )
