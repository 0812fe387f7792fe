"""The command line as a visitor types it: `lienthong …` as a process, and starts of a house."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
COMMAND = str(Path(sys.executable).with_name("lienthong"))


class Said(NamedTuple):
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


def lienthong(*words: str, stdin: str = "", columns: int = 80, **settings: str) -> Said:
    """Run a command to its end; *settings* go into its environment."""
    done = subprocess.run(
        [COMMAND, *words],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={**os.environ, "COLUMNS": str(columns), **settings},
    )
    return Said(done.returncode, done.stdout, done.stderr)


class Started:
    """A `lienthong start` on free ports; *line* is the first thing it said."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        # A start that was killed left its own behind.
        (directory / "addresses.json").unlink(missing_ok=True)
        self._out = (directory / "out.log").open("w+b")
        self.sandbox = 0
        began = time.monotonic()
        self.process = subprocess.Popen(
            [COMMAND, "start", "--port", "0", "--sandbox-port", "0", "--dir", directory, *options],
            cwd=ROOT,
            stdout=self._out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COLUMNS": "80"},
        )
        try:
            self._wait_for("addresses.json")
        except AssertionError:
            self.kill()
            raise
        took = time.monotonic() - began
        [self.sandbox] = children(self.process.pid)
        # The two start one after the other.
        waited = sum(waited_for_processor(pid) for pid in (self.process.pid, self.sandbox))
        self.seconds_to_start = took - waited
        """As on a machine that does nothing else."""
        self.addresses: dict[str, Any] = json.loads((directory / "addresses.json").read_bytes())

    def said(self) -> str:
        """Give everything it has said so far."""
        return (self.directory / "out.log").read_text(encoding="utf-8")

    def wait_until_said(self, words: str) -> None:
        """Wait for *words*."""
        deadline = time.monotonic() + 60
        while words not in self.said():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def end(self, by: signal.Signals) -> int:
        """Send a signal, and give the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        status = self.process.wait(timeout=60)
        self._out.close()
        return status

    def kill(self) -> None:
        """Leave nothing behind, whatever the test did."""
        for pid in (self.process.pid, self.sandbox):
            if pid and is_running(pid):
                os.kill(pid, signal.SIGKILL)
        self.end(signal.SIGKILL)

    def _wait_for(self, name: str) -> None:
        deadline = time.monotonic() + 90
        while not (self.directory / name).exists():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)


def children(pid: int) -> list[int]:
    """Give the processes that *pid* started."""
    return [int(it) for it in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def waited_for_processor(pid: int) -> float:
    """Give the seconds that *pid* could have run but others did; Linux counts them."""
    _, waited_ns, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
    return int(waited_ns) / 1e9


def is_running(pid: int) -> bool:
    """Tell whether *pid* runs; a process that only waits to be buried does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def gone_within(seconds: float, *pids: int) -> bool:
    """Wait until none of *pids* runs."""
    deadline = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(is_running(pid) for pid in pids)
