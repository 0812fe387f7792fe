"""What `make start` shows: one prefill and one verify, asked over HTTP as a portal asks.

They are the very commands anybody can type, run in a thread beside the server.
"""

import shlex
import time
from collections.abc import Callable
from pathlib import Path

import typer

from gateway.cli.asking import prefill, verify
from gateway.cli.hints import place, seconds, this_command

CODE = "1.004222"
PERSON = "an"
HOME = "00004/12/7"
CLAIMS = (
    "nguoiKhai.hoTen=NGUYEN VAN AN",
    "nguoiKhai.ngaySinh=1985",
    "nguoiKhai.noiThuongTru=Số 12 phố Trúc Bạch, phường Trúc Bạch, quận Ba Đình, Hà Nội",
    "nguoiKhai.gioiTinh=Nữ",
)
"""What An typed: without marks, only the year, the ward of before 2025, and a slip."""


def show(directory: Path, listed: str) -> None:
    """Ask twice, print both answers, then *listed*."""
    who = ["--person", PERSON, "--home", HOME]
    claims = [part for claim in CLAIMS for part in ("--claim", claim)]
    _run(
        ["prefill", CODE, *who],
        directory,
        lambda: prefill(CODE, person=PERSON, home=[HOME], directory=directory),
    )
    _run(
        ["verify", CODE, *who, *claims],
        directory,
        lambda: verify(CODE, person=PERSON, home=[HOME], claim=[*CLAIMS], directory=directory),
    )
    print(listed, flush=True)


def _run(typed: list[str], directory: Path, command: Callable[[], None]) -> None:
    began = time.monotonic()
    print(f"$ {this_command()} {shlex.join(typed)}{place(directory)}\n", flush=True)
    try:
        command()
    except typer.Exit:
        return  # It has said why; the server serves all the same.
    print(f"({seconds(time.monotonic() - began)})\n", flush=True)
