"""The verifier as a stranger runs it: one file, alone, within bounded memory."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from audit import verify
from tests.audit.export_maker import Export, Process, two_boots, uuid7
from tests.audit.judging import judged, report_of


@pytest.mark.parametrize(("held", "at_once"), [(4, 1), (9, 700), (4, 1 << 18), (10_000, 1 << 18)])
def test_memory_is_bounded_and_nothing_is_forgotten(
    held: int, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_HELD", held)
    monkeypatch.setattr(verify, "_AT_ONCE", at_once)
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


@pytest.mark.parametrize("longer", [0, 1])
def test_a_line_has_an_end_and_a_length(longer: int, tmp_path: Path) -> None:
    export = Export()
    process = Process(uuid7(1 << 33), ids=iter(range(1 << 38, 1 << 39)))
    short = process.write("BOOT_START", code="")
    process.counter -= 1
    room = (1 << 20) - len(short) + longer
    export.lines = [process.write("BOOT_START", code="x" * room), process.write("DENIED")]
    right = report_of(export.sign().write(tmp_path / "long"))
    assert ["LINE_UNENDED"] * longer == right.names("WRONG")[:1]
    arguments = Export().sign().write(tmp_path / "cut")
    entries = Path(arguments[0]) / "entries"
    entries.write_bytes(entries.read_bytes()[:-1])
    assert ["LINE_UNENDED", "TRUNCATED", "ENTRY_MISSING"] == report_of(arguments).names("WRONG")


def alone(folder: Path) -> list[str]:
    """Give the command of a copy of the file, without this house."""
    (folder / "verify.py").write_bytes(Path(verify.__file__).read_bytes())
    return [sys.executable, "-I", str(folder / "verify.py")]


def test_it_runs_alone_and_says_it_in_two_languages(tmp_path: Path) -> None:
    export = Export().sign()
    del export.lines[3]
    told = subprocess.run(
        [*alone(tmp_path), *export.write(tmp_path)], capture_output=True, check=False, cwd=tmp_path
    )
    lines = told.stdout.decode().splitlines()
    assert (1, b"") == (told.returncode, told.stderr)
    assert (
        "SAI: nhật ký hoặc giấy tờ kèm theo. / WRONG: the log, or what was given with it."
        == (lines[0])
    )
    assert "  COUNTER_GAP: lần chạy bị thiếu mục / entries of a boot are missing" in lines
    assert f"    seq 3, boot {uuid7(1 << 33)}, missing 1, last 2" in lines


def test_on_a_terminal_it_shows_how_far_it_has_come(tmp_path: Path) -> None:
    arguments = Export(lines=two_boots(5_000)).write(tmp_path)
    master, terminal = os.openpty()
    with subprocess.Popen(
        [*alone(tmp_path), *arguments], stdout=subprocess.DEVNULL, stderr=terminal
    ):
        os.close(terminal)
        shown = os.read(master, 53)
    os.close(master)
    assert b"\r[#" + b" " * 39 + b"]   4 % 829" == shown


def test_what_is_written_in_a_log_does_not_steer_a_terminal() -> None:
    assert "a?[31m?" == verify._plain("a\x1b[31m\u202e")


def test_an_export_without_entries_is_wrong_and_says_so(tmp_path: Path) -> None:
    arguments = Export().sign().write(tmp_path)
    (Path(arguments[0]) / "entries").unlink()
    assert (1, {"FILE_MISSING"}) == judged(arguments)[:2]


def test_misuse_is_neither_right_nor_wrong(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        verify.main(["/nowhere"])
    assert 2 == ended.value.code
    assert "/nowhere" in capfd.readouterr().err


def told_to(out: int | None, words: list[str], **settings: str) -> tuple[int, str]:
    """Give the exit code and what it complains of, with *out* as its standard output."""
    done = subprocess.run(
        words, stdout=out, stderr=subprocess.PIPE, check=False, env={**os.environ, **settings}
    )
    return done.returncode, done.stderr.decode()


def test_what_cannot_be_read_is_misuse_and_not_a_wrong_log(tmp_path: Path) -> None:
    command, arguments = alone(tmp_path), Export().sign().write(tmp_path)
    unreadable = str(tmp_path / ("x" * 300))
    for words in ([unreadable], [arguments[0], "--kept", unreadable]):
        told = told_to(subprocess.DEVNULL, [*command, *words])
        assert (2, "không đọc hay ghi được / cannot read or write: OSError\n") == told


def test_a_verdict_that_nobody_hears_is_none(tmp_path: Path) -> None:
    command, export = alone(tmp_path), Export().sign()
    (tmp_path / "right").mkdir()
    right = export.write(tmp_path / "right")
    del export.lines[3]
    wrong = export.write(tmp_path)
    full = os.open("/dev/full", os.O_WRONLY)
    gone, torn = os.pipe()
    os.close(gone)
    for words in (right, wrong, ["--help"]):
        said = "không đọc hay ghi được / cannot read or write: "
        assert (2, f"{said}OSError\n") == told_to(full, [*command, *words])
        assert (2, f"{said}BrokenPipeError\n") == told_to(torn, [*command, *words])
        silent = subprocess.run([*command, *words], stdout=full, stderr=full, check=False)
        assert 2 == silent.returncode
    for each in (full, torn):
        os.close(each)


def test_it_explains_itself_where_only_ascii_is_spoken(tmp_path: Path) -> None:
    command = [*alone(tmp_path), "--help"]
    command.remove("-I")
    ascii_only = {"PYTHONIOENCODING": "ascii", "COLUMNS": "80"}
    assert (0, "") == told_to(subprocess.DEVNULL, command, **ascii_only)


def test_it_imports_the_standard_library_and_cryptography_only() -> None:
    tree = ast.parse(Path(verify.__file__).read_text())
    names = {
        a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names
    }
    names |= {str(n.module).split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {"cryptography"} == names - sys.stdlib_module_names


def test_every_name_has_a_sentence_in_two_languages_and_is_said_somewhere() -> None:
    source = Path(verify.__file__).read_text()
    said = {name: text for table in verify.SAID.values() for name, text in table.items()}
    assert [] == [name for name, text in said.items() if text.count(" / ") != 1]
    assert set() == {name for name in said if source.count(f'"{name}"') < 1}
