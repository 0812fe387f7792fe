import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.agency import agency_code, agency_of_dossier, covers, upwards


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H26", "H26"),
        ("H26.12", "H26.12"),
        ("H55.242", "H55.242"),
        ("G22.33.1", "G22.33.1"),
        ("000.00.00.H36", "H36"),
        ("000.00.12.H26", "H26.12"),
        ("007.15.12.H26", "H26.12.15.007"),
        ("h26", None),
        ("H2", None),
        ("H26.", None),
        ("H26.12345", None),
        ("H26\n", None),
        ("H٢٦", None),
        ("000.00.H36", None),
        ("097085000101", None),
        ("", None),
    ],
)
def test_an_agency_has_one_code(text: str, expected: str | None) -> None:
    assert expected == agency_code(text)


@pytest.mark.parametrize(
    ("agency", "unit", "expected"),
    [
        ("H26", "H26", True),
        ("H26", "H26.12", True),
        ("H26", "H26.12.3", True),
        ("H26.1", "H26.12", False),
        ("H26.12", "H26", False),
        ("H26", "H36", False),
        ("H26", "", False),
    ],
)
def test_an_agency_covers_itself_and_what_lies_under_it(
    agency: str, unit: str, expected: bool
) -> None:
    assert expected == covers(agency, unit)


def test_upwards_goes_from_the_unit_to_the_whole() -> None:
    assert ["H26.12.3", "H26.12", "H26"] == upwards("H26.12.3")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("H26.12-250702-0001", "H26.12"),
        ("000.00.12.H26-220712-0001", "H26.12"),
        ("HS-2025-1", None),
        ("097085000101", None),
        ("", None),
    ],
)
def test_a_dossier_code_begins_with_the_competent_agency(code: str, expected: str | None) -> None:
    assert expected == agency_of_dossier(code)


@given(st.from_regex(r"[0-9.]{0,10}[A-Z][0-9]{2}[0-9.]{0,10}", fullmatch=True))
def test_the_one_form_of_a_code_is_its_own_form(text: str) -> None:
    code = agency_code(text)

    assert code is None or code == agency_code(code)
