"""Procedure documents: how they are read, and what the loader refuses before it looks closer."""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from graphql import parse

from resolvers.catalogue import SHIPPED, load_catalogue
from resolvers.compiler import MOST_SELECTIONS
from resolvers.procedure import ComponentSource
from resolvers.procedure_document import ProcedureInvalidError
from tests.resolvers.invented import schema, written

DOCS = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text("utf-8")
SAMPLE = re.findall(r"```graphql\n(.*?)```", DOCS, re.DOTALL)[0]
"""The whole document that the documentation shows: every refusal here is one slip in it."""

NAME = 'fullName @formField(key: "nguoiNop.hoTen", label: "Họ, chữ đệm và tên")'


class Slip(NamedTuple):
    """What is changed in the sample, and the refusal that must follow."""

    edits: dict[str, str]
    at: str
    """Text of the sample on the line that the refusal must name; empty: the first line."""
    reason: str

    def expected(self) -> str:
        """Give what must be said."""
        line = SAMPLE[: SAMPLE.index(self.at)].count("\n") + 1
        return f"sample.graphql, line {line}: {self.reason}"

    def said(self, folder: Path) -> str:
        """Give what is said."""
        text = SAMPLE
        for old, new in self.edits.items():
            assert 1 == text.count(old), old
            text = text.replace(old, new)
        with pytest.raises(ProcedureInvalidError) as refused:
            written(folder, text)
        return str(refused.value)


def is_listed(reason: str) -> bool:
    """Tell whether the documentation has a row for *reason*, whatever name it speaks of."""
    rows = {_nameless(row) for row in re.findall(r"^\| (.+?) \| .+ \|$", DOCS, re.MULTILINE)}
    return _nameless(reason) in rows


def _nameless(reason: str) -> str:
    return re.sub(r"`[^`]*`", "`…`", reason)


SLIPS = {
    "a parenthesis is missing": Slip(
        {'"Chủ sở hữu chỗ ở", required: false)': '"Chủ sở hữu chỗ ở", required: false'},
        '@role(name: "home"',
        "not a GraphQL document: Syntax Error: Expected Name, found '@'.",
    ),
    "a colon is missing before a person": Slip(
        {"key: $applicant": 'key: {fullName "Nguyễn Văn An"}'},
        "applicant: person",
        "not a GraphQL document: Syntax Error: Expected ':', found String.",
    ),
    "a field is not in the schema": Slip(
        {NAME: "hoTen"},
        NAME,
        "Cannot query field 'hoTen' on type 'Person'. Did you mean 'mother'?",
    ),
    "an argument is not of the directive": Slip(
        {'onlyWhen: "owner"': 'when: "owner"'},
        'id: "quan-he"',
        "Unknown argument 'when' on directive '@component'.",
    ),
    "a person stands in it": Slip(
        {
            "key: $applicant": 'key: {number: {personalId: "097085000101"},'
            ' fullName: "Nguyễn Văn An", birthDate: "1985-05-12"}',
            "$applicant: PersonKey, ": "",
        },
        "applicant: person",
        "`key.number.personalId` is personal: a document names nobody, use a variable",
    ),
    "a person is a variable's default": Slip(
        {"$applicant: PersonKey": '$applicant: PersonKey = {fullName: "Nguyễn Văn An"}'},
        "query Sample",
        "`$applicant.fullName` is personal: a document names nobody, use a variable",
    ),
    "a number stands in a label": Slip(
        {'"Tờ khai"': '"Tờ khai của 097085000101"'},
        'id: "to-khai"',
        "`name` is personal: a document names nobody, use a variable",
    ),
    "there are two operations": Slip(
        {"}\n  }\n}\n": "}\n  }\n}\nquery Other { registries { name } }\n"},
        "",
        "a procedure document holds exactly one operation",
    ),
    "something stands beside the dossier": Slip(
        {"dossier(": "registries { name } dossier("},
        "",
        "a procedure document selects `dossier` and nothing else",
    ),
    "it selects more than anybody needs": Slip(
        {NAME: NAME + "".join(f" a{n}: fullName" for n in range(MOST_SELECTIONS))},
        "",
        f"too large: at most {MOST_SELECTIONS} trường (fields)",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_wrong_document_is_refused_with_file_line_and_reason(slip: str, tmp_path: Path) -> None:
    assert SLIPS[slip].expected() == SLIPS[slip].said(tmp_path)


@pytest.mark.parametrize(
    ("slip", "row"),
    [(slip, SLIPS[slip].reason) for slip in SLIPS if "`" in SLIPS[slip].reason]
    + [
        ("a parenthesis is missing", "not a GraphQL document: Syntax Error: ..."),
        ("a field is not in the schema", "Cannot query field ... and other sentences of GraphQL"),
        ("there are two operations", SLIPS["there are two operations"].reason),
        ("it selects more than anybody needs", "too large: at most 400 trường (fields)"),
    ],
)
def test_the_documentation_lists_every_reason(slip: str, row: str) -> None:
    assert slip in SLIPS
    assert is_listed(row)


def test_a_file_that_is_not_utf8_is_refused_with_the_line(tmp_path: Path) -> None:
    line = SAMPLE[: SAMPLE.index("nameEn")].count("\n") + 1
    (tmp_path / "old.graphql").write_bytes(
        SAMPLE.encode().replace(b"Sample procedure", b"Th\xfc t\xf7c")
    )

    with pytest.raises(ProcedureInvalidError, match=rf"^old\.graphql, line {line}: not UTF-8$"):
        load_catalogue(schema(), [tmp_path])
    assert is_listed("not UTF-8")


def test_the_sample_says_what_the_documentation_says_of_it(tmp_path: Path) -> None:
    read = written(tmp_path, SAMPLE)

    assert ["applicant", "owner", "home"] == list(read.roles)
    assert ["nguoiNop.hoTen", "nguoiNop.noiThuongTru", "chuSoHuu.hoTen", "choO.soGCN[]"] == [
        field.key for field in read.fields
    ]
    assert {
        "to-khai": ComponentSource.FORM,
        "giay-to-cho-o": ComponentSource.DATA,
        "quan-he": ComponentSource.DATA,
    } == {component.id: component.source for component in read.components}
    assert [("quan-he", (), "owner"), ("giay-to-cho-o", ("applicant", "owner"), None)] == [
        (evidence.component, evidence.holder_is, evidence.points_to) for evidence in read.evidences
    ]


def test_what_is_selected_is_the_grant_and_nothing_else(tmp_path: Path) -> None:
    read = written(tmp_path, SAMPLE.replace("spouse { ", "source { registry } spouse { "))

    assert {
        "applicant",
        "applicant/fullName",
        "applicant/permanentResidence",
        "applicant/permanentResidence/today",
        "applicant/permanentResidence/today/display",
        "applicant/spouse",
        "applicant/spouse/fullName",
        "owner",
        "owner/fullName",
        "home",
        "home/certificates",
        "home/certificates/serialNumber",
    } == read.paths


def test_one_holder_is_read_as_a_list_of_one(tmp_path: Path) -> None:
    """GraphQL takes a value for a list of it; read as no holder, the paper would be anybody's."""
    read = written(tmp_path, SAMPLE.replace('["applicant", "owner"]', '"owner"'))

    assert [(), ("owner",)] == [evidence.holder_is for evidence in read.evidences]


def test_a_role_is_for_the_living_unless_it_says_otherwise(tmp_path: Path) -> None:
    text = SAMPLE.replace('ở", required: false', 'ở", required: false, living: false')
    roles = written(tmp_path, text).roles

    assert {"applicant": True, "owner": False, "home": True} == {
        name: role.living for name, role in roles.items()
    }


def test_a_field_collects_where_a_list_lies_on_its_way(tmp_path: Path) -> None:
    """A value that is itself a list is one value, whether or not its key has brackets."""
    text = SAMPLE
    for key in ("nguoiNop.soCMND", "nguoiNop.soCu[]"):
        added = f'{NAME} oldIdNumbers @formField(key: "{key}", label: "Số CMND")'
        fields = written(tmp_path, text.replace(NAME, added)).fields
        assert {
            "nguoiNop.hoTen": False,
            key: False,
            "nguoiNop.noiThuongTru": False,
            "chuSoHuu.hoTen": False,
            "choO.soGCN[]": True,
        } == {field.key: field.collects for field in fields}


def test_a_changed_document_is_another_version(tmp_path: Path) -> None:
    first = written(tmp_path, SAMPLE).version

    assert first == written(tmp_path, SAMPLE).version
    assert first != written(tmp_path, SAMPLE.replace("Sample procedure", "Another")).version


def test_every_directive_and_argument_is_described_with_its_vietnamese_term() -> None:
    described = {}
    for directive in parse((SHIPPED / "directives.graphql").read_text("utf-8")).definitions:
        for node in (directive, *directive.arguments):  # type: ignore[attr-defined] # all are directives
            described[f"{directive.name.value}.{node.name.value}"] = node.description.value  # type: ignore[attr-defined] # as above
    ill_said = [place for place, words in described.items() if not is_well_said(words)]

    assert 37 == len(described)
    assert [] == ill_said


def is_well_said(words: str) -> bool:
    """Tell whether it is a Vietnamese term, a colon, and one English sentence."""
    term, colon, sentence = words.partition(": ")
    marked = any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", term))
    return (
        bool(colon) and marked and term[0].isupper() and sentence.isascii() and sentence[-1] == "."
    )
