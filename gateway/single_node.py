"""Held by the one process of a single-node installation: a second one does not start."""

import fcntl
import os
from pathlib import Path

TAKEN = (
    "LIENTHONG_SINGLE_NODE=yes: một tiến trình khác đang phục vụ với thư mục {folder}. Hãy dừng "
    "tiến trình đó; muốn chạy nhiều tiến trình thì dùng PostgreSQL và redis://… rồi bỏ thiết lập "
    "này."
)


class SingleNodeTakenError(Exception):
    """Another process serves here already: the way out."""


def take_alone(folder: Path) -> int:
    """Take *folder* for this process and give the handle that holds it; its death lets go.

    Raises SingleNodeTakenError, or OSError when the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "single-node.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise SingleNodeTakenError(TAKEN.format(folder=folder)) from None
    return handle
