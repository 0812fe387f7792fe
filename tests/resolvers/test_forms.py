"""Form documents: a portal's own keys, and what stops the start."""

import json
import re
from pathlib import Path

import pytest

from resolvers.forms import FormInvalidError, fill, load_forms
from tests.resolvers.invented import shipped

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples" / "forms"
FIELDS = {p.code: {f.key for f in p.fields} for p in shipped()}
VALUES = {
    "nguoiKhai.hoTen": "Nguyễn Văn An",
    "nguoiKhai.ngaySinh": "1985-05-12",
    "thanhVien.hoTen[]": ["Nguyễn Văn An", "Trần Thị Bình"],
}


def test_without_a_form_values_lie_under_the_documents_own_keys() -> None:
    assert {
        "nguoiKhai": {"hoTen": "Nguyễn Văn An", "ngaySinh": "1985-05-12"},
        "thanhVien": {"hoTen": ["Nguyễn Văn An", "Trần Thị Bình"]},
    } == fill(VALUES, None)


def test_a_form_puts_values_under_its_own_keys_and_leaves_the_rest_out() -> None:
    assert {"data": {"name": "Nguyễn Văn An"}, "born": "1985-05-12"} == fill(
        VALUES, {"nguoiKhai.hoTen": "data.name", "nguoiKhai.ngaySinh": "born"}
    )


def test_a_form_that_names_nothing_gets_nothing() -> None:
    assert {} == fill(VALUES, {})


def test_the_example_form_loads_and_the_documentation_shows_what_it_gives() -> None:
    forms = load_forms(EXAMPLES, FIELDS)
    page = (DOCS / "forms.md").read_text("utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)

    assert {"ct01-formio": "1.004222"} == {f.name: f.procedure for f in forms.values()}
    assert json.loads(shown) == fill(VALUES, forms["ct01-formio"].keys)


def test_the_form_that_the_documentation_shows_loads(tmp_path: Path) -> None:
    page = (DOCS / "forms.md").read_text("utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "shown.toml").write_text(shown, encoding="utf-8")

    assert ["shown"] == list(load_forms(tmp_path, FIELDS))


def test_without_a_folder_there_are_no_forms() -> None:
    assert {} == load_forms(None, FIELDS)


REFUSALS = {
    "a procedure that is not in the catalogue": (
        'procedure = "1.999999"\n[keys]\n"nguoiKhai.hoTen" = "a"\n',
        "own.toml: there is no procedure 1.999999",
    ),
    "a field that the procedure does not have": (
        'procedure = "1.004222"\n[keys]\n"nguoiKhai.ten" = "a"\n"thanhVien.hoTen" = "b"\n',
        "own.toml: 1.004222 has no field nguoiKhai.ten, thanhVien.hoTen",
    ),
    "one key for two fields": (
        'procedure = "1.004222"\n[keys]\n"nguoiKhai.hoTen" = "a"\n"chuHo.hoTen" = "a"\n',
        "own.toml: two fields fill one key",
    ),
    "one key for two fields, one of them in brackets": (
        'procedure = "1.004222"\n[keys]\n"nguoiKhai.hoTen" = "a"\n"choO.soGCN[]" = "a[]"\n',
        "own.toml: two fields fill one key",
    ),
    "a key that another opens as a group": (
        'procedure = "1.004222"\n[keys]\n"nguoiKhai.hoTen" = "a.b"\n"chuHo.hoTen" = "a"\n',
        "own.toml: the key a is a group as well: a.b",
    ),
    "a list that another opens as a group": (
        'procedure = "1.004222"\n[keys]\n"choO.soGCN[]" = "a.b[]"\n"chuHo.hoTen" = "a.b.c.d"\n',
        "own.toml: the key a.b[] is a group as well: a.b.c.d",
    ),
    "no procedure": (
        '[keys]\n"nguoiKhai.hoTen" = "a"\n',
        "own.toml: Object missing required field `procedure`",
    ),
    "no keys": ('procedure = "1.004222"\n', "own.toml: Object missing required field `keys`"),
    "no TOML": (
        "procedure = 1.004222.H26\n",
        "own.toml: Expected newline or end of document after a statement (at line 1, column 21)",
    ),
}


@pytest.mark.parametrize("slip", REFUSALS)
def test_a_wrong_form_is_refused_with_file_and_reason(slip: str, tmp_path: Path) -> None:
    text, message = REFUSALS[slip]
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")

    with pytest.raises(FormInvalidError) as refused:
        load_forms(tmp_path, FIELDS)

    assert message == str(refused.value)


@pytest.mark.parametrize(
    "row",
    [
        "not UTF-8",
        "a sentence of TOML, with its line",
        "`Object missing required field ...`",
        "there is no procedure 1.999999",
        "1.004222 has no field nguoiKhai.ten",
        "two fields fill one key",
        "the key a is a group as well: a.b",
    ],
)
def test_the_documentation_lists_every_reason(row: str) -> None:
    assert f"\n| {row} | " in (DOCS / "forms.md").read_text("utf-8")


def test_a_form_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.toml").write_bytes(b'procedure = "1.004222"\n# Th\xfc t\xf7c\n')

    with pytest.raises(FormInvalidError, match=r"^old\.toml: not UTF-8$") as refused:
        load_forms(tmp_path, FIELDS)

    assert refused.value.__suppress_context__


def test_keys_that_only_begin_alike_are_no_groups_of_each_other(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'procedure = "1.004222"\n[keys]\n"nguoiKhai.hoTen" = "a.b"\n"chuHo.hoTen" = "a.bc"\n',
        encoding="utf-8",
    )

    assert ["own"] == list(load_forms(tmp_path, FIELDS))


def test_a_form_is_named_by_its_file(tmp_path: Path) -> None:
    text = 'name = "other"\nprocedure = "1.004222"\n[keys]\n"chuHo.hoTen" = "a"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")

    assert ["own"] == list(load_forms(tmp_path, FIELDS))


def test_one_wrong_form_stops_them_all(tmp_path: Path) -> None:
    good = (EXAMPLES / "ct01-formio.toml").read_text("utf-8")
    (tmp_path / "a.toml").write_text(good, encoding="utf-8")
    (tmp_path / "b.toml").write_text(good.replace("1.004222", "1.004223"), encoding="utf-8")

    with pytest.raises(FormInvalidError, match=r"^b\.toml: there is no procedure 1\.004223$"):
        load_forms(tmp_path, FIELDS)
