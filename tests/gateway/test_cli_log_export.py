"""`lienthong log export` into a folder that is there."""

from pathlib import Path

from tests.audit.tree.workbench import make_tables, new_id, records, sequencing, store, until_size
from tests.gateway.test_cli_log import run, url_of


async def test_a_second_export_into_the_same_folder_is_refused_with_the_way_out(
    tmp_path: Path,
) -> None:
    await make_tables(url_of(tmp_path))
    await store(url_of(tmp_path), records(new_id(), 0, 5))
    async with sequencing(url_of(tmp_path), tmp_path / "keys" / "log"):
        await until_size(url_of(tmp_path), 5)
    out = tmp_path / "out"
    assert 0 == run("export", str(out), "--dir", str(tmp_path)).returncode
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    told = run("export", str(out), "--dir", str(tmp_path))
    assert (2, "") == (told.returncode, told.stdout)
    assert f"{out} đã có" in told.stderr
    assert "Hãy chọn một tên mới" in told.stderr
    assert before == {file.name: file.read_bytes() for file in out.iterdir()}
    assert 3 == run("verify", str(out)).returncode


async def test_an_export_to_where_nothing_can_be_written_blames_the_folder_and_reads_nothing(
    tmp_path: Path,
) -> None:
    await make_tables(url_of(tmp_path))
    await store(url_of(tmp_path), records(new_id(), 0, 5))
    async with sequencing(url_of(tmp_path), tmp_path / "keys" / "log"):
        await until_size(url_of(tmp_path), 5)
    (tmp_path / "a-file").write_text("")
    for folder, why in (("/proc/nowhere", "ENOENT"), (str(tmp_path / "a-file" / "out"), "EEXIST")):
        told = run("export", folder, "--dir", str(tmp_path))
        assert (1, "") == (told.returncode, told.stdout)
        assert f"Không ghi được vào {folder} ({why})." in told.stderr
    assert 0 == run("export", str(tmp_path / "out"), "--dir", str(tmp_path)).returncode
    # The one export that was made: its boot, itself, and its end.
    assert 5 + 3 >= len((tmp_path / "out" / "entries").read_text().splitlines())
