"""A citizen sees who has looked: in words, about the own person, auditors included."""

from typing import Any

import pytest

from tests.journeys.documents import HOUSEHOLD, PERSON, PREFILL, VERIFY, officer, purpose
from tests.journeys.house import House
from tests.journeys.reading import CASE, OWN, SEARCH, citizen, own, until
from tests.journeys.test_log import entries

AN = "097085000101"


def line_of(house: House, request_id: str, *, persona: str = "citizen-an") -> dict[str, Any]:
    """Wait for the line of one request in the citizen's own list."""
    # For a moment the tree may hold intents, and not yet the outcome that closes them.
    said = entries(house, request_id)
    ids = [entry["entry_id"] for entry in said if entry["kind"] != "INTENT"]
    found = until(
        lambda: [ln for ln in own(house, persona=persona, first=100) if ln["entryId"] in ids]
    )
    return dict(found[0])


def test_a_line_is_in_words(house: House) -> None:
    answer = house.post(
        PREFILL,
        {"purpose": purpose(), "subjects": [house.subject("applicant", "an")]},
        persona="officer-lan",
    )
    line = line_of(house, answer.headers["x-request-id"])
    assert ("H26.12", "Đăng ký thường trú") == (line["unit"], line["procedure"]["name"])
    assert "Bộ phận một cửa phường Ba Đình (hư cấu)" == line["unitName"]
    assert "Cơ sở dữ liệu quốc gia về dân cư" in line["registries"]
    assert {"Họ, chữ đệm và tên"} <= set(line["fields"])
    assert not [field for field in line["fields"] if "/" in field]
    assert ("Mở tờ khai", "Cán bộ, công chức, viên chức", "Đã trả lời", None) == (
        line["step"], line["who"], line["outcome"], line["officerName"],
    )  # fmt: skip


def test_a_proof_that_did_not_hold_is_not_told_as_an_answer(house: House) -> None:
    """The portal names An by number, and with another's birth date: nothing of An's leaves."""
    subject = house.subject("applicant", "an")
    subject["is"]["person"]["birthDate"] = "1990-01-01"
    given = purpose(actor=officer())
    answer = house.post(PREFILL, {"purpose": given, "subjects": [subject]})
    told = answer.json()["data"]["dossier"]["prefill"]
    assert {} == told["formData"]
    assert "NOT_FOUND_OR_MISMATCH" in {field["state"] for field in told["fields"]}
    line = line_of(house, answer.headers["x-request-id"])
    assert [] == line["fields"]
    assert (
        "Không tìm thấy hoặc thông tin không khớp, không có dữ liệu nào được cung cấp"
        == (line["outcome"])
    )


def test_a_silent_source_is_not_told_as_an_answer(house: House) -> None:
    house.fault("population", "down")
    answer = house.post(
        PREFILL, {"purpose": purpose(), "subjects": [house.subject("applicant", "an")]}
    )
    assert {} == answer.json()["data"]["dossier"]["prefill"]["formData"]
    line = line_of(house, answer.headers["x-request-id"])
    assert ("Nguồn dữ liệu không trả lời được, không có dữ liệu nào được cung cấp", []) == (
        line["outcome"], line["fields"],
    )  # fmt: skip


def test_a_comparison_is_told_as_one(house: House) -> None:
    claim = {"role": "applicant", "key": "nguoiKhai.hoTen", "value": "Nguyễn Văn An"}
    answer = house.post(
        VERIFY,
        {
            "purpose": purpose(),
            "subjects": [house.subject("applicant", "an")],
            "claims": [claim],
        },
    )
    assert "errors" not in answer.json(), answer.text
    line = line_of(house, answer.headers["x-request-id"])
    assert "Chỉ đối chiếu, không cung cấp giá trị" == line["outcome"]
    assert "Họ, chữ đệm và tên" in line["fields"]


def test_a_comparison_that_could_not_be_made_is_not_told_as_one(house: House) -> None:
    claim = {"role": "applicant", "key": "nguoiKhai.hoTen", "value": "Hoàng Văn Thảo"}
    subject = house.subject("applicant", "thao")
    subject["is"]["person"]["birthDate"] = "1991-01-01"
    given = {"purpose": purpose(actor=officer()), "subjects": [subject], "claims": [claim]}
    answer = house.post(VERIFY, given)
    line = line_of(house, answer.headers["x-request-id"], persona=citizen(house, "thao"))
    assert "Không kết luận được, không cung cấp giá trị" == line["outcome"]
    assert ["Họ, chữ đệm và tên"] == line["fields"]


def test_a_comparison_with_a_silent_source_is_told_as_the_silence(house: House) -> None:
    house.fault("population", "down")
    claim = {"role": "applicant", "key": "nguoiKhai.hoTen", "value": "Nguyễn Văn An"}
    subjects = [house.subject("applicant", "an")]
    answer = house.post(VERIFY, {"purpose": purpose(), "subjects": subjects, "claims": [claim]})
    line = line_of(house, answer.headers["x-request-id"])
    assert ("Nguồn dữ liệu không trả lời được, không có dữ liệu nào được cung cấp", []) == (
        line["outcome"], line["fields"],
    )  # fmt: skip


def test_what_was_given_out_is_told_beside_anothers_proof_that_did_not_hold(house: House) -> None:
    """Mai and Nam stand in one role: that of Nam there was nothing outweighs what Mai has not."""
    text = """query Q($purpose: Purpose!, $a: PersonKey!, $b: PersonKey!) {
      dossier(purpose: $purpose) {
        b: person(role: "owner", key: $b) { businesses { name } }
        a: person(role: "owner", key: $a) { businesses { name } } } }"""
    wrong = {**house.key("nam"), "birthDate": "1990-01-01"}
    given = {"purpose": purpose("1.001612"), "a": house.key("mai"), "b": wrong}
    answer = house.post(text, given)
    assert {"b": None, "a": {"businesses": []}} == answer.json()["data"]["dossier"]
    line = line_of(house, answer.headers["x-request-id"], persona=citizen(house, "mai"))
    assert ["Doanh nghiệp và hộ kinh doanh › Tên"] == line["fields"]


def test_a_field_without_a_place_on_a_form_is_called_by_its_terms(house: House) -> None:
    text = "{ me { person { permanentResidence { today { display } } } } }"
    answer = house.post(text, {}, persona=citizen(house, "an"))
    line = line_of(house, answer.headers["x-request-id"])
    assert ["Nơi thường trú › Địa chỉ hiện nay › Địa chỉ đầy đủ"] == line["fields"]
    assert "Chính bạn" == line["who"]


def test_a_member_of_a_household_is_told_what_was_shown_and_not_of_whom(house: House) -> None:
    """Bình, An's wife, was shown by the answer about An's household; she was not asked about."""
    answer = house.post(HOUSEHOLD, {"purpose": purpose(), "applicant": house.key("an")})
    line = line_of(house, answer.headers["x-request-id"], persona=citizen(house, "binh"))
    assert "Họ, chữ đệm và tên" in line["fields"]
    assert not [field for field in line["fields"] if "ộ gia đình" in field or "ành viên" in field]
    assert "Hệ thống, không nêu người thao tác" == line["who"]
    assert AN not in str(line)
    assert "Nguyễn Văn An" not in str(line)


def test_another_citizen_at_the_keyboard_is_not_named(house: House) -> None:
    """An asks about his own household; Bình sees that a citizen did, and not which one."""
    text = "{ me { person { household { members { fullName } } } } }"
    answer = house.post(text, {}, persona=citizen(house, "an"))
    line = line_of(house, answer.headers["x-request-id"], persona=citizen(house, "binh"))
    assert ("Một công dân khác", ["Họ, chữ đệm và tên"]) == (line["who"], line["fields"])


def test_the_citizen_sees_the_auditor_without_the_case(house: House) -> None:
    answer = house.post(
        SEARCH, {"filter": {"subject": {"personalId": AN}}, "case": CASE}, persona="auditor"
    )
    line = line_of(house, answer.headers["x-request-id"])
    assert ("Người được giao xem nhật ký", "Nhật ký được xem", ["Nhật ký truy cập"], []) == (
        line["who"], line["outcome"], line["registries"], line["fields"],
    )  # fmt: skip
    assert CASE["number"] not in str(line)


def test_the_own_look_is_a_line_and_asks_no_registry(house: House) -> None:
    answer = house.post(OWN, {}, persona="citizen-an")
    assert [] == house.journal()
    assert answer.json()["extensions"]["receipt"]
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("AUDIT_READ", "OWN") == (entry["kind"], entry["action"])
    assert "case_ground" not in entry
    assert "Chính bạn" == line_of(house, answer.headers["x-request-id"])["who"]


def test_the_own_record_and_the_own_list_in_one_question_are_two_entries(house: House) -> None:
    text = "{ me { person { fullName } accessLog(first: 1) { edges { node { outcome } } } } }"
    answer = house.post(text, {}, persona=citizen(house, "an"))
    assert "errors" not in answer.json(), answer.text
    assert "Nguyễn Văn An" == answer.json()["data"]["me"]["person"]["fullName"]
    kinds = [entry["kind"] for entry in entries(house, answer.headers["x-request-id"])]
    assert ["INTENT", "OUTCOME", "AUDIT_READ"] == kinds


def test_nobody_elses_lines_are_there(house: House) -> None:
    answer = house.post(PERSON, {"purpose": purpose(), "applicant": house.key("nam")})
    after = house.post(PERSON, {"purpose": purpose(), "applicant": house.key("an")})
    line_of(house, after.headers["x-request-id"])
    others = {entry["entry_id"] for entry in entries(house, answer.headers["x-request-id"])}
    assert set() == others & {line["entryId"] for line in own(house, first=100)}


def test_the_list_comes_in_pages_and_by_time(house: House) -> None:
    for _ in range(3):
        answer = house.post(PERSON, {"purpose": purpose(), "applicant": house.key("an")})
    line_of(house, answer.headers["x-request-id"])
    first = house.ask(OWN, {"first": 2}, persona="citizen-an")["data"]["me"]["accessLog"]
    assert first["pageInfo"]["hasNextPage"]
    after = first["pageInfo"]["endCursor"]
    second = house.ask(OWN, {"first": 2, "after": after}, persona="citizen-an")
    ids = [
        edge["node"]["entryId"]
        for page in (first, second["data"]["me"]["accessLog"])
        for edge in page["edges"]
    ]
    assert 4 == len(set(ids))
    assert [] == own(house, until="2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("persona", "rule"),
    [
        ("portal-hanoi", "self-access-needs-a-citizen"),
        ("officer-lan", "self-access-needs-a-citizen"),
        ("auditor", "scope-missing"),
    ],
)
def test_the_own_list_is_a_citizens(house: House, persona: str, rule: str) -> None:
    answer = house.post(OWN, {}, persona=persona)
    (error,) = answer.json()["errors"]
    assert rule == error["extensions"]["rule"]
    assert "data" not in answer.json()
    (entry,) = entries(house, answer.headers["x-request-id"])
    assert ("DENIED", rule) == (entry["kind"], entry["rule"])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{ me { accessLog(first: 0) { pageInfo { hasNextPage } } } }", "page-size"),
        ("{ me { accessLog(first: 101) { pageInfo { hasNextPage } } } }", "page-size"),
        ('{ me { accessLog(after: "x") { pageInfo { hasNextPage } } } }', "cursor-unknown"),
        (
            "{ me { a: accessLog { edges { cursor } } b: accessLog { edges { cursor } } } }",
            "log-read-alone",
        ),
    ],
)
def test_the_own_list_that_is_asked_wrongly_is_refused(house: House, text: str, rule: str) -> None:
    (error,) = house.ask(text, {}, persona="citizen-an")["errors"]
    assert ("BAD_INPUT", rule) == (error["extensions"]["code"], error["extensions"]["rule"])
