"""What `lienthong start` says: readable lines for a person, or one JSON line for a program."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from gateway.cli.directory import DEFAULT


class Face:
    """Speaks for a start of *directory*."""

    def __init__(self, directory: Path, *, plain: bool, demo: bool) -> None:
        self._directory = directory
        self._plain = plain
        self._demo = demo

    def starting(self) -> None:
        """Say that it begins."""
        if self._plain:
            print(f"Liên Thông khởi động trên máy này, dữ liệu ở {self._directory}/", flush=True)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is being done, and how long it took."""
        began = time.monotonic()
        if self._plain:
            print(f"  {what} …", end="", flush=True)
        yield
        if self._plain:
            print(f" {seconds(time.monotonic() - began)}", flush=True)

    def ready(self, told: Mapping[str, object]) -> None:
        """Say where everything is."""
        if not self._plain:
            print(json.dumps(told), flush=True)
            return
        print(f"Sẵn sàng sau {seconds(float(str(told['ready_s'])))}.\n")
        print(addresses(told, self._directory), flush=True)

    def over(self) -> None:
        """Say that nothing runs any more; whoever listened may have gone."""
        if self._plain:
            with suppress(OSError):
                print("\nĐã dừng; không còn tiến trình nào ở lại.", flush=True)


def addresses(told: Mapping[str, object], directory: Path) -> str:
    """List the addresses for a person, with commands to try and how to stop."""
    command, where = this_command(), place(directory)
    rows = {
        "GraphiQL": told["graphql"],
        "GraphQL (POST)": told["graphql"],
        "Tỉnh giả định": f"{told['control']} (/people, /faults, /journal)",
        "Nơi cấp mã truy cập": told["issuer"],
        "Nhật ký truy cập": told["access_log"],
    }
    listed = "\n".join(f"  {name:<20} {value}" for name, value in rows.items())
    return (
        f"Địa chỉ\n{listed}\n\n"
        "Thử ở cửa sổ khác\n"
        f"  {command} people{where}\n"
        f"  {command} prefill 1.004222 --person binh{where}\n"
        f"  {command} token --as portal-hanoi{where}\n\n"
        "Dừng: Ctrl-C"
    )


def seconds(duration: float) -> str:
    """Write a duration as Vietnamese does: 2,1 giây."""
    return f"{duration:.1f} giây".replace(".", ",")


def this_command() -> str:
    """Give the command as it can be typed here."""
    program = Path(sys.argv[0])
    if not program.is_absolute():
        return str(program)
    relative = os.path.relpath(program)
    return "lienthong" if relative.startswith("..") else relative


def place(directory: Path) -> str:
    """Give the option that names *directory*, when it has to be named."""
    return "" if directory == DEFAULT else f" --dir {directory}"
