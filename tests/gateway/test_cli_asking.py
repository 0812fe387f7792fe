"""`lienthong prefill`, `verify`, `people` and `token` against a running house."""

import json
import os
import pty
import re
import select
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.gateway.lienthong import COMMAND, ROOT, Said, Started, lienthong

AN = {"number": {"personalId": "097085000101"}, "fullName": "Nguyễn Văn An"}
NUMBER = re.compile(r"09[789][0-9]{9}")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start one house for the tests of this file."""
    started = Started(tmp_path_factory.mktemp("asking"))
    yield started
    started.kill()


@pytest.fixture
def ask(running: Started) -> Any:
    """Run a command in the running house's directory."""

    def asked(*words: str, stdin: str = "", columns: int = 120) -> Said:
        where = ("--dir", str(running.directory))
        return lienthong(*words, *where, stdin=stdin, columns=columns)

    return asked


def test_a_prefill_is_a_table_with_every_field_and_the_outcome(ask: Any) -> None:
    said = ask("prefill", "1.004222", "--person", "an", "--home", "00004/12/7")
    assert (0, "") == (said.status, said.err)
    lines = said.out.splitlines()
    assert lines[0] == "Điền sẵn: 1.004222 Đăng ký thường trú"
    assert lines[2].split() == ["Trường", "Giá", "trị", "Trạng", "thái", "Nguồn", "Ngày"]
    name = next(line for line in lines if line.startswith("Họ, chữ đệm và tên"))
    assert "Nguyễn Văn An" in name
    assert "Có giá trị VALUE" in name
    assert "Dân cư" in name
    assert "REPLACED_BY_DATA" in said.out
    assert lines[-1].startswith("Kết quả: Cần bổ sung hoặc xác nhận NEEDS_ACTION")


def test_a_prefill_for_a_program_is_the_answer_as_it_is(ask: Any) -> None:
    said = ask("prefill", "1.004222", "--person", "an", "--role", "owner=hoa", "--json")
    assert 0 == said.status
    prefill = json.loads(said.out)["data"]["dossier"]["prefill"]
    assert "Nguyễn Văn An" == prefill["formData"]["nguoiKhai"]["hoTen"]
    assert "Nguyễn Thị Hòa" == prefill["formData"]["chuSoHuu"]["hoTen"]


def test_the_owner_has_an_option_of_their_own(ask: Any) -> None:
    said = ask("prefill", "1.004222", "--person", "an", "--owner", "hoa")
    assert 0 == said.status
    assert "Nguyễn Thị Hòa" in said.out


def test_a_dry_run_asks_no_registry(ask: Any, running: Started) -> None:
    journal = f"{running.addresses['control']}/journal"
    httpx2.delete(journal)
    said = ask("prefill", "1.004222", "--person", "an", "--dry-run")
    assert 0 == said.status
    assert "Sẽ hỏi: Dân cư" in said.out
    assert [] == httpx2.get(journal).json()


def test_a_registry_that_is_down_is_said_with_its_code(ask: Any, running: Started) -> None:
    faults = f"{running.addresses['control']}/faults"
    httpx2.put(f"{faults}/population", json={"mode": "maintenance"}).raise_for_status()
    said = ask("prefill", "1.004222", "--person", "an")
    httpx2.delete(faults).raise_for_status()
    assert 0 == said.status
    assert "Đang bảo trì SOURCE_MAINTENANCE" in said.out
    assert said.out.splitlines()[-1] == "Kết quả: Chưa đầy đủ INCOMPLETE"


def test_a_verify_gives_verdicts_and_no_value_on_file(ask: Any) -> None:
    claims = [
        "nguoiKhai.hoTen=NGUYEN VAN AN",
        "nguoiKhai.ngaySinh=1985",
        "nguoiKhai.gioiTinh=Nữ",
        "nguoiKhai.soDinhDanh=@number",
    ]
    words = [word for claim in claims for word in ("--claim", claim)]
    said = ask("verify", "1.004222", "--person", "an", *words)
    assert (0, "") == (said.status, said.err)
    rows = {line.split("  ")[0]: line for line in said.out.splitlines()}
    assert "UNACCENTED_ONLY" in rows["Họ, chữ đệm và tên"]
    assert "COMPATIBLE" in rows["Ngày, tháng, năm sinh"]
    assert "DIFFERENT" in rows["Giới tính"]
    assert "EXACT" in rows["Số định danh cá nhân"]
    assert "Kết quả: Mâu thuẫn CONTRADICTED" == said.out.splitlines()[-1]
    assert not NUMBER.search(said.out)
    assert "Nguyễn Văn An" not in said.out


def test_english_is_spoken_when_asked_for(ask: Any) -> None:
    said = ask("verify", "1.004222", "--person", "an", "--claim", "a.b=c", "--lang", "en")
    assert (1, "") == (said.status, said.out)
    assert said.err.startswith("Refused: The procedure 1.004222 has no field `a.b`")
    assert "docs/errors/bad-input.md" in said.err


def test_real_data_come_from_a_file_or_standard_input(ask: Any, tmp_path: Path) -> None:
    subject = {"role": "applicant", "is": {"person": {**AN, "birthDate": "1985-05-12"}}}
    claim = {"role": "applicant", "key": "nguoiKhai.gioiTinh", "value": "Nam"}
    purpose = {"dossier": {"code": "H26.12-261121-0001"}}
    given = json.dumps({"subjects": [subject], "claims": [claim], "purpose": purpose})
    file = tmp_path / "input.json"
    file.write_text(given, encoding="utf-8")
    for said in (
        ask("verify", "1.004222", "--input", str(file)),
        ask("verify", "1.004222", "--input", "-", stdin=given),
    ):
        assert (0, "") == (said.status, said.err)
        assert "Kết quả: Đã xác nhận CONFIRMED" in said.out


@pytest.mark.parametrize("given", ['{"a": 1}', "097085000101", "\x00"])
def test_a_file_in_another_form_is_refused_and_not_repeated(ask: Any, given: str) -> None:
    said = ask("prefill", "1.004222", "--input", "-", stdin=given)
    assert (2, "") == (said.status, said.out)
    assert said.err.startswith("Tệp --input phải là JSON dạng")
    assert not NUMBER.search(said.err)


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["--person", "097085000101"], 2, "Không ghi số giấy tờ của cá nhân trên dòng lệnh"),
        (["--person", "nobody"], 2, "Không có người giả định nào tên như vậy. Có: an, binh"),
        (["--person", "an", "--role", "x=hoa"], 2, "Thủ tục này không có vai trò «x»."),
        (["--person", "an", "--as", "nobody"], 2, "Không có vai này."),
        (["--person", "an", "--as", "auditor"], 1, "Bị từ chối: "),
        (["--person", "an", "--url", "http://example.org"], 2, "Chỉ dùng http:// trên chính máy"),
        (["--person", "an", "--url", "x"], 2, "Địa chỉ ở --url phải có dạng https://"),
        (["--person", "an", "--url", "http://localhost:1"], 1, "Không liên lạc được với"),
        (["--input", "/nowhere"], 2, "Không đọc được tệp --input."),
        (["--token", "/nowhere", "--person", "an"], 2, "Không đọc được tệp --token."),
        ([], 2, "Chưa nêu ai: dùng --person TÊN"),
    ],
    ids=lambda it: "" if isinstance(it, list) else None,
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    ask: Any, words: list[str], status: int, sentence: str
) -> None:
    said = ask("prefill", "1.004222", *words)
    assert (status, "") == (said.status, said.out)
    assert said.err.startswith(sentence)
    assert not NUMBER.search(said.err)


def test_an_unknown_procedure_is_refused(ask: Any) -> None:
    said = ask("prefill", "9.999999", "--person", "an")
    assert (1, "") == (said.status, said.out)
    assert said.err.startswith("Không có thủ tục này trong danh mục.")


def test_without_claims_there_is_nothing_to_verify(ask: Any) -> None:
    said = ask("verify", "1.004222", "--person", "an")
    assert (2, "") == (said.status, said.out)
    assert said.err.startswith("Chưa có khai báo nào")


def test_nothing_running_is_said_in_one_sentence(tmp_path: Path) -> None:
    for words in (
        ("prefill", "1.004222", "--person", "an"),
        ("verify", "1.004222", "--person", "an", "--claim", "a=b"),
        ("people",),
        ("token",),
    ):
        said = lienthong(*words, "--dir", str(tmp_path))
        assert (2, "") == (said.status, said.out)
        assert said.err == (
            f"Chưa có cổng nào đang chạy ở đây (thư mục {tmp_path}); hãy chạy `make start` hoặc "
            "`lienthong start` ở cửa sổ khác, hoặc chỉ đúng thư mục bằng --dir. (Nothing is "
            "running here; run `make start`.)\n"
        )


def test_a_token_is_alone_on_its_line_and_opens_the_gateway(ask: Any, running: Started) -> None:
    said = ask("token", "--as", "portal-lamdong")
    assert (0, "") == (said.status, said.err)
    token = said.out.removesuffix("\n")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token)
    answer = httpx2.post(
        running.addresses["graphql"],
        json={"query": "{ myGrants { procedure } }"},
        headers={"authorization": f"Bearer {token}"},
    )
    assert 200 == answer.status_code


def test_the_personas_can_be_listed_without_a_start(tmp_path: Path) -> None:
    said = lienthong("token", "--list", "--dir", str(tmp_path))
    assert 0 == said.status
    names = [line.split()[0] for line in said.out.splitlines()[1:]]
    assert names == [
        "portal-hanoi", "portal-lamdong", "officer-lan", "citizen-an", "developer", "auditor",
        "auditor-unmask",
    ]  # fmt: skip


def test_people_come_with_story_key_cases_and_a_command(ask: Any) -> None:
    said = ask("people")
    assert 0 == said.status
    blocks = {block.split(":")[0]: block.splitlines() for block in said.out.split("\n\n")}
    head, story, key, command = blocks["an"]
    assert head == "an: Nguyễn Văn An  [C17, C20, C24, C26, C30, C43]"
    assert story.startswith("  Chủ hộ bốn người ở Trúc Bạch")
    assert json.loads(key) == {**AN, "birthDate": "1985-05-12"}
    assert "lienthong prefill 1.004222 --person an --parcel home=00004/12/7" in command


def test_one_person_comes_with_a_query_and_variables_that_run(ask: Any, running: Started) -> None:
    shown = json.loads(ask("people", "nam", "--json").out)
    token = ask("token").out.strip()
    answer = httpx2.post(
        running.addresses["graphql"],
        json=shown,
        headers={"authorization": f"Bearer {token}"},
        timeout=20,
    )
    assert 200 == answer.status_code
    assert "errors" not in answer.json()
    assert shown["query"] in ask("people", "nam").out


def test_every_command_that_people_shows_runs(ask: Any) -> None:
    """The slowest test here: one process for each person of the sandbox."""
    people = json.loads(ask("people", "--json").out)
    ends = {it["name"]: ask(*shlex.split(it["command"])[1:]).status for it in people}
    assert dict.fromkeys(ends, 0) == ends
    assert 20 < len(ends)


def test_real_data_can_be_typed_when_asked_for(running: Started) -> None:
    """The questions and the typing stay at the terminal; stdout carries the answer alone."""
    ours, theirs = pty.openpty()
    words = ["prefill", "1.004222", "--json", "--dir", str(running.directory)]
    with subprocess.Popen(
        [COMMAND, *words], cwd=ROOT, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE
    ) as asking:
        os.close(theirs)
        asked = ""
        for question, typed in (
            ("Số định danh", "12345"),
            ("Cần 12 chữ số", "097085000101"),
            ("Họ, chữ đệm", "Nguyễn Văn An"),
            ("Ngày, tháng", "12/05/1985"),
            ("(child), bỏ qua bằng Enter", ""),
            ("(owner), bỏ qua bằng Enter", ""),
            ("Mã xã", ""),
        ):
            asked = _until(ours, question)
            os.write(ours, f"{typed}\n".encode())
        assert asking.stdout
        answer = json.loads(asking.stdout.read())
        assert 0 == asking.wait(timeout=30)
    os.close(ours)
    assert "Mã xã" in asked
    form = answer["data"]["dossier"]["prefill"]["formData"]
    assert "Nguyễn Văn An" == form["nguoiKhai"]["hoTen"]


def _until(terminal: int, words: str) -> str:
    """Read from the terminal until *words* and a question's end have come."""
    read = ""
    deadline = time.monotonic() + 30
    while words not in read or not read.rstrip(" ").endswith(":"):
        assert time.monotonic() < deadline, read
        if select.select([terminal], [], [], 1)[0]:
            read += os.read(terminal, 4096).decode("utf-8", "replace")
    return read
