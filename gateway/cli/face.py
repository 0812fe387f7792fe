"""What `lienthong start` says: readable lines for a person, or one JSON line for a program."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from gateway.cli.demo import show
from gateway.cli.hints import place, seconds, this_command

DEMO_END_S = 5
"""Seconds to wait for a demonstration that a stop has overtaken."""


class Face:
    """Speaks for a start of *directory*."""

    def __init__(self, directory: Path, *, plain: bool, demo: bool) -> None:
        self._directory = directory
        self._plain = plain
        self._demo = demo
        self._showing: threading.Thread | None = None

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
        print(f"Sẵn sàng sau {seconds(float(str(told['ready_s'])))}.\n", flush=True)
        listed = addresses(told, self._directory)
        if not self._demo:
            print(listed, flush=True)
            return
        # Beside the serving: the demonstration is a caller like any other.
        self._showing = threading.Thread(target=show, args=(self._directory, listed), daemon=True)
        self._showing.start()

    def over(self) -> None:
        """Say that nothing runs any more; whoever listened may have gone."""
        if self._showing:
            self._showing.join(DEMO_END_S)
        if self._plain:
            with suppress(OSError):
                print("\nĐã dừng; không còn tiến trình nào ở lại.", flush=True)


def addresses(told: Mapping[str, object], directory: Path) -> str:
    """List the addresses for a person, with commands to try and how to stop."""
    command, where = this_command(), place(directory)
    rows = {
        "GraphiQL": f"{told['graphql']} (chương trình: POST cùng địa chỉ)",
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
