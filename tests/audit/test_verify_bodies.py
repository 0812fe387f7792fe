"""A body that two readers may read in two ways is no body of section 1, and is not called right."""

import json
from pathlib import Path

import pytest

from audit import verify
from tests.audit.export_maker import Export, Process, canonical, two_boots, uuid7
from tests.audit.judging import quick_report_of, report_of

OUTCOME = two_boots()[2]
PARENT = canonical(json.loads(OUTCOME)["entry"]["parent"])
SECOND = canonical({"at": "2026-11-21T09:30:00Z", "entry_id": uuid7(2), "kind": "DENIED"})

BEHIND = {
    "a second kind": (b'"states"', b'"q":1,"kind":"DENIED","states"'),
    "a second entry": (b'},"replica"', b'},"entry":' + SECOND + b',"replica"'),
    "a second parent": (b'"states"', b'"q":1,"parent":[],"states"'),
    "a second entry_id": (b'"states"', b'"q":1,"entry_id":"%s","states"' % uuid7(9).encode()),
    "a second at": (b'"states"', b'"q":1,"at":"1999-01-01T00:00:00Z","states"'),
    "a second counter": (b'},"replica"', b'},"counter":7,"x":{},"replica"'),
    "another version before": (b'},"replica"', b'},"v":2,"x":{},"replica"'),
    "what is no JSON": (b'"states"', b'"states"]]]oops'),
    "an entry that is not closed": (b'"VALUE"}}', b'"VALUE"}'),
    "a control character": (b'"VALUE"', b'"VA\x00LUE"'),
    "members out of order": (b'"states"', b'"z":1,"states"'),
}
BEFORE = {
    "a space at the end": (b'"v":1}', b'"v":1} '),
    "a space within": (b'"states"', b' "states"'),
    "a return": (b'"v":1}', b'"v":1}\r'),
    "a tab": (b'"states":', b'"states":\t'),
    "words behind": (b'"states"', b'"states" ]]] oops'),
    "a parent that is no list": (PARENT, PARENT[1:-1]),
    "a parent that is nothing": (PARENT, b"null"),
    "an escape that need not be": (b'"VALUE"', b'"\\u0056ALUE"'),
    "a letter beyond ASCII": (b'"VALUE"', b'"\xc4\x90"'),
    "a letter beyond ASCII, escaped": (b'"VALUE"', b'"\\u0110"'),
    "a parent that names none": (PARENT, b"[]"),
    "two kinds": (b'"kind":', b'"kind":"INTENT","kind":'),
    "a fraction": (b'{"boot_id"', b'{"a":1.0,"boot_id"'),
    "an exponent": (b'{"boot_id"', b'{"a":1e5,"boot_id"'),
    "no number": (b'{"boot_id"', b'{"a":NaN,"boot_id"'),
    "minus nothing": (b'{"boot_id"', b'{"a":-0,"boot_id"'),
    "a mark of the order of bytes": (b'{"boot_id"', b'\xef\xbb\xbf{"boot_id"'),
}


def written(there: bytes, instead: bytes, folder: Path) -> list[str]:
    """Write a log, signed whole, of which one body was written so."""
    export = Export()
    export.lines[2] = OUTCOME.replace(there, instead, 1)
    assert OUTCOME != export.lines[2]
    return export.sign().write(folder)


@pytest.mark.parametrize("name", [*BEHIND, *BEFORE])
def test_in_a_log_that_is_not_large_nothing_passes_that_is_not_in_its_form(
    name: str, tmp_path: Path
) -> None:
    there, instead = (BEHIND | BEFORE)[name]
    assert "MALFORMED" in report_of(written(there, instead, tmp_path)).names("WRONG")


@pytest.mark.parametrize("name", BEFORE)
def test_what_a_quick_look_meets_on_its_way_is_found_by_it(name: str, tmp_path: Path) -> None:
    assert "MALFORMED" in quick_report_of(written(*BEFORE[name], tmp_path)).names("WRONG")


@pytest.mark.parametrize("name", BEHIND)
def test_a_quick_look_says_that_it_did_not_look_behind(name: str, tmp_path: Path) -> None:
    report = quick_report_of(written(*BEHIND[name], tmp_path))
    assert (3, ["NO_EVERY_BODY"]) == (report.code, report.names("UNCHECKED"))


def test_a_log_one_byte_larger_than_what_is_read_whole_is_read_whole_where_it_is_asked_for(
    tmp_path: Path,
) -> None:
    arguments = Export().sign().write(tmp_path)
    size = (Path(arguments[0]) / "entries").stat().st_size
    assert (0, []) == unread(report_of(arguments, read_whole=size))
    assert (3, ["NO_EVERY_BODY"]) == unread(report_of(arguments, read_whole=size - 1))
    asked = [*arguments, "--every-body"]
    assert (0, []) == unread(report_of(asked, read_whole=size - 1))


def unread(report: verify.Report) -> tuple[int, list[str]]:
    """Give the code, and what was not checked."""
    return report.code, report.names("UNCHECKED")


@pytest.mark.parametrize("more", [b',"x":1,"x":1', b',"x":1.5', b', "x":1', b',"x":NaN'])
def test_a_body_of_another_version_is_in_its_form_too(more: bytes, tmp_path: Path) -> None:
    export = Export()
    export.lines[14] = b'{"v":2%s}' % more
    assert "MALFORMED" in report_of(export.sign().write(tmp_path)).names("WRONG")


def test_every_body_is_read_where_somebody_holds_a_receipt_for_it(tmp_path: Path) -> None:
    export = Export()
    export.lines[-1] = export.lines[-1].replace(*BEHIND["a second kind"], 1)
    assert ["RECEIPT_DIFFERS"] == quick_report_of(export.sign().write(tmp_path)).names("WRONG")


def test_text_with_escapes_that_must_be_is_in_its_form() -> None:
    body = Process(uuid7(1)).write("DENIED", code='a"b\\c')
    [entry] = verify.read_entries([body])
    assert entry is not None
    assert [entry] == verify.read_entries([body], whole=True)
