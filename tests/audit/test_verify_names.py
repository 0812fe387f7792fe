"""Each name that the verifier has for a wrong is the first that it gives for something."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from audit import verify
from tests.audit import tamperings as done
from tests.audit.export_maker import (
    LOG,
    SECOND,
    START,
    Export,
    Process,
    Signer,
    checkpoint,
    retire,
    uuid7,
)
from tests.audit.judging import report_of
from tests.audit.lawful import restored_export, retired_export

OTHER = Signer("other.example.vn/log", 5)


def with_file(name: str, content: str) -> Callable[[Export], None]:
    """Put something else in the place of a file."""
    return lambda export: export.files.update({name: content})


def with_lines(*kinds: str, after: str = "", counter: int = 0) -> Callable[[Export], None]:
    """Sign a boot of these entries, and one more that begins anew at a counter."""

    def write(export: Export) -> None:
        process = Process(uuid7(1 << 33))
        export.lines = [process.write(kind) for kind in kinds]
        if after:
            process.counter = counter
            export.lines.append(process.write(after))
        export.sign()

    return write


def no_checkpoint(export: Export) -> None:
    del export.files["checkpoint-1"]


def a_line_longer_than_any(export: Export) -> None:
    export.lines[5] = b'{"x":"' + b"x" * (1 << 20) + b'"}'
    export.sign()


def a_word_that_is_no_key(export: Export) -> None:
    export.own_keys = f"{export.own_keys}x\n"


def keys_that_overlap(export: Export) -> None:
    export.keys = [Signer(LOG.name, 9, 1, 30), LOG]


def a_checkpoint_of_another_log(export: Export) -> None:
    export.keys.append(OTHER)
    export.kept["kept"] = checkpoint(OTHER, export.leaves[:5])


def an_unknown_kind(export: Export) -> None:
    export.lines[3] = export.lines[3].replace(b'"INTENT"', b'"ELSE"')
    export.sign()


def a_refusal_is_missing(export: Export) -> None:
    del export.lines[14]
    export.sign()


def one_retired_line_for_two_gaps(export: Export) -> None:
    boots = [Process(uuid7(n << 33), replica, ids=iter(range(n << 30, n << 31)))
             for n, replica in ((1, "a"), (2, "b"))]  # fmt: skip
    lines = [boot.write("BOOT_START") for boot in boots]
    lines.append(retire(boots[0].write("DENIED")))
    boots[1].write("DENIED")
    lines += [boot.write("DENIED") for boot in boots]
    told = {"last_seq": 2, "count": 1}
    export.lines = [*lines, boots[0].write("RETENTION", retired=told)]
    export.sign()


def two_boots_of_which_one_stops(export: Export) -> None:
    first, second = (Process(uuid7(n << 33), ids=iter(range(n << 30, n << 31))) for n in (1, 2))
    export.lines = [first.write("BOOT_START"), first.write("DENIED"), second.write("BOOT_START")]
    export.sign()


def an_outcome_of_a_refusal(export: Export) -> None:
    process = Process(uuid7(1 << 33))
    lines = [process.write("BOOT_START"), process.write("DENIED")]
    export.lines = [*lines, process.write("OUTCOME", parent=[process.last_id])]
    export.sign()


def more_retired_than_declared(export: Export) -> None:
    export.lines = retired_export().lines
    export.lines[-1] = export.lines[-1].replace(b'"count":12', b'"count":11')
    export.sign()


def restored(change: Callable[[Export], None]) -> Callable[[Export], None]:
    """Begin with a declared restore."""

    def write(export: Export) -> None:
        made, _ = restored_export()
        vars(export).update(vars(made))
        export.own_keys = None
        change(export)

    return write


def another_origin_before(export: Export) -> None:
    export.keys.append(OTHER)
    export.files["checkpoint-1"] = checkpoint(OTHER, export.leaves[:13])


def larger_than_was_said(export: Export) -> None:
    export.keys[0] = Signer(LOG.name, 1, 1, 30)
    export.kept["far"] = checkpoint(LOG, Export().leaves)


def small_in_the_new_origin(export: Export) -> None:
    export.keys[1] = SECOND
    export.kept["small"] = checkpoint(SECOND, export.leaves[:13])


FIRST: dict[str, Callable[[Export], None]] = {
    "FILE_MISSING": no_checkpoint,
    "FILE_TOO_LARGE": with_file("checkpoint-1", "x" * ((1 << 24) + 1)),
    "LINE_UNENDED": a_line_longer_than_any,
    "NOTE_FORM": with_file("checkpoint-1", "x"),
    "NOTE_FORGED": done.forged_signature,
    "NOTE_UNSIGNED": done.signed_by_a_stranger,
    "KEY_RANGE": done.retired_key,
    "KEYS_FORM": a_word_that_is_no_key,
    "KEYS_RANGES": keys_that_overlap,
    "KEYS_DIFFER": done.key_of_another_list,
    "ORIGIN_UNKNOWN": a_checkpoint_of_another_log,
    "SPLIT_VIEW": done.two_views,
    "CHANGED": done.changed_entry,
    "REORDERED": done.swapped_entries,
    "REMOVED": done.removed_entry,
    "TRUNCATED": done.cut_end,
    "INSERTED": done.invented_entry,
    "REWRITTEN": done.another_history,
    "MALFORMED": an_unknown_kind,
    "ENTRY_TWICE": done.same_id_twice,
    "COUNTER_GAP": a_refusal_is_missing,
    "COUNTER_BACK": with_lines("BOOT_START", "DENIED", after="DENIED", counter=1),
    "GAPS_OVERDRAWN": one_retired_line_for_two_gaps,
    "BOOT_START": with_lines("DENIED", "DENIED"),
    "AFTER_END": with_lines("BOOT_START", "BOOT_END", "DENIED"),
    "BOOT_LOST_UNTRUE": done.killed_at_another_counter,
    "BOOT_UNENDED": two_boots_of_which_one_stops,
    "INTENT_OPEN": done.outcome_never_written,
    "PARENT_UNKNOWN": done.outcome_of_nothing,
    "PARENT_WRONG": an_outcome_of_a_refusal,
    "CLOSED_TWICE": done.outcome_twice,
    "RETIRED_UNDECLARED": done.retired_without_a_word,
    "RETIRED_TOO_MANY": more_retired_than_declared,
    "RESTORE_CHAIN": restored(another_origin_before),
    "RESTORE_UNTRUE": restored(larger_than_was_said),
    "ORIGIN_OPEN": restored(lambda export: export.keys.__setitem__(0, LOG)),
    "ORIGIN_TOO_SMALL": restored(small_in_the_new_origin),
    "JWKS_FORM": with_file("jwks.json", "{}"),
    "RECEIPT_FORM": lambda export: export.receipts.append("x"),
    "RECEIPT_FORGED": done.forged_receipt,
    "RECEIPT_DIFFERS": done.receipt_of_another_entry,
    "ENTRY_MISSING": done.receipt_of_a_removed_entry,
}


@pytest.mark.parametrize("name", FIRST)
def test_it_is_the_first_name_given(name: str, tmp_path: Path) -> None:
    export = Export().sign()
    FIRST[name](export)
    report = report_of(export.write(tmp_path))
    assert (1, name) == (report.code, report.names("WRONG")[0])


def test_no_name_is_left_out() -> None:
    assert list(verify.SAID["WRONG"]) == list(FIRST)


def test_an_entry_that_came_late_is_noted_and_wrong_is_nothing(tmp_path: Path) -> None:
    export = Export().sign()
    late = START + timedelta(minutes=2)
    export.kept["kept"] = checkpoint(LOG, export.leaves[:12], at=late)
    report = report_of(export.write(tmp_path))
    assert (0, ["LATE"]) == (report.code, [n for n in report.names("NOTED") if n == "LATE"])
    assert "    count 13" in report.lines()
