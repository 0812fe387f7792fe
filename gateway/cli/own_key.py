"""The key of `lienthong token --dpop`: kept in a file of the caller's, and never printed."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from gateway.cli.ends import MISUSE, REFUSED, Wrong

LARGEST = 4096


def key_in(file: Path, new_key: Callable[[], ECKey]) -> ECKey | Wrong:
    """Read the private key (a JWK, P-256) in *file*; where there is none, put a *new_key* there."""
    try:
        return _read(file) if file.exists() else _made(file, new_key())
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "?")
        return Wrong(
            sentence=f"Không đọc hoặc ghi được tệp khóa {file} ({reason}).", status=REFUSED
        )


def _read(file: Path) -> ECKey | Wrong:
    try:
        members = msgspec.json.decode(file.read_bytes()[:LARGEST], type=dict[str, str | list[str]])
        key = ECKey.import_key(members)
        usable = key.is_private and key.curve_name == "P-256"
    except (msgspec.DecodeError, JoseError, ValueError):
        usable = False
    if usable:
        return key
    sentence = f"Tệp {file} không chứa khóa riêng P-256 dạng JWK; hãy chọn tên tệp chưa có."
    return Wrong(sentence=sentence, status=MISUSE)


def _made(file: Path, key: ECKey) -> ECKey:
    """Write a key that only its owner can read, from the first byte on."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as written:
        written.write(msgspec.json.encode(key.as_dict(private=True)))
    return key
