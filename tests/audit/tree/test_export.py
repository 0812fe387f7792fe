"""An export is whole or not there, and for its owner only."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.tree.export import (
    AnotherLog,
    Exported,
    FolderUnwritable,
    NothingSigned,
    Occupied,
    export,
)
from audit.tree.proofs import LogUnreadable
from tests.audit.tree.workbench import make_tables, new_id, records, sequencing, store, until_size


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """Make a log of five leaves."""
    url = f"sqlite+aiosqlite:///{tmp_path}/access-log.db"
    await make_tables(url)
    await store(url, records(new_id(), 0, 5))
    async with sequencing(url, tmp_path / "keys"):
        await until_size(url, 5)
    return url


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "given" / "out"


def now() -> datetime:
    return datetime.now(UTC)


def modes_in(folder: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


def contents_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def written(url: str, out: Path) -> Exported | NothingSigned | AnotherLog | Occupied:
    return await export(url, out, writer=url, clock=now, jwks="{}")


async def test_an_export_is_for_its_owner_only(url: str, out: Path) -> None:
    assert Exported(leaves=5, origins=1) == await written(url, out)
    assert {"out": 0o700} == modes_in(out.parent)
    files = ["entries", "vkeys", "checkpoint-1", "jwks.json"]
    assert dict.fromkeys(files, 0o600) == modes_in(out)


async def test_while_an_export_is_written_nothing_has_its_name(url: str, out: Path) -> None:
    seen: dict[str, int] = {}

    def cut(_done: int, _all: int) -> None:
        seen.update(modes_in(out.parent))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await export(url, out, writer=url, clock=now, progress=cut)
    [(name, mode)] = seen.items()
    assert (True, True, 0o700) == (name.startswith("out."), name.endswith(".part"), mode)
    assert {} == modes_in(out.parent)


async def test_an_older_export_is_never_written_over(url: str, out: Path) -> None:
    await written(url, out)
    before = contents_of(out)
    assert Occupied() == await written(url, out)
    assert before == contents_of(out)
    assert {"out"} == modes_in(out.parent).keys()


async def test_an_empty_folder_gives_way_and_the_one_we_stand_in_does_not(
    url: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path_factory.mktemp("empty")
    monkeypatch.chdir(empty)
    assert Occupied() == await written(url, Path())
    monkeypatch.chdir(empty.parent)
    assert Exported(leaves=5, origins=1) == await written(url, Path(empty.name))
    assert {"entries", "vkeys", "checkpoint-1", "jwks.json"} == modes_in(empty).keys()


async def test_a_file_is_no_folder_to_write_to(url: str, tmp_path: Path) -> None:
    assert Occupied() == await written(url, tmp_path / "access-log.db")


@pytest.mark.parametrize("target", ["empty", "missing"])
async def test_a_link_is_no_folder_that_gives_way(target: str, url: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / target)
    read: list[int] = []
    told = await export(
        url, tmp_path / "link", writer=url, clock=now, progress=lambda done, _: read.append(done)
    )
    assert (Occupied(), []) == (told, read)
    assert [] == list((tmp_path / "empty").iterdir())


async def test_a_folder_that_cannot_be_looked_at_is_unwritable(url: str, tmp_path: Path) -> None:
    with pytest.raises(FolderUnwritable, match="ENAMETOOLONG"):
        await written(url, tmp_path / ("x" * 300))


async def test_of_a_database_that_is_none_nothing_is_exported(url: str, out: Path) -> None:
    with pytest.raises(LogUnreadable):
        await export("sqlite+aiosqlite:////dev/null/none.db", out, writer=url, clock=now)
    assert [] == list(out.parent.iterdir())
