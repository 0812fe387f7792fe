"""What the offline verifier takes for a million entries, on one core.

The entries are those of the product: it answers a prefill and a typed query, and what it logs for
them is repeated under ids, counters and salts of their own. A part of a million is verified, as a
large export is without `--every-body`: leaves, tree, checkpoints, counters, and who closes whom.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

import msgspec

from audit.entry import Entry, EntryKind
from audit.log import MemoryAccessLog
from audit.record import Record, to_bytes
from audit.verify import verify
from benchmarks.world import CALLER, KEY, NOW, PREFILL, TYPED, asked, make_graph
from tests.audit.export_maker import START, Export, uuid7

ENTRIES = 200_000
MILLION = 1_000_000
BAR_S = 10
RUNS = 3
_BOOT = uuid7(1 << 33)


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """CPU of a verification, in seconds for a million entries, and how long an entry is."""

    seconds: float
    entry_bytes: int


def row() -> Verified:
    """Measure the best of some runs; raise when anything was found wrong."""
    lines = list(_lines(asyncio.run(_answers())))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Export(lines=lines).sign().write(folder)
        best = min(_seconds(folder) for _ in range(RUNS))
    return Verified(
        seconds=best / len(lines) * MILLION, entry_bytes=sum(map(len, lines)) // len(lines)
    )


def told(verified: Verified) -> None:
    """Print it, with the bar."""
    name = f"verifying a million entries of {verified.entry_bytes:,} bytes"
    print(f"{name:<54} {verified.seconds:>7.2f} s CPU   (bar {BAR_S}; from {ENTRIES:,})")


def _seconds(folder: Path) -> float:
    began = time.process_time()
    kept, own = folder / "kept", folder / "own"
    report = verify(folder / "export", kept=[kept], vkeys=own, read_whole=0)
    spent = time.process_time() - began
    if report.names("WRONG"):
        message = "a log in good order was found wrong"
        raise RuntimeError(message)
    return spent


async def _answers() -> list[list[Entry]]:
    """Give what the product logs for each of two answers."""
    log = MemoryAccessLog()
    graph = make_graph(log)
    subjects = [{"role": "applicant", "is": {"person": KEY}}]
    ends = [0]
    for request in (asked(PREFILL, subjects=subjects), asked(TYPED, key=KEY)):
        await graph.answer(request, CALLER)
        ends.append(len(log.entries))
    return [log.entries[first:last] for first, last in pairwise(ends)]


def _lines(answers: list[list[Entry]]) -> Iterator[bytes]:
    """Write a boot that repeats *answers*, as many entries as are wanted and a few more."""
    ids = map(uuid7, count(1))
    start = Entry(entry_id=next(ids), kind=EntryKind.BOOT_START, at=START, request_id=_BOOT)
    yield _line(start, 0)
    counter = 1
    while counter < ENTRIES:
        for entries in answers:
            known = {entry.entry_id: next(ids) for entry in entries}
            for entry in entries:
                changed = msgspec.structs.replace(
                    entry,
                    entry_id=known[entry.entry_id],
                    parent=tuple([known[each] for each in entry.parent]),
                    at=NOW + timedelta(milliseconds=counter),
                )
                yield _line(changed, counter)
                counter += 1


def _line(entry: Entry, counter: int) -> bytes:
    salt = counter.to_bytes(16)
    return to_bytes(Record(replica="a", boot_id=_BOOT, counter=counter, salt=salt, entry=entry))


if __name__ == "__main__":
    told(row())
