"""The folder of the keys that sign receipts, shared by all replicas; the newest one signs.

    1.pub    the public half of a key that signed once; its seed is gone
    2.key    the seed that signs; mode 600

These are not the keys of the log: replicas sign receipts, only the sequencer signs checkpoints.
A public half stays for ever, since a receipt is evidence for as long as somebody keeps it.
"""

import base64
import contextlib
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.key_files import KEY_BYTES, KeyUnusableError, check_owner_only, create_file

_FILE = re.compile(r"([1-9][0-9]{0,5})\.(key|pub)")


class ReceiptKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key, named as RFC 7638 does; *private* is None once it signs no more."""

    kid: str
    x: str
    public: Ed25519PublicKey
    private: Ed25519PrivateKey | None = None

    def __repr__(self) -> str:
        """Name the key, and nothing of its seed."""
        return f"ReceiptKey({self.kid})"

    def jwk(self) -> dict[str, str]:
        """Write the public half as RFC 7517 does, with what it is for."""
        key = {"kty": "OKP", "crv": "Ed25519", "x": self.x, "kid": self.kid}
        return key | {"alg": "Ed25519", "use": "sig"}


def key_of_seed(seed: bytes) -> ReceiptKey:
    """Make the key of a seed of 32 bytes."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    return msgspec.structs.replace(key_of_public(public), private=private)


def key_of_public(public: bytes) -> ReceiptKey:
    """Make the key of a public half of 32 bytes."""
    x = _base64url(public)
    thumbprint = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
    return ReceiptKey(
        kid=_base64url(thumbprint), x=x, public=Ed25519PublicKey.from_public_bytes(public)
    )


def jwks(keys: Sequence[ReceiptKey]) -> str:
    """Write public halves as a list of keys (RFC 7517)."""
    return json.dumps({"keys": [key.jwk() for key in keys]})


def load_or_create_receipt_keys(
    folder: Path, *, randomness: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[ReceiptKey, ...]:
    """Read the keys, newest first; where there are none, make one that only its owner may read.

    Raises KeyUnusableError, OSError.
    """
    if not _numbers(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_file(folder / "1.key", randomness(KEY_BYTES))
    keys = read_receipt_keys(folder)
    if keys[0].private is None:
        message = f"{folder} does not hold the seed of its newest key"
        raise KeyUnusableError(message)
    return keys


def read_receipt_keys(folder: Path) -> tuple[ReceiptKey, ...]:
    """Read the keys, newest first; none where the folder was never used.

    Raises KeyUnusableError, OSError.
    """
    return tuple(_read(folder, number) for number in sorted(_numbers(folder), reverse=True))


def rotate_receipt_keys(
    folder: Path, *, randomness: Callable[[int], bytes] = secrets.token_bytes
) -> ReceiptKey:
    """Let a new key sign; of those before, only the public halves stay.

    Replicas at work take it over when they look next. Cut in two by a crash, it leaves seeds that
    sign no more, which the next rotation takes away. Raises KeyUnusableError, OSError.
    """
    old = sorted(_numbers(folder))
    newest = folder / f"{max(old, default=0) + 1}.key"
    create_file(newest, randomness(KEY_BYTES))
    for number in old:
        create_file(folder / f"{number}.pub", _public(_read(folder, number)))
        (folder / f"{number}.key").unlink(missing_ok=True)
    return key_of_seed(_content(newest))


def _numbers(folder: Path) -> set[int]:
    if not folder.is_dir():
        return set()
    found = (_FILE.fullmatch(each.name) for each in folder.iterdir())
    return {int(each[1]) for each in found if each}


def _read(folder: Path, number: int) -> ReceiptKey:
    """Read one key; one whose seed goes while we look has its public half there already."""
    retired, seed = folder / f"{number}.pub", folder / f"{number}.key"
    if not retired.exists():
        with contextlib.suppress(FileNotFoundError):
            content = _content(seed)
            check_owner_only(seed)
            return key_of_seed(content)
    return key_of_public(_content(retired))


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if len(content) != KEY_BYTES:
        message = f"{path} does not hold a key of {KEY_BYTES} bytes"
        raise KeyUnusableError(message)
    return content


def _public(key: ReceiptKey) -> bytes:
    return key.public.public_bytes_raw()


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
