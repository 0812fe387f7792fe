"""The examples of docs/proofs.md, made by the code.

python -m tests.audit.tree.examples writes them anew.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.circumstances import Circumstances
from audit.entry import SourceNote, uuid7
from audit.making import outcome
from audit.record import Record, to_bytes
from audit.tree.checkpoint import Checkpoint, Note
from audit.tree.merkle import (
    Edge,
    Span,
    Tile,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root_of,
)
from audit.tree.restore import Statement
from audit.tree.signing import Signer, Tenure
from audit.tree.tlog_proof import TlogProof

PAGE = Path(__file__).parents[3] / "docs" / "proofs.md"
HEADING = "## 13. Examples\n"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LEAVES = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
FIRST = Signer("example.vn/log", bytes(range(32)))
SECOND = Signer("example.vn/log/2", bytes(range(32, 64)))
RECEIPTS = Ed25519PrivateKey.from_private_bytes(bytes(range(64, 96)))


def section() -> str:
    """Write the examples."""
    body = _body()
    return f"""{HEADING}
Every number below is made by the code of this house (a test holds the page to it). The keys are public and sign nothing else.

**A leaf.** Body (one line) and leaf hash:

```
{body.decode()}
{leaf_hash(body).hex()}
```

**A tree** whose leaves are these bytes, in hex: {", ".join(f"`{each.hex()}`" for each in LEAVES[1:])}, and before them the empty one. Roots of the first 1 to 8 leaves:

```
{_lines(_tree(size)[0].root() for size in range(1, 9))}
```

Inclusion of leaf 4 in the tree of 7, and consistency of 3 with 7:

```
{_lines(_roots(inclusion_path(4, 7), 7))}

{_lines(_roots(consistency_path(3, 7), 7))}
```

**A key**: the Ed25519 seed is `000102…1f`. Its line in `vkeys`, retired at size 8, and the key ids of types `0x01` and `0x04`:

```
{Tenure(key=FIRST.key, first=1, last=8).line()}{_key_ids()}
```

**A checkpoint** of the tree of 7 at 2026-11-21T09:30:00Z:

```
{_note(7)}```

**A proof** of leaf 4 in it:

```
{TlogProof(index=4, path=_roots(inclusion_path(4, 7), 7), note=_note(7)).write()}```

**A statement**: checkpoint 7 was the last that the restored database knew, 8 had been signed. The new origin's seed is `202122…3f`.

```
{_statement()}```

**A receipt** of the leaf above, signed with the seed `404142…5f`, and the key in `jwks.json`:

```
{_receipt(body)}

{json.dumps({"keys": [_jwk()]})}
```
"""  # noqa: E501 - a page has lines of its own length


def _body() -> bytes:
    made = outcome(
        Circumstances(
            request_id="r-1",
            consumer_id="portal-hanoi",
            procedure="1.004222",
            procedure_version="1",
        ),
        entry_id=uuid7(NOW, bytes(10)),
        at=NOW,
        intents=[uuid7(NOW, b"1" * 10)],
        result="DISCLOSED",
        http_status=200,
        states={"applicant/fullName": "VALUE"},
        sources=[SourceNote(registry="POPULATION", state="VALUE")],
        answer_bytes=10,
        duration_ms=3,
    )
    boot_id, salt = uuid7(NOW, b"2" * 10), bytes(range(16))
    return to_bytes(Record(replica="a", boot_id=boot_id, counter=4, salt=salt, entry=made))


def _tree(size: int) -> tuple[Edge, dict[Tile, bytes]]:
    edge = Edge(0, {})
    for leaf in LEAVES[:size]:
        edge.append(leaf_hash(leaf))
    return edge, edge.take_tiles()


def _lines(hashes: Iterable[bytes]) -> str:
    return "\n".join(each.hex() for each in hashes)


def _roots(spans: Sequence[Span], size: int) -> list[bytes]:
    return [root_of(span, _tree(size)[1]) for span in spans]


def _key_ids() -> str:
    return " ".join(FIRST.key.key_id(kind).hex() for kind in (b"\x01", b"\x04"))


def _note(size: int) -> str:
    root = _tree(size)[0].root()
    checkpoint = Checkpoint(origin=FIRST.key.name, size=size, root=root)
    return FIRST.sign_checkpoint(checkpoint, NOW).write()


def _statement() -> str:
    text = Statement(
        closes=FIRST.key.name,
        opens=SECOND.key.name,
        kept=7,
        kept_root=_tree(7)[0].root(),
        lost=8,
        lost_root=_tree(8)[0].root(),
        since=NOW,
        until=NOW.replace(minute=32),
        declared=NOW.replace(hour=10),
        gaps=[(uuid7(NOW, b"2" * 10), 4)],
    ).text()
    return Note(text=text, signatures=(FIRST.sign(text), SECOND.sign(text))).write()


def _receipt(body: bytes) -> str:
    entry = json.loads(body)["entry"]
    header = {"alg": "Ed25519", "kid": _jwk()["kid"], "typ": "lienthong-receipt+jwt"}
    payload = {
        "entry": entry["entry_id"],
        "leaf": leaf_hash(body).hex(),
        "at": entry["at"],
        "origin": FIRST.key.name,
        "mmd": 60,
        "procedure": {"code": "1.004222", "version": "1"},
        "sources": [{"registry": "POPULATION", "state": "VALUE", "cached": False}],
    }
    signed = ".".join(_url64(json.dumps(part).encode()) for part in (header, payload))
    return f"{signed}.{_url64(RECEIPTS.sign(signed.encode()))}"


def _jwk() -> dict[str, str]:
    x = _url64(RECEIPTS.public_key().public_bytes_raw())
    thumbprint = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": _url64(thumbprint)}


def _url64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


if __name__ == "__main__":
    before, _, _ = PAGE.read_text("utf-8").partition(HEADING)
    PAGE.write_text(before + section(), "utf-8")
