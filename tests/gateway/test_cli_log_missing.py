"""The commands of `lienthong log` where there is no log: they say so, and make none."""

from pathlib import Path

import pytest

from tests.gateway.lienthong import lienthong

ENTRY = "01a1fd70-f1c0-7000-8000-000000000000"

COMMANDS = {
    "check": ("check",),
    "check --mend": ("check", "--mend"),
    "export": ("export", "OUT"),
    "hold": ("hold", "IDS", "--case-file", "CASE"),
    "holds": ("holds",),
    "prove": ("prove", ENTRY),
    "release": ("release", ENTRY),
    "restore": ("restore", "--declare"),
    "retire": ("retire", "--before", "2024-11", "--yes"),
    "sequence": ("sequence",),
}


def _words(name: str, folder: Path) -> list[str]:
    files = {"OUT": folder / "out", "IDS": folder / "ids", "CASE": folder / "case"}
    return [str(files.get(each, each)) for each in COMMANDS[name]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with what *hold* is given, and nothing else."""
    (tmp_path / "ids").write_text(f"{ENTRY}\n")
    (tmp_path / "case").write_text("12/2026/TB-VKS\n")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_in_a_folder_without_a_log_each_command_names_the_file_and_makes_none(
    name: str, folder: Path
) -> None:
    for directory in (folder, folder / "missing"):
        told = lienthong("log", *_words(name, folder), "--dir", str(directory))
        file = (directory / "access-log.db").resolve()
        sentence = (
            f"Không có nhật ký ở {file}. Hãy kiểm tra --dir, hoặc LIENTHONG_ACCESS_LOG_URL.\n"
        )
        assert (2, "", sentence) == (told.status, told.out, told.err)
    assert {"case", "ids"} == {each.name for each in folder.iterdir()}


@pytest.mark.parametrize("name", ["check", "hold", "sequence"])
def test_a_file_that_the_settings_name_is_not_made_either(name: str, folder: Path) -> None:
    file = folder / "moved.db"
    told = lienthong(
        "log", *_words(name, folder), LIENTHONG_ACCESS_LOG_URL=f"sqlite+aiosqlite:///{file}"
    )
    assert (2, "") == (told.status, told.out)
    assert told.err.startswith(f"Không có nhật ký ở {file}.")
    assert {"case", "ids"} == {each.name for each in folder.iterdir()}
