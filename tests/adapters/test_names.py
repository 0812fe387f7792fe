"""Names: what is one name in two spellings, and what is another person."""

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.grades import Grade
from adapters.names import (
    bare,
    canonical,
    check_name,
    compare,
    compare_company,
    display,
    has_marks,
    search_form,
)

_VECTORS = json.loads(
    (Path(__file__).parent / "data" / "name_vectors.json").read_text(encoding="utf-8")
)
_SYLLABLES = re.split(
    " ",
    "Nguyễn Thị Hoà Hòa Thuý Thúy Uỷ Khoẻ Quý Quyền Đặng Đức Văn Hùng Hưng Lan Lân Lý Lí Mỹ Niê "
    "H'Hen K'Tèo Y Moan Êñuôl An Trần Lê Toàn Huỳnh Ma Sơn Giáp",
)
names_of_people = st.lists(st.sampled_from(_SYLLABLES), min_size=1, max_size=5).map(" ".join)
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def _cases(arguments: tuple[str, ...], rows: Sequence[object]) -> pytest.MarkDecorator:
    """Give the cases numbers, so that no value becomes part of a test's name."""
    return pytest.mark.parametrize(arguments, rows, ids=range(len(rows)))


def _spelled(vector: str) -> str:
    """Read a vector without the remark in brackets, as the file annotates some."""
    return re.sub(r" \([^)]*\)$", "", vector)


def _pairs(kind: str) -> list[tuple[str, str]]:
    return [
        (_spelled(one), _spelled(other))
        for one, other in _VECTORS[kind]
        if not one.startswith("NFD form")
    ]


@_cases(("claimed", "registered"), _pairs("must_match"))
def test_every_matching_vector_is_exact_or_equivalent(claimed: str, registered: str) -> None:
    look_alike = any(letter in claimed for letter in "ÐƉ’")
    expected = Grade.EQUIVALENT if look_alike else Grade.EXACT
    assert expected == compare(claimed, registered).grade


def test_the_vector_of_two_unicode_forms_is_exact() -> None:
    decomposed = unicodedata.normalize("NFD", "Nguyễn Thị Hòa")
    assert 18 == len(decomposed)
    found = compare(decomposed, "Nguyễn Thị Hòa")
    assert (Grade.EXACT, ("unicode-nfc",)) == (found.grade, found.normalisations)


@_cases(
    ("pair", "expected"),
    list(
        zip(
            _pairs("must_not_match_but_weak_match"),
            [Grade.DIFFERENT, Grade.DIFFERENT, Grade.PARTIAL, Grade.UNACCENTED_ONLY],
            strict=True,
        )
    ),
)
def test_every_weak_vector_has_its_own_grade(pair: tuple[str, str], expected: Grade) -> None:
    assert expected == compare(*pair).grade


@_cases(
    ("claimed", "registered", "grade", "words"),
    [
        ("An", "An", Grade.EXACT, ()),
        ("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA", Grade.EXACT, ("case", "tone-placement")),
        ("HOÀ", "HÒA", Grade.EXACT, ("tone-placement",)),
        ("  Văn   A ", "Văn A", Grade.EXACT, ("spaces",)),
        ("\u0110\u1eb7ng", "\u00d0\u1eb7ng", Grade.EQUIVALENT, ("eth",)),
        ("\u0189\u1eb7ng", "\u0111\u1eb7ng", Grade.EQUIVALENT, ("case", "eth")),
        ("H\u02bcHen", "H'Hen", Grade.EQUIVALENT, ("apostrophe",)),
        ("Nguye\u0303\u0302n", "Nguyễn", Grade.EXACT, ("unicode-nfc",)),
        ("NGUYEN VAN HUNG", "NGUYỄN VĂN HÙNG", Grade.UNACCENTED_ONLY, ("marks-ignored",)),
        ("Dang Van Duc", "Đặng Văn Đức", Grade.UNACCENTED_ONLY, ("marks-ignored",)),
        ("Đang Van Duc", "Đặng Văn Đức", Grade.DIFFERENT, ()),
        ("Nguyễn Van Hung", "Nguyễn Văn Hùng", Grade.DIFFERENT, ()),
        ("Lê Quí", "LÊ QUÝ", Grade.PARTIAL, ("case", "i-y")),
        ("Tran Li", "Trần Lý", Grade.DIFFERENT, ()),
        ("Hai", "Hay", Grade.DIFFERENT, ()),
        ("Thúi", "Thúy", Grade.DIFFERENT, ()),
        ("Nguyễn Văn An", "Nguyễn An", Grade.DIFFERENT, ()),
        ("An Nguyễn", "Nguyễn An", Grade.DIFFERENT, ()),
        ("Nguyeenx", "Nguyễn", Grade.DIFFERENT, ()),
    ],
)
def test_a_comparison_says_what_had_to_be_done(
    claimed: str, registered: str, grade: Grade, words: tuple[str, ...]
) -> None:
    found = compare(claimed, registered)
    assert (grade, words) == (found.grade, found.normalisations)


@given(names_of_people, names_of_people, st.sampled_from(["NFC", "NFD"]))
def test_unicode_form_case_and_spacing_never_change_the_grade(
    one: str, other: str, form: str
) -> None:
    grade = compare(one, other).grade
    rewritten = unicodedata.normalize(form, one.upper()).replace(" ", "  ")  # type: ignore[arg-type]
    assert grade == compare(rewritten, other).grade
    assert grade == compare(other.lower(), rewritten).grade


@given(names_of_people, names_of_people)
def test_the_grade_is_the_same_from_either_side(one: str, other: str) -> None:
    assert compare(one, other).grade == compare(other, one).grade


@given(names_of_people, st.data())
def test_a_changed_mark_is_never_exact_or_equivalent(name: str, data: st.DataObject) -> None:
    letters = unicodedata.normalize("NFD", name)
    at = data.draw(st.integers(min_value=0, max_value=len(letters) - 1))
    if letters[at] in _TONES:
        others = [tone for tone in _TONES if tone != letters[at]]
        changed = letters[:at] + data.draw(st.sampled_from(others)) + letters[at + 1 :]
    elif letters[at].casefold() in "aeiouy" and not unicodedata.combining((letters + "a")[at + 1]):
        changed = letters[: at + 1] + "\u0302\u0323" + letters[at + 1 :]
    else:
        return
    assert compare(changed, name).grade in {Grade.DIFFERENT, Grade.UNACCENTED_ONLY}


@given(names_of_people)
def test_the_canonical_form_is_its_own_canonical_form(name: str) -> None:
    assert canonical(name) == canonical(canonical(name))


def test_bare_letters_have_no_marks_and_single_spaces() -> None:
    assert "DANG THI H'HEN NGUYEN" == bare(" Đặng  thị H’Hen Nguyễn ")


def test_a_letter_of_its_own_counts_as_a_mark() -> None:
    assert [True, True, True, False, False] == [
        has_marks(name) for name in ("Đa", "Ðang", "Hoà", "Y Moan", "H'Hen")
    ]


@_cases(
    ("registered", "shown"),
    [
        ("NGUYỄN THỊ HÒA", "Nguyễn Thị Hòa"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("H\u2019HEN NIÊ", "H\u2019Hen Niê"),
        ("K'TÈO", "K'Tèo"),
        ("Y MOAN ÊÑUÔL", "Y Moan Êñuôl"),
        ("NIÊ KĐĂM  Y THANH", "Niê Kđăm Y Thanh"),
        ("CH'ƠM", "Ch'ơm"),
        ("ANNE-MARIE O'BRIEN", "Anne-Marie O'Brien"),
        ("Nguyễn thị a", "Nguyễn thị a"),
        (unicodedata.normalize("NFD", "Lê Thị Hoà"), "Lê Thị Hoà"),
        ("", ""),
    ],
)
def test_capitals_are_shown_as_a_person_writes_the_name(registered: str, shown: str) -> None:
    assert shown == display(registered)


@_cases(
    ("claimed", "registered", "grade", "words"),
    [
        (
            "Công ty Trách nhiệm hữu hạn một thành viên Sen Việt",
            "CÔNG TY TNHH MTV SEN VIỆT",
            Grade.EXACT,
            ("case", "company-form"),
        ),
        ("Cty TNHH 1TV Sen", "Công ty TNHH 1 thành viên Sen", Grade.EXACT, ("company-form",)),
        ("CTCP Sen", "CÔNG TY CỔ PHẦN SEN", Grade.EXACT, ("case", "company-form")),
        ("Cty CP Sen", "CTCP Sen", Grade.EXACT, ("company-form",)),
        ("DNTN Lan", "Doanh nghiệp tư nhân Lan", Grade.EXACT, ("company-form",)),
        ("HKD Lan", "Hộ kinh doanh Lan", Grade.EXACT, ("company-form",)),
        ("Công ty CP Hoà & Bình", "Công ty CP Hòa và Bình", Grade.EXACT, None),
        ("CÔNG TY CP SEN", "Công ty CP Sen", Grade.EXACT, ("case",)),
        ("Cong ty co phan Sen Viet", "CTCP Sen Việt", Grade.UNACCENTED_ONLY, None),
        ("Công ty TNHH Sen", "Công ty TNHH MTV Sen", Grade.DIFFERENT, ()),
        ("Công ty TNHH Sen", "Công ty TNHH Sên", Grade.DIFFERENT, ()),
        ("Công ty TNHH Sen Xanh", "Công ty TNHH Sen", Grade.DIFFERENT, ()),
        ("Công ty CP Ctcpa", "Công ty CP Cty cpa", Grade.DIFFERENT, ()),
    ],
)
def test_a_company_may_abbreviate_its_form_and_nothing_else(
    claimed: str, registered: str, grade: Grade, words: tuple[str, ...] | None
) -> None:
    found = compare_company(claimed, registered)
    assert grade == found.grade
    assert words is None or words == found.normalisations


def test_a_catalogue_is_searched_without_marks_and_with_either_spelling_of_i() -> None:
    assert "dang ky thuong tru" == search_form("Đăng kí  THƯỜNG TRÚ")
    assert search_form("Đăng ký") == search_form("dang ki")
    assert "giay chung nhan 1.012796 nha o" == search_form("Giấy chứng nhận (1.012796): nhà, ở")


@_cases(
    ("text", "reason"),
    [
        ("Nguyễn Thị Hòa", None),
        ("A & B <x>", None),
        ("", "empty"),
        ("  ", "empty"),
        ("A" * 200, None),
        ("A" * 201, "length"),
        ("An\u0000", "control"),
        ("An\r\nBình", "control"),
        ("An\u2028", "control"),
        ("An\u202eBình", "bidi"),
        ("An\u2067Bình", "bidi"),
        ("An\u200bBình", "invisible"),
        ("An\ud800", "unassigned"),
        ("An\ue000", "unassigned"),
        ("1234", "no-letters"),
    ],
)
def test_a_text_that_is_no_name_is_refused_in_one_word(text: str, reason: str | None) -> None:
    assert reason == check_name(text)


def test_what_is_no_name_for_its_length_is_not_folded() -> None:
    long = "Ầ" * 501
    assert Grade.DIFFERENT is compare(long, long).grade
    assert Grade.EXACT is compare(long[:500], long[:500]).grade
