"""What an access log holds, beside what callers were told and what registries were asked."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.entry import Entry, EntryKind
from audit.record import Record, from_bytes
from audit.tree.merkle import leaf_hash
from tests.audit.databases import Database
from tests.gateway.lienthong import ROOT, lienthong
from tests.journeys.crowd import Told
from tests.journeys.log_places import settings_of

ID = 36
"""Letters of an entry id: the registries are told it, and a call's number behind it."""
AT_A_KILL_S = 1.0
"""How long after a kill a registry may notice that its caller is gone."""


class Ledger:
    """All entries of a log, as they are stored."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self.records: list[Record] = [from_bytes(body) for body in bodies]
        self.entries: dict[str, Entry] = {r.entry.entry_id: r.entry for r in self.records}
        self._leaves = {
            record.entry.entry_id: leaf_hash(body).hex()
            for record, body in zip(self.records, bodies, strict=True)
        }
        self._of_request: dict[str, list[Entry]] = defaultdict(list)
        for record in self.records:
            self._of_request[record.entry.request_id].append(record.entry)

    @classmethod
    async def read(cls, database: Database) -> "Ledger":
        """Read all there is."""
        rows = await database.ask("SELECT body FROM audit_entry ORDER BY boot_id, counter")
        return cls([body for (body,) in rows])

    def count(self, kind: EntryKind) -> int:
        """Count the entries of a kind."""
        return sum(entry.kind is kind for entry in self.entries.values())

    def lacking(self, told: Iterable[Told]) -> list[tuple[str, list[str]]]:
        """Name the answers with data that have not their intents, one outcome and its receipt.

        None of ours is answered without asking, so each has at least one intent.
        """
        return [
            (each.request_id, [entry.kind.value for entry in self._of_request[each.request_id]])
            for each in told
            if each.data and not self._complete(each)
        ]

    def _complete(self, told: Told) -> bool:
        entries = self._of_request[told.request_id]
        intents = {entry.entry_id for entry in entries if entry.kind is EntryKind.INTENT}
        outcomes = [entry for entry in entries if entry.kind is EntryKind.OUTCOME]
        if not intents or [intents] != [set(entry.parent) for entry in outcomes]:
            return False
        entry_id = outcomes[0].entry_id
        return not told.whole or told.promised() == (entry_id, self._leaves[entry_id])

    def open_intents(self, *, but_of: Iterable[str] = ()) -> list[str]:
        """Name the intents that nothing closes, of all boots but these."""
        closed = {parent for entry in self.entries.values() for parent in entry.parent}
        spared = set(but_of)
        return [
            record.entry.entry_id
            for record in self.records
            if record.entry.kind is EntryKind.INTENT
            and record.entry.entry_id not in closed
            and record.boot_id not in spared
        ]

    def boots(self) -> dict[str, list[Record]]:
        """Give the records of each boot, in the order of their counters."""
        found: dict[str, list[Record]] = defaultdict(list)
        for record in sorted(self.records, key=lambda each: each.counter):
            found[record.boot_id].append(record)
        return dict(found)

    def lost(self) -> dict[str, int]:
        """Give the boots that were said to be lost, and how far they had come."""
        told = [entry.lost for entry in self.entries.values() if entry.lost is not None]
        found = {each.boot_id: each.last_counter for each in told}
        assert len(told) == len(found)
        return found

    def unexplained(self) -> Iterator[str]:
        """Say of each boot what is not as it must be: no gap, and an end or a word of its loss."""
        lost = self.lost()
        for boot, records in self.boots().items():
            counters = [record.counter for record in records]
            kinds = [record.entry.kind for record in records]
            if counters != list(range(len(counters))):
                yield f"{boot} has a gap or a double"
            if kinds[0] is not EntryKind.BOOT_START:
                yield f"{boot} does not begin"
            if kinds[-1] is EntryKind.BOOT_END:
                if boot in lost:
                    yield f"{boot} ended and is called lost"
            elif lost.get(boot) != counters[-1]:
                yield f"{boot} stops at {counters[-1]} without a word"

    def unowned(
        self, journal: Iterable[Mapping[str, Any]], *, kills: Sequence[float] = ()
    ) -> list[Mapping[str, Any]]:
        """Name the calls of the registries' journals that no intent of ours speaks of.

        Tokens are fetched in nobody's name and are about nobody. A call that broke off before the
        registry had read it asked for nothing: that may be seen at *kills* (monotonic seconds).
        """
        return [
            row
            for row in journal
            if row["operation"] != "token"
            and not self._owned(row)
            and not (
                (row["operation"], row["outcome"]) == (None, "not_understood")
                and any(0 <= row["ended"] - kill < AT_A_KILL_S for kill in kills)
            )
        ]

    def _owned(self, row: Mapping[str, Any]) -> bool:
        intent = self.entries.get(str(row["request_id"])[:ID])
        registry = str(row["registry"]).split("-")[0].upper()
        return (
            intent is not None
            and intent.kind is EntryKind.INTENT
            and registry in {read.registry for read in intent.reads}
        )


def verified(
    database: Database, keys: Path, folder: Path, told: Iterable[Told], kept: Sequence[str] = ()
) -> tuple[int, str]:
    """Export the log and check it, both as an auditor would; give the verifier's status and words.

    It is given the receipts of all who were *told* something, and the checkpoints that were *kept*
    on the way.
    """
    export = folder / "export"
    where = {f"LIENTHONG_{name.upper()}": url for name, url in settings_of(database).items()}
    where["LIENTHONG_KEYS_DIR"] = str(keys)
    exported = lienthong("log", "export", str(export), columns=80, **where)
    assert 0 == exported.status, exported.err
    receipts = folder / "receipts"
    receipts.write_text("".join(f"{each.receipt}\n" for each in told if each.receipt))
    words = ["--vkeys", str(export / "vkeys"), "--receipts", str(receipts)]
    for number, note in enumerate(kept):
        (folder / f"kept-{number}").write_text(note, encoding="utf-8")
        words += ["--kept", str(folder / f"kept-{number}")]
    done = subprocess.run(
        [sys.executable, str(ROOT / "audit" / "verify.py"), str(export), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
