"""The tree as RFC 6962 writes it down, and readers as docs/proofs.md does: short and slow."""

from collections.abc import Sequence
from hashlib import sha256


def leaf(body: bytes) -> bytes:
    return sha256(b"\x00" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def root(leaves: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), root(leaves[k:])]
    return [*path(index - k, leaves[k:]), root(leaves[:k])]


def proof(old: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*proof(old, leaves[:k], whole=whole), root(leaves[k:])]
    return [*proof(old - k, leaves[k:], whole=False), root(leaves[:k])]


def includes(index: int, size: int, leaf: bytes, hashes: Sequence[bytes], top: bytes) -> bool:
    """Check an inclusion proof in the steps of docs/proofs.md, section 3."""
    f, s, r = index, size - 1, leaf
    for p in hashes:
        if s == 0:
            return False
        if f % 2 or f == s:
            r = node(p, r)
            while f and not f % 2:
                f, s = f // 2, s // 2
        else:
            r = node(r, p)
        f, s = f // 2, s // 2
    return s == 0 and r == top


def consistent(old: int, new: int, tops: tuple[bytes, bytes], hashes: Sequence[bytes]) -> bool:
    """Check a consistency proof in the steps of docs/proofs.md, section 3."""
    if old == new:
        return not hashes and tops[0] == tops[1]
    rest = [tops[0], *hashes] if old & (old - 1) == 0 else list(hashes)
    if not hashes:
        return False
    f, s = old - 1, new - 1
    while f % 2:
        f, s = f // 2, s // 2
    a = b = rest.pop(0)
    for c in rest:
        if s == 0:
            return False
        if f % 2 or f == s:
            a, b = node(c, a), node(c, b)
            while f and not f % 2:
                f, s = f // 2, s // 2
        else:
            b = node(b, c)
        f, s = f // 2, s // 2
    return (a, b, s) == (tops[0], tops[1], 0)
