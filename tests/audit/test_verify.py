"""The offline verifier finds what was done to a log, by name, and passes what is lawful."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from audit import verify
from tests.audit.export_maker import (
    LOG,
    RECEIPTS,
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

Names = set[str]


def judged(arguments: list[str]) -> tuple[int, Names, Names]:
    """Verify: the exit code, what is wrong, and what was not checked."""
    given = verify._arguments(arguments)
    report = verify.verify(
        given.folder, kept=given.kept, receipts=given.receipts, vkeys=given.vkeys, jwks=given.jwks
    )
    return report.code, set(report.names("WRONG")), set(report.names("UNCHECKED"))


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


TAMPERINGS: dict[str, tuple[Callable[[Export], None], Names]] = {
    "an entry is changed (16)": (changed_entry, {"CHANGED", "REWRITTEN"}),
    "an entry is removed (16)": (
        removed_entry,
        {"REMOVED", "COUNTER_GAP", "PARENT_UNKNOWN", "REWRITTEN"},
    ),
    "two entries change places (16)": (
        swapped_entries,
        {"REORDERED", "COUNTER_BACK", "COUNTER_GAP", "PARENT_UNKNOWN", "REWRITTEN"},
    ),
    "an entry is invented (16)": (invented_entry, {"INSERTED", "REWRITTEN"}),
    "an entry is copied (16)": (
        copied_entry,
        {"INSERTED", "COUNTER_BACK", "ENTRY_TWICE", "REWRITTEN"},
    ),
    "the end is cut off (17)": (cut_end, {"TRUNCATED", "ENTRY_MISSING"}),
    "the end is cut off with its checkpoint (17)": (
        cut_end_with_an_old_checkpoint,
        {"TRUNCATED", "ENTRY_MISSING"},
    ),
    "the log is rewritten with its own key (20)": (another_history, {"REWRITTEN"}),
    "two views are signed (20)": (two_views, {"SPLIT_VIEW", "REWRITTEN"}),
    "a stranger signs (16)": (signed_by_a_stranger, {"NOTE_UNSIGNED"}),
    "a signed size is changed (16)": (forged_signature, {"NOTE_FORGED"}),
    "a retired key signs a later checkpoint (21)": (retired_key, {"KEY_RANGE"}),
    "an outcome is removed before its place (18)": (outcome_dropped, {"ENTRY_MISSING"}),
    "an outcome is never written (18)": (outcome_never_written, {"INTENT_OPEN"}),
    "the end of an old boot is removed before its place (18)": (
        tail_of_an_old_boot,
        {"BOOT_UNENDED", "COUNTER_GAP", "INTENT_OPEN"},
    ),
    "an entry is called retired (16)": (retired_without_a_word, {"RETIRED_UNDECLARED"}),
    "an intent has two outcomes": (outcome_twice, {"CLOSED_TWICE"}),
    "an outcome has no intent": (outcome_of_nothing, {"PARENT_UNKNOWN"}),
    "an entry id comes twice": (same_id_twice, {"ENTRY_TWICE"}),
    "a boot is said to have come further": (killed_at_another_counter, {"BOOT_LOST_UNTRUE"}),
    "the key is not the known one": (key_of_another_list, {"KEYS_DIFFER"}),
    "a receipt is forged": (forged_receipt, {"RECEIPT_FORGED"}),
    "a receipt names another entry": (receipt_of_another_entry, {"RECEIPT_DIFFERS"}),
    "a receipt has no entry (18)": (receipt_of_a_removed_entry, {"ENTRY_MISSING"}),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_found_by_name(name: str, tmp_path: Path) -> None:
    tamper, expected = TAMPERINGS[name]
    export = Export().sign()
    tamper(export)
    code, wrong, _ = judged(export.write(tmp_path))
    assert (1, expected) == (code, wrong)


def test_a_log_in_good_order_with_everything_beside_it_is_right(tmp_path: Path) -> None:
    assert (0, set(), set()) == judged(Export().sign().write(tmp_path))


@pytest.mark.parametrize(
    ("leave_out", "unchecked"),
    [("kept", "NO_KEPT"), ("receipts", "NO_RECEIPTS"), ("own_keys", "NO_VKEYS")],
)
def test_what_was_not_given_is_said_and_the_log_is_not_called_right(
    leave_out: str, unchecked: str, tmp_path: Path
) -> None:
    export = Export().sign()
    setattr(export, leave_out, {"kept": {}, "receipts": []}.get(leave_out))
    code, wrong, said = judged(export.write(tmp_path))
    assert (3, set()) == (code, wrong)
    assert unchecked in said


def test_without_a_witness_it_is_said(tmp_path: Path) -> None:
    export = Export().sign()
    export.own_keys = LOG.vkey()
    assert (3, set(), {"NO_WITNESS"}) == judged(export.write(tmp_path))


def test_an_end_cut_off_with_its_checkpoint_is_not_called_right_without_a_kept_one(
    tmp_path: Path,
) -> None:
    export = Export().sign()
    cut_end_with_an_old_checkpoint(export)
    export.kept, export.receipts = {}, []
    code, wrong, said = judged(export.write(tmp_path))
    assert (3, set()) == (code, wrong)
    assert {"NO_KEPT", "NO_RECEIPTS"} <= said


def retired_export() -> Export:
    """Retire a first boot lawfully."""
    lines = two_boots()
    writer = Process(uuid7(3 << 33), replica="keeper", ids=iter(range(1 << 38, 1 << 39)))
    writer.at = START + timedelta(minutes=1)
    start = writer.write("BOOT_START")
    told = writer.write("RETENTION", retired={"last_seq": 11, "count": 12})
    return Export(lines=[*map(retire, lines[:12]), *lines[12:], start, told]).sign()


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
    receipt_of_a_removed_entry(export)
    export.files["checkpoint-1"] = checkpoint(LOG, export.leaves, at=START, witness=WITNESS)
    assert (3, set(), {"RECEIPT_NOT_DUE"}) == judged(export.write(tmp_path))


def test_another_version_is_hashed_and_not_read(tmp_path: Path) -> None:
    export = Export()
    export.lines[15] = export.lines[15].replace(b'"v":1}', b'"v":2}')
    code, wrong, said = judged(export.sign().write(tmp_path))
    assert (3, set()) == (code, wrong)
    assert "OTHER_VERSION" in said


@pytest.mark.parametrize("held", [4, 9, 20_000])
def test_memory_is_bounded_and_nothing_is_forgotten(
    held: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_HELD", held)
    export = Export(lines=two_boots(20)).sign()
    assert (0, set(), set()) == judged(export.write(tmp_path / "right"))
    late = Process(uuid7(2 << 33), counter=43, ids=iter(range(1 << 38, 1 << 39)))
    asked = json.loads(export.lines[-2])["entry"]["entry_id"]
    twice = [
        late.write("NOT_DELIVERED", parent=[json.loads(export.lines[45])["entry"]["entry_id"]]),
        late.write("OUTCOME", parent=[asked]),
        late.write("DENIED", entry_id=json.loads(export.lines[3])["entry"]["entry_id"]),
    ]
    export.lines += twice
    wrong = judged(export.sign().write(tmp_path / "wrong"))[1]
    assert {"CLOSED_TWICE", "ENTRY_TWICE"} == wrong


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_runs_alone_and_says_it_in_the_language_asked_for(language: str, tmp_path: Path) -> None:
    alone = tmp_path / "verify.py"
    alone.write_bytes(Path(verify.__file__).read_bytes())
    export = Export().sign()
    removed_entry(export)
    told = subprocess.run(
        [sys.executable, "-I", str(alone), *export.write(tmp_path), "--lang", language],
        capture_output=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert 1 == told.returncode
    assert verify.VERDICTS[1][language == "en"] == told.stdout.decode().splitlines()[0]
    assert b"COUNTER_GAP" in told.stdout
    assert b"" == told.stderr


def test_misuse_is_neither_right_nor_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        verify.main(["/nowhere"])
    assert 2 == ended.value.code
    assert "/nowhere" in capsys.readouterr().err


def test_it_imports_the_standard_library_and_cryptography_only() -> None:
    tree = ast.parse(Path(verify.__file__).read_text())
    names = {
        a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names
    }
    names |= {str(n.module).split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {"cryptography"} == names - sys.stdlib_module_names


def test_every_name_has_a_sentence_with_the_facts_that_are_given() -> None:
    source = Path(verify.__file__).read_text()
    names = {name for said in verify.SAID.values() for name in said}
    assert set() == {name for name in names if source.count(name) < 2}
    assert bytes([RECEIPTS.seed]) * 32 == RECEIPTS.private.private_bytes_raw()
