from datetime import date

import pytest

from auth.purpose import Terms, national_code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.004222", "1.004222"),
        ("1.012796.H36", "1.012796"),
        ("1.011442.000.00.00.H38", "1.011442"),
        ("2.000815.000.00.00.H55.02", "2.000815"),
        ("self-access", "self-access"),
        ("1.04222", None),
        ("1.0042222", None),
        ("1.004222.", None),
        ("1.004222.Hà Nội", None),
        ("1.004222\n", None),
        ("١.٠٠٤٢٢٢", None),
        ("097085000101", None),
        ("", None),
    ],
)
def test_a_province_hangs_its_code_on_the_national_one(text: str, expected: str | None) -> None:
    assert expected == national_code(text)


def test_both_days_of_a_validity_are_included() -> None:
    terms = Terms(
        code="2.002621",
        name="Liên thông khai sinh",
        version="1",
        valid_from=date(2025, 7, 1),
        valid_until=date(2026, 6, 30),
    )

    days = [date(2025, 6, 30), date(2025, 7, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [False, True, True, False] == [terms.in_force(day) for day in days]
