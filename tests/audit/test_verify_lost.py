"""What a restore or a retirement took is not held against a log; what neither took is."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

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
    uuid7,
)
from tests.audit.judging import judged
from tests.audit.lawful import restored_export


def process(number: int, replica: str = "a") -> Process:
    """Begin a boot that is like no other."""
    return Process(uuid7(number << 33), replica, ids=iter(range(number << 34, number + 1 << 34)))


def retirement(*lines: bytes) -> list[bytes]:
    """Retire these lines, the first of the log, and say so."""
    keeper = process(30, "keeper")
    keeper.at = START + timedelta(days=9)
    told = {"last_seq": len(lines) - 1, "count": len(lines)}
    declared = [keeper.write("BOOT_START"), keeper.write("RETENTION", retired=told)]
    return [*map(retire, lines), *declared]


def restored(
    kept: Sequence[bytes], lost: Sequence[bytes], then: Sequence[bytes], gap: tuple[str, int]
) -> Export:
    """Put a log back that had been signed with what was *lost*, and write on."""
    closed = Signer(LOG.name, 1, 1, len(kept) + len(lost))
    opened = Signer(SECOND.name, 2, len(kept) + 1)
    export = Export(lines=[*kept, *then], keys=[closed, opened])
    before = [leaf_of(line) for line in (*kept, *lost)]
    until = START + timedelta(hours=1)
    export.files = {
        "checkpoint-1": checkpoint(LOG, before[: len(kept)]),
        "checkpoint-2": checkpoint(opened, export.leaves, witness=WITNESS),
        "statement-2": statement(closed, opened, before[: len(kept)], before, START, until, [gap]),
    }
    export.kept = {"kept": checkpoint(LOG, before[:1])}
    export.receipts = [receipt(then[-1], origin=SECOND.name)]
    export.own_keys = closed.vkey() + opened.vkey() + WITNESS.vkey(4)
    return export


def test_a_restore_and_then_a_retirement_pass_as_what_they_are(tmp_path: Path) -> None:
    export, _ = restored_export()
    export.lines = [*retirement(*export.lines[:13])[:13], *export.lines[13:]]
    export.lines += retirement(*[b"{}"] * 13)[13:]
    export.kept, export.receipts = {"old": export.kept["old"]}, [export.receipts[1]]
    export.files["checkpoint-2"] = checkpoint(export.keys[1], export.leaves, witness=WITNESS)
    said = {"RESTORED", "LOST_ENTRIES", "RETIRED", "RETIRED_NEIGHBOURS"}
    assert (3, set(), said) == judged(export.write(tmp_path))


@pytest.mark.parametrize("retired", [1, 2, 3])
def test_what_is_retired_before_a_gap_does_not_make_it_larger(retired: int, tmp_path: Path) -> None:
    boot = process(1)
    kept = [boot.write("BOOT_START"), boot.write("DENIED"), boot.write("DENIED")]
    lost = [boot.write("DENIED") for _ in range(3)]
    told = retirement(*kept[:retired])
    after = [boot.write("DENIED"), *told[retired:]]
    export = restored(kept, lost, after, (boot.boot, 2))
    export.lines[:retired] = told[:retired]
    code, wrong, said = judged(export.write(tmp_path / "right"))
    assert (3, set()) == (code, wrong)
    assert {"RESTORED", "LOST_ENTRIES"} <= said


def test_what_is_missing_before_a_gap_is_not_lost_with_it(tmp_path: Path) -> None:
    boot = process(1)
    kept = [boot.write("BOOT_START"), boot.write("DENIED"), boot.write("DENIED")]
    lost = [boot.write("DENIED") for _ in range(3)]
    export = restored([kept[0], kept[2]], lost, [boot.write("DENIED")], (boot.boot, 2))
    assert {"COUNTER_GAP"} == judged(export.write(tmp_path))[1]
    export = restored(kept[:2], lost, [boot.write("DENIED")], (boot.boot, 2))
    assert {"COUNTER_GAP"} == judged(export.write(tmp_path / "end"))[1]


@pytest.mark.parametrize(("on", "wrong"), [(False, set()), (True, {"BOOT_UNENDED"})])
def test_a_restore_took_the_end_of_a_boot_that_did_not_write_on(
    on: bool, wrong: set[str], tmp_path: Path
) -> None:
    first, second = process(1), process(2)
    kept = [first.write("BOOT_START"), first.write("DENIED")]
    lost = [first.write("DENIED")]
    more = [first.write("DENIED")] if on else []
    export = restored(kept, lost, [*more, second.write("BOOT_START")], (first.boot, 1))
    assert (1 if wrong else 3, wrong) == judged(export.write(tmp_path))[:2]


def test_the_end_of_a_boot_is_lost_in_a_restore_though_its_last_entries_are_retired(
    tmp_path: Path,
) -> None:
    first, second = process(1), process(2)
    kept = [first.write("DENIED") for _ in range(2)]
    told = retirement(*kept)
    # Of the first boot nothing is left, so nothing is asked of it; the second stops where it was.
    kept += [second.write("BOOT_START"), second.write("DENIED")]
    third = process(3)
    then = [third.write("BOOT_START"), *told[2:]]
    export = restored(kept, [second.write("DENIED")], then, (second.boot, 1))
    export.lines[:2] = told[:2]
    assert (3, set()) == judged(export.write(tmp_path))[:2]


@pytest.mark.parametrize(("size", "wrong"), [(2, set()), (0, {"RESTORE_UNTRUE"})])
def test_the_last_checkpoint_that_a_restore_kept_is_in_the_export(
    size: int, wrong: set[str], tmp_path: Path
) -> None:
    boot = process(1)
    lines = [boot.write("BOOT_START"), boot.write("DENIED")]
    export = restored(lines, [boot.write("DENIED")], [boot.write("DENIED")], (boot.boot, 1))
    if not size:
        del export.files["checkpoint-1"]
    assert wrong == judged(export.write(tmp_path))[1]


def test_a_restore_that_kept_nothing_has_no_checkpoint_to_show(tmp_path: Path) -> None:
    old, boot = process(1), process(2)
    lost = [old.write("BOOT_START"), old.write("DENIED")]
    export = restored([], lost, [boot.write("BOOT_START")], (old.boot, 0))
    del export.files["checkpoint-1"]
    assert (3, set()) == judged(export.write(tmp_path))[:2]


def lost_boot(of: Process, last: int) -> dict[str, object]:
    return {"lost": {"boot_id": of.boot, "last_counter": last}}


def test_a_boot_does_not_say_that_a_newer_one_is_lost(tmp_path: Path) -> None:
    older, newer = process(1), process(2)
    lines = [older.write("BOOT_START"), newer.write("BOOT_START"), newer.write("INTENT")]
    lines.append(older.write("BOOT_LOST", **lost_boot(newer, 1)))
    export = Export(lines=[*lines, older.write("BOOT_END")]).sign()
    assert {"BOOT_LOST_UNTRUE"} == judged(export.write(tmp_path))[1]


def test_a_boot_is_lost_though_only_its_end_is_left_and_that_behind_the_next_ones_start(
    tmp_path: Path,
) -> None:
    older, newer = process(1), process(2)
    gone = [older.write("BOOT_START"), older.write("DENIED")]
    told = retirement(*gone)
    lines = [*told[:2], newer.write("BOOT_START"), older.write("DENIED")]
    lines += [newer.write("BOOT_LOST", **lost_boot(older, 2)), newer.write("BOOT_END")]
    lines += told[2:]
    assert (3, set()) == judged(Export(lines=lines).sign().write(tmp_path))[:2]


def test_a_boot_that_said_its_end_is_not_lost_with_what_it_left_open(tmp_path: Path) -> None:
    first, second = process(1), process(2)
    lines = [first.write("BOOT_START"), first.write("INTENT"), first.write("BOOT_END")]
    lines += [second.write("BOOT_START"), second.write("BOOT_LOST", **lost_boot(first, 2))]
    export = Export(lines=lines).sign()
    assert "BOOT_LOST_UNTRUE" in judged(export.write(tmp_path))[1]


@pytest.mark.parametrize(("between", "wrong"), [(2, {"BOOT_LOST_UNTRUE"}), (3, set())])
def test_what_a_lost_boot_lacks_was_retired_between_its_last_entry_and_the_word_of_its_loss(
    between: int, wrong: set[str], tmp_path: Path
) -> None:
    other, first, second, keeper = process(4, "b"), process(1), process(2), process(9, "keeper")
    gone = [retire(other.write("DENIED")) for _ in range(3)]
    lines = [keeper.write("BOOT_START"), *gone[between:]]
    lines += [first.write("BOOT_START"), *gone[:between], second.write("BOOT_START")]
    lines.append(second.write("BOOT_LOST", **lost_boot(first, 3)))
    lines.append(keeper.write("RETENTION", retired={"last_seq": len(lines) - 1, "count": 3}))
    assert wrong == judged(Export(lines=lines).sign().write(tmp_path))[1]


@pytest.mark.parametrize(
    ("kind", "times", "wrong"),
    [("OUTCOME", 1, set()), ("OUTCOME", 2, {"CLOSED_TWICE"}), ("DENIED", 2, {"INTENT_OPEN"})],
)
def test_an_id_stands_once_in_a_list_of_those_who_close(
    kind: str, times: int, wrong: set[str], tmp_path: Path
) -> None:
    boot = process(1)
    lines = [boot.write("BOOT_START"), boot.write("INTENT")]
    lines.append(boot.write(kind, parent=[boot.last_id] * times))
    export = Export(lines=[*lines, boot.write("BOOT_END")]).sign()
    assert wrong == judged(export.write(tmp_path))[1]
