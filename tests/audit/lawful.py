"""What may lawfully become of a log: entries are retired, a backup is restored."""

import json
from datetime import timedelta

from tests.audit.export_maker import (
    LOG,
    SECOND,
    START,
    WITNESS,
    Export,
    Process,
    Signer,
    checkpoint,
    leaf_of,
    receipt,
    retire,
    statement,
    two_boots,
    uuid7,
)


def retired_export() -> Export:
    """Retire a first boot lawfully."""
    lines = two_boots()
    writer = Process(uuid7(3 << 33), replica="keeper", ids=iter(range(1 << 38, 1 << 39)))
    writer.at = START + timedelta(minutes=1)
    start = writer.write("BOOT_START")
    told = writer.write("RETENTION", retired={"last_seq": 11, "count": 12})
    return Export(lines=[*map(retire, lines[:12]), *lines[12:], start, told]).sign()


def restored_export() -> tuple[Export, list[bytes]]:
    """Put a log back to its first 13 entries when 17 had been signed; and what was lost."""
    old = two_boots()
    kept, lost = old[:13], old[13:17]
    boot = json.loads(old[12])["boot_id"]
    writer = Process(boot, counter=7, ids=iter(range(1 << 38, 1 << 39)))
    writer.at = START + timedelta(minutes=30)
    closed = Signer(LOG.name, 1, 1, 17)
    opened = Signer(SECOND.name, 2, 14)
    told = {"boot_id": json.loads(kept[0])["boot_id"], "last_counter": 11}
    lines = [*kept, writer.write("BOOT_LOST", lost=told), *writer.answer()]
    export = Export(lines=lines, keys=[closed, opened])
    leaves = [leaf_of(line) for line in old]
    signed = leaves[:17]
    until = START + timedelta(minutes=20)
    gaps = [(boot, 0)]
    export.files = {
        "checkpoint-1": checkpoint(LOG, leaves[:13]),
        "checkpoint-2": checkpoint(opened, export.leaves, witness=WITNESS),
        "statement-2": statement(closed, opened, leaves[:13], signed, START, until, gaps),
    }
    export.kept = {"old": checkpoint(LOG, leaves[:9])}
    export.receipts = [receipt(kept[2]), receipt(lines[-1], origin=SECOND.name)]
    export.own_keys = closed.vkey() + opened.vkey() + WITNESS.vkey(4)
    return export, lost
