"""The proof of one entry as a text (c2sp.org/tlog-proof): index, hashes, checkpoint."""

import re
from collections.abc import Sequence

import msgspec

from audit.tree.checkpoint import NoteRefused, from_base64, to_base64
from audit.tree.merkle import HASH_BYTES

_FIRST_LINE = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class TlogProof(msgspec.Struct, frozen=True, kw_only=True):
    """That the leaf *index* is in the tree of the checkpoint *note*."""

    index: int
    path: Sequence[bytes]
    note: str

    def write(self) -> str:
        """Write the text of a `.tlog-proof` file."""
        hashes = "".join(f"{to_base64(each)}\n" for each in self.path)
        return f"{_FIRST_LINE}\nindex {self.index}\n{hashes}\n{self.note}"


def parse_tlog_proof(written: str) -> TlogProof:
    """Read a proof; its note is not judged here. Raises NoteRefused."""
    head, empty, note = written.partition("\n\n")
    first, *lines = head.split("\n")
    if lines and lines[0].startswith("extra "):
        from_base64(lines.pop(0).removeprefix("extra "))
    found = _INDEX.fullmatch(lines[0]) if lines else None
    if first != _FIRST_LINE or not empty or found is None:
        message = "it is not a proof of the form tlog-proof@v1"
        raise NoteRefused(message)
    path = tuple(from_base64(line) for line in lines[1:])
    if any(len(each) != HASH_BYTES for each in path):
        message = "its path holds something that is no hash"
        raise NoteRefused(message)
    return TlogProof(index=int(found[1]), path=path, note=note)
