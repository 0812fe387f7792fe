"""What can be done to a log, and to what is given beside it."""

from collections.abc import Callable
from datetime import timedelta

from tests.audit.export_maker import (
    LOG,
    START,
    WITNESS,
    Export,
    Process,
    Signer,
    checkpoint,
    receipt,
    retire,
    two_boots,
    uuid7,
)


def changed_entry(export: Export) -> None:
    export.lines[3] = export.lines[3].replace(b'"wave":1', b'"wave":2')


def removed_entry(export: Export) -> None:
    del export.lines[3]


def swapped_entries(export: Export) -> None:
    export.lines[3], export.lines[4] = export.lines[4], export.lines[3]


def invented_entry(export: Export) -> None:
    made = Process(uuid7(9 << 33), replica="b", ids=iter(range(1 << 39, 1 << 40)))
    export.lines.insert(8, made.write("BOOT_START"))


def copied_entry(export: Export) -> None:
    export.lines.insert(8, export.lines[5])


def cut_end(export: Export) -> None:
    del export.lines[-2:]


def cut_end_with_an_old_checkpoint(export: Export) -> None:
    del export.lines[-4:]
    export.files["checkpoint-1"] = checkpoint(LOG, export.leaves)
    export.kept["kept"] = checkpoint(LOG, Export().leaves)


def another_history(export: Export) -> None:
    changed_entry(export)
    export.files["checkpoint-1"] = checkpoint(LOG, export.leaves)


def two_views(export: Export) -> None:
    leaves = export.leaves
    export.kept["kept"] = checkpoint(LOG, [*leaves[:-1], leaves[0]])


def signed_by_a_stranger(export: Export) -> None:
    export.files["checkpoint-1"] = checkpoint(Signer(LOG.name, 77), export.leaves)


def forged_signature(export: Export) -> None:
    export.files["checkpoint-1"] = export.files["checkpoint-1"].replace("\n25\n", "\n24\n")


def retired_key(export: Export) -> None:
    old, new = Signer(LOG.name, 1, 1, 20), Signer(LOG.name, 9, 21)
    export.keys, export.own_keys = [old, new], old.vkey() + new.vkey() + WITNESS.vkey(4)


def before_sequencing(lines: list[bytes]) -> Callable[[Export], None]:
    """Entries that never came to the tree: the log signs what it got."""

    def tamper(export: Export) -> None:
        export.lines = lines
        held = export.receipts
        export.sign().receipts = held

    return tamper


def outcome_dropped(export: Export) -> None:
    before_sequencing(export.lines[:-1])(export)
    export.files["checkpoint-1"] = checkpoint(LOG, export.leaves, at=START + timedelta(days=2))


def outcome_never_written(export: Export) -> None:
    process = Process(uuid7(1 << 33))
    export.lines = [process.write("BOOT_START"), process.write("INTENT"), process.write("BOOT_END")]
    export.sign()


def tail_of_an_old_boot(export: Export) -> None:
    del export.lines[13]  # its BOOT_LOST, so that nobody says how it ended
    export.lines = [line for line in export.lines if b'"last_counter"' not in line]
    export.sign()


def retired_without_a_word(export: Export) -> None:
    export.lines[3] = retire(export.lines[3])


def outcome_twice(export: Export) -> None:
    process = Process(uuid7(1 << 33))
    start, intent = process.write("BOOT_START"), process.write("INTENT")
    asked = process.last_id
    twice = [process.write("OUTCOME", parent=[asked]) for _ in range(2)]
    export.lines = [start, intent, *twice]
    export.sign()


def outcome_of_nothing(export: Export) -> None:
    process = Process(uuid7(1 << 33))
    lines = [process.write("BOOT_START"), process.write("OUTCOME", parent=[uuid7(1 << 39)])]
    export.lines = lines
    export.sign()


def same_id_twice(export: Export) -> None:
    process = Process(uuid7(1 << 33))
    lines = [process.write("BOOT_START"), process.write("DENIED")]
    export.lines = [*lines, process.write("DENIED", entry_id=process.last_id)]
    export.sign()


def killed_at_another_counter(export: Export) -> None:
    export.lines = [
        line.replace(b'"last_counter":11', b'"last_counter":12') for line in export.lines
    ]
    export.sign()


def key_of_another_list(export: Export) -> None:
    export.own_keys = Signer(LOG.name, 77).vkey() + WITNESS.vkey(4)


def forged_receipt(export: Export) -> None:
    whole = export.receipts[0]
    export.receipts = [whole[:-8] + ("AAAAAAAA" if whole[-8:] != "AAAAAAAA" else "BBBBBBBB")]


def receipt_of_another_entry(export: Export) -> None:
    export.receipts = [receipt(export.lines[-1], entry=uuid7(1 << 39))]


def receipt_of_a_removed_entry(export: Export) -> None:
    gone = two_boots(6)[-1].replace(b'"counter":14', b'"counter":13')
    export.receipts = [receipt(gone)]
