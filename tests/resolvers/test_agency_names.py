"""Names of agencies: read from the operator's file, and found for a code."""

from pathlib import Path

import pytest

from resolvers.agency_names import (
    NAMELESS,
    SANDBOX,
    AgencyNames,
    AgencyNamesInvalidError,
    load_agency_names,
)

HANOI = "Ủy ban nhân dân thành phố Hà Nội"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("H26", HANOI),
        ("H26.12", "Bộ phận một cửa phường Ba Đình"),
        ("H26.12.3", "Đơn vị thuộc Bộ phận một cửa phường Ba Đình"),
        ("H26.1", f"Đơn vị thuộc {HANOI}"),
        ("H36", None),
        ("H2", None),
        (None, None),
    ],
)
def test_a_code_has_its_name_or_that_of_the_nearest_above(
    code: str | None, name: str | None
) -> None:
    names = AgencyNames({"H26": HANOI, "H26.12": "Bộ phận một cửa phường Ba Đình"})
    assert name == names.of(code)


def test_without_a_file_there_are_no_names() -> None:
    assert NAMELESS is load_agency_names(None)
    assert NAMELESS.of("H26") is None


def test_the_sandbox_names_its_agencies() -> None:
    names = load_agency_names(SANDBOX)
    assert [HANOI, "Ủy ban nhân dân tỉnh Lâm Đồng"] == [names.of("H26"), names.of("H36")]


def test_a_code_of_before_2020_names_the_same_agency(tmp_path: Path) -> None:
    file = tmp_path / "agencies.toml"
    file.write_text(f'"000.00.00.H26" = "{HANOI}"\n', encoding="utf-8")
    assert HANOI == load_agency_names(file).of("H26")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'"H26" = ', "Invalid value (at end of document)"),
        (b'"H26" = "\xff"', "not UTF-8"),
        (b'"Hanoi" = "x"', "Hanoi is not the code of an agency, such as H26 or H26.12"),
        (b'H26.12 = "x"', 'a code with dots needs quotes: "H26.…" = "…"'),
        (b'"H26" = 1', "H26 needs a name of one line, at most 200 characters"),
        (b'"H26" = ""', "H26 needs a name of one line, at most 200 characters"),
        (b'"H26" = "a\\nb"', "H26 needs a name of one line, at most 200 characters"),
        (
            b'"H26" = "x"\n"000.00.00.H26" = "y"',
            "000.00.00.H26 stands there twice, once as a code of before 2020",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_what_is_wrong(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "agencies.toml"
    file.write_bytes(content)
    with pytest.raises(AgencyNamesInvalidError) as refused:
        load_agency_names(file)
    assert f"agencies.toml: {reason}" == str(refused.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(AgencyNamesInvalidError, match=r"^none\.toml: No such file or directory$"):
        load_agency_names(tmp_path / "none.toml")
