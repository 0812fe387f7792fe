"""A gateway writes with the keys of its log, or does not start."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import ArgumentError

from audit.key_files import KeyUnusableError
from audit.log import Trouble
from audit.months import MonthsFile
from audit.stores.opening import open_access_log
from audit.stores.writer import GroupCommitLog
from gateway.months import opened_with
from tests.gateway.lienthong import Said, lienthong

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def _refused(directory: Path) -> Said:
    """Start on a port that nobody has, so that what starts all the same ends by itself."""
    settings = {
        "LIENTHONG_PROFILE": "sandbox",
        "LIENTHONG_PORT": "0",
        "LIENTHONG_ACCESS_LOG_URL": f"sqlite+aiosqlite:///{directory}/access-log.db",
        "LIENTHONG_KEYS_DIR": str(directory / "keys"),
    }
    return lienthong("serve", columns=80, **settings)


async def _opened(directory: Path, now: datetime = NOW) -> GroupCommitLog:
    url = f"sqlite+aiosqlite:///{directory}/access-log.db"
    log = open_access_log(url, replica="a", clock=lambda: now)
    await log.open()
    await opened_with(log, MonthsFile(directory / "keys" / "months.key", now), url, now)
    return log


async def test_lost_keys_are_not_made_anew_beside_a_log_that_was_written_with_them(
    tmp_path: Path,
) -> None:
    await (await _opened(tmp_path)).close()
    key = tmp_path / "keys" / "months.key"
    safe = key.rename(tmp_path / "safe")
    said = _refused(tmp_path)
    assert (1, "") == (said.status, said.out)
    assert "không phải khóa đã dùng để ghi nhật ký" in said.err.replace("\n", " ")
    assert not key.exists()
    safe.rename(key)
    await (await _opened(tmp_path)).close()


async def test_the_keys_of_another_installation_are_refused_and_left_alone(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
        await (await _opened(tmp_path / name)).close()
    ours, theirs = (tmp_path / name / "keys" / "months.key" for name in ("ours", "theirs"))
    ours.write_bytes(theirs.read_bytes())
    with pytest.raises(KeyUnusableError, match="Khóa các tháng"):
        await _opened(tmp_path / "ours")
    assert theirs.read_bytes() == ours.read_bytes()


async def test_a_log_whose_keys_are_refused_is_closed_and_gives_its_name_back(
    tmp_path: Path,
) -> None:
    await (await _opened(tmp_path)).close()
    (tmp_path / "keys" / "months.key").unlink()
    url = f"sqlite+aiosqlite:///{tmp_path}/access-log.db"
    log = open_access_log(url, replica="a", clock=lambda: NOW)
    await log.open()
    with pytest.raises(KeyUnusableError):
        await opened_with(log, MonthsFile(tmp_path / "keys" / "months.key", NOW), url, NOW)
    assert Trouble.NOT_OPEN is log.state().trouble


async def test_keys_that_begin_after_today_say_that_a_clock_is_wrong(tmp_path: Path) -> None:
    await (await _opened(tmp_path)).close()
    with pytest.raises(KeyUnusableError, match="bắt đầu từ tháng 2026-11"):
        await _opened(tmp_path, now=datetime(2025, 1, 1, tzinfo=UTC))


async def test_a_log_is_closed_whatever_went_wrong_with_its_keys(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/access-log.db"
    log = open_access_log(url, replica="a", clock=lambda: NOW)
    await log.open()
    months = MonthsFile(tmp_path / "keys" / "months.key", NOW)
    with pytest.raises(ArgumentError):
        await opened_with(log, months, "no database at all", NOW)
    assert Trouble.NOT_OPEN is log.state().trouble
