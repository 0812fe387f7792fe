"""Answers as tables: what an official reads, at the widths of real terminals."""

import io
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from gateway.cli.answers import Answer, FormField, Prefill, Procedure, Role, Verification, read
from gateway.cli.refused import refused
from gateway.cli.tables import Tables
from gateway.cli.words import Language

PROCEDURE = Procedure(
    code="1.004222",
    name="Đăng ký thường trú",
    name_en="Permanent-residence registration",
    roles=(
        Role(
            name="applicant",
            label="Người đăng ký",
            kind="person",
            required=True,
            many=False,
            may_be_declared=False,
        ),
    ),
    fields=(FormField(key="nguoiKhai.hoTen", label="Họ, chữ đệm và tên", role="applicant"),),
)

SOURCE = {"registry": "POPULATION", "recordDate": "2021-04-16", "fetchedAt": "2026-11-21T20:00:00Z"}
ASKED = {**SOURCE, "recordDate": None}
FIELD = {
    "key": "nguoiKhai.hoTen",
    "role": "applicant",
    "label": "Họ, chữ đệm và tên",
    "display": "Nguyễn Văn An",
    "state": "VALUE",
    "source": SOURCE,
}
MISSING = {
    **FIELD,
    "key": "thanhVien.theBHYTDenNgay[]",
    "label": "Thẻ BHYT của thành viên có giá trị đến",
    "display": None,
    "state": "NOT_FOUND_OR_MISMATCH",
    "source": {**ASKED, "registry": "INSURANCE", "stale": True},
}
OFFICE = {"authority": "Công an xã", "procedure": "1.004194", "where": "Cổng dịch vụ công"}
COMPONENT = {
    "id": "giay-to-cho-o",
    "name": "Giấy tờ chứng minh chỗ ở hợp pháp",
    "outcome": "ASK_REGISTRY_CORRECTION",
    "say": "Đề nghị ông/bà liên hệ nơi chỉnh lý.",
    "because": [{"code": "DATA_CONTRADICTS", "text": "Các cơ sở dữ liệu ghi khác nhau."}],
    "legalGround": "Nghị định 224/2026/NĐ-CP",
    "retryAfter": 30,
    "correctAt": OFFICE,
}
NOTICE = {
    "code": "WARD_DIVIDED",
    "severity": "WARNING",
    "role": "applicant",
    "text": "Xã, phường cũ đã chia.",
    "suggests": "1.004194",
    "candidates": [{"wardCode": "00622", "display": "Phường Xuân Phương"}, "00634"],
}
CONFLICT = {
    "fact": "fullName",
    "role": "applicant",
    "code": "DATA_CONTRADICTS",
    "left": {"display": "Nguyễn Văn An", "source": SOURCE},
    "right": {"display": None, "source": {**SOURCE, "registry": "LAND"}},
    "correctAt": OFFICE,
}
SOURCES = [
    {"registry": "POPULATION", "state": "VALUE", "retryAfter": None},
    {"registry": "LAND", "state": "SOURCE_DOWN", "retryAfter": 5},
]
FILLED = {
    "outcome": "NEEDS_ACTION",
    "fields": [FIELD, MISSING],
    "components": [COMPONENT],
    "notices": [NOTICE],
    "conflicts": [CONFLICT],
    "sources": SOURCES,
}
VERDICT = {
    "role": "applicant",
    "key": "nguoiKhai.hoTen",
    "verdict": "UNACCENTED_ONLY",
    "normalisation": ["case", "marks-ignored", "brand-new-rule"],
    "state": "VALUE",
    "source": SOURCE,
    "attemptsLeft": 4,
    "lockedUntil": None,
}
VERIFIED = {**FILLED, "outcome": "PARTLY", "verdicts": [VERDICT]}


def prefill(**changes: object) -> Prefill:
    return msgspec.convert({**FILLED, **changes}, Prefill)


def verification(**changes: object) -> Verification:
    return msgspec.convert({**VERIFIED, **changes}, Verification)


def printed(laid_out: RenderableType, width: int) -> list[str]:
    """Print, and give the lines without the blanks at their ends."""
    file = io.StringIO()
    Console(file=file, width=width, markup=False, highlight=False, emoji=False).print(laid_out)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def tables(width: int, language: Language = Language.VI) -> Tables:
    return Tables(PROCEDURE, language, width)


PREFILL_AT_80 = """\
Điền sẵn: 1.004222 Đăng ký thường trú

Trường          Giá trị        Trạng thái             Nguồn          Ngày
{line}
Người đăng ký:
Họ, chữ đệm và  Nguyễn Văn An  Có giá trị VALUE       Dân cư         16/04/2021
tên
Thẻ BHYT của                   Không tìm thấy hoặc    Bảo hiểm (dữ   22/11/2026*
thành viên có                  không khớp             liệu cũ)
giá trị đến                    NOT_FOUND_OR_MISMATCH
* Ngày khai thác; cơ sở dữ liệu không nêu ngày ghi nhận.

Thành phần                  Cách xử lý                 Nói với người dân
{line}
Giấy tờ chứng minh chỗ ở    Đề nghị chỉnh lý dữ liệu   Đề nghị ông/bà liên hệ
hợp pháp                    ASK_REGISTRY_CORRECTION    nơi chỉnh lý.
                            DATA_CONTRADICTS           Căn cứ: Nghị định
                                                       224/2026/NĐ-CP
                                                       Nơi chỉnh lý: Công an xã,
                                                       1.004194, Cổng dịch vụ
                                                       công
                                                       Thử lại sau 30 giây

• Cảnh báo WARNING: Xã, phường cũ đã chia. [Người đăng ký] Nên dùng thủ tục
1.004194. WARD_DIVIDED
  Xin chọn:
  - 00622, Phường Xuân Phương
  - 00634
• Mâu thuẫn fullName [Người đăng ký]: Dân cư: Nguyễn Văn An; Đất đai: không hiển
thị. Nơi chỉnh lý: Công an xã, 1.004194, Cổng dịch vụ công. DATA_CONTRADICTS

Nguồn dữ liệu: Dân cư đã trả lời VALUE; Đất đai không phản hồi SOURCE_DOWN (thử
lại sau 5 giây)
Kết quả: Cần bổ sung hoặc xác nhận NEEDS_ACTION
"""

VERIFY_AT_100 = """\
Đối chiếu: 1.004222 Đăng ký thường trú

Trường              Kết luận                    Chuẩn hoá                   Trạng thái        Nguồn
{line}
Họ, chữ đệm và tên  Khớp khi bỏ dấu             chữ hoa, chữ thường, bỏ     Có giá trị VALUE  Dân cư
nguoiKhai.hoTen     UNACCENTED_ONLY             dấu, brand-new-rule
                    Số lần còn lại: 4
"""


def test_a_prefill_at_eighty_columns() -> None:
    expected = PREFILL_AT_80.replace("{line}", "─" * 80).splitlines()
    assert expected == printed(tables(80).prefill(prefill()), 80)


def test_a_verification_says_what_was_done_to_the_claim_and_nothing_of_the_record() -> None:
    lines = printed(tables(100).verification(verification()), 100)
    expected = VERIFY_AT_100.replace("{line}", "─" * 100).splitlines()
    assert expected == lines[: lines.index("", 2)]
    assert "Nguyễn Văn An" not in "".join(lines)


def test_a_locked_claim_says_until_when() -> None:
    locked = {**VERDICT, "verdict": "LOCKED", "lockedUntil": "2026-11-21T20:10:00Z"}
    told = "\n".join(printed(tables(120).verification(verification(verdicts=[locked])), 120))
    assert "Đã khóa LOCKED" in told
    assert "Khóa đến 2026-11-21T20:10:00Z" in told


def test_a_dry_run_says_whom_it_would_ask() -> None:
    lines = printed(tables(80).prefill(prefill(components=[], notices=[]), dry_run=True), 80)
    assert lines[-2:] == [
        "Sẽ hỏi: Dân cư; Đất đai",
        "Chạy thử: chưa hỏi cơ sở dữ liệu nào; quyền khai thác đủ cho các trường trên.",
    ]


def test_english_is_for_developers() -> None:
    lines = printed(tables(80, Language.EN).prefill(prefill()), 80)
    assert lines[0] == "Prefill: 1.004222 Permanent-residence registration"
    assert lines[-1] == "Result: Something has to be done NEEDS_ACTION"


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(width: int) -> None:
    for laid_out in (tables(width).prefill(prefill()), tables(width).verification(verification())):
        lines = printed(laid_out, width)
        assert max(cell_len(line) for line in lines) <= width
        assert {"ASK_REGISTRY_CORRECTION", "DATA_CONTRADICTS"} <= set(" ".join(lines).split())


def test_a_value_is_shown_as_text_whatever_signs_it_carries() -> None:
    """Neither brackets of our own mark-up nor a registry's control signs reach the terminal."""
    evil = {**FIELD, "display": "[bold]A & B <x>\x1b[31m\u202e\n:smile:"}
    told = "\n".join(printed(tables(120).prefill(prefill(fields=[evil])), 120))
    assert "[bold]A & B <x>\ufffd[31m\ufffd :smile:" in told


def test_words_narrower_than_their_letters_are_cut_and_nothing_is_lost() -> None:
    lines = printed(tables(20).prefill(prefill()), 20)
    assert max(cell_len(line) for line in lines) <= 20


def answer(errors: list[Mapping[str, Any]]) -> Answer:
    found = read(msgspec.json.encode({"errors": errors}), Answer)
    assert found is not None
    return found


def test_a_refusal_is_said_with_its_code_its_page_and_the_way_out() -> None:
    known = {"code": "SOURCE_DOWN", "retryAfter": 30, "requestId": "0123abcd", "rule": "x"}
    found = refused(answer([{"message": "Chưa được.", "extensions": known}]), Language.VI)
    assert found.status == 1
    assert found.sentence == (
        "Bị từ chối: Chưa được. (SOURCE_DOWN)\n"
        "  Thử lại sau 30 giây.\n"
        "  Giải thích và cách xử lý: docs/errors/source-down.md\n"
        "  Mã yêu cầu: 0123abcd"
    )


def test_an_answer_in_another_form_is_not_read() -> None:
    assert read(b'{"errors": 1}', Answer) is None
    assert read(b"<html>", Answer) is None
    assert read(b"\xff", Answer) is None


def test_what_was_read_does_not_print_itself() -> None:
    assert repr(prefill()) == "Prefill(…)"
    assert str(prefill().fields) == "(Field(…), Field(…))"
