"""The schema's faces: every field against its record, and full records at work."""

import typing
from collections.abc import Iterator
from datetime import date
from typing import cast

import msgspec
import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from adapters.business import records as business_records
from adapters.persons import PersonRef
from adapters.registry import Source
from resolvers.names import DOSSIER_TYPE, EDGE_FIELDS
from resolvers.types.record import RECORD_OF, TYPE_OF
from tests.resolvers.vocabulary import (
    HOLDERS,
    Visit,
    attributes_of,
    fields_of,
    full_roots,
    named_types,
    sample,
    schema,
)

DERIVED = {
    ("NameCheck", "verdict"),
    ("Procedure", "roles"),
    ("Procedure", "parts"),
    ("Me", "accessLog"),
}
"""Fields worked out from a record, or read from the log: no attribute, no way to a registry."""

INTERNAL = {
    "birth_grade",
    "key",
    "name_grade",
    "number_superseded",
    "superseded_number",
    "taken",
    "under_review",
}


@pytest.mark.parametrize("type_name", sorted(RECORD_OF))
def test_every_plain_field_is_an_attribute_of_its_record(type_name: str) -> None:
    beside = EDGE_FIELDS | DERIVED
    plain = {f.python_name for n, _, f in fields_of(type_name) if (type_name, n) not in beside}

    assert plain - attributes_of(RECORD_OF[type_name]) == set()


@pytest.mark.parametrize("type_name", sorted(RECORD_OF))
def test_only_edges_and_derived_fields_have_a_resolver(type_name: str) -> None:
    resolved = {(type_name, n) for n, _, f in fields_of(type_name) if f.base_resolver is not None}

    assert resolved == {place for place in EDGE_FIELDS | DERIVED if place[0] == type_name}


@pytest.mark.parametrize("type_name", sorted(RECORD_OF))
def test_no_field_is_non_null_where_its_record_may_be_silent(type_name: str) -> None:
    hints = typing.get_type_hints(RECORD_OF[type_name])
    promised = {
        field.python_name
        for _, core, field in fields_of(type_name)
        if isinstance(core.type, GraphQLNonNull) and field.base_resolver is None
    }

    assert {name for name in promised if type(None) in typing.get_args(hints[name])} == set()


def test_what_a_record_keeps_for_matching_is_not_published() -> None:
    published = {
        (type_name, field.python_name)
        for type_name in RECORD_OF
        for _, _, field in fields_of(type_name)
    }

    assert INTERNAL & {attribute for _, attribute in published} - {"key"} == set()
    assert ("PersonRef", "birth_date") not in published
    assert ("HolderHousehold", "members") not in published
    assert {type_name for type_name, attribute in published if attribute == "key"} == {
        "ClaimVerdict",
        "PrefilledField",
        "ProcedureField",
    }


def test_every_edge_beyond_the_dossier_is_a_field_here() -> None:
    edges = {place for place in EDGE_FIELDS if place[0] != DOSSIER_TYPE}

    assert edges == {
        (type_name, name)
        for type_name in RECORD_OF
        for name, _, _ in fields_of(type_name)
        if (type_name, name) in EDGE_FIELDS
    }


def test_a_record_has_one_face_and_a_face_one_record() -> None:
    assert {record: name for name, record in RECORD_OF.items()} == TYPE_OF


def test_every_type_that_may_be_chosen_knows_its_record() -> None:
    abstract = [
        t for t in named_types().values() if isinstance(t, GraphQLInterfaceType | GraphQLUnionType)
    ]
    chosen = {p.name for t in abstract for p in schema()._schema.get_possible_types(t)}
    knowing = {
        name
        for name in chosen
        if cast("GraphQLObjectType", named_types()[name]).is_type_of is not None
    }

    assert knowing == chosen
    assert chosen <= set(RECORD_OF)


def test_a_person_reference_has_no_way_to_a_record_of_its_own() -> None:
    assert {name for name, _, _ in fields_of("PersonRef")} == {
        "fullName",
        "nationality",
        "oldIdNumber",
        "personalId",
    }
    assert RECORD_OF["PersonRef"] is PersonRef


def everything(face: GraphQLNamedType, within: tuple[str, ...] = ()) -> str:
    """Write the selection of all fields below *face*, each type once on a path."""
    parts = ["{ __typename"]
    if is_abstract_type(face):
        possible = schema()._schema.get_possible_types(face)
        parts.extend(f"... on {p.name} {everything(p, within)}" for p in possible)
    else:
        for name, field in cast("GraphQLObjectType", face).fields.items():
            below = get_named_type(field.type)
            if not is_composite_type(below):
                parts.append(name)
            elif below.name not in {*within, face.name}:
                parts.append(f"{name} {everything(below, (*within, face.name))}")
    return " ".join((*parts, "}"))


def silences(answer: object, path: str = "") -> Iterator[str]:
    """Give the paths under which an answer holds nothing."""
    if isinstance(answer, dict):
        for name, below in answer.items():
            yield from silences(below, f"{path}/{name}")
    elif isinstance(answer, list):
        for below in answer or [None]:
            yield from silences(below, path)
    elif answer is None:
        yield path


def typenames(answer: object) -> Iterator[str]:
    """Give every type that an answer passed through."""
    if isinstance(answer, dict):
        yield cast("str", answer.get("__typename", "Query"))
        for below in answer.values():
            yield from typenames(below)
    elif isinstance(answer, list):
        for below in answer:
            yield from typenames(below)


async def test_full_records_show_every_field_of_every_type() -> None:
    face = named_types()["Query"]
    query = everything(face).replace(" echo", "")
    answer = await schema().execute(query, root_value=full_roots(), context_value=Visit())

    assert answer.errors is None
    assert list(silences(answer.data)) == []
    assert set(typenames(answer.data)) - {"Query", "ProcedurePart"} == set(RECORD_OF)


async def test_the_exact_class_of_a_record_chooses_its_type() -> None:
    answer = await schema().execute(
        "{ holders { __typename } businesses { __typename } }", root_value=full_roots()
    )

    assert answer.errors is None
    assert answer.data == {
        "holders": [{"__typename": holder.__name__} for holder in HOLDERS],
        "businesses": [{"__typename": "Enterprise"}, {"__typename": "HouseholdBusiness"}],
    }


async def test_a_status_has_its_period_under_the_words_of_the_schema() -> None:
    status = business_records.BusinessStatus(starts=date(2020, 1, 2), ends=date(2021, 3, 4))
    source = cast("Source", sample(Source))
    enterprise = business_records.Enterprise(source=source, statuses=(status,))
    roots = msgspec.structs.replace(full_roots(), businesses=[enterprise])
    answer = await schema().execute("{ businesses { statuses { from to } } }", root_value=roots)

    assert answer.data == {
        "businesses": [{"statuses": [{"from": "2020-01-02", "to": "2021-03-04"}]}]
    }


@pytest.mark.parametrize(
    ("taken", "similar", "verdict"),
    [(True, ("A",), "EXACT"), (False, ("A",), "PARTIAL"), (False, (), "DIFFERENT")],
)
async def test_a_name_check_is_graded_from_what_the_registry_says(
    taken: bool, similar: tuple[str, ...], verdict: str
) -> None:
    source = cast("Source", sample(Source))
    check = business_records.NameCheck(source=source, taken=taken, similar=similar)
    roots = msgspec.structs.replace(full_roots(), name_check=check)
    answer = await schema().execute("{ nameCheck { verdict } }", root_value=roots)

    assert answer.data == {"nameCheck": {"verdict": verdict}}
