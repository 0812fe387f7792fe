"""A province's database as anybody meets it who opens its URL: noted, and faulty when told so."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import plugins
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from sandbox.database import fill, land_file
from sandbox.faults import Fault, Faults, Mode
from sandbox.journal import Journal, Row
from sandbox.world import load_world
from tests.sandbox.visitor import ROOT, Running

# As the entry point of the installed program does it.
plugins.register("lienthong-sandbox", "sandbox.land", "ProvincePlugin")

AN, BINH = "097085000101", "097187000102"
BY_NUMBER = "SELECT ho_ten FROM chu WHERE ma_so_dinh_danh = :number"
AREAS = "SELECT dien_tich FROM thua_dat WHERE ma_xa = '00004' AND so_thu_tu_thua = '7'"
PLACE = """
    SELECT :id AS ma_yeu_cau, ma_xa, so_thu_tu_thua FROM thua_dat
    WHERE ma_xa = :ward AND so_hieu_to_ban_do = :sheet AND so_thu_tu_thua = :number
"""
WINDOW = "SELECT den_luc FROM thong_bao_bao_tri"

Rows = Sequence[tuple[object, ...]]


class Province:
    """Hà Nội's database, opened as the ready line offers it."""

    def __init__(self, directory: Path) -> None:
        self.faults = Faults(directory / "faults.json")
        self.journal = Journal(directory / "journal.jsonl")
        self.url = f"sqlite+aiosqlite:///{directory / land_file('01')}?plugin=lienthong-sandbox"
        self.engine: AsyncEngine = create_async_engine(self.url)

    async def ask(self, question: str, **values: str) -> Rows:
        """Ask in SQL."""
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(question), values)]

    def play(self, mode: Mode, *, ms: int = 3000, times: int | None = None) -> None:
        """Set the switch of all provinces."""
        self.faults.put("land", Fault(mode=mode, ms=ms, times=times))

    def outcomes(self) -> list[str]:
        """Name the outcomes in the journal."""
        return [row.outcome for row in self.journal.rows()]


@pytest.fixture(name="directory", scope="module")
def _directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("provinces")
    fill(directory, load_world())
    return directory


@pytest.fixture(name="province")
async def _province(directory: Path) -> AsyncIterator[Province]:
    province = Province(directory)
    province.faults.lift_all()
    province.journal.clear()
    yield province
    await province.engine.dispose()


async def test_a_question_is_a_row_of_the_journal_that_names_nobody(province: Province) -> None:
    started = time.monotonic()
    rows = await province.ask(BY_NUMBER, number=AN)

    assert [("Nguyễn Văn An",)] == rows
    [row] = province.journal.rows()
    assert started <= row.started < row.ended <= time.monotonic()
    assert (
        Row(
            registry="land-01",
            operation="select",
            key=province.journal.digest(AN),
            request_id=None,
            started=row.started,
            ended=row.ended,
            outcome="found",
        )
        == row
    )


async def test_a_question_with_the_askers_own_id_is_known_by_it(province: Province) -> None:
    place = {"ward": "00004", "sheet": "12", "number": "7"}
    assert 1 == len(await province.ask(PLACE, id="intent-01", **place))
    assert 1 == len(await province.ask(PLACE, id="intent-02", **place))

    first, second = province.journal.rows()
    assert ("intent-01", "intent-02") == (first.request_id, second.request_id)
    assert first.key == second.key == province.journal.digest("00004,12,7")


async def test_what_finds_nothing_is_empty_and_what_makes_no_sense_is_not_understood(
    province: Province,
) -> None:
    assert [] == await province.ask(BY_NUMBER, number="097000000000")
    with pytest.raises(OperationalError):
        await province.ask("SELECT so_nha FROM thua_dat")

    assert ["empty", "not_understood"] == province.outcomes()


async def test_what_is_no_question_is_answered_and_not_noted(province: Province) -> None:
    assert [(0,)] == await province.ask("PRAGMA read_uncommitted")
    assert [("1",)] == await province.ask("WITH t AS (SELECT :n AS n) SELECT n FROM t", n="1")
    assert ["found"] == province.outcomes()


async def test_a_healthy_province_has_announced_no_window(province: Province) -> None:
    assert [] == await province.ask(WINDOW)


async def test_down_refuses_new_connections_and_cuts_open_ones_and_notes_nothing(
    province: Province,
) -> None:
    province.play(Mode.DOWN)
    with pytest.raises(OperationalError):
        await province.ask(BY_NUMBER, number=AN)
    province.faults.lift_all()
    await province.ask(BY_NUMBER, number=AN)
    province.play(Mode.DOWN)
    with pytest.raises(OperationalError) as cut:
        await province.ask(BY_NUMBER, number=AN)

    assert cut.value.connection_invalidated
    assert ["found"] == province.outcomes()


async def test_a_switch_of_one_province_is_that_provinces_alone(province: Province) -> None:
    province.faults.put("land-68", Fault(mode=Mode.DOWN))

    assert 1 == len(await province.ask(BY_NUMBER, number=AN))


async def test_a_switch_may_be_for_so_many_questions(province: Province) -> None:
    province.play(Mode.GARBLED, times=1)

    assert ([("6#.5",)], [(64.5,)]) == (await province.ask(AREAS), await province.ask(AREAS))
    assert ["garbled", "found"] == province.outcomes()


@pytest.mark.parametrize("mode", [Mode.GARBLED, Mode.HTML])
async def test_garbled_columns_are_whole_again_afterwards(province: Province, mode: Mode) -> None:
    issued = "SELECT ngay_cap FROM giay_chung_nhan WHERE so_phat_hanh = 'SX 100101'"
    province.play(mode)
    assert [("6#.5",)] == await province.ask(AREAS)
    assert [("6#.5",)] == await province.ask(issued)
    province.faults.lift_all()

    assert [(64.5,)] == await province.ask(AREAS)
    assert [("2014-09-15",)] == await province.ask(issued)
    assert [mode.value, mode.value, "found", "found"] == province.outcomes()


async def test_the_wrong_person_is_somebody_else_who_is_on_file(province: Province) -> None:
    province.play(Mode.WRONG_PERSON)

    names = {name for (name,) in await province.ask(BY_NUMBER, number=AN)}
    assert {"Vũ Đình Khoa"} == names
    [(request_id, ward, number)] = await province.ask(
        PLACE, id="intent-01", ward="00004", sheet="12", number="7"
    )
    assert "intent-01" == request_id
    assert ("00004", "7") != (ward, number)
    assert [] == await province.ask(BY_NUMBER, number="097000000000")
    assert province.journal.rows()[0].key == province.journal.digest(AN)


async def test_a_duplicated_parcel_is_there_twice_with_everything_and_contradicts_itself(
    province: Province,
) -> None:
    province.play(Mode.DUPLICATED)
    certified = """
        SELECT dien_tich, don_vi_cap FROM thua_dat
        JOIN quyen_su_dung_dat USING (thua_dat_id) JOIN giay_chung_nhan USING (giay_chung_nhan_id)
        WHERE ma_xa = '00004' AND so_thu_tu_thua = '7' ORDER BY dien_tich
    """

    assert [
        (64.5, "UBND quận Ba Đình"),
        (65.5, "Văn phòng đăng ký đất đai (bản ghi chuyển đổi)"),
    ] == await province.ask(certified)


async def test_an_announced_window_ends_two_hours_from_the_asking(province: Province) -> None:
    province.play(Mode.MAINTENANCE)
    [(until,)] = await province.ask(WINDOW)

    left = datetime.fromisoformat(str(until)) - datetime.now(UTC)
    assert timedelta(hours=2) - timedelta(minutes=1) < left <= timedelta(hours=2)
    assert ["maintenance"] == province.outcomes()


async def test_slow_questions_wait_side_by_side_and_hold_up_nobody(province: Province) -> None:
    province.play(Mode.SLOW, ms=1000)
    started = time.monotonic()
    asking = [asyncio.create_task(province.ask(BY_NUMBER, number=n)) for n in (AN, BINH, AN)]
    turns = 0
    while not all(task.done() for task in asking):
        await asyncio.sleep(0.005)
        turns += 1

    assert [1, 0, 1] == [len(await task) for task in asking]
    assert 1 <= time.monotonic() - started < 3
    assert turns > 5
    rows = province.journal.rows()
    assert max(row.started for row in rows) < min(row.ended for row in rows)
    assert [True] * 3 == [row.ended - row.started >= 1 for row in rows]


@pytest.mark.parametrize(("mode", "outcome"), [(Mode.SLOW, "abandoned"), (Mode.HANG, "hang")])
async def test_an_asker_who_leaves_frees_the_thread_at_once(
    province: Province, mode: Mode, outcome: str
) -> None:
    before = set(threading.enumerate())
    province.play(mode, ms=60_000)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await province.ask(BY_NUMBER, number=AN)
    for thread in set(threading.enumerate()) - before:
        thread.join(30)

    assert time.monotonic() - started < 31
    # Another test's thread may have ended meanwhile.
    assert set() == set(threading.enumerate()) - before
    [row] = province.journal.rows()
    assert (outcome, province.journal.digest(AN)) == (row.outcome, row.key)


LEAVES = """
import asyncio, sys
from sqlalchemy import text
from sqlalchemy.dialects import plugins
from sqlalchemy.ext.asyncio import create_async_engine
plugins.register("lienthong-sandbox", "sandbox.land", "ProvincePlugin")
async def ask():
    async with create_async_engine(sys.argv[1]).connect() as connection:
        await connection.execute(text("SELECT 1"))
async def main():
    asking = asyncio.create_task(ask())
    await asyncio.sleep(0.5)
    print("asked", asking.done(), flush=True)
    if sys.argv[2] == "abruptly":
        sys.exit(0)
asyncio.run(main())
"""


@pytest.mark.parametrize("how", ["orderly", "abruptly"])
def test_a_process_ends_although_a_province_hangs(directory: Path, how: str) -> None:
    province = Province(directory)
    province.play(Mode.HANG)
    command = [sys.executable, "-c", LEAVES, province.url, how]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=50, check=False
    )

    assert (0, "asked False\n", "") == (ended.returncode, ended.stdout, ended.stderr)


async def test_the_switches_of_a_running_sandbox_reach_whoever_opens_its_urls(
    sandbox: Running,
) -> None:
    engine = create_async_engine(sandbox.addresses["land"]["68"])
    question = text(
        "SELECT dien_tich FROM thua_dat WHERE ma_xa = '24784' AND so_thu_tu_thua = '77'"
    )
    sandbox.fault("land-68", "garbled")
    async with engine.connect() as connection:
        assert [("6#.5",)] == [tuple(row) for row in await connection.execute(question)]
        sandbox.heal()
        assert [(100.0,)] == [tuple(row) for row in await connection.execute(question)]
    await engine.dispose()

    assert [("land-68", "garbled"), ("land-68", "found")] == [
        (row["registry"], row["outcome"]) for row in sandbox.journal()
    ]
