"""Procedure documents: what the loader refuses and how it says so."""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from graphql import parse

from resolvers.catalogue import SHIPPED, load_catalogue
from resolvers.procedure import ComponentSource
from resolvers.procedure_document import ProcedureInvalidError
from tests.resolvers.invented import schema, written

DOCS = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text("utf-8")
SAMPLE = re.findall(r"```graphql\n(.*?)```", DOCS, re.DOTALL)[0]
"""The whole document that the documentation shows: every refusal here is one slip in it."""

NAME = 'fullName @formField(key: "nguoiNop.hoTen", label: "Họ, chữ đệm và tên")'
OWNER = SAMPLE[SAMPLE.index("    owner: person") : SAMPLE.index("    home: parcel")]
PROCEDURE = SAMPLE[SAMPLE.index("@procedure") : SAMPLE.index("@role")]


class Slip(NamedTuple):
    """What is changed in the sample, and the refusal that must follow."""

    edits: dict[str, str]
    at: str
    """Text on the line that the refusal must name; empty: the first line."""
    reason: str


SLIPS = {
    "a parenthesis is missing": Slip(
        {'"Chủ sở hữu chỗ ở", required: false)': '"Chủ sở hữu chỗ ở", required: false'},
        '@role(name: "home"',
        "not a GraphQL document: Syntax Error: Expected Name, found '@'.",
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
    "the procedure is missing": Slip({PROCEDURE: ""}, "", "exactly one @procedure is needed"),
    "the code has a local suffix": Slip(
        {"1.999998": "1.999998.H26"}, "", "@procedure(code:) is not a national code (shape)"
    ),
    "a day is written as on paper": Slip(
        {"2025-07-01": "01/07/2025"},
        "",
        "@procedure(validFrom:, validUntil:) take dates such as 2025-07-01",
    ),
    "a role is a variable": Slip(
        {'role: "applicant", key': "role: $who, key", "Sample(": "Sample($who: RoleName!, "},
        "applicant: person",
        "`person` needs a role written as a literal",
    ),
    "a prefill stands inside": Slip(
        {"$purpose) {\n": "$purpose) {\n prefill(subjects: []) { outcome }"},
        "applicant: person",
        "`prefill` needs a role written as a literal",
    ),
    "a role is selected twice": Slip(
        {'(role: "owner"': '(role: "applicant"'},
        "owner: person",
        "the role `applicant` is selected twice",
    ),
    "a role is declared and not selected": Slip(
        {OWNER: "", "$owner: PersonKey, ": ""},
        "",
        "the role `owner` must be both declared by @role and selected",
    ),
    "a role is selected and not declared": Slip(
        {'@role(name: "owner", label: "Chủ sở hữu chỗ ở", required: false)\n': ""},
        "",
        "the role `owner` must be both declared by @role and selected",
    ),
    "a condition names no role": Slip(
        {'onlyWhen: "owner"': 'onlyWhen: "spouse"'},
        "",
        "@component(onlyWhen:) names no role: `spouse`",
    ),
    "a form field stands on an object": Slip(
        {"spouse {": 'spouse @formField(key: "voChong", label: "Vợ, chồng") {'},
        "spouse {",
        "@formField stands on a value, not on an object",
    ),
    "a form field is filled twice": Slip(
        {"chuSoHuu.hoTen": "nguoiNop.hoTen"},
        "chuSoHuu.hoTen",
        "the form field `nguoiNop.hoTen` is filled twice",
    ),
    "evidence names no paper": Slip(
        {'"giay-to-cho-o", holderIs': '"giay-to-nha", holderIs'},
        "serialNumber\n",
        "@evidences names no component: `giay-to-nha`",
    ),
    "a holder is no role": Slip(
        {'["applicant", "owner"]': '["applicant", "tenant"]'},
        "serialNumber\n",
        "@evidences names no role: `tenant`",
    ),
    "a reference points to no role": Slip(
        {'pointsTo: "owner"': 'pointsTo: "tenant"'},
        "pointsTo",
        "@evidences names no role: `tenant`",
    ),
    "a sensitive value lacks its ground": Slip(
        {NAME: f"{NAME} religion"},
        NAME,
        "`Person.religion` is sensitive: name the form and article that ask for it"
        " with @sensitive(ground:)",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_wrong_document_is_refused_with_file_line_and_reason(slip: str, tmp_path: Path) -> None:
    edits, at, reason = SLIPS[slip]
    text = SAMPLE
    for old in edits:
        assert 1 == text.count(old)
        text = text.replace(old, edits[old])
    line = SAMPLE[: SAMPLE.index(at)].count("\n") + 1

    with pytest.raises(ProcedureInvalidError) as refused:
        written(tmp_path, text)

    assert f"sample.graphql, line {line}: {reason}" == str(refused.value)


@pytest.mark.parametrize("slip", SLIPS)
def test_the_documentation_lists_every_reason(slip: str) -> None:
    reason = SLIPS[slip].reason
    of_graphql = {"not a GraphQL document": "not a GraphQL document: Syntax Error: ..."}
    of_graphql |= dict.fromkeys(
        ("Cannot query field", "Unknown argument"), "Cannot query field ..."
    )
    listed = next((row for start, row in of_graphql.items() if reason.startswith(start)), reason)

    assert f"\n| {listed}" in DOCS


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


def test_a_changed_document_is_another_version(tmp_path: Path) -> None:
    first = written(tmp_path, SAMPLE).version

    assert first == written(tmp_path, SAMPLE).version
    assert first != written(tmp_path, SAMPLE.replace("Sample procedure", "Another")).version


def test_a_document_of_ones_own_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "1.004222-own.graphql").write_text(
        SAMPLE.replace("1.999998", "1.004222").replace("Thủ tục mẫu", "Đăng ký thường trú ở đây"),
        encoding="utf-8",
    )

    found = load_catalogue(schema(), [SHIPPED, tmp_path]).find("1.004222")

    assert found is not None
    assert "Đăng ký thường trú ở đây" == found.name


def test_one_broken_document_stops_the_whole_catalogue(tmp_path: Path) -> None:
    (tmp_path / "broken.graphql").write_text("query {", encoding="utf-8")

    with pytest.raises(ProcedureInvalidError, match=r"^broken\.graphql, line 1: not a GraphQL"):
        load_catalogue(schema(), [SHIPPED, tmp_path])


def test_every_directive_and_argument_is_described_with_its_vietnamese_term() -> None:
    described = {}
    for directive in parse((SHIPPED / "directives.graphql").read_text("utf-8")).definitions:
        for node in (directive, *directive.arguments):  # type: ignore[attr-defined] # all are directives
            described[f"{directive.name.value}.{node.name.value}"] = node.description.value  # type: ignore[attr-defined] # as above
    ill_said = [place for place, words in described.items() if not is_well_said(words)]

    assert 35 == len(described)
    assert [] == ill_said


def is_well_said(words: str) -> bool:
    """Tell whether it is a Vietnamese term, a colon, and one English sentence."""
    term, colon, sentence = words.partition(": ")
    marked = any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", term))
    return (
        bool(colon) and marked and term[0].isupper() and sentence.isascii() and sentence[-1] == "."
    )
