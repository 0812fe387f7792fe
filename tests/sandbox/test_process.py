"""The sandbox as a process: it starts, says where it is, and leaves nothing behind."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.sandbox.ports import free_row
from tests.sandbox.visitor import Running, Start

# A busy machine may spoil a measurement; it seldom spoils three.
MOST_STARTS = 3


def refuses(url: str) -> bool:
    """Tell whether nobody listens at *url*."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", urlsplit(url).port)) != 0


def is_running(pid: int) -> bool:
    """Tell whether *pid* runs; a process that only waits to be buried does not."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_the_ready_line_says_where_every_door_is(start: Start) -> None:
    running = start()
    control = running.addresses["control"]
    land = {
        province: f"sqlite+aiosqlite:///{running.directory}/land-{province}.sqlite3"
        "?plugin=lienthong-sandbox"
        for province in ("01", "68")
    }
    assert f"{control}/issuer" == running.addresses["issuer"]
    assert land == running.addresses["land"]
    assert not refuses(running.addresses["population"])


def test_registries_listen_on_the_ports_after_the_control_port(start: Start) -> None:
    port = free_row()
    running = start("--port", str(port))
    assert f"http://127.0.0.1:{port}" == running.addresses["control"]
    assert f"http://127.0.0.1:{port + 1}" == running.addresses["population"]


def test_the_second_start_takes_less_than_five_seconds_and_keeps_the_databases(
    start: Start,
) -> None:
    first = start()
    first.stop()
    laid = (first.directory / "registries.sqlite3").stat()
    seconds: list[float] = []
    while len(seconds) < MOST_STARTS and not any(it < 5 for it in seconds):
        again = start()
        seconds.append(again.seconds_to_start)
        again.stop()
    kept = (first.directory / "registries.sqlite3").stat()
    assert min(seconds) < 5
    assert (laid.st_ino, laid.st_mtime_ns) == (kept.st_ino, kept.st_mtime_ns)


def test_another_seed_lays_the_world_anew(start: Start) -> None:
    first = start("--port", "0", "--seed", "1")
    first.stop()
    laid = (first.directory / "registries.sqlite3").stat().st_mtime_ns
    start("--port", "0", "--seed", "2").stop()
    assert laid != (first.directory / "registries.sqlite3").stat().st_mtime_ns


def test_a_taken_port_is_said_in_words(start: Start) -> None:
    port = free_row() + 1
    with socket.create_server(("127.0.0.1", port)):
        code, _, said = start("--port", str(port - 1)).stop()
    assert code == 3
    assert said == (
        f"Port {port}, wanted for population, is taken by another program: stop that program "
        f"(`ss -ltnp 'sport = :{port}'` names it), or choose other ports with --port N, "
        "or any free ones with --port 0.\n"
    )


def test_a_port_without_room_behind_it_is_refused_in_words(start: Start) -> None:
    code, _, said = start("--port", "65535").stop()
    assert code == 2
    assert "65535 is not a port from 0 to" in said


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_within_two_seconds_and_frees_every_port(
    start: Start, by: signal.Signals
) -> None:
    running = start()
    code, seconds, said = running.stop(by)
    assert code == 0
    assert seconds < 2
    assert said == ""
    assert refuses(running.addresses["control"])
    assert refuses(running.addresses["population"])


def test_a_hanging_call_does_not_delay_the_end(start: Start) -> None:
    running = start()
    running.fault("population", "hang")
    where = urlsplit(running.addresses["population"])
    with socket.create_connection((where.hostname, where.port)) as caller:
        caller.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        time.sleep(0.2)
        code, seconds, said = running.stop()
    assert (code, said) == (0, "")
    assert seconds < 2


def test_nothing_is_said_about_calls_not_even_about_nonsense(start: Start) -> None:
    running = start()
    for method, body in (("GET", b""), ("POST", b"<"), ("POST", b"\xff" * 100)):
        running.http.request(method, running.addresses["population"], content=body)
    where = urlsplit(running.addresses["population"])
    with socket.create_connection((where.hostname, where.port)) as caller:
        caller.sendall(b"no http at all\r\n\r\n")
        caller.recv(1000)
    _, _, said = running.stop()
    assert said == ""


def test_it_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    """The parent is killed outright, so it cannot stop anything itself."""
    script = (
        "import os, subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-m', 'sandbox', '--dir', {str(tmp_path)!r}, "
        "'--port', '0', '--parent', str(os.getpid())], stdout=subprocess.PIPE, text=True)\n"
        "print(child.pid, child.stdout.readline(), flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    with parent:
        assert parent.stdout
        pid, line = parent.stdout.readline().split(" ", 1)
        running_before = is_running(int(pid))
        parent.kill()
    deadline = time.monotonic() + 30
    while is_running(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running_before
    assert not is_running(int(pid))
    assert refuses(json.loads(line)["control"])


def test_the_people_to_ask_about_come_with_the_key_to_copy(sandbox: Running) -> None:
    people = {it["name"]: it for it in httpx2.get(f"{sandbox.addresses['control']}/people").json()}
    expected = {"number": "097085000101", "fullName": "Nguyễn Văn An", "birthDate": "1985-05-12"}
    assert expected == people["an"]["key"]
    assert people["an"]["fullName"] == "Nguyễn Văn An"
    assert "C17" in people["an"]["cases"]
    assert people["an"]["story"].startswith("Chủ hộ bốn người")
    assert people["khong"]["cases"] == []
