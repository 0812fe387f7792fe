"""`lienthong start` as a process tree: ready, told, and gone without a trace."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.gateway.lienthong import COMMAND, ROOT, Started, gone_within, is_running, lienthong
from tests.patience import PATIENCE_S

# A busy machine may spoil a measurement; it seldom spoils three.
MOST_STARTS = 3
READY_S = 5

Start = Callable[..., Started]


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory in which starts follow each other, so that only the first lays a world."""
    return tmp_path_factory.mktemp("start")


@pytest.fixture
def start(laid: Path) -> Iterator[Start]:
    """Start in one directory; nothing is left behind by a test that fails."""
    started: list[Started] = []

    def starter(*options: str) -> Started:
        started.append(Started(laid, *options))
        return started[-1]

    yield starter
    for each in started:
        each.kill()


def refuses(url: str) -> bool:
    """Tell whether nobody listens at *url*."""
    port = int(url.rsplit(":", 1)[1])
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start with the demonstration, for the tests that only look."""
    running = Started(tmp_path_factory.mktemp("shown"), "--demo")
    running.wait_until_said("Dừng: Ctrl-C")
    yield running
    running.kill()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_or_a_closed_terminal_leaves_no_process_and_no_port(
    start: Start, by: signal.Signals
) -> None:
    running = start()
    line = json.loads(running.said())
    assert running.addresses == line
    assert f"{line['gateway']}/graphql" == line["graphql"]
    assert f"{line['control']}/issuer" == line["issuer"]
    assert {"population", "business", "insurance", "land"} < line.keys()
    assert Path(line["access_log"]).exists()
    assert 200 == httpx2.get(f"{line['gateway']}/ready").status_code

    assert 0 == running.end(by)
    assert not is_running(running.sandbox)
    assert refuses(line["gateway"])
    assert refuses(line["control"])
    assert not (running.directory / "addresses.json").exists()


def test_a_second_start_is_ready_within_five_seconds_and_tells_a_person_where_all_is(
    start: Start,
) -> None:
    seconds: list[float] = []
    while len(seconds) < MOST_STARTS and not any(it < READY_S for it in seconds[1:]):
        again = start("--plain")
        seconds.append(again.seconds_to_start)
        again.wait_until_said("Dừng: Ctrl-C")
        assert 0 == again.end(signal.SIGINT)
    said = again.said()
    assert min(seconds[1:]) < READY_S
    assert "Sẵn sàng sau" in said
    assert f"GraphiQL             {again.addresses['graphql']}" in said
    assert f"lienthong people --dir {again.directory}" in said
    assert said.endswith("Đã dừng; không còn tiến trình nào ở lại.\n")


def test_the_sandbox_ends_when_the_start_is_killed_outright(start: Start) -> None:
    """Nobody is left to stop it, so it stops by itself; the others are told that nothing runs."""
    running = start()
    running.end(signal.SIGKILL)
    assert gone_within(PATIENCE_S, running.sandbox)
    assert (running.directory / "addresses.json").exists()
    people = lienthong("people", "--dir", str(running.directory))
    assert (2, "") == (people.status, people.out)
    assert people.err.startswith("Chưa có cổng nào đang chạy ở đây")


def test_the_start_ends_when_the_process_it_follows_is_killed(start: Start) -> None:
    """As `make start` does, whose make may be killed outright."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as parent:
        running = start("--parent", str(parent.pid))
        parent.kill()
    assert gone_within(PATIENCE_S, running.process.pid, running.sandbox)
    assert 0 == running.end(signal.SIGTERM)


def test_the_start_ends_with_a_sentence_when_its_sandbox_does(start: Start) -> None:
    running = start()
    os.kill(running.sandbox, signal.SIGKILL)
    assert gone_within(PATIENCE_S, running.process.pid)
    assert 1 == running.end(signal.SIGTERM)
    assert "Tỉnh giả định đã dừng ngoài ý muốn" in running.said()


def test_a_second_start_in_the_same_directory_is_refused_in_words(shown: Started) -> None:
    running = shown
    again = lienthong(
        "start", "--port", "0", "--sandbox-port", "0", "--dir", str(running.directory)
    )
    expected = (
        f"Thư mục {running.directory} đang được một lần chạy khác dùng (tiến trình "
        f"{running.process.pid}, {running.addresses['gateway']}). Hãy dừng lần chạy đó, hoặc chọn "
        "thư mục khác bằng --dir. (Another start uses this directory.)\n"
    )
    assert (1, "", expected) == again
    assert 200 == httpx2.get(f"{running.addresses['gateway']}/ready").status_code


def test_an_access_log_in_use_is_said_in_words(shown: Started) -> None:
    running = shown
    log = f"sqlite+aiosqlite:///{running.addresses['access_log']}"
    said = lienthong(
        "serve",
        LIENTHONG_PROFILE="sandbox",
        LIENTHONG_PORT="0",
        LIENTHONG_ACCESS_LOG_URL=log,
        LIENTHONG_KEYS_DIR=str(running.directory / "keys"),
    )
    assert (1, "") == (said.status, said.out)
    assert said.err.startswith("Nhật ký truy cập đang được một tiến trình khác ghi dưới tên")
    assert said.err.endswith("(ACCESS_LOG_UNAVAILABLE, NAME_TAKEN)\n")
    assert 1 == said.err.count("\n")


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port that another program uses."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_gateway_port_is_said_in_words(taken: int, tmp_path: Path) -> None:
    where = ("--sandbox-port", "0", "--dir", str(tmp_path))
    said = lienthong("start", "--port", str(taken), *where)
    assert (3, "") == (said.status, said.out)
    assert said.err.startswith(
        f"Cổng {taken} trên 127.0.0.1 đang được chương trình khác dùng. Hãy dừng chương trình đó"
    )
    assert "chọn cổng khác bằng --port" in said.err
    assert 1 == said.err.count("\n")


def test_a_taken_sandbox_port_is_said_with_the_option_that_helps(
    taken: int, tmp_path: Path
) -> None:
    where = ("--port", "0", "--dir", str(tmp_path))
    said = lienthong("start", "--sandbox-port", str(taken), *where)
    assert (3, "") == (said.status, said.out)
    assert said.err.startswith(
        f"Cổng {taken} (cần cho tỉnh giả định, control) đang được chương trình khác dùng."
    )
    assert "--sandbox-port 0" in said.err
    assert 1 == said.err.count("\n")


def test_a_broken_procedure_document_stops_the_start_with_file_and_line(tmp_path: Path) -> None:
    documents = tmp_path / "procedures"
    documents.mkdir()
    (documents / "broken.graphql").write_text("query {\n  nothing\n}\n")
    where = ("--port", "0", "--sandbox-port", "0", "--dir", str(tmp_path))
    said = lienthong("start", *where, LIENTHONG_PROCEDURES=str(documents))
    assert (1, "") == (said.status, said.out)
    assert said.err.startswith("broken.graphql, line 2:")
    assert 1 == said.err.count("\n")


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("--dir", "/proc/lienthong"), 1, "Không ghi được vào thư mục /proc/lienthong (ENOENT)."),
        (("--json", "--demo"), 2, "--json chỉ in một dòng cho chương trình"),
    ],
)
def test_a_start_that_cannot_be_is_refused_before_anything_runs(
    words: tuple[str, ...], status: int, sentence: str
) -> None:
    said = lienthong("start", "--port", "0", "--sandbox-port", "0", *words)
    assert (status, "") == (said.status, said.out)
    assert said.err.startswith(sentence)


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    where = ("--port", "0", "--sandbox-port", "0", "--dir", str(tmp_path))
    said = lienthong("start", *where, LIENTHONG_ACCESS_LOK_URL="x")
    assert 2 == said.status
    assert said.err == (
        "Cấu hình không dùng được: LIENTHONG_ACCESS_LOK_URL is not a setting; did you mean "
        "LIENTHONG_ACCESS_LOG_URL?\n"
    )


def test_the_demonstration_shows_both_tables_then_the_addresses_and_serves_on(
    shown: Started,
) -> None:
    said = shown.said()
    parts = [
        "Sẵn sàng sau",
        "lienthong prefill 1.004222 --person an --home 00004/12/7",
        "Điền sẵn: 1.004222 Đăng ký thường trú",
        "REPLACED_BY_DATA",
        "lienthong verify 1.004222 --person an",
        "Đối chiếu: 1.004222 Đăng ký thường trú",
        "UNACCENTED_ONLY",
        "Kết quả: Mâu thuẫn CONTRADICTED",
        f"GraphiQL             {shown.addresses['graphql']}",
        f"Nhật ký truy cập     {shown.addresses['access_log']}",
    ]
    places = [said.index(part) for part in parts]
    assert sorted(places) == places
    assert 200 == httpx2.get(f"{shown.addresses['gateway']}/ready").status_code


def test_no_number_of_the_demonstration_is_in_the_process_list(shown: Started) -> None:
    for pid in (shown.process.pid, shown.sandbox):
        assert b"097085000101" not in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_help_explains_the_exit_statuses() -> None:
    said = subprocess.run(
        [COMMAND, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for words in ("Mã thoát: 0 xong", "1 bị từ chối", "2 gọi sai", "3 số cổng đang bị chiếm"):
        assert words in " ".join(said.split())
