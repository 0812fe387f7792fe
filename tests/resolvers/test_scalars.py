"""A scalar says what is wrong with a value and what would be right, and never the value."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from graphql import parse_value as parse_literal
from hypothesis import given
from hypothesis import strategies as st

from adapters.dates import PartialDate
from resolvers.scalars import (
    SHAPES,
    AgencyCode,
    BadInput,
    CountryCode,
    DossierCode,
    DraftId,
    EnterpriseCode,
    HealthCardNumber,
    LoggedProcedureCode,
    Month,
    OldIdNumber,
    PersonalId,
    ProcedureCode,
    RoleName,
    SocialInsuranceNumber,
    WardCode,
)
from resolvers.shapes import Shape

GOOD: dict[object, dict[str, object]] = {
    PersonalId: {"097203000001": "097203000001"},
    OldIdNumber: {"012345678": "012345678"},
    PartialDate: {
        "1985-05-12": PartialDate(1985, 5, 12),
        "1985-05": PartialDate(1985, 5),
        "1985": PartialDate(1985),
    },
    EnterpriseCode: {
        "9900000016": "9900000016",
        "9900000016-001": "9900000016-001",
        "9900000016001": "9900000016-001",
        "097203000001": "097203000001",
    },
    SocialInsuranceNumber: {"9900000001": "9900000001"},
    HealthCardNumber: {"DN4019900000001": "DN4019900000001", "9900000001": "9900000001"},
    ProcedureCode: {"1.004222": "1.004222", "1.012796.H36": "1.012796.H36"},
    LoggedProcedureCode: {"1.012796.H36": "1.012796.H36", "self-access": "self-access"},
    DossierCode: {"H26.12-250702-0001": "H26.12-250702-0001"},
    DraftId: {"draft_0123456789-Z": "draft_0123456789-Z"},
    AgencyCode: {"H26.12": "H26.12", "000.00.00.H36": "000.00.00.H36"},
    RoleName: {"applicant": "applicant", "owner2": "owner2"},
    WardCode: {"00004": "00004"},
    CountryCode: {"VN": "VN"},
    Month: {"2026-11": "2026-11"},
    Decimal: {"120.50": Decimal("120.50"), "-3": Decimal(-3)},
    date: {"2026-02-28": date(2026, 2, 28)},
    datetime: {
        "2026-11-20T08:30:00+07:00": datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
        "2026-11-20T01:30:00Z": datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
    },
}
SHOWN: dict[object, tuple[object, str]] = {
    PartialDate: (PartialDate(1985, 5), "1985-05"),
    Decimal: (Decimal("1E+3"), "1000"),
    date: (date(2026, 2, 28), "2026-02-28"),
    datetime: (datetime(2026, 11, 20, 1, 30, tzinfo=UTC), "2026-11-20T01:30:00Z"),
}
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES.values(), ids=lambda shape: shape.name)
PERSONAL = st.sampled_from(
    [SHAPES[kind] for kind in (PersonalId, OldIdNumber, PartialDate, EnterpriseCode)]
)

KINDS = ("0123456789", "٠١٢٣０１２", "ABN", "abn", "Đđễ", " \t", "-/.'\"{}")
"""Characters that a refusal tells apart, and no further."""
SHORT = 4
"""A shorter text may stand in a sentence by chance, as a count of digits does."""


def refused(act: Callable[[], object]) -> BadInput:
    """Give the refusal that *act* must end in."""
    with pytest.raises(BadInput) as raised:
        act()
    return raised.value


@pytest.mark.parametrize("kind", GOOD, ids=lambda kind: SHAPES[kind].name)
def test_a_value_of_the_right_shape_is_read(kind: object) -> None:
    shape = SHAPES[kind]

    assert {text: shape.parse_value(text) for text in GOOD[kind]} == GOOD[kind]


def test_every_scalar_has_a_good_example_here() -> None:
    assert set(SHAPES) == set(GOOD)


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: SHAPES[kind].name)
def test_a_value_is_answered_as_text(kind: object) -> None:
    value, text = SHOWN[kind]

    assert text == SHAPES[kind].show(value)


def test_a_moment_is_answered_in_utc_wherever_it_was_taken() -> None:
    hanoi = datetime.fromisoformat("2026-11-20T08:30:00+07:00")

    assert SHAPES[datetime].show(hanoi) == "2026-11-20T01:30:00Z"


@EVERY_SHAPE
def test_a_record_with_a_value_of_another_type_is_not_shown(shape: Shape) -> None:
    with pytest.raises(TypeError) as raised:
        shape.show(["097203000001"])

    assert "097203000001" not in str(raised.value)


def test_a_naive_moment_is_not_shown() -> None:
    with pytest.raises(TypeError, match="an aware datetime was expected"):
        SHAPES[datetime].show(datetime(2026, 11, 20, 1, 30))  # noqa: DTZ001 - the mistake itself


def test_the_sentences_say_what_is_wrong_and_what_would_be_right() -> None:
    bad = refused(lambda: SHAPES[PersonalId].parse_value("09720300001"))

    assert bad.scalar == "PersonalId"
    assert bad.rule == "length"
    assert bad.sentence_vi == (
        "Số định danh cá nhân gồm đúng 12 chữ số; giá trị gửi lên có 11 chữ số."
    )
    assert bad.sentence_en == "PersonalId is exactly 12 digits; the value sent has 11 digits."
    assert bad.message == bad.sentence_en
    assert bad.extensions == {"code": "BAD_INPUT", "scalar": "PersonalId", "rule": "length"}


RULES = [
    (PersonalId, "", "length", "giá trị gửi lên để trống."),
    (PersonalId, "09720300000A", "digits", "có 12 ký tự, gồm chữ số, chữ in hoa."),
    (PersonalId, "٠٩٧٢٠٣٠٠٠٠٠١", "ascii-digits", "có 12 ký tự, gồm chữ số ngoài 0 đến 9."),
    (PersonalId, " 97203000001", "digits", "có 12 ký tự, gồm chữ số, khoảng trắng."),
    (OldIdNumber, "0123456789", "length", "có 10 chữ số."),
    (PartialDate, "1985-02-30", "no-such-day", "không có trong lịch."),
    (PartialDate, "1985-13", "no-such-day", "không có trong lịch."),
    (PartialDate, "1785-01-01", "year", "năm phải từ 1850 đến 2100."),
    (PartialDate, "1985-00-00", "no-such-day", "không có trong lịch."),
    (PartialDate, "12/05/1985", "shape", "gồm chữ số, dấu câu hoặc ký hiệu."),
    (PartialDate, "1985-5-1", "shape", "gồm chữ số, dấu câu hoặc ký hiệu."),
    (EnterpriseCode, "9900000017", "check-digit", "có thể đã gõ nhầm."),
    (EnterpriseCode, "9900000016-000", "branch", "không phải là chi nhánh."),
    (DossierCode, " H26", "spaces", "có khoảng trắng ở đầu hoặc cuối."),
    (DossierCode, "H26\u202e1", "printable", "có ký tự không in được."),
    (DraftId, "short", "length", "có 5 ký tự, gồm chữ thường."),
    (CountryCode, "vn", "shape", "có 2 ký tự, gồm chữ thường."),
    (RoleName, "người", "shape", "gồm chữ thường, chữ có dấu hoặc của bảng chữ khác."),
    (date, "2026-02-29", "no-such-day", "không có trong lịch."),
    (date, "20260228", "shape", "có 8 chữ số."),
    (datetime, "2026-11-20T08:30:00", "offset", "+07:00; giá trị gửi lên thiếu múi giờ."),
    (datetime, "2026-11-20", "shape", "có 10 ký tự, gồm chữ số, dấu câu hoặc ký hiệu."),
    (LoggedProcedureCode, "self", "shape", "có 4 ký tự, gồm chữ thường."),
    (datetime, "2026-11-20T25:00Z", "no-such-day", "không có trong lịch."),
    (datetime, "0001-01-01T00:00:00+14:00", "no-such-day", "không có trong lịch."),
    (Decimal, "1e9", "shape", "có 3 ký tự, gồm chữ số, chữ thường."),
    (Decimal, "NaN", "shape", "có 3 ký tự, gồm chữ in hoa, chữ thường."),
]


@pytest.mark.parametrize(("kind", "text", "rule", "ending"), RULES, ids=range(len(RULES)))
def test_each_rule_has_its_word_and_its_sentence(
    kind: object, text: str, rule: str, ending: str
) -> None:
    bad = refused(lambda: SHAPES[kind].parse_value(text))

    assert bad.rule == rule
    assert bad.sentence_vi.endswith(ending)


NOT_TEXT = [97203000001, 1985.5, True, None, ["097203000001"], {"a": 1}]


@EVERY_SHAPE
@pytest.mark.parametrize("value", NOT_TEXT, ids=lambda value: type(value).__name__)
def test_only_text_is_accepted(shape: Shape, value: object) -> None:
    bad = refused(lambda: shape.parse_value(value))

    assert (bad.scalar, bad.rule) == (shape.name, "not-text")


def test_a_number_is_refused_because_of_its_leading_zeros() -> None:
    bad = refused(lambda: SHAPES[PersonalId].parse_value(97203000001))

    assert bad.sentence_vi.endswith("phải gửi dưới dạng chuỗi, vì dạng số làm mất chữ số 0 ở đầu.")
    assert bad.sentence_en.endswith("send text, since a number loses leading zeros.")


LITERALS = ["97203000001", "1985.5", "true", "NGUYEN", '["097203000001"]', '{a: "097203000001"}']


@EVERY_SHAPE
@pytest.mark.parametrize("literal", LITERALS, ids=range(len(LITERALS)))
def test_a_literal_that_is_no_string_is_refused_without_repeating_it(
    shape: Shape, literal: str
) -> None:
    bad = refused(lambda: shape.parse_literal(parse_literal(literal)))

    assert (bad.scalar, bad.rule) == (shape.name, "not-text")
    assert literal not in said(bad)


def test_a_string_literal_is_read_and_refused_like_a_variable() -> None:
    shape = SHAPES[PersonalId]

    assert shape.parse_literal(parse_literal('"097203000001"')) == "097203000001"
    assert refused(lambda: shape.parse_literal(parse_literal('"0972"'))).rule == "length"


def said(bad: BadInput) -> str:
    """Give everything that a refusal says, and what a log or a traceback would show of it."""
    return "\n".join(
        (
            bad.sentence_vi,
            bad.sentence_en,
            str(bad),
            repr(bad),
            repr(bad.args),
            repr(bad.extensions),
        )
    )


def refusal_of(shape: Shape, text: str) -> BadInput | None:
    """Give the refusal of *text*, if it is refused."""
    try:
        shape.parse_value(text)
    except BadInput as bad:
        return bad
    return None


@given(PERSONAL, st.text(alphabet="".join(KINDS), max_size=24))
def test_a_refusal_names_scalar_and_rule_and_never_holds_the_value(shape: Shape, text: str) -> None:
    bad = refusal_of(shape, text)

    assert bad is None or bad.scalar == shape.name
    assert bad is None or bad.rule
    assert bad is None or len(text) < SHORT or text not in said(bad)
    assert bad is None or (bad.__cause__, bad.__context__) == (None, None)


@given(PERSONAL, st.lists(st.sampled_from(KINDS), max_size=24), st.data())
def test_values_of_one_length_and_kinds_get_one_refusal(
    shape: Shape, pattern: list[str], data: st.DataObject
) -> None:
    """A refusal is made of the rule, the length and the kinds: it cannot hold anything else."""
    texts = ["".join(data.draw(st.sampled_from(kind)) for kind in pattern) for _ in "ab"]
    first, second = (refusal_of(shape, text) for text in texts)

    if first is not None and second is not None and first.rule == second.rule:
        assert said(first) == said(second)


@given(PERSONAL, st.text(alphabet="".join(KINDS[1:]), max_size=24))
def test_without_a_digit_nothing_personal_is_read(shape: Shape, text: str) -> None:
    assert refusal_of(shape, text) is not None


@given(st.integers(1850, 2100), st.integers(0, 99), st.integers(0, 99))
def test_a_date_is_read_exactly_when_the_calendar_has_it(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        date(year, month, day)
    except ValueError:
        assert refused(lambda: SHAPES[PartialDate].parse_value(text)).rule == "no-such-day"
    else:
        assert SHAPES[PartialDate].parse_value(text) == PartialDate(year, month, day)


@given(st.from_regex(r"\A\d{12}\Z").filter(lambda text: not text.isascii()))
def test_digits_of_other_scripts_are_no_personal_id(text: str) -> None:
    assert refused(lambda: SHAPES[PersonalId].parse_value(text)).rule == "ascii-digits"
