"""Retirement and holds as an operator types them."""

import asyncio
import fcntl
import os
import pty
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.months import name_of
from tests.audit.retention.workbench import OldLog, fill
from tests.audit.tree.workbench import make_tables, sequencing
from tests.gateway.lienthong import COMMAND, ROOT, Said, lienthong

CASE = "12/2026/TB-VKS"


@pytest.fixture
async def old_log(tmp_path: Path) -> OldLog:
    url = f"sqlite+aiosqlite:///{tmp_path}/access-log.db"
    await make_tables(url)
    return await fill(url, tmp_path)


async def _run(old_log: OldLog, *words: str, stdin: str = "", **settings: str) -> Said:
    """Run a command while somebody sequences, as beside a gateway."""
    async with sequencing(old_log.url, old_log.keys_dir / "log"):
        return await asyncio.to_thread(
            lienthong, "log", *words, "--dir", str(old_log.folder), stdin=stdin, columns=120,
            **settings,
        )  # fmt: skip


def _kept(old_log: OldLog) -> set[str]:
    connection = sqlite3.connect(old_log.folder / "access-log.db")
    try:
        return {row[0] for row in connection.execute("SELECT entry_id FROM audit_entry")}
    finally:
        connection.close()


async def test_an_operator_retires_what_is_old_and_is_told_what_to_do_next(
    old_log: OldLog,
) -> None:
    told = await _run(old_log, "retire", "--before", "2024-11", "--yes")
    assert 0 == told.status, told.err
    assert ["2024-09: 6 mục", "2024-10: 6 mục"] == told.out.splitlines()[:2]
    assert "Đã hủy 12 mục trước 2024-11; 0 mục được giữ theo vụ việc." in told.out
    assert "months.key" in told.out
    old = {each.entry_id for month in ("2024-09", "2024-10") for each in old_log.entries(month)}
    assert set() == old & _kept(old_log)
    again = await _run(old_log, "retire", "--before", "2024-11", "--yes")
    # What a timer runs each month has often nothing to do.
    assert (0, "") == (again.status, again.err)
    assert "không có gì để hủy" in again.out


async def test_without_a_yes_nothing_is_retired(old_log: OldLog) -> None:
    before = _kept(old_log)
    for answer in ("n\n", ""):
        told = await _run(old_log, "retire", "--before", "2024-11", stdin=answer)
        assert 1 == told.status
        assert told.err.endswith("\nKhông hủy gì.\n" if not answer else "Không hủy gì.\n")
    assert before == _kept(old_log)


async def test_what_is_too_young_is_refused_with_the_month_that_may_go(old_log: OldLog) -> None:
    began = datetime.now(UTC)
    told = await _run(
        old_log, "retire", "--before", f"{began:%Y-%m}", "--yes", LIENTHONG_RETENTION_MONTHS="36"
    )
    assert (1, "") == (told.status, told.out)
    assert "36 tháng (LIENTHONG_RETENTION_MONTHS)" in told.err
    # A month may have ended meanwhile.
    latest = {name_of(at.year * 12 + at.month - 36) for at in (began, datetime.now(UTC))}
    assert [True] == [f"--before {month}" in told.err for month in latest if month in told.err]


@pytest.mark.parametrize("month", ["2024-13", "11-2024", "2024-1", "năm ngoái"])
def test_a_month_is_written_in_one_way(month: str, tmp_path: Path) -> None:
    told = lienthong("log", "retire", "--before", month, "--dir", str(tmp_path))
    assert (2, "") == (told.status, told.out)
    assert "2024-11" in told.err


async def test_without_the_keys_nothing_is_begun(old_log: OldLog) -> None:
    (old_log.keys_dir / "months.key").rename(old_log.folder / "elsewhere")
    told = await _run(old_log, "retire", "--before", "2024-11", "--yes")
    assert (1, "") == (told.status, told.out)
    assert "months.key does not exist" in told.err
    assert not (old_log.keys_dir / "months.key").exists()


async def test_a_folder_of_keys_that_cannot_be_used_is_not_taken_for_the_database(
    old_log: OldLog,
) -> None:
    (old_log.keys_dir / "retiring").mkdir()
    told = await _run(old_log, "retire", "--before", "2024-11", "--yes")
    assert (1, "") == (told.status, told.out)
    assert "không dùng được (EISDIR)" in " ".join(told.err.split())


async def test_a_case_holds_whole_requests_until_it_lets_them_go(old_log: OldLog) -> None:
    ids, case = old_log.folder / "ids", old_log.folder / "case"
    ids.write_text(f"\n{old_log.requests['2024-09'][0][1].entry_id}\n")
    case.write_text(f"  {CASE} \n")
    held = await _run(old_log, "hold", str(ids), "--case-file", str(case))
    assert 0 == held.status, held.err
    assert held.out.startswith("Đang giữ 2 mục (")
    listed = await _run(old_log, "holds")
    assert CASE in listed.out
    name = held.out.split("(")[1].rstrip(").\n")
    assert name in listed.out
    retired = await _run(old_log, "retire", "--before", "2024-11", "--yes")
    assert "Đã hủy 10 mục trước 2024-11; 2 mục được giữ" in retired.out
    released = await _run(old_log, "release", "--case-file", str(case))
    assert (0, f"Đã thôi giữ 2 mục ({name}).\n") == (released.status, released.out)
    again = await _run(old_log, "release", "--case-file", str(case))
    assert (1, "") == (again.status, again.out)
    assert "theo vụ việc này" in again.err
    again = await _run(old_log, "release", name)
    assert (1, "") == (again.status, again.out)
    assert "Không có lần giữ nào mang mã này" in again.err
    assert "Đã hủy 2 mục" in (await _run(old_log, "retire", "--before", "2024-11", "--yes")).out
    assert "Không có mục nào đang được giữ" in (await _run(old_log, "holds")).out


async def test_the_case_is_asked_for_and_stands_in_no_argument(old_log: OldLog) -> None:
    ids = old_log.folder / "ids"
    ids.write_text(f"{old_log.entries('2024-09')[0].entry_id}\n")
    told = await _run(old_log, "hold", str(ids), stdin=f"{CASE}\n")
    assert 0 == told.status, told.err
    assert "Số vụ việc" in told.err
    assert CASE not in told.out
    [name] = [
        line.split()[-1] for line in (await _run(old_log, "holds")).out.splitlines() if CASE in line
    ]
    assert 0 == (await _run(old_log, "release", name)).status


async def test_a_case_that_is_not_given_holds_nothing_and_the_way_out_is_named(
    old_log: OldLog,
) -> None:
    ids = old_log.folder / "ids"
    ids.write_text(f"{old_log.entries('2024-09')[0].entry_id}\n")
    for words in (("hold", str(ids)), ("release",)):
        told = await _run(old_log, *words)
        assert (2, "") == (told.status, told.out.strip())
        assert told.err.endswith(":\nCần số vụ việc: một dòng, nhiều nhất 200 ký tự.\n")
    assert "Không có mục nào đang được giữ" in (await _run(old_log, "holds")).out


async def test_what_a_case_holds_twice_is_told_hold_by_hold_when_it_is_let_go(
    old_log: OldLog,
) -> None:
    ids, case = old_log.folder / "ids", old_log.folder / "case"
    ids.write_text(f"{old_log.requests['2024-09'][0][1].entry_id}\n")
    case.write_text(CASE)
    held = [await _run(old_log, "hold", str(ids), "--case-file", str(case)) for _ in range(2)]
    told = await _run(old_log, "release", "--case-file", str(case))
    assert 0 == told.status, told.err
    assert [each.out.replace("Đang giữ", "Đã thôi giữ") for each in held] == (
        told.out.splitlines(keepends=True)
    )


async def test_ids_from_standard_input_need_the_case_in_a_file(old_log: OldLog) -> None:
    entry = old_log.entries("2024-09")[0].entry_id
    told = await _run(old_log, "hold", "-", stdin=entry)
    assert 2 == told.status
    assert "--case-file" in told.err
    case = old_log.folder / "case"
    case.write_text(CASE)
    assert 0 == (await _run(old_log, "hold", "-", "--case-file", str(case), stdin=entry)).status


async def test_a_line_that_is_no_id_and_an_id_of_nobody_are_told_by_their_line(
    old_log: OldLog,
) -> None:
    ids, case = old_log.folder / "ids", old_log.folder / "case"
    case.write_text(CASE)
    known = old_log.entries("2024-09")[0].entry_id
    for second, status in (("097203000001", 2), ("01a1fd70-f1c0-7000-8000-000000000000", 1)):
        ids.write_text(f"{known}\n{second}\n")
        told = await _run(old_log, "hold", str(ids), "--case-file", str(case))
        assert (status, "") == (told.status, told.out)
        assert "2" in told.err
        assert second not in told.err


async def test_on_a_terminal_it_is_shown_how_far_it_is(old_log: OldLog) -> None:
    async with sequencing(old_log.url, old_log.keys_dir / "log"):
        ours, theirs = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            COMMAND, "log", "retire", "--before", "2024-11", "--yes",
            "--dir", str(old_log.folder),
            cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=theirs,
            env={**os.environ, "TERM": "xterm"},
        )  # fmt: skip
        shown = asyncio.create_task(asyncio.to_thread(_read_all, ours))
        assert 0 == await process.wait()
        os.close(theirs)
    assert "Hủy các mục cũ" in await shown


def _read_all(terminal: int) -> str:
    """Read until nobody has the other end any more, which a terminal tells by an error."""
    parts = []
    while True:
        try:
            parts.append(os.read(terminal, 1 << 16))
        except OSError:
            os.close(terminal)
            return b"".join(parts).decode(errors="replace")


async def test_two_such_commands_do_not_run_at_once(old_log: OldLog) -> None:
    lock = old_log.folder / "access-log.db.retention.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        told = await _run(old_log, "retire", "--before", "2024-11", "--yes")
    assert 1 == told.status
    assert "Một lệnh khác cùng loại đang chạy" in told.err
