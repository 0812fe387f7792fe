"""Lawful retirement and a declared restore pass as what they are; an untrue one does not."""

from collections.abc import Callable
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
    two_boots,
    uuid7,
)
from tests.audit.judging import judged
from tests.audit.lawful import restored_export, retired_export


def test_a_lawful_retirement_passes_as_what_it_is(tmp_path: Path) -> None:
    export = retired_export()
    export.receipts = [receipt(two_boots()[2])]
    assert (3, set(), {"RETIRED", "RETIRED_NEIGHBOURS"}) == judged(export.write(tmp_path))


def test_more_retired_entries_than_declared_are_wrong(tmp_path: Path) -> None:
    export = retired_export()
    export.lines[12] = retire(export.lines[12])
    assert {"RETIRED_UNDECLARED"} == judged(export.write(tmp_path / "past"))[1]
    export = retired_export()
    export.lines[-1] = export.lines[-1].replace(b'"count":12', b'"count":11')
    assert {"RETIRED_TOO_MANY"} == judged(export.sign().write(tmp_path / "many"))[1]


def test_a_declared_restore_passes_as_what_it_is(tmp_path: Path) -> None:
    export, _ = restored_export()
    assert (3, set(), {"RESTORED", "LOST_ENTRIES"}) == judged(export.write(tmp_path))


def test_what_a_restore_lost_is_lost_and_neither_right_nor_tampering(tmp_path: Path) -> None:
    export, lost = restored_export()
    export.receipts = [receipt(lost[-1])]
    export.kept["lost"] = checkpoint(LOG, [leaf_of(line) for line in two_boots()[:16]])
    code, wrong, said = judged(export.write(tmp_path))
    assert (3, set()) == (code, wrong)
    assert {"RESTORED", "LOST_ENTRIES", "LOST_RECEIPT", "LOST_CHECKPOINT"} == said


def larger_than_was_said(export: Export) -> None:
    export.keys[0] = Signer(LOG.name, 1, 1, 30)
    export.kept["far"] = checkpoint(LOG, Export().leaves)


def no_larger_than_was_kept(export: Export) -> None:
    export.keys[1] = SECOND
    export.files["checkpoint-2"] = checkpoint(SECOND, export.leaves[:13])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda e: e.kept.update(far=checkpoint(LOG, Export().leaves)), "KEY_RANGE"),
        (lambda e: e.keys.__setitem__(0, LOG), "ORIGIN_OPEN"),
        (lambda e: e.files.pop("statement-2"), "FILE_MISSING"),
        (lambda e: e.receipts.append(receipt(two_boots()[-1], at="2026-11-21T09:55:00Z")),
         "ENTRY_MISSING"),
        (no_larger_than_was_kept, "ORIGIN_TOO_SMALL"),
        (lambda e: e.files.update({"checkpoint-1": checkpoint(LOG, e.leaves[:12])}),
         "RESTORE_UNTRUE"),
        (lambda e: e.kept.update(far=checkpoint(LOG, [*e.leaves, e.leaves[0]])),
         "RESTORE_UNTRUE"),
        (larger_than_was_said, "RESTORE_UNTRUE"),
    ],
)  # fmt: skip
def test_an_untrue_restore_is_wrong(
    change: Callable[[Export], None], expected: str, tmp_path: Path
) -> None:
    export, _ = restored_export()
    change(export)
    code, wrong, _ = judged(export.write(tmp_path))
    assert 1 == code
    assert expected in wrong


def test_an_old_checkpoint_of_a_retired_key_is_right(tmp_path: Path) -> None:
    old, new = Signer(LOG.name, 1, 1, 20), Signer(LOG.name, 9, 21)
    export = Export(keys=[old, new]).sign()
    export.files["checkpoint-1"] = checkpoint(new, export.leaves, witness=WITNESS)
    export.own_keys = LOG.vkey() + new.vkey() + WITNESS.vkey(4)
    assert (0, set(), set()) == judged(export.write(tmp_path))


def test_a_receipt_that_is_not_yet_due_concludes_nothing(tmp_path: Path) -> None:
    export = Export().sign()
    export.receipts = [receipt(two_boots(6)[-1].replace(b'"counter":14', b'"counter":13'))]
    export.files["checkpoint-1"] = checkpoint(LOG, export.leaves, at=START, witness=WITNESS)
    assert (3, set(), {"RECEIPT_NOT_DUE"}) == judged(export.write(tmp_path))


def test_another_version_is_hashed_and_not_read(tmp_path: Path) -> None:
    export = Export()
    export.lines[15] = export.lines[15].replace(b'"v":1}', b'"v":2}')
    code, wrong, said = judged(export.sign().write(tmp_path))
    assert (3, set()) == (code, wrong)
    assert "OTHER_VERSION" in said


def test_a_boot_whose_start_a_restore_lost_may_not_go_on(tmp_path: Path) -> None:
    export, _ = restored_export()
    lost = Process(uuid7(5 << 33), "b", counter=3, ids=iter(range(1 << 37, 1 << 38)))
    export.lines.append(lost.write("DENIED"))
    opened = Signer(SECOND.name, 2, 14)
    export.files["checkpoint-2"] = checkpoint(opened, export.leaves, witness=WITNESS)
    assert (1, {"COUNTER_GAP"}) == judged(export.write(tmp_path))[:2]
