"""How a command ends: one sentence on stderr, and an exit status that `--help` explains."""

import sys
from typing import NoReturn, TypeVar

import msgspec
import typer

T = TypeVar("T")

REFUSED = 1
MISUSE = 2
PORT_TAKEN = 3

STATUSES = (
    "Mã thoát: 0 xong · 1 bị từ chối hoặc không làm được · 2 gọi sai, hoặc chưa có cổng nào chạy "
    "ở đây · 3 số cổng đang bị chiếm."
)


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """Why a command cannot go on, in a sentence with the way out, and its exit status."""

    sentence: str
    status: int = MISUSE


def stop(sentence: str, status: int) -> NoReturn:
    """Say why, and end."""
    sys.stderr.write(f"{sentence}\n")
    raise typer.Exit(status)


def or_stop(found: T | Wrong) -> T:
    """Give what was found, or end with the reason why it was not."""
    if isinstance(found, Wrong):
        stop(found.sentence, found.status)
    return found
