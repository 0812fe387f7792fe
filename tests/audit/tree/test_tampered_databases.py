"""What a superuser does to the database of a log is found in its next export, by name.

TRUST, threats 16 to 18 and 20: rows changed, removed, put in another order, invented or cut off,
before and after they have a place in the tree, with and without the log's own signing key.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, Executable, Select, delete, func, insert, select, update

from audit.circumstances import Circumstances
from audit.entry import Entry, EntryKind
from audit.making import intent, outcome
from audit.record import Record
from audit.stores.schema import CHECKPOINT, ENTRY, LEAF, ORIGIN, QUEUE, TILE
from audit.tree.export import Exported, export
from audit.tree.proofs import LogReader
from tests.audit.judging import judged
from tests.audit.tree.workbench import (
    NOW,
    connected,
    new_id,
    sequencing,
    store,
    until_size,
)

GIVEN = Circumstances(request_id="r-1")
FIRST, MORE = 12, 10


@dataclass
class Victim:
    """A log of which an auditor has kept a checkpoint, and that has grown since."""

    url: str
    keys: Path
    boot: str = ""
    written: int = 0

    async def grow(self, count: int) -> None:
        """Write intents and their outcomes, one after the other."""
        made = list(self._records(count))
        await store(self.url, made)

    async def sequence(self, size: int) -> None:
        """Give everything its place."""
        async with sequencing(self.url, self.keys):
            await until_size(self.url, size)

    def _records(self, count: int) -> Iterable[Record]:
        asked: Entry | None = None
        for counter in range(self.written, self.written + count):
            at = NOW - timedelta(hours=1) + timedelta(seconds=counter)
            if counter == 0:
                entry = Entry(
                    entry_id=new_id(at), kind=EntryKind.BOOT_START, at=at, request_id=self.boot
                )
            elif asked is None:
                entry = asked = intent(GIVEN, entry_id=new_id(at), at=at, wave=1, reads=[])
            else:
                entry = outcome(
                    GIVEN,
                    entry_id=new_id(at),
                    at=at,
                    intents=[asked.entry_id],
                    result="OK",
                    http_status=200,
                    states={},
                    answer_bytes=2,
                    duration_ms=1,
                )
                asked = None
            salt = counter.to_bytes(16, "big")
            yield Record(replica="a", boot_id=self.boot, counter=counter, salt=salt, entry=entry)
        self.written += count


@pytest.fixture
async def victim(url: str, keys: Path, tmp_path: Path) -> Victim:
    """Give a log of 23 entries, with the checkpoint of its first 13 and its keys kept."""
    made = Victim(url, keys, boot=new_id())
    await made.grow(1 + FIRST)
    await made.sequence(1 + FIRST)
    reader = LogReader(url)
    (tmp_path / "kept").write_text(await reader.checkpoint() or "", "utf-8")
    (tmp_path / "vkeys").write_text(await reader.vkeys(), "utf-8")
    await reader.aclose()
    await made.grow(MORE)
    await made.sequence(1 + FIRST + MORE)
    return made


async def verdict(victim: Victim, tmp_path: Path) -> tuple[int, set[str]]:
    """Export, and let the offline verifier say what is wrong."""
    folder = tmp_path / "export"
    told = await export(victim.url, folder, writer=victim.url, clock=lambda: datetime.now(UTC))
    assert isinstance(told, Exported)
    code, wrong, _ = judged(
        [str(folder), "--kept", str(tmp_path / "kept"), "--vkeys", str(tmp_path / "vkeys")]
    )
    return code, wrong


async def change_a_body(victim: Victim) -> None:
    await _rewrite(victim, 6, b'"http_status":200', b'"http_status":201')


async def change_a_body_and_its_leaf(victim: Victim) -> None:
    await change_a_body(victim)
    await _execute(victim, update(LEAF).where(LEAF.c.seq == 6).values(leaf_hash=bytes(32)))


async def change_who_asked(victim: Victim) -> None:
    await _rewrite(victim, 6, b'"request_id":"r-1"', b'"request_id":"r-2"')


async def remove_an_entry(victim: Victim) -> None:
    await _execute(victim, delete(ENTRY).where(ENTRY.c.entry_id.in_(_at(LEAF.c.seq == 6))))


async def remove_an_entry_and_close_the_gap(victim: Victim) -> None:
    await remove_an_entry(victim)
    await _execute(victim, delete(LEAF).where(LEAF.c.seq == 6))
    for seq in range(7, 1 + FIRST + MORE):
        await _move(victim, seq, seq - 1)


async def swap_two_entries(victim: Victim) -> None:
    for old, new in ((6, 1000), (7, 6), (1000, 7)):
        await _move(victim, old, new)


async def put_one_entry_in_anothers_place(victim: Victim) -> None:
    other = ENTRY.alias()
    body = select(other.c.body).where(other.c.entry_id.in_(_at(LEAF.c.seq == 8)))
    changed = update(ENTRY).where(ENTRY.c.entry_id.in_(_at(LEAF.c.seq == 6)))
    await _execute(victim, changed.values(body=body.scalar_subquery()))


async def cut_the_end_off(victim: Victim) -> None:
    await _execute(victim, delete(ENTRY).where(ENTRY.c.entry_id.in_(_at(LEAF.c.seq > 8))))
    await _execute(victim, delete(LEAF).where(LEAF.c.seq > 8))


async def cut_the_end_off_with_its_checkpoints(victim: Victim) -> None:
    """Leave a rightly signed tree: only somebody who kept a later checkpoint can tell."""
    await cut_the_end_off(victim)
    await _sign_anew(victim, 9)


async def remove_entries_before_their_place(victim: Victim) -> None:
    await victim.grow(6)
    await _drop_waiting(victim, ENTRY.c.counter.in_([25, 26]))
    await victim.sequence(1 + FIRST + MORE + 4)


async def remove_an_outcome_before_its_place(victim: Victim) -> None:
    await victim.grow(4)
    await _drop_waiting(victim, ENTRY.c.counter == 24)
    await victim.sequence(1 + FIRST + MORE + 3)


async def write_another_size_into_a_checkpoint(victim: Victim) -> None:
    note = func.replace(CHECKPOINT.c.note, "\n23\n", "\n22\n")
    await _execute(victim, update(CHECKPOINT).values(note=note))


async def rewrite_history_with_the_logs_own_key(victim: Victim) -> None:
    await change_a_body(victim)
    await _sign_anew(victim, 1 + FIRST + MORE)


async def rewrite_history_with_another_key(victim: Victim) -> None:
    await change_a_body(victim)
    victim.keys = victim.keys.with_name("thief")
    await _execute(victim, delete(ORIGIN))
    await _sign_anew(victim, 1 + FIRST + MORE)


def _at(place: ColumnElement[bool]) -> Select[tuple[str]]:
    return select(LEAF.c.entry_id).where(place)


async def _execute(victim: Victim, statement: Executable) -> None:
    async with connected(victim.url) as connection:
        await connection.execute(statement)


async def _move(victim: Victim, old: int, new: int) -> None:
    await _execute(victim, update(LEAF).where(LEAF.c.seq == old).values(seq=new))


async def _rewrite(victim: Victim, seq: int, old: bytes, new: bytes) -> None:
    place = ENTRY.c.entry_id.in_(_at(LEAF.c.seq == seq))
    async with connected(victim.url) as connection:
        body = bytes((await connection.execute(select(ENTRY.c.body).where(place))).scalar_one())
        assert old in body
        await connection.execute(update(ENTRY).where(place).values(body=body.replace(old, new)))


async def _drop_waiting(victim: Victim, which: ColumnElement[bool]) -> None:
    ids = select(ENTRY.c.entry_id).where(which)
    await _execute(victim, delete(QUEUE).where(QUEUE.c.entry_id.in_(ids)))
    await _execute(victim, delete(ENTRY).where(which))


async def _sign_anew(victim: Victim, size: int) -> None:
    """Build the tree of the rows as they are and sign it, as who has the key and time can."""
    for table in (TILE, CHECKPOINT, QUEUE):
        await _execute(victim, delete(table))
    await _execute(victim, insert(QUEUE).from_select(["entry_id"], select(LEAF.c.entry_id)))
    await _execute(victim, delete(LEAF))
    (victim.keys / "last-checkpoint").unlink(missing_ok=True)
    await victim.sequence(size)


Tamper = Callable[[Victim], Awaitable[None]]

FOUND: dict[Tamper, set[str]] = {
    change_a_body: {"CHANGED", "REWRITTEN"},
    change_a_body_and_its_leaf: {"CHANGED", "REWRITTEN"},
    change_who_asked: {"CHANGED", "REWRITTEN"},
    remove_an_entry: {"RETIRED_UNDECLARED"},
    remove_an_entry_and_close_the_gap: {"REMOVED"},
    swap_two_entries: {"REORDERED", "REWRITTEN"},
    put_one_entry_in_anothers_place: {"REWRITTEN", "ENTRY_TWICE"},
    cut_the_end_off: {"TRUNCATED"},
    cut_the_end_off_with_its_checkpoints: {"TRUNCATED"},
    remove_entries_before_their_place: {"COUNTER_GAP"},
    remove_an_outcome_before_its_place: {"COUNTER_GAP"},
    write_another_size_into_a_checkpoint: {"NOTE_FORGED"},
    rewrite_history_with_the_logs_own_key: {"REWRITTEN"},
    rewrite_history_with_another_key: {"KEYS_DIFFER"},
}
"""What was done, and the names that the verifier must say; it may say more."""


@pytest.mark.parametrize("tamper", FOUND, ids=lambda tamper: tamper.__name__)
async def test_what_a_superuser_does_is_found_by_name(
    tamper: Tamper, victim: Victim, tmp_path: Path
) -> None:
    await tamper(victim)
    code, wrong = await verdict(victim, tmp_path)
    assert (1, FOUND[tamper]) == (code, wrong & FOUND[tamper]), wrong


async def test_where_nothing_was_done_nothing_is_wrong(victim: Victim, tmp_path: Path) -> None:
    assert (3, set()) == await verdict(victim, tmp_path)
