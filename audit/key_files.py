"""Keys in files: made once, for their owner only, and replaced whole."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

KEY_BYTES = 32

_OWNER_ONLY = 0o600


class KeyUnusableError(Exception):
    """The file does not hold a key, or not for our eyes only."""


def load_or_create_key(
    path: Path, *, randomness: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """Read the key in *path*; where there is no file, make one that only its owner may read."""
    if not path.exists():
        create_file(path, randomness(KEY_BYTES))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        message = f"{path} does not hold a key of {KEY_BYTES} bytes"
        raise KeyUnusableError(message)
    check_owner_only(path)
    return key


def check_owner_only(path: Path) -> None:
    """Raise KeyUnusableError when others may read the file."""
    if path.stat().st_mode & 0o077:
        message = f"{path} may be read by others than its owner; set its mode to 600"
        raise KeyUnusableError(message)


def create_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; of two that start at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft_of(path, content)
    try:
        os.link(draft, path)
        sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace_file(path: Path, content: bytes) -> None:
    """Put a new file in the place of an old one, whole or not at all."""
    _draft_of(path, content).replace(path)
    sync_folder(path.parent)


def burn_file(path: Path, content: bytes) -> None:
    """Put a new file in the place of an old one, and overwrite the bytes of the old one.

    A copy in a backup, or in a disk that writes elsewhere, is not ours to burn: docs/operate.md.
    """
    burn_left_of(path)
    # A second name for the old bytes: a kill in between leaves them where the next one finds them.
    _beside(path, "old").hardlink_to(path)
    try:
        replace_file(path, content)
    finally:
        burn_left_of(path)


def burn_left_of(path: Path) -> None:
    """Overwrite old bytes and drafts that stand beside *path* since a process was killed."""
    for kind in ("old", "new"):
        for left in path.parent.glob(f"{path.name}.*.{kind}"):
            if not left.samefile(path):  # else it was not replaced yet
                with left.open("r+b") as file:
                    _overwrite(file)
            left.unlink()
    sync_folder(path.parent)


def _overwrite(file: BinaryIO) -> None:
    length = os.fstat(file.fileno()).st_size
    file.write(bytes(length))
    file.flush()
    os.fsync(file.fileno())


def _beside(path: Path, kind: str) -> Path:
    """Name a file that nobody else writes: in containers that share a folder every pid is 1."""
    return path.with_name(f"{path.name}.{secrets.token_hex(8)}.{kind}")


def _draft_of(path: Path, content: bytes) -> Path:
    draft = _beside(path, "new")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, _OWNER_ONLY)
    try:
        # Not os.write: on a disk that gets full it writes a part and is content with it.
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
    except OSError:
        draft.unlink()
        raise
    return draft


def sync_folder(folder: Path) -> None:
    """Make the new name outlive a power cut: a lost key is a log that nobody can search."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
