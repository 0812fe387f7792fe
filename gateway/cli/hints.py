"""Commands as they can be typed here, and durations as they are read."""

import os
import sys
from pathlib import Path

from gateway.cli.directory import DEFAULT


def seconds(duration: float) -> str:
    """Write a duration as Vietnamese does: 2,1 giây."""
    return f"{duration:.1f} giây".replace(".", ",")


def this_command() -> str:
    """Give our own command as it can be typed in this directory."""
    program = Path(sys.argv[0])
    relative = os.path.relpath(program)
    return "lienthong" if relative.startswith("..") else relative


def place(directory: Path) -> str:
    """Give the option that names *directory*, when it has to be named."""
    return "" if directory == DEFAULT else f" --dir {directory}"
