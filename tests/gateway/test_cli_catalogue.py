"""`lienthong procedures check` and `forms check`: what an operator lets be read before a start."""

import re
from pathlib import Path

import pytest

from tests.gateway.lienthong import ROOT, lienthong

DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples" / "forms"
SAMPLE = re.findall(
    r"```graphql\n(.*?)```", (DOCS / "procedures.md").read_text("utf-8"), re.DOTALL
)[0]


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """Give a folder for forms."""
    folder = tmp_path / "forms"
    folder.mkdir()
    return folder


@pytest.fixture
def procedures(tmp_path: Path) -> Path:
    """Give a folder that holds the procedure which the documentation shows."""
    folder = tmp_path / "procedures"
    folder.mkdir()
    (folder / "sample.graphql").write_text(SAMPLE, encoding="utf-8")
    return folder


def form(procedure: str, *keys: str) -> str:
    """Write a form in which each field has its own key."""
    rows = "".join(f'"{key}" = "{key}"\n' for key in keys)
    return f'procedure = "{procedure}"\n[keys]\n{rows}'


def test_the_example_is_told_as_the_documentation_shows_it() -> None:
    shown = re.findall(r"```text\n(.*?)```", (DOCS / "forms.md").read_text("utf-8"), re.DOTALL)

    assert (0, shown[0], "") == lienthong("forms", "check", str(EXAMPLES))


def test_without_a_folder_the_settings_name_it(forms: Path, procedures: Path) -> None:
    keys = ("nguoiNop.hoTen", "nguoiNop.noiThuongTru", "chuSoHuu.hoTen", "choO.soGCN[]")
    (forms / "all.toml").write_text(form("1.999998", *keys), encoding="utf-8")
    (forms / "none.toml").write_text(form("1.999998"), encoding="utf-8")
    expected = (
        "all  1.999998  4/4 trường\n    bỏ qua: không trường nào\n"
        f"none  1.999998  0/4 trường\n    bỏ qua: {', '.join(keys)}\n"
    )

    by_settings = lienthong(
        "forms", "check", LIENTHONG_FORMS=str(forms), LIENTHONG_PROCEDURES=str(procedures)
    )
    by_arguments = lienthong("forms", "check", str(forms), "--procedures", str(procedures))

    assert (0, expected, "") == by_settings
    assert (0, expected, "") == by_arguments


def test_a_wrong_form_is_refused_with_file_and_reason(forms: Path) -> None:
    (forms / "own.toml").write_text(form("1.999998", "nguoiNop.hoTen"), encoding="utf-8")

    assert (1, "", "own.toml: there is no procedure 1.999998\n") == lienthong(
        "forms", "check", str(forms)
    )


def test_a_wrong_procedure_is_refused_with_file_line_and_reason(
    forms: Path, procedures: Path
) -> None:
    (procedures / "other.graphql").write_text(SAMPLE, encoding="utf-8")
    line = SAMPLE[: SAMPLE.index("code:")].count("\n") + 1
    expected = f"sample.graphql, line {line}: `other.graphql` has the code `1.999998` as well\n"

    of_forms = lienthong("forms", "check", str(forms), "--procedures", str(procedures))

    assert (1, "", expected) == of_forms
    assert (1, "", expected) == lienthong("procedures", "check", str(procedures))


def test_a_folder_that_holds_no_form_is_named(forms: Path) -> None:
    said = f"Không có biểu mẫu nào trong {forms}.\n"

    assert (0, said, "") == lienthong("forms", "check", str(forms))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Hãy ghi thư mục biểu mẫu sau lệnh, hoặc đặt LIENTHONG_FORMS.\n"),
        (("missing",), "Không có thư mục missing.\n"),
    ],
    ids=["no folder", "a missing folder"],
)
def test_a_check_of_nothing_is_misuse(words: tuple[str, ...], sentence: str) -> None:
    assert (2, "", sentence) == lienthong("forms", "check", *words)


def test_a_folder_that_the_settings_name_must_be_there() -> None:
    assert (2, "", "Không có thư mục missing.\n") == lienthong(
        "forms", "check", LIENTHONG_FORMS="missing"
    )


def test_a_slip_in_a_setting_is_named() -> None:
    expected = (
        "Cấu hình không dùng được: LIENTHONG_FORM is not a setting; did you mean LIENTHONG_FORMS?\n"
    )

    assert (2, "", expected) == lienthong("forms", "check", LIENTHONG_FORM="forms")
