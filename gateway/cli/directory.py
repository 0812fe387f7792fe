"""A start's directory: one start at a time, and the addresses by which other commands find it."""

import errno
import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from gateway.cli.ends import MISUSE, REFUSED, Wrong

DEFAULT = Path("var")
_ADDRESSES = "addresses.json"
_LOCK = "start.lock"

NOBODY = (
    "Chưa có cổng nào đang chạy ở đây (thư mục {directory}); hãy chạy `make start` hoặc "
    "`lienthong start` ở cửa sổ khác, hoặc chỉ đúng thư mục bằng --dir. "
    "(Nothing is running here; run `make start`.)"
)


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where a running start is: of its ready line, what the other commands need."""

    gateway: str
    control: str
    issuer: str
    pid: int


class Held:
    """The directory is ours while this process lives; a kill gives it back too."""

    def __init__(self, directory: Path, handle: int) -> None:
        self._directory = directory
        self._handle = handle

    def tell(self, ready: Mapping[str, object]) -> None:
        """Write the addresses; the file appears whole or not at all."""
        draft = self._directory / f"{_ADDRESSES}.new"
        draft.write_bytes(msgspec.json.encode(ready))
        draft.replace(self._directory / _ADDRESSES)

    def release(self) -> None:
        """Take the addresses back, then let the next start in; the empty lock file stays."""
        (self._directory / _ADDRESSES).unlink(missing_ok=True)
        os.close(self._handle)


def hold(directory: Path) -> Held | Wrong:
    """Make *directory* and take it for this process, unless another start has it."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "?")
        sentence = (
            f"Không ghi được vào thư mục {directory} ({reason}). Hãy chọn thư mục khác bằng --dir."
        )
        return Wrong(sentence=sentence, status=REFUSED)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return Wrong(sentence=_in_use(directory), status=REFUSED)
    (directory / _ADDRESSES).unlink(missing_ok=True)
    return Held(directory, handle)


def running(directory: Path) -> Addresses | Wrong:
    """Find the start that serves from *directory*; what a killed one left behind counts as none."""
    nobody = Wrong(sentence=NOBODY.format(directory=directory), status=MISUSE)
    try:
        addresses = msgspec.json.decode((directory / _ADDRESSES).read_bytes(), type=Addresses)
    except (OSError, msgspec.DecodeError):
        return nobody
    return addresses if _lives(addresses.pid) else nobody


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _in_use(directory: Path) -> str:
    found = running(directory)
    who = "" if isinstance(found, Wrong) else f" (tiến trình {found.pid}, {found.gateway})"
    return (
        f"Thư mục {directory} đang được một lần chạy khác dùng{who}. Hãy dừng lần chạy đó, hoặc "
        "chọn thư mục khác bằng --dir. (Another start uses this directory.)"
    )
