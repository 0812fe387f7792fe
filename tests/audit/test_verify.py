"""The offline verifier finds what was done to a log, by name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit import tamperings as done
from tests.audit.export_maker import LOG, Export
from tests.audit.judging import Names, judged

TAMPERINGS: dict[str, tuple[Callable[[Export], None], Names]] = {
    "an entry is changed (16)": (done.changed_entry, {"CHANGED", "REWRITTEN"}),
    "an entry is removed (16)": (
        done.removed_entry,
        {"REMOVED", "COUNTER_GAP", "PARENT_UNKNOWN", "REWRITTEN"},
    ),
    "two entries change places (16)": (
        done.swapped_entries,
        {"REORDERED", "COUNTER_BACK", "COUNTER_GAP", "PARENT_UNKNOWN", "REWRITTEN"},
    ),
    "an entry is invented (16)": (done.invented_entry, {"INSERTED", "REWRITTEN"}),
    "an entry is copied (16)": (
        done.copied_entry,
        {"INSERTED", "COUNTER_BACK", "ENTRY_TWICE", "REWRITTEN"},
    ),
    "the end is cut off (17)": (done.cut_end, {"TRUNCATED", "ENTRY_MISSING"}),
    "the end is cut off with its checkpoint (17)": (
        done.cut_end_with_an_old_checkpoint,
        {"TRUNCATED", "ENTRY_MISSING"},
    ),
    "the log is rewritten with its own key (20)": (done.another_history, {"REWRITTEN"}),
    "two views are signed (20)": (done.two_views, {"SPLIT_VIEW", "REWRITTEN"}),
    "a stranger signs (16)": (done.signed_by_a_stranger, {"NOTE_UNSIGNED"}),
    "a signed size is changed (16)": (done.forged_signature, {"NOTE_FORGED"}),
    "a retired key signs a later checkpoint (21)": (done.retired_key, {"KEY_RANGE"}),
    "an outcome is removed before its place (18)": (done.outcome_dropped, {"ENTRY_MISSING"}),
    "an outcome is never written (18)": (done.outcome_never_written, {"INTENT_OPEN"}),
    "the end of an old boot is removed before its place (18)": (
        done.tail_of_an_old_boot,
        {"BOOT_UNENDED", "COUNTER_GAP", "INTENT_OPEN"},
    ),
    "an entry is called retired (16)": (done.retired_without_a_word, {"RETIRED_UNDECLARED"}),
    "an intent has two outcomes": (done.outcome_twice, {"CLOSED_TWICE"}),
    "an outcome has no intent": (done.outcome_of_nothing, {"PARENT_UNKNOWN"}),
    "an entry id comes twice": (done.same_id_twice, {"ENTRY_TWICE"}),
    "a boot is said to have come further": (done.killed_at_another_counter, {"BOOT_LOST_UNTRUE"}),
    "the key is not the known one": (done.key_of_another_list, {"KEYS_DIFFER"}),
    "a receipt is forged": (done.forged_receipt, {"RECEIPT_FORGED"}),
    "a receipt names another entry": (done.receipt_of_another_entry, {"RECEIPT_DIFFERS"}),
    "a receipt has no entry (18)": (done.receipt_of_a_removed_entry, {"ENTRY_MISSING"}),
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
    done.cut_end_with_an_old_checkpoint(export)
    export.kept, export.receipts = {}, []
    code, wrong, said = judged(export.write(tmp_path))
    assert (3, set()) == (code, wrong)
    assert {"NO_KEPT", "NO_RECEIPTS"} <= said
