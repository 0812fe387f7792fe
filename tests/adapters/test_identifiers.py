"""Numbers and codes: shapes, check digits, one form each."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.vn import mst

from adapters import identifiers
from adapters.dates import PartialDate
from adapters.identifiers import EnterpriseCodeKind, HealthCardNumberKind

_NINES = st.integers(min_value=0, max_value=9_999_999).map(lambda n: f"99{n:07}")


def _cases(arguments: tuple[str, ...], rows: Sequence[object]) -> pytest.MarkDecorator:
    """Give the cases numbers, so that no value becomes part of a test's name."""
    return pytest.mark.parametrize(arguments, rows, ids=range(len(rows)))


@_cases(
    ("text", "reason"),
    [
        ("097085000001", None),
        ("", "length"),
        ("09708500000", "length"),
        ("0970850000012", "length"),
        ("09708500000A", "digits"),
        ("097 085 000 001", "digits"),
        ("097085000001\n", "digits"),
        ("-97085000001", "digits"),
        ("٠٩٧٠٨٥٠٠٠٠٠١", "ascii-digits"),
        ("０９７０８５０００００１", "ascii-digits"),
        ("09708500000²", "ascii-digits"),
    ],
)
def test_a_personal_id_is_twelve_ascii_digits(text: str, reason: str | None) -> None:
    assert reason == identifiers.check_personal_id(text)


def test_an_old_number_is_nine_digits() -> None:
    found = [
        identifiers.check_old_id_number(text) for text in ("990000001", "99000000", "99000000x")
    ]
    assert [None, "length", "digits"] == found


@_cases(
    ("text", "sex", "year"),
    [
        ("097085000001", "MALE", 1985),
        ("098185000001", "FEMALE", 1985),
        ("099205000001", "MALE", 2005),
        ("099322000001", "FEMALE", 2022),
        ("099401000001", "MALE", 2101),
    ],
)
def test_a_personal_id_tells_sex_and_year_of_birth(text: str, sex: str, year: int) -> None:
    facts = identifiers.personal_id_facts(text)
    assert facts is not None
    assert (None, sex, year) == (facts.province, facts.sex, facts.birth_year)
    assert "PersonalIdFacts(…)" == repr(facts)


def test_a_text_that_is_no_personal_id_tells_nothing() -> None:
    assert identifiers.personal_id_facts("09708500000") is None


@_cases(
    ("sex", "birth", "warnings"),
    [
        ("FEMALE", PartialDate(1985, 5, 12), ()),
        (None, None, ()),
        ("MALE", PartialDate(1985), ("sex-digit",)),
        ("FEMALE", PartialDate(1986), ("birth-year",)),
        ("MALE", PartialDate(1885), ("sex-digit", "birth-year")),
    ],
)
def test_a_number_overtaken_by_a_correction_is_a_warning(
    sex: str | None, birth: PartialDate | None, warnings: tuple[str, ...]
) -> None:
    assert warnings == identifiers.structure_warnings("097185000008", sex, birth)


@given(_NINES, st.integers(min_value=0, max_value=9))
def test_the_check_digit_is_that_of_the_reference_implementation(body: str, digit: int) -> None:
    code = f"{body}{digit}"
    assume(code[2:9] != "0000000")  # refused there for another reason
    expected = None if mst.is_valid(code) else "check-digit"
    assert expected == identifiers.check_enterprise_code(code)


@_cases(
    ("text", "reason"),
    [
        ("9900000016", None),
        ("9900000016-001", None),
        ("9900000016001", None),
        ("097085000001", None),
        ("9900000017", "check-digit"),
        ("0000000000", "check-digit"),
        ("9900000016-000", "branch"),
        ("9900000016000", "branch"),
        ("9900000017-001", "check-digit"),
        ("990000001-6001", "shape"),
        ("9900000016-01", "shape"),
        ("9900000016-", "shape"),
        ("097085-000001", "shape"),
        ("9900000016--01", "digits"),
        ("990000001", "length"),
        ("99000000160", "length"),
        ("", "length"),
        ("99000 00016", "digits"),
        ("٩٩٠٠٠٠٠٠١٦", "ascii-digits"),
    ],
)
def test_an_enterprise_code_is_10_digits_with_or_without_3_or_12(
    text: str, reason: str | None
) -> None:
    assert reason == identifiers.check_enterprise_code(text)


@_cases(
    ("text", "kept", "kind"),
    [
        ("9900000016", "9900000016", EnterpriseCodeKind.ENTERPRISE),
        ("9900000016001", "9900000016-001", EnterpriseCodeKind.BRANCH),
        ("9900000016-001", "9900000016-001", EnterpriseCodeKind.BRANCH),
        (" 99000 00016 - 001", "9900000016-001", None),
        ("097085000001", "097085000001", EnterpriseCodeKind.HOUSEHOLD),
        ("9900000017", None, None),
        ("00036", None, None),
    ],
)
def test_an_enterprise_code_is_kept_in_one_form(
    text: str, kept: str | None, kind: EnterpriseCodeKind | None
) -> None:
    assert kept == identifiers.normalise_enterprise_code(text)
    assert kind == identifiers.enterprise_code_kind(text)


def test_a_social_insurance_number_is_ten_digits() -> None:
    found = [identifiers.check_social_insurance_number(t) for t in ("9700000001", "970000000")]
    assert [None, "length"] == found


@_cases(
    ("text", "reason", "kind"),
    [
        ("DN4019700000001", None, HealthCardNumberKind.CARD),
        ("TE1019700000001", None, HealthCardNumberKind.CARD),
        ("9700000001", None, HealthCardNumberKind.INSURANCE_NUMBER),
        ("097085000001", None, HealthCardNumberKind.PERSONAL_ID),
        ("DN6019700000001", "shape", None),
        ("dn4019700000001", "shape", None),
        ("D44019700000001", "shape", None),
        ("DN401970000000", "digits", None),
        ("970000001", "length", None),
    ],
)
def test_a_health_card_is_known_under_three_numbers(
    text: str, reason: str | None, kind: HealthCardNumberKind | None
) -> None:
    assert reason == identifiers.check_health_card_number(text)
    assert kind == identifiers.health_card_number_kind(text)


def test_a_health_card_is_kept_in_capitals_without_spaces() -> None:
    assert "DN4019700000001" == identifiers.normalise_health_card_number("dn 4 01 9700000001")
    assert identifiers.normalise_health_card_number("dn 4 01") is None


@_cases(
    ("text", "parted"),
    [
        ("1.001193", ("1.001193", "")),
        ("1.012796.H36", ("1.012796", ".H36")),
        ("1.011442.000.00.00.H38", ("1.011442", ".000.00.00.H38")),
        ("2.000815.000.00.00.H55.02", ("2.000815", ".000.00.00.H55.02")),
        ("H36", ("H36", "")),
        ("1.012796.", ("1.012796.", "")),
        ("1.012796.H36;drop", ("1.012796.H36;drop", "")),
    ],
)
def test_a_province_hangs_its_suffix_on_the_national_code(
    text: str, parted: tuple[str, str]
) -> None:
    assert parted == identifiers.national_procedure_code(text)


def test_a_procedure_code_may_carry_a_suffix_and_a_national_one_may_not() -> None:
    assert identifiers.check_procedure_code("1.012796.H36") is None
    assert "shape" == identifiers.check_national_procedure_code("1.012796.H36")
    assert [None, "shape", "shape", "shape"] == [
        identifiers.check_procedure_code(text)
        for text in ("9.999999", "1.01279", "10.012796", "1.012796.36")
    ]


def test_an_agency_code_goes_either_way() -> None:
    good = ("H26", "H26.12", "H55.242", "G22", "000.00.00.H36", "000.00.12.H26")
    bad = ("", "H2", "h26", "H26.", "H26.12345", "000.00.H36", "H26\n")
    assert [None] * len(good) == [identifiers.check_agency_code(text) for text in good]
    assert ["shape"] * len(bad) == [identifiers.check_agency_code(text) for text in bad]


@_cases(
    ("text", "reason", "agency"),
    [
        ("H26.12-250702-0001", None, "H26.12"),
        ("000.00.12.H26-250702-0001", None, "000.00.12.H26"),
        ("H26.12-251302-0001", None, None),
        ("HS/2025/0001", None, None),
        ("Hồ sơ 12", None, None),
        ("x" * 64, None, None),
        ("x" * 65, "length", None),
        ("", "empty", None),
        (" H26.12-250702-0001", "spaces", None),
        ("H26\u202e12", "printable", None),
        ("H26\t12", "printable", None),
    ],
)
def test_a_dossier_code_is_opaque_but_for_its_agency(
    text: str, reason: str | None, agency: str | None
) -> None:
    assert reason == identifiers.check_dossier_code(text)
    assert agency == identifiers.agency_of(text)


def test_a_draft_id_is_the_portals_own() -> None:
    texts = ("a" * 16, "A_b-9" * 12, "a" * 15, "a" * 65, "a" * 16 + ".")
    expected = [None, None, "length", "length", "shape"]
    assert expected == [identifiers.check_draft_id(text) for text in texts]


def test_a_ward_code_is_five_digits() -> None:
    texts = ("00004", "4", "0000A")
    assert [None, "length", "digits"] == [identifiers.check_ward_code(text) for text in texts]


@_cases(
    ("text", "kept", "reason"),
    [
        ("AB 12345678", "AB 12345678", None),
        ("ab12345678", "AB 12345678", None),
        ("  aB 1234 5678", "AB 12345678", None),
        ("B 123456", "B 123456", None),
        ("bđ123456", "BĐ 123456", None),
        ("B\u00d0 123456", "BĐ 123456", None),
        ("cs 00123/2020", "CS 00123/2020", "shape"),
        ("A 12345678", "A 12345678", "shape"),
    ],
)
def test_a_serial_number_is_kept_in_one_form(text: str, kept: str, reason: str | None) -> None:
    assert kept == identifiers.normalise_serial(text)
    assert reason == identifiers.check_serial(text)


def test_a_country_is_two_capitals() -> None:
    texts = ("VN", "KR", "vn", "VNM", "")
    expected = [None, None, "shape", "shape", "shape"]
    assert expected == [identifiers.check_country_code(text) for text in texts]
