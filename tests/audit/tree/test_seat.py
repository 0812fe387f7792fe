"""Who reads the log makes none: an empty one, for everybody to read, would look like a log."""

from pathlib import Path

import pytest

from audit.tree.proofs import LogReader, LogUnreadable


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.mark.parametrize("name", ["missing.db", "a #% 20 b.db"])
async def test_a_reader_of_a_file_that_is_not_there_makes_none(tmp_path: Path, name: str) -> None:
    reader = LogReader(f"sqlite+aiosqlite:///{tmp_path / name}")
    with pytest.raises(LogUnreadable):
        await reader.checkpoint()
    await reader.aclose()
    assert [] == files_in(tmp_path)
