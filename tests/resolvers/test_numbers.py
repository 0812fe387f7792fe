"""Numbers as people type them against amounts on file."""

from decimal import Decimal

import pytest

from adapters.registry import RegistryName
from resolvers.comparison import compare
from resolvers.enums import FieldState, Verdict
from resolvers.walk import Found
from tests.resolvers.invented import procedure, source

AREA = next(f.selection for f in procedure("1.012783").fields if f.key == "thuaDat.dienTich")


@pytest.mark.parametrize(
    ("claim", "registered", "verdict"),
    [
        ("64.5", "64.5", Verdict.EXACT),
        ("64,5", "64.5", Verdict.EXACT),
        (" 64,50 ", "64.5", Verdict.EXACT),
        ("1200", "1200", Verdict.EXACT),
        ("1.200", "1200", Verdict.EXACT),
        ("1.200", "1.2", Verdict.EXACT),
        ("1.200", "12", Verdict.DIFFERENT),
        ("1.012,5", "1012.5", Verdict.EXACT),
        ("1.200.000", "1200000", Verdict.EXACT),
        ("1,200", "1.2", Verdict.EXACT),
        ("1.20", "1.2", Verdict.EXACT),
        ("1.20", "120", Verdict.DIFFERENT),
        ("0.200", "200", Verdict.DIFFERENT),
        ("1.2.3", "123", Verdict.DIFFERENT),
        ("٦٤٫٥", "64.5", Verdict.DIFFERENT),
        ("٦٤", "64", Verdict.DIFFERENT),
        ("６４", "64", Verdict.DIFFERENT),
        ("6_4", "64", Verdict.DIFFERENT),
        ("64e0", "64", Verdict.DIFFERENT),
        ("NaN", "64", Verdict.DIFFERENT),
        ("", "64", Verdict.DIFFERENT),
    ],
)
def test_a_number_is_read_as_vietnamese_and_as_plain_and_in_no_other_way(
    claim: str, registered: str, verdict: Verdict
) -> None:
    found = Found(
        selection=AREA,
        state=FieldState.VALUE,
        value=Decimal(registered),
        source=source(RegistryName.LAND),
    )

    assert verdict is compare(AREA, claim, found).verdict
