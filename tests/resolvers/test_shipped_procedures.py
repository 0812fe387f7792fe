"""The procedures that are shipped: found by all their names, and granting what a form asks for."""

from datetime import date

import pytest
from graphql import parse, validate

from resolvers.catalogue import SHIPPED
from resolvers.names import SENSITIVE_FIELDS
from resolvers.prefill import prefilled
from resolvers.procedure import Procedure
from resolvers.procedure_document import _annotated
from tests.resolvers.invented import AN, gathered, procedure, schema, shipped
from tests.resolvers.test_procedure_documents import DOCS

CODES = ["1.001193", "1.001612", "1.004222", "1.012783", "3.000722"]


def test_the_shipped_documents_load() -> None:
    assert CODES == [found.code for found in shipped()]


def test_the_own_record_is_a_document_and_no_procedure_that_is_listed() -> None:
    own = procedure("self-access")

    assert ["self"] == list(own.roles)
    assert set() == sensitive(own)
    assert [] == [found.code for found in shipped().search("chinh minh")]
    assert [] == [found.code for found in shipped().search("self-access")]


def test_of_other_people_the_own_record_shows_the_name_and_the_relation() -> None:
    others = {"father", "mother", "spouse", "representative", "headOfHousehold", "members"}
    shown = {
        path.rpartition("/")[2]
        for path in procedure("self-access").paths
        if not others.isdisjoint(path.split("/")[:-1])
    }

    assert {"fullName", "relationToHead"} == shown
    assert not any("holder" in path for path in procedure("self-access").paths)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("khai sinh", ["1.001193", "3.000722"]),
        ("dang ky khai sinh", ["1.001193", "3.000722"]),
        ("ĐĂNG KÍ THƯỜNG TRÚ", ["1.004222", "3.000722"]),
        ("permanent residence", ["1.004222"]),
        ("Permanent-residence", ["1.004222"]),
        ("household business", ["1.001612"]),
        ("nhập hộ khẩu", ["1.004222", "3.000722"]),
        ("chuyen ho khau", ["1.004222"]),
        ("đổi sổ đỏ", ["1.012783"]),
        ("giay phep kinh doanh", ["1.001612"]),
        ("1.012783", ["1.012783"]),
        ("2.002621", ["3.000722"]),
        ("2.000986", ["3.000722"]),
        ("ly hôn", []),
    ],
)
def test_a_procedure_is_found_without_marks_by_any_of_its_names(
    words: str, codes: list[str]
) -> None:
    assert codes == [found.code for found in shipped().search(words)]


@pytest.mark.parametrize("code", CODES)
def test_a_local_suffix_is_left_out_of_account(code: str) -> None:
    assert procedure(code) is shipped().find(f"{code}.H36")
    assert procedure(code) is shipped().find(f"{code}.000.00.00.H26")


@pytest.mark.parametrize("old", ["2.002621", "2.001023", "2.000986"])
def test_an_old_bundle_ended_the_day_before_its_successor_began(old: str) -> None:
    ended = shipped().ended(old)

    assert ended is not None
    assert ("3.000722", date(2025, 12, 31)) == (ended.superseded_by, ended.valid_until)
    assert not procedure("3.000722").in_force(date(2025, 12, 31))
    assert procedure("3.000722").in_force(date(2026, 1, 1))


@pytest.mark.parametrize("code", CODES)
def test_a_part_that_is_named_is_declared(code: str) -> None:
    read = procedure(code)
    named = {f.part for f in read.fields} | {c.part for c in read.components}

    assert named - {None, *read.parts} == set()


@pytest.mark.parametrize("code", CODES)
def test_every_paper_that_data_replaces_has_evidence(code: str) -> None:
    read = procedure(code)
    proven = {evidence.component for evidence in read.evidences}

    assert proven == {c.id for c in read.components if c.source in {"DATA", "ORIGINAL"}}


@pytest.mark.parametrize("code", CODES)
def test_evidence_below_land_names_whose_it_must_be(code: str) -> None:
    read = procedure(code)
    of_land = [e for e in read.evidences if read.roles[e.role].kind in {"parcel", "certificate"}]

    assert [] == [e.selection.path for e in of_land if not e.holder_is]


@pytest.mark.parametrize("code", CODES)
def test_a_form_field_below_a_list_collects_it(code: str) -> None:
    """Lists of objects: a key without brackets would take the first item and drop the rest."""
    lists = {"certificates", "uses", "encumbrances", "members", "businesses", "candidates"}
    read = procedure(code)

    assert {
        f.key
        for f in read.fields
        if read.roles[f.role].many or lists.intersection(f.selection.path.split("/")[:-1])
    } == {f.key for f in read.fields if f.key.endswith("[]")}


def sensitive(read: Procedure) -> set[str]:
    """Give the paths of the sensitive values that a document selects."""
    return {
        selection.path
        for role in read.roles.values()
        for selection in role.selection.walk()
        if f"{selection.type_name}.{selection.name}" in SENSITIVE_FIELDS
    }


def test_only_a_birth_needs_a_sensitive_value_and_only_of_the_parents() -> None:
    parents = {"father/ethnicGroup", "mother/ethnicGroup"}

    assert {
        "1.001193": parents,
        "1.001612": set(),
        "1.004222": set(),
        "1.012783": set(),
        "3.000722": parents,
    } == {code: sensitive(procedure(code)) for code in CODES}


def test_the_requester_of_a_birth_gives_what_the_form_asks_and_no_more() -> None:
    leaves = {f.selection.path for f in procedure("1.001193").fields if f.role == "requester"}

    assert {
        "requester/fullName",
        "requester/personalId",
        "requester/permanentResidence/today/display",
    } == leaves


SNIPPETS = [part.split("```")[0].strip() for part in DOCS.split("```graphql\n")[2:]]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=[text.split("(")[0] for text in SNIPPETS])
def test_every_line_that_the_documentation_shows_is_valid(snippet: str) -> None:
    directives = (SHIPPED / "directives.graphql").read_text("utf-8")
    text = (
        f"query Sample {snippet} {{ registries {{ name }} }}"
        if snippet.startswith("@")
        else "query Sample($purpose: Purpose!) { dossier(purpose: $purpose) {"
        f' person(role: "mother") {{ {snippet} }} }} }}'
    )

    assert [] == validate(_annotated(schema(), directives), parse(text))


async def test_a_field_that_is_itself_a_list_is_filled_with_it() -> None:
    read = procedure("1.012783")
    (field,) = [f for f in read.fields if f.key == "nguoiSuDungDat.soCMND"]
    roots = (await gathered(read, {"holder": AN})).roots

    filled = prefilled(field, roots["holder"])

    assert (["390000101"], "390000101") == (filled.value, filled.display)
