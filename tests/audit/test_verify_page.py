"""The page of proofs and the verifier say the same."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import verify

PAGE = (Path(__file__).parents[2] / "docs" / "proofs.md").read_text()
BODY, TREE, _, KEY, CHECKPOINT, _, STATEMENT, RECEIPT = re.findall(
    r"```\n(.*?)```", PAGE.partition("## 13.")[2], re.DOTALL
)


@pytest.fixture
def report() -> verify.Report:
    return verify.Report()


def notary(folder: Path, report: verify.Report, *more: str) -> verify.Notary:
    """Give somebody who knows the key of the page, and those whose lines are added."""
    (folder / "vkeys").write_text("".join(f"{line}\n" for line in [KEY.splitlines()[0], *more]))
    return verify.Notary(folder, None, report)


def test_the_leaf_is_read() -> None:
    body, leaf = BODY.splitlines()
    assert leaf == hashlib.sha256(b"\x00" + body.encode()).hexdigest()
    (entry,) = verify.read_entries([body.encode()])
    assert entry is not None
    assert (4, b"OUTCOME") == (entry[2], entry[4])


def test_the_checkpoint_is_right(tmp_path: Path, report: verify.Report) -> None:
    checkpoint = notary(tmp_path, report).checkpoint(CHECKPOINT.encode(), "checkpoint")
    assert checkpoint is not None
    assert ("example.vn/log", 7, TREE.splitlines()[6]) == (
        checkpoint.origin,
        checkpoint.size,
        checkpoint.root.hex(),
    )


def test_the_receipt_is_right_and_speaks_of_the_leaf(tmp_path: Path, report: verify.Report) -> None:
    body, leaf = BODY.splitlines()
    jws, _, jwks = RECEIPT.partition("\n\n")
    (tmp_path / "jwks.json").write_text(jwks)
    receipts = verify.Receipts(report)
    receipts.read_keys(tmp_path / "jwks.json")
    receipts.take(jws, "receipts", 1)
    assert [bytes.fromhex(leaf)] == list(receipts.wanted)
    receipts.meet(bytes.fromhex(leaf), body.encode(), 0)
    assert {} == report.counts


def test_the_statement_is_right(tmp_path: Path, report: verify.Report) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(0x20, 0x40)))
    new = verify.Key("example.vn/log/2", private.public_key().public_bytes_raw(), 8)
    line = f"{new.name}+{new.id(1).hex()}+{base64.b64encode(bytes([1]) + new.public).decode()} 8 -"
    statement = notary(tmp_path, report, line).statement(STATEMENT.encode(), "statement-2")
    assert statement is not None
    assert (7, 8, {(b"01a1fd70-f1c0-7323-a232-323232323232", 4)}) == (
        statement.kept,
        statement.lost,
        set(statement.gaps),
    )


def test_the_page_names_the_limits_that_are_kept() -> None:
    assert [f"has at most {verify._READ_WHOLE >> 20} MiB (some"] == re.findall(
        r"has at most \d+ MiB \(some", PAGE
    )
    assert f"has at most {verify._LARGEST >> 20} MiB. " in PAGE
    assert f"A body has at most {verify._LONGEST:,} bytes" in PAGE
