"""Writes exports as docs/proofs.md describes them, right or tampered with, for the verifier."""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def written(at: datetime) -> str:
    """Write a time as the page says."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def uuid7(number: int) -> str:
    """Make an id that is like no other *number*'s."""
    return f"01a1fd70-{number >> 16 & 0xFFFF:04x}-7000-8000-{number:012x}"


def root(leaves: Sequence[bytes]) -> bytes:
    """Compute `MTH` word for word as section 2 defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def base64url(raw: bytes) -> str:
    """Encode without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Signer:
    """An Ed25519 key under a name."""

    name: str
    seed: int
    first: int = 1
    last: int | None = None

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key itself, made of its seed."""
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    @property
    def public(self) -> bytes:
        """Its public half."""
        return self.private.public_key().public_bytes_raw()

    def id(self, kind: int) -> bytes:
        """Its id of a type."""
        return hashlib.sha256(self.name.encode() + bytes([10, kind]) + self.public).digest()[:4]

    def vkey(self, kind: int = 1) -> str:
        """Its line in `vkeys`; a witness's line is of type 4 and has no sizes."""
        key = base64.b64encode(bytes([kind]) + self.public).decode()
        sizes = f" {self.first} {'-' if self.last is None else self.last}" if kind == 1 else ""
        return f"{self.name}+{self.id(kind).hex()}+{key}{sizes}\n"

    def sign(self, text: str) -> str:
        """Sign a text: a line of type 1."""
        return self._line(1, self.private.sign(text.encode()))

    def sign_timed(self, text: str, at: datetime = START) -> str:
        """Sign a text with the time: a line of type 4."""
        seconds = int(at.timestamp())
        signature = self.private.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        return self._line(4, seconds.to_bytes(8, "big") + signature)

    def _line(self, kind: int, payload: bytes) -> str:
        return f"— {self.name} {base64.b64encode(self.id(kind) + payload).decode()}\n"


def checkpoint(
    signer: Signer,
    leaves: Sequence[bytes],
    *,
    at: datetime = START + timedelta(hours=1),
    origin: str | None = None,
    witness: Signer | None = None,
) -> str:
    """Sign the tree of these leaves."""
    size_and_root = f"{len(leaves)}\n{base64.b64encode(root(leaves)).decode()}\n"
    text = f"{origin or signer.name}\n{size_and_root}"
    cosigned = witness.sign_timed(text, at) if witness else ""
    return f"{text}\n{signer.sign(text)}{signer.sign_timed(text, at)}{cosigned}"


@dataclass
class Process:
    """One boot of a replica that writes bodies."""

    boot: str
    replica: str = "a"
    counter: int = 0
    at: datetime = START
    ids: Iterator[int] = field(default_factory=lambda: iter(range(1, 1 << 40)))
    last_id: str = ""

    def write(self, kind: str, **members: Any) -> bytes:
        """Write the next entry."""
        self.last_id = members.pop("entry_id", None) or uuid7(next(self.ids))
        entry = {"kind": kind, "at": written(self.at), "entry_id": self.last_id, **members}
        body = {
            "v": 1,
            "replica": self.replica,
            "boot_id": self.boot,
            "counter": self.counter,
            "salt": base64.b64encode(hashlib.sha256(self.last_id.encode()).digest()[:16]).decode(),
            "entry": entry,
        }
        self.counter += 1
        self.at += timedelta(milliseconds=250)
        return canonical(body)

    def answer(self, **members: Any) -> list[bytes]:
        """Write one answer: an intent and its outcome."""
        intent = self.write("INTENT", consumer_id="portal-hanoi", wave=1, reads=[{"roles": ["x"]}])
        members = {"http_status": 200, "states": {"applicant/fullName": "VALUE"}, **members}
        return [intent, self.write("OUTCOME", parent=[self.last_id], **members)]


def canonical(body: object) -> bytes:
    """Write JSON as RFC 8785 does, for what occurs here."""
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def leaf_of(line: bytes) -> bytes:
    """Hash a line of `entries`, or take the hash that it is."""
    if line.startswith(b"#"):
        return bytes.fromhex(line[1:].decode())
    return hashlib.sha256(b"\x00" + line).digest()


def retire(line: bytes) -> bytes:
    """Leave of a line its hash."""
    return b"#" + leaf_of(line).hex().encode()


LOG = Signer("example.vn/log", 1)
SECOND = Signer("example.vn/log/2", 2)
WITNESS = Signer("inspectorate.example.vn", 3)
RECEIPTS = Signer("replica-a", 4)


def two_boots(answers: int = 5) -> list[bytes]:
    """Write a day in good order: a boot that was killed, and one that still runs."""
    ids = iter(range(1, 1 << 40))
    first, second = Process(uuid7(1 << 33), ids=ids), Process(uuid7(2 << 33), ids=ids)
    lines = [first.write("BOOT_START")]
    for _ in range(answers):
        lines += first.answer()
    lines.append(first.write("INTENT", wave=1))
    second.at = first.at + timedelta(seconds=5)
    lines.append(second.write("BOOT_START"))
    lost = {"boot_id": first.boot, "last_counter": first.counter - 1}
    lines.append(second.write("BOOT_LOST", lost=lost))
    lines.append(second.write("DENIED", code="NOT_A_PARTY"))
    for _ in range(answers):
        lines += second.answer()
    return lines


@dataclass
class Export:
    """An export and what an auditor holds beside it; change what you like, then `write`."""

    lines: list[bytes] = field(default_factory=two_boots)
    keys: list[Signer] = field(default_factory=lambda: [LOG])
    files: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    own_keys: str | None = None

    @property
    def leaves(self) -> list[bytes]:
        """The leaf hashes."""
        return [leaf_of(line) for line in self.lines]

    def sign(self) -> "Export":
        """Sign it as it is now, as an honest log would; keep an older checkpoint and a receipt."""
        leaves = self.leaves
        self.files["checkpoint-1"] = checkpoint(LOG, leaves, witness=WITNESS)
        self.kept["kept"] = checkpoint(LOG, leaves[: len(leaves) // 2])
        self.receipts = [receipt(self.lines[-1])]
        self.own_keys = LOG.vkey() + WITNESS.vkey(4)
        return self

    def write(self, folder: Path) -> list[str]:
        """Write it down; returns the verifier's arguments."""
        export = folder / "export"
        export.mkdir(parents=True)
        (export / "entries").write_bytes(b"".join(line + b"\n" for line in self.lines))
        x = base64url(RECEIPTS.public)
        jwks = {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": thumbprint()}]}
        files = {"vkeys": "".join(key.vkey() for key in self.keys), "jwks.json": json.dumps(jwks)}
        for name, text in (files | self.files).items():
            (export / name).write_text(text)
        arguments = [str(export)]
        for name, text in self.kept.items():
            (folder / name).write_text(text)
            arguments += ["--kept", str(folder / name)]
        if self.receipts:
            (folder / "held").write_text("".join(f"{each}\n" for each in self.receipts))
            arguments += ["--receipts", str(folder / "held")]
        if self.own_keys is not None:
            (folder / "own").write_text(self.own_keys)
            arguments += ["--vkeys", str(folder / "own")]
        return arguments


def thumbprint() -> str:
    """Name the receipts' key as RFC 7638 does."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": base64url(RECEIPTS.public)}
    return base64url(hashlib.sha256(canonical(members)).digest())


def receipt(line: bytes, *, origin: str = LOG.name, **members: Any) -> str:
    """Sign the promise that this body is in the tree."""
    entry = json.loads(line)["entry"]
    header = {"alg": "Ed25519", "kid": thumbprint(), "typ": "lienthong-receipt+jwt"}
    said = {
        "entry": entry["entry_id"], "leaf": leaf_of(line).hex(), "at": entry["at"],
        "origin": origin, "mmd": 60, **members,
    }  # fmt: skip
    signed = f"{base64url(canonical(header))}.{base64url(canonical(said))}"
    return f"{signed}.{base64url(RECEIPTS.private.sign(signed.encode()))}"


def statement(
    old: Signer,
    new: Signer,
    kept: Sequence[bytes],
    lost: Sequence[bytes],
    start: datetime,
    until: datetime,
    gaps: Sequence[tuple[str, int]] = (),
) -> str:
    """Declare a restore: the leaves that were kept, and all that had been signed."""
    text = (
        f"lienthong-restore/v1\ncloses {old.name}\nopens {new.name}\n"
        f"kept {len(kept)}\nkept-root {base64.b64encode(root(kept)).decode()}\n"
        f"lost {len(lost)}\nlost-root {base64.b64encode(root(lost)).decode()}\n"
        f"from {written(start)}\nuntil {written(until)}\ndeclared {written(until)}\n"
    ) + "".join(f"gap {boot} {counter}\n" for boot, counter in gaps)
    return f"{text}\n{old.sign(text)}{new.sign(text)}"
