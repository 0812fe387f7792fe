"""A receipt and its entry say the same of an answer, or the verifier says that they differ."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.export_maker import Export, Process, receipt, uuid7
from tests.audit.judging import judged

SAID = {
    "grant_id": "g-1",
    "grant_version": 2,
    "procedure": "1.004222",
    "procedure_version": "7",
    "answer_hmac": "A" * 43,
    "sources": [{"registry": "LAND", "state": "VALUE", "from_cache": True, "waited_ms": 3}],
}
PROMISED: dict[str, Any] = {
    "grant": {"id": "g-1", "version": 2},
    "procedure": {"code": "1.004222", "version": "7"},
    "answer_hmac": "A" * 43,
    "sources": [{"registry": "LAND", "state": "VALUE", "cached": True}],
}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("grant", {"id": "g-1", "version": 3}),
        ("grant", {"id": "g-1"}),
        ("procedure", {"code": "1.004222", "version": "8"}),
        ("answer_hmac", "B" * 43),
        ("answer_hmac", None),
        ("sources", [{"registry": "LAND", "state": "VALUE", "cached": False}]),
        ("sources", []),
        ("sources", [{"registry": "LAND", "state": "VALUE", "cached": True, "waited_ms": 3}]),
        ("at", "2026-11-21T09:30:09Z"),
    ],
)
def test_a_receipt_says_of_the_answer_what_its_entry_says(
    name: str, other: object, tmp_path: Path
) -> None:
    export = Export()
    process = Process(uuid7(3 << 33), "b", ids=iter(range(1 << 38, 1 << 39)))
    start, intent = process.write("BOOT_START"), process.write("INTENT")
    outcome = process.write("OUTCOME", parent=[process.last_id], **SAID)
    export.lines += [start, intent, outcome]
    export.sign().receipts = [receipt(outcome), receipt(outcome, **PROMISED)]
    assert (0, set(), set()) == judged(export.write(tmp_path / "right"))
    export.receipts.append(receipt(outcome, **(PROMISED | {name: other})))
    assert {"RECEIPT_DIFFERS"} == judged(export.write(tmp_path / "wrong"))[1]
