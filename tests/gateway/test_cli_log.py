"""`lienthong log …` as an operator types it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from audit.tree.merkle import leaf_hash
from audit.tree.proofs import LogReader
from audit.tree.sequencer import Sequencing
from audit.tree.signing import parse_vkeys
from tests.audit.tree.slow_merkle import root
from tests.audit.tree.workbench import (
    back_up,
    make_tables,
    new_id,
    put_back,
    records,
    sequencing,
    store,
    until,
    until_size,
)
from tests.gateway.lienthong import lienthong
from tests.patience import PATIENCE_S

LIENTHONG = str(Path(sys.executable).with_name("lienthong"))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LIENTHONG, "log", *words], capture_output=True, text=True, check=False)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Make a start's directory whose log has five leaves."""
    await make_tables(url_of(tmp_path))
    await store(url_of(tmp_path), records(BOOT, 0, 5))
    async with sequencing(url_of(tmp_path), tmp_path / "keys" / "log"):
        await until_size(url_of(tmp_path), 5)
    return tmp_path


BOOT = new_id()


def url_of(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder.resolve()}/access-log.db"


async def test_a_process_of_its_own_sequences_until_it_is_told_to_stop(folder: Path) -> None:
    await store(url_of(folder), records(BOOT, 5, 5))
    process = await _sequence(folder)
    await until_size(url_of(folder), 10)
    os.kill(process.pid, signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_S):
        assert 0 == await process.wait()


async def test_beside_one_that_sequences_it_says_that_it_stands_by_and_when_it_takes_over(
    folder: Path,
) -> None:
    async with sequencing(url_of(folder), folder / "keys" / "log") as first:
        await until(first, Sequencing.SEQUENCING)
        process = await _sequence(folder)
        assert "STANDBY" == await _next_state(process)
    assert "SEQUENCING" == await _next_state(process)
    os.kill(process.pid, signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_S):
        assert 0 == await process.wait()


async def _sequence(folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        LIENTHONG, "log", "sequence", "--dir", str(folder), stderr=asyncio.subprocess.PIPE
    )


async def _next_state(process: asyncio.subprocess.Process) -> str:
    """Wait for the line that says what the sequencer does."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE_S):
        line = json.loads(await process.stderr.readline())
    assert "the sequencer of the access log" == line["event"]
    state: str = line["state"]
    return state


async def test_a_restore_is_declared_once_and_only_on_purpose(folder: Path) -> None:
    backup = await back_up(url_of(folder))
    await store(url_of(folder), records(BOOT, 5, 5))
    async with sequencing(url_of(folder), folder / "keys" / "log"):
        await until_size(url_of(folder), 10)
    await put_back(url_of(folder), backup)
    directory = ("--dir", str(folder))
    asked, declared, again = (
        run("restore", *directory),
        run("restore", "--declare", *directory),
        run("restore", "--declare", *directory),
    )
    assert (2, "") == (asked.returncode, asked.stdout)
    assert (0, 0) == (declared.returncode, again.returncode)
    lines = declared.stdout.split("\n")
    assert [
        "lienthong-restore/v1",
        "closes example.vn/log",
        "opens example.vn/log/2",
        "kept 5",
    ] == lines[:4]
    assert f"gap {BOOT} 4" in lines
    assert "không có gì để khai" in again.stdout


async def test_what_was_declared_lost_cannot_be_kept_and_the_way_out_is_named(folder: Path) -> None:
    older = await back_up(url_of(folder))
    await store(url_of(folder), records(BOOT, 5, 5))
    async with sequencing(url_of(folder), folder / "keys" / "log"):
        await until_size(url_of(folder), 10)
    newer = await back_up(url_of(folder))
    await put_back(url_of(folder), older)
    declaring = ("restore", "--declare", "--dir", str(folder))
    assert 0 == run(*declaring).returncode
    await put_back(url_of(folder), newer)
    refused = run(*declaring)
    assert (1, "") == (refused.returncode, refused.stdout)
    assert "tên example.vn/log đã được khai là đóng và chỉ giữ 5 mục đầu" in refused.stderr
    assert "Hãy phục hồi cơ sở dữ liệu của lần khai cuối" in refused.stderr


async def test_while_another_process_sequences_nothing_is_declared(folder: Path) -> None:
    async with sequencing(url_of(folder), folder / "keys" / "log") as sequencer:
        await until(sequencer, Sequencing.SEQUENCING)
        told = await asyncio.to_thread(run, "restore", "--declare", "--dir", str(folder))
    assert (1, "") == (told.returncode, told.stdout)
    assert "Một tiến trình khác đang xếp thứ tự" in told.stderr


async def test_a_new_key_signs_after_it_was_ordered(folder: Path) -> None:
    assert 0 == run("rotate", "--dir", str(folder)).returncode
    await store(url_of(folder), records(BOOT, 5, 5))
    async with sequencing(url_of(folder), folder / "keys" / "log"):
        await until_size(url_of(folder), 10)
    written = (folder / "keys" / "log" / "vkeys").read_text()
    assert [(1, 5), (6, None)] == [(each.first, each.last) for each in parse_vkeys(written)]


def test_a_key_that_never_was_is_not_rotated(tmp_path: Path) -> None:
    told = run("rotate", "--dir", str(tmp_path))
    assert (1, "") == (told.returncode, told.stdout)
    assert [] == list(tmp_path.iterdir())


def test_without_a_database_the_way_out_is_named() -> None:
    nobody = "postgresql+asyncpg://u@127.0.0.1:1/log"
    for words in (("restore", "--declare"), ("check",), ("prove", BOOT)):
        told = lienthong("log", *words, LIENTHONG_ACCESS_LOG_URL=nobody)
        assert (1, "") == (told.status, told.out)
        assert "LIENTHONG_ACCESS_LOG_URL" in told.err


async def test_the_export_is_the_folder_that_the_page_describes(folder: Path) -> None:
    out = folder / "export"
    told = run("export", str(out), "--dir", str(folder))
    assert (0, f"Đã xuất 5 mục vào {out}.\n") == (told.returncode, told.stdout), told.stderr
    assert {"checkpoint-1", "entries", "vkeys"} == {file.name for file in out.iterdir()}
    lines = (out / "entries").read_bytes().split(b"\n")
    assert b"" == lines.pop()
    reader = LogReader(url_of(folder))
    note = await reader.checkpoint()
    await reader.aclose()
    assert note == (out / "checkpoint-1").read_text(encoding="utf-8")
    assert ["5", b64encode(root([leaf_hash(line) for line in lines])).decode()] == note.split("\n")[
        1:3
    ]


async def test_the_proof_of_an_entry_is_printed_and_of_nobodys_refused(folder: Path) -> None:
    run("export", str(folder / "out"), "--dir", str(folder))
    body = (folder / "out" / "entries").read_text(encoding="ascii").split("\n")[2]
    told = run("prove", json.loads(body)["entry"]["entry_id"], "--dir", str(folder))
    assert 0 == told.returncode
    assert told.stdout.startswith("c2sp.org/tlog-proof@v1\n")
    missing = run("prove", new_id(), "--dir", str(folder))
    assert (1, "") == (missing.returncode, missing.stdout)
    assert "Không có mục nhật ký này" in missing.stderr


def test_a_log_without_a_checkpoint_has_nothing_to_export(tmp_path: Path) -> None:
    asyncio.run(make_tables(url_of(tmp_path)))
    told = run("export", str(tmp_path / "out"), "--dir", str(tmp_path))
    assert 1 == told.returncode
    assert "chưa có điểm kiểm tra" in told.stderr


async def test_the_export_is_verified_and_a_changed_letter_is_found(folder: Path) -> None:
    out = folder / "out"
    run("export", str(out), "--dir", str(folder))
    right = run("verify", str(out))
    # Right, but nobody has kept a checkpoint, a key or a receipt to hold it against.
    assert 3 == right.returncode, right.stdout + right.stderr
    entries = (out / "entries").read_bytes()
    (out / "entries").write_bytes(entries.replace(b"BOOT_START", b"BOOT_STARS", 1))
    wrong = run("verify", str(out))
    assert 1 == wrong.returncode, wrong.stdout
