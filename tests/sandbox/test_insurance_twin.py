"""The insurance registry's twin: whom it lets in, whom it finds, and what it says of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from sandbox import insurance
from sandbox.database import REGISTRIES_FILE, fill
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.twin import JournalledApp, Twin
from sandbox.world import load_world
from tests.sandbox.insurance_visitor import LOGIN, Visitor
from tests.sandbox.visitor import SECRET, Running

CARD, CODE, NUMBER = "DN4019700000101", "9700000101", "097085000101"
AN = {"maThe": CODE, "hoTen": "NGUYỄN VĂN AN", "ngaySinh": "12/05/1985"}
BINH = {"maThe": "9700000102", "hoTen": "Trần Thị Bình", "ngaySinh": "03/10/1987"}
THO = {"maThe": "9800000005", "hoTen": "PHAM VAN THO", "ngaySinh": "1945"}
AN_INSURED = {"cmnd": NUMBER, "hoTen": "NGUYỄN VĂN AN", "ngaySinh": "19850512"}


@pytest.fixture(name="visitor")
def _visitor(sandbox: Running) -> Visitor:
    return Visitor(sandbox)


def test_a_token_comes_with_an_id_token_and_lasts_an_hour(visitor: Visitor) -> None:
    answer = visitor.log_in()
    assert answer.json().keys() == {
        *("access_token", "id_token", "token_type", "username", "expires_in")
    }
    assert answer.json()["expires_in"] == 3600
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"password": "another"}, "invalid_grant"),
        ({"password": ""}, "invalid_grant"),
        ({"username": "ai-đó"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    ],
)
def test_another_account_or_password_is_refused(
    visitor: Visitor, changed: dict[str, str], error: str
) -> None:
    answer = visitor.log_in(**changed)
    assert answer.status_code == 400
    assert answer.json() == {"error": error}


@pytest.mark.parametrize("part", ["token", "id_token", "username", "password"])
def test_the_card_check_wants_every_part_of_the_session(visitor: Visitor, part: str) -> None:
    for session in (
        visitor.session | {part: "another"},
        {name: value for name, value in visitor.session.items() if name != part},
    ):
        assert visitor.post_check(session, AN).status_code == 401
    assert {"refused"} == {row["outcome"] for row in visitor.running.journal()[1:]}


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer another", "Basic x"])
def test_social_insurance_wants_the_token_as_a_bearer(visitor: Visitor, authorization: str) -> None:
    visitor.headers["Authorization"] = authorization
    assert visitor.post_look_up(AN_INSURED).status_code == 401


async def test_a_token_ends_after_an_hour(tmp_path: Path) -> None:
    moments = [datetime(2026, 11, 21, tzinfo=UTC)]
    fill(tmp_path, load_world())
    journal = Journal(tmp_path / "journal.jsonl")
    twin = Twin(
        registry="insurance",
        url="http://insurance.test",
        engine=create_async_engine(f"sqlite+aiosqlite:///{tmp_path / REGISTRIES_FILE}"),
        faults=Faults(tmp_path / "faults.json"),
        journal=journal,
        now=lambda: moments[-1],
    )
    transport = httpx2.ASGITransport(JournalledApp(insurance.app(twin), twin.registry, journal))
    statuses = []
    async with httpx2.AsyncClient(transport=transport, base_url=twin.url) as client:
        token = (await client.post("/token", data=LOGIN)).json()["access_token"]
        for passed in (timedelta(seconds=3599), timedelta(seconds=3600)):
            moments.append(moments[0] + passed)
            headers = {"Authorization": f"Bearer {token}"}
            answer = await client.post("/bhxh/tra-cuu", headers=headers, json=AN_INSURED)
            statuses.append(answer.status_code)
    await twin.engine.dispose()

    assert [200, 401] == statuses
    assert ["issued", "found", "refused"] == [row.outcome for row in journal.rows()]


@pytest.mark.parametrize("number", [CARD, CODE, NUMBER], ids=["card", "code", "personal id"])
def test_one_card_is_found_by_each_of_its_three_numbers(visitor: Visitor, number: str) -> None:
    """C30."""
    answer = visitor.check(**AN | {"maThe": number})
    expected = {"maKetQua": "00", "maThe": CARD, "maSoBHXH": CODE, "soCCCD": NUMBER}
    assert expected == {name: answer[name] for name in expected}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (AN, "00"),
        (AN | {"hoTen": "nguyen van an", "ngaySinh": "1985", "gioiTinh": "1"}, "00"),
        (BINH, "01"),
        (AN | {"ngayBD": "01/12/2025", "ngayKT": "31/12/2025"}, "02"),
        (AN | {"ngayBD": "30/12/2026", "ngayKT": "02/01/2027"}, "03"),
        (AN | {"ngayBD": "30/12/2025", "ngayKT": "02/01/2026"}, "04"),
        (AN | {"maThe": "9700000199"}, "05"),
        (AN | {"maThe": ""}, "05"),
        (AN | {"hoTen": "NGUYỄN VĂN ÂN"}, "06"),
        (AN | {"hoTen": ""}, "06"),
        (AN | {"ngaySinh": "13/05/1985"}, "07"),
        (AN | {"ngaySinh": "1986"}, "07"),
        (AN | {"gioiTinh": "2"}, "08"),
        (AN | {"maCSKCB": "01998"}, "09"),
    ],
)
def test_the_check_says_what_is_wrong_by_a_code(
    visitor: Visitor, question: dict[str, str], code: str
) -> None:
    answer = visitor.check(**question)
    assert answer["maKetQua"] == code
    shown = code not in {"05", "06", "07", "08"}
    assert shown == (answer["maThe"] is not None)
    assert shown == ("gtTheDen" in answer)


def test_a_card_with_a_year_of_birth_agrees_with_the_year_only(visitor: Visitor) -> None:
    """C31."""
    assert visitor.check(**THO | {"ngaySinh": "01/01/1945"})["maKetQua"] == "07"
    answer = visitor.check(**THO)
    assert ("00", "1945") == (answer["maKetQua"], answer["ngaySinh"])


def test_an_older_code_leads_to_the_one_it_was_merged_into(visitor: Visitor) -> None:
    """C32."""
    person = {"hoTen": "ĐỖ HOÀI NAM", "ngaySinh": "30/09/1996"}
    answer = visitor.check(maThe="9700000922", **person)
    assert ("9700000122", ["9700000922"]) == (answer["maSoBHXH"], answer["maSoBHXHCu"])
    [by_old, by_new] = [visitor.look_up(maSoBhxh=it) for it in ("9700000922", "9700000122")]
    assert by_old == by_new
    assert ("9700000122", ["9700000922"]) == (
        by_old["data"]["maSoBhxh"],
        by_old["data"]["maSoBhxhCu"],
    )


def test_a_woman_is_2_on_her_card_and_0_in_social_insurance(visitor: Visitor) -> None:
    """C33."""
    number = {"cmnd": "097187000102", "hoTen": "TRẦN THỊ BÌNH", "ngaySinh": "19871003"}
    assert visitor.check(**BINH)["gioiTinh"] == "2"
    assert visitor.look_up(**number)["data"]["gioiTinh"] == "0"
    assert visitor.check(**AN)["gioiTinh"] == visitor.look_up(**AN_INSURED)["data"]["gioiTinh"]


def test_a_participant_is_told_in_an_envelope_with_the_salary(visitor: Visitor) -> None:
    answer = visitor.look_up(**AN_INSURED)
    data = answer.pop("data")
    assert answer == {"success": True, "message": "Thành công", "error": None, "type": None}
    expected = {
        "maSoBhxh": CODE,
        "ngaySinh": "19850512",
        "ngaySinhHienThi": "12/05/1985",
        "cmnd": NUMBER,
        "tenXaNkq": "Phường Trúc Bạch",
        "thangBatDau": "09/2008",
        "soThangDong": 218,
        "mucDong": 18000000,
    }
    assert expected == {name: data[name] for name in expected}


@pytest.mark.parametrize(
    "wrong",
    [
        {"hoTen": "NGUYỄN VĂN ÂN"},
        {"ngaySinh": "19850513"},
        {"ngaySinh": "1986"},
        {"cmnd": "390000101"},
        {"cmnd": "097085000102"},
    ],
)
def test_nothing_found_is_neither_success_nor_error(
    visitor: Visitor, wrong: dict[str, str]
) -> None:
    answer = visitor.look_up(**AN_INSURED | wrong)
    assert [False, None, None] == [answer[name] for name in ("success", "data", "error")]


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"maSoBhxh": "97000001"},
        {"cmnd": NUMBER},
        {"cmnd": NUMBER, "hoTen": "", "ngaySinh": "1985"},
        {"cmnd": NUMBER, "hoTen": "A", "ngaySinh": "12/05/1985"},
        {"cmnd": NUMBER[1:], "hoTen": "A", "ngaySinh": "1985"},
    ],
)
def test_a_question_without_a_proof_is_an_error_inside_of_status_200(
    visitor: Visitor, question: dict[str, str]
) -> None:
    answer = visitor.look_up(**question)
    assert [False, None, "INVALID_PARAMETER"] == [
        answer[name] for name in ("success", "data", "error")
    ]
    assert visitor.running.journal()[-1]["outcome"] == "not_understood"


@pytest.mark.parametrize("body", [[], "x", {"maThe": 9700000101}, None])
def test_a_check_that_is_no_object_of_texts_is_refused(visitor: Visitor, body: object) -> None:
    assert visitor.post_check(visitor.session, body).status_code == 400


def test_an_answer_can_be_about_somebody_else(visitor: Visitor) -> None:
    visitor.running.fault("insurance", "wrong_person")
    assert visitor.check(**AN)["maThe"] != CARD
    assert visitor.look_up(**AN_INSURED)["data"]["cmnd"] != NUMBER
    assert visitor.check(**AN | {"hoTen": "A"})["maKetQua"] == "06"


def test_an_answer_can_be_two_records_of_one_person(visitor: Visitor) -> None:
    visitor.running.fault("insurance", "duplicated")
    first, second = visitor.check(**AN)
    assert (CARD, CODE, CODE) == (first["maThe"], first["maSoBHXH"], second["maSoBHXH"])
    assert first["maThe"] != second["maThe"]
    one, two = visitor.look_up(**AN_INSURED)["data"]
    assert (NUMBER, NUMBER) == (one["cmnd"], two["cmnd"])
    assert one["maSoBhxh"] != two["maSoBhxh"]


def test_each_call_leaves_one_row_that_names_nobody(visitor: Visitor) -> None:
    visitor.check(**AN)
    visitor.look_up(**AN_INSURED | {"cmnd": "099099999999"})
    rows = visitor.running.journal()
    told = [(row["operation"], row["key"], row["request_id"], row["outcome"]) for row in rows]
    key = visitor.running.key
    assert told == [
        ("token", None, None, "issued"),
        ("the-bhyt/kiem-tra", key(CODE), "intent-1", "found"),
        ("bhxh/tra-cuu", key("099099999999"), "intent-1", "empty"),
    ]
    written = (visitor.running.directory / "journal.jsonl").read_text()
    for secret in (CODE, "099099999999", "NGUY", SECRET, visitor.session["token"]):
        assert secret not in written
