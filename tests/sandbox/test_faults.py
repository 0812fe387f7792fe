"""Each fault as the asker meets it, and as the journal remembers it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from lxml import etree

from sandbox.faults import ANSWER, TRANSPORT, Fault, Faults, Mode
from tests.sandbox.visitor import Asker, Running, Start

AN = {"number": "097085000101", "name": "NGUYỄN VĂN AN", "birth": "19850512"}
ARRIVES_S = (0.3, 3, 30)
"""Seconds in which a call may be expected to have arrived; nobody can look whether it has."""
MODES = ["slow", "down", "hang", "garbled", "html", "wrong_person", "duplicated", "maintenance"]


def test_down_is_a_refused_connection_and_lifting_it_opens_the_same_port(
    population: Asker,
) -> None:
    sandbox = population.running
    population.ask(**AN)
    assert sandbox.fault("population", "down").json() == {
        "population": {"mode": "down", "ms": 3000, "times": None}
    }
    with pytest.raises(httpx2.ConnectError):
        population.ask(**AN)
    sandbox.heal()
    assert [AN["number"]] == population.numbers(**AN)


def test_down_cuts_the_calls_that_wait_for_an_answer(population: Asker) -> None:
    sandbox = population.running
    for seconds in ARRIVES_S:
        sandbox.fault("population", "hang")
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(population.ask, **AN)
            time.sleep(seconds)
            sandbox.fault("population", "down")
            assert isinstance(waiting.exception(timeout=30), httpx2.TransportError)
        if sandbox.journal():  # It had arrived.
            break
    assert [row["outcome"] for row in sandbox.journal()] == ["hang"]


def test_down_leaves_the_control_socket_open_to_lift_it(population: Asker) -> None:
    sandbox = population.running
    sandbox.fault("population", "down")
    url = f"{sandbox.addresses['control']}/faults/population"
    assert sandbox.http.delete(url).json() == {}
    assert [AN["number"]] == population.numbers(**AN)


def test_slow_answers_rightly_after_its_delay_and_the_journal_sees_the_delay(
    population: Asker,
) -> None:
    population.running.fault("population", "slow", ms=300)
    assert [AN["number"]] == population.numbers(**AN)
    [row] = population.running.journal()
    # Less than what *slow* takes when nobody says how slow.
    assert 0.3 <= row["ended"] - row["started"] < 3
    assert row["outcome"] == "found"


def test_slow_calls_wait_side_by_side(population: Asker) -> None:
    population.running.fault("population", "slow", ms=1000)
    with ThreadPoolExecutor(max_workers=5) as pool:
        for answer in [pool.submit(population.ask, **AN) for _ in range(5)]:
            assert answer.result().status_code == 200
    rows = population.running.journal()
    assert len(rows) == 5
    assert max(row["started"] for row in rows) < min(row["ended"] for row in rows)


def test_a_slow_call_that_the_asker_gives_up_is_abandoned(population: Asker) -> None:
    population.running.fault("population", "slow", ms=60_000)
    give_up(population)
    [row] = wait_for_rows(population.running)
    assert row["outcome"] == "abandoned"
    assert row["ended"] - row["started"] < 30


def test_hang_does_the_work_and_never_answers(population: Asker) -> None:
    population.running.fault("population", "hang")
    give_up(population)
    [row] = wait_for_rows(population.running)
    assert row["outcome"] == "hang"
    assert row["key"] == population.running.key(AN["number"])


def test_garbled_keeps_the_content_type_of_a_body_that_nobody_can_read(
    population: Asker,
) -> None:
    healthy = population.ask(**AN)
    population.running.fault("population", "garbled")
    garbled = population.ask(**AN)
    assert garbled.status_code == 200
    assert healthy.headers["content-type"] == garbled.headers["content-type"]
    assert len(healthy.content) * 2 // 3 == len(garbled.content)
    assert (
        sum(
            before != after for before, after in zip(healthy.content, garbled.content, strict=False)
        )
        == 1
    )
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(garbled.content)


def test_html_is_an_error_page_with_status_200(population: Asker) -> None:
    population.running.fault("population", "html")
    answer = population.ask(**AN)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!DOCTYPE html>")
    assert AN["number"] not in answer.text


def test_maintenance_says_until_when(population: Asker) -> None:
    population.running.fault("population", "maintenance")
    before = datetime.now(UTC).replace(microsecond=0)
    answer = population.ask(**AN)
    window = datetime.fromisoformat(answer.headers["X-Maintenance-Until"]) - before
    assert answer.status_code == 503
    assert timedelta(hours=2) <= window < timedelta(hours=2, minutes=1)
    assert answer.text == "Hệ thống đang bảo trì theo kế hoạch, vui lòng quay lại sau."


def test_wrong_person_answers_about_somebody_else(population: Asker) -> None:
    population.running.fault("population", "wrong_person")
    [number] = population.numbers(**AN)
    assert number != AN["number"]
    assert population.numbers(**AN | {"name": "NGUYỄN VĂN ÂN"}) == []


def test_duplicated_answers_with_two_different_citizens(population: Asker) -> None:
    population.running.fault("population", "duplicated")
    first, second = population.numbers(**AN)
    assert first == AN["number"]
    assert second != AN["number"]


def test_times_counts_calls_and_then_the_registry_is_healthy(population: Asker) -> None:
    population.running.fault("population", "maintenance", times=2)
    assert [population.ask(**AN).status_code for _ in range(4)] == [503, 503, 200, 200]
    population.running.fault("population", "wrong_person", times=1)
    assert [population.numbers(**AN) == [AN["number"]] for _ in range(2)] == [False, True]


def test_an_unknown_mode_is_refused_with_the_known_ones(sandbox: Running) -> None:
    answer = sandbox.fault("population", "tired")
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "unknown_mode",
        "message": f"Known modes: {', '.join(MODES)}.",
        "known": MODES,
    }


def test_an_unknown_registry_is_refused_with_the_known_ones(sandbox: Running) -> None:
    for answer in (
        sandbox.fault("weather", "slow"),
        sandbox.http.delete(f"{sandbox.addresses['control']}/faults/weather"),
    ):
        assert answer.status_code == 400
        assert answer.json()["error"] == "unknown_registry"
        assert {"population", "land", "land-01", "land-68"} <= set(answer.json()["known"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"mode": "slow", "ms": -1}',
        b'{"mode": "slow", "ms": 60001}',
        b'{"mode": "slow", "times": 0}',
        b'{"mode": "slow", "minutes": 3}',
    ],
)
def test_an_unreadable_order_is_refused_in_words(sandbox: Running, body: bytes) -> None:
    url = f"{sandbox.addresses['control']}/faults/population"
    answer = sandbox.http.put(url, content=body)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith('Send {"mode": MODE')
    assert sandbox.http.get(f"{sandbox.addresses['control']}/faults").json() == {}


def test_down_cannot_be_counted(sandbox: Running) -> None:
    answer = sandbox.fault("population", "down", times=1)
    assert answer.status_code == 400
    assert answer.json()["error"] == "uncountable"


def test_a_new_start_is_healthy(start: Start) -> None:
    first = start()
    first.fault("population", "down")
    first.stop()
    assert [AN["number"]] == Asker(start()).numbers(**AN)


def test_another_process_sees_the_same_switches(sandbox: Running) -> None:
    sandbox.fault("land", "slow", ms=250, times=1)
    elsewhere = Faults(sandbox.directory / "faults.json")
    expected = Fault(mode=Mode.SLOW, ms=250, times=1)
    assert expected == elsewhere.take("land-68", TRANSPORT)
    assert sandbox.http.get(f"{sandbox.addresses['control']}/faults").json() == {}


def test_a_province_has_its_own_switch_before_that_of_its_kind(tmp_path: Path) -> None:
    faults = Faults(tmp_path / "faults.json")
    land, one = Fault(mode=Mode.SLOW), Fault(mode=Mode.HANG)
    faults.put("land", land)
    faults.put("land-01", one)
    assert [one, land, None] == [faults.mode(it) for it in ("land-01", "land-68", "population")]
    faults.lift("land-01")
    assert land == faults.mode("land-01")


def test_a_fault_is_taken_only_by_those_who_play_it(tmp_path: Path) -> None:
    faults = Faults(tmp_path / "faults.json")
    fault = Fault(mode=Mode.DUPLICATED, times=1)
    faults.put("population", fault)
    assert faults.take("population", TRANSPORT) is None
    assert fault == faults.take("population", ANSWER)
    assert faults.take("population", ANSWER) is None


def test_counted_calls_are_used_up_once_even_by_many_at_the_same_time(tmp_path: Path) -> None:
    one, other = (Faults(tmp_path / "faults.json") for _ in range(2))
    one.put("land", Fault(mode=Mode.SLOW, times=50))
    with ThreadPoolExecutor(max_workers=8) as pool:
        taken = [pool.submit(it.take, "land", TRANSPORT) for it in [one, other] * 40]
    assert sum(it.result() is not None for it in taken) == 50


def give_up(population: Asker) -> None:
    """Ask, and hang up after a moment in which the call has arrived."""
    body = population.envelope(population.fields(**AN), "TraCuuThongTinCongDan")
    patience = httpx2.Timeout(30, read=1)
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.post(population.url, content=body, headers=population.headers(), timeout=patience)


def wait_for_rows(sandbox: Running) -> list[dict[str, Any]]:
    """Read the journal once something is in it: a row is written when its call is over."""
    deadline = time.monotonic() + 30
    while not (rows := sandbox.journal()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return rows
