"""Whose each field is: the table that refuses, and that the schema prints."""

from typing import cast

import msgspec
import pytest
import strawberry
from graphql import GraphQLObjectType
from strawberry.schema.config import StrawberryConfig

from auth.profile import Profile
from auth.refusal import Refused
from resolvers.documents import Documents, Operation
from resolvers.dossier import Dossier
from resolvers.scalars import SCALARS
from resolvers.schema import Query, graphql_schema, print_schema
from resolvers.scopes import SCOPES, SCOPES_SUPPORTED, describe, scopes_of
from tests.resolvers import indoors

TYPES = graphql_schema(indoors.SCHEMA).type_map
DRY = """query D($purpose: Purpose!, $subjects: [SubjectInput!]!, $dry: Boolean) {
  dossier(purpose: $purpose) { prefill(subjects: $subjects, dryRun: $dry) { outcome } } }"""
SUBJECTS = [{"role": "applicant", "is": {"person": indoors.AN_KEY}}]
DEVELOPER = msgspec.structs.replace(
    indoors.PORTAL, scopes=frozenset({"developer", "prefill", "verify", "records"})
)


def fields_of(type_name: str) -> dict[tuple[str, str], str | None]:
    face = cast("GraphQLObjectType", TYPES[type_name])
    return {(type_name, name): field.description for name, field in face.fields.items()}


def test_every_field_at_the_door_has_its_line_in_the_table() -> None:
    there = {*fields_of("Query"), *fields_of("Dossier"), *fields_of("Me")}
    assert there == {place for place in SCOPES if not place[1].startswith("__")}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("Dossier", "prefill"), "Phạm vi: `prefill`."),
        (("Dossier", "person"), "Phạm vi: `records`."),
        (("Query", "place"), "Phạm vi: mọi mã truy cập hợp lệ."),
        (("Query", "dossier"), "Phạm vi: một trong `prefill`, `verify`, `records`."),
    ],
)
def test_the_schema_says_which_scope_opens_a_field(place: tuple[str, str], said: str) -> None:
    assert (fields_of(place[0])[place] or "").endswith(f" {said}")
    assert f"{said}\n" in print_schema()


def test_the_scopes_that_are_published_are_those_of_the_table() -> None:
    assert (
        "prefill",
        "verify",
        "records",
        "audit:read",
        "developer",
        "audit:unmask",
    ) == SCOPES_SUPPORTED


def operation_of(text: str) -> Operation:
    prepared = Documents(graphql_schema(indoors.SCHEMA)).prepare(text, None)
    assert isinstance(prepared, Operation)
    return prepared


@pytest.mark.parametrize(
    ("fields", "scopes"),
    [
        ('person(role: "applicant") { fullName }', ("records",)),
        ("prefill(subjects: []) { outcome }", ("prefill",)),
        ("verify(subjects: [], claims: []) { outcome }", ("verify",)),
        (
            'a: parcel(role: "home") { sheet } prefill(subjects: []) { outcome }',
            ("prefill", "records"),
        ),
        ("__typename", ("records",)),
    ],
)
def test_an_operation_needs_the_scopes_of_all_its_fields(
    fields: str, scopes: tuple[str, ...]
) -> None:
    text = f"query Q($p: Purpose!) {{ dossier(purpose: $p) {{ {fields} }} }}"
    assert scopes == scopes_of(operation_of(text).dossier)


@strawberry.type
class MoreDossier(Dossier):
    """A dossier with a field that nobody thought of whose it is."""

    secret: str = strawberry.field(resolver=lambda: "told", description="-")


@strawberry.type
class MoreQuery(Query):
    """The same at the root."""

    leak: str = strawberry.field(resolver=lambda: "told", description="-")
    dossier: MoreDossier = strawberry.field(resolver=MoreDossier, description="-")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{ leak }", "leak"),
        ("{ registries { name } x: leak @include(if: false) }", "leak"),
        ("{ ... on Query { ...f } } fragment f on Query { leak }", "leak"),
        ("{ dossier { secret } }", "dossier/secret"),
        ("{ dossier { ... { s: secret } } }", "dossier/secret"),
    ],
)
def test_a_field_without_a_policy_is_nobodys_to_read(text: str, path: str) -> None:
    wider = strawberry.Schema(MoreQuery, config=StrawberryConfig(scalar_map=SCALARS))
    schema = graphql_schema(wider)
    # The type has another name only because two classes cannot share one here.
    for name in ("Query", "Dossier"):
        schema.type_map[f"More{name}"].name = name
        schema.type_map[name] = schema.type_map[f"More{name}"]
    describe(schema)
    (refused,) = cast("tuple[Refused, ...]", Documents(schema).prepare(text, None))
    assert ("FIELD_OUTSIDE_PROCEDURE", "field-without-policy") == (refused.code, refused.rule)
    assert {"paths": path} == refused.facts


INTROSPECTION = [
    "{ __schema { types { name } } }",
    '{ __type(name: "Person") { name } }',
    "{ registries { name } ...f } fragment f on Query { __schema { types { name } } }",
    "query Q($no: Boolean = false) { ... @include(if: $no) { __schema { types { name } } } }",
]


@pytest.mark.parametrize("text", INTROSPECTION)
async def test_the_schema_is_read_in_production_by_developers_only(text: str) -> None:
    graph = indoors.graph(indoors.grants())
    refused = await indoors.told(graph, text)
    assert "introspection-needs-developer" == refused["errors"][0]["extensions"]["rule"]
    assert "data" not in refused
    assert "errors" not in await indoors.told(graph, text, DEVELOPER)


@pytest.mark.parametrize("text", INTROSPECTION)
async def test_the_schema_is_read_in_the_sandbox_by_everybody(text: str) -> None:
    graph = indoors.graph(indoors.grants(), profile=Profile.SANDBOX)
    assert "errors" not in await indoors.told(graph, text)


async def test_a_name_of_a_type_is_no_introspection() -> None:
    assert {"data", "extensions"} == set(
        await indoors.told(
            indoors.graph(indoors.grants()), "{ __typename registries { __typename } }"
        )
    )


PERSON = """query P($purpose: Purpose!, $key: PersonKey!) { dossier(purpose: $purpose) {
  person(role: "applicant", key: $key) { fullName } } }"""
NAME = """query N($purpose: Purpose!, $n: String!) { dossier(purpose: $purpose) {
  nameCheck(name: $n, ward: "00004") { verdict } } }"""
VERIFY = """query V($purpose: Purpose!, $subjects: [SubjectInput!]!) {
  dossier(purpose: $purpose) { verify(subjects: $subjects, claims: []) { outcome } } }"""
BOTH = """query B($purpose: Purpose!, $subjects: [SubjectInput!]!) { dossier(purpose: $purpose) {
  a: prefill(subjects: $subjects, dryRun: true) { outcome }
  b: prefill(subjects: $subjects) { outcome } } }"""


@pytest.mark.parametrize(
    ("text", "variables", "field"),
    [
        (PERSON, {"key": indoors.AN_KEY}, "person"),
        (NAME, {"n": "Hoa Sen"}, "nameCheck"),
        (VERIFY, {"subjects": SUBJECTS}, "verify"),
        (DRY, {"subjects": SUBJECTS, "dry": False}, "prefill"),
        (DRY, {"subjects": SUBJECTS}, "prefill"),
        (BOTH, {"subjects": SUBJECTS}, "prefill"),
        ("{ me { person { fullName } } }", None, "person"),
    ],
)
async def test_a_developer_reads_nobody_in_production(
    text: str, variables: dict[str, object] | None, field: str
) -> None:
    given = {} if variables is None else {"purpose": indoors.purpose(), **variables}
    answer = await indoors.told(indoors.graph(indoors.grants()), text, DEVELOPER, **given)
    (error,) = answer["errors"]
    assert ("SCOPE_REQUIRED", "developer-reads-nobody") == (
        error["extensions"]["code"],
        error["extensions"]["rule"],
    )
    assert f"`{field}`" in error["message"]


async def test_a_developer_rehearses_and_reads_the_catalogue_in_production() -> None:
    graph = indoors.graph(indoors.grants())
    variables = {"purpose": indoors.purpose(), "subjects": SUBJECTS, "dry": True}
    assert "errors" not in await indoors.told(graph, DRY, DEVELOPER, **variables)
    assert "errors" not in await indoors.told(graph, "{ registries { name } }", DEVELOPER)


async def test_a_developer_of_the_sandbox_reads_its_invented_people() -> None:
    graph = indoors.graph(indoors.grants(), profile=Profile.SANDBOX)
    variables = {"purpose": indoors.purpose(), "key": indoors.AN_KEY}
    assert "errors" not in await indoors.told(graph, PERSON, DEVELOPER, **variables)


@pytest.mark.parametrize(
    ("profile", "suggested"), [(Profile.SANDBOX, True), (Profile.PRODUCTION, False)]
)
async def test_only_the_sandbox_asks_whether_another_name_was_meant(
    profile: Profile, *, suggested: bool
) -> None:
    graph = indoors.graph(indoors.grants(), profile=profile)
    (error,) = (await indoors.told(graph, "{ registrie { name } }"))["errors"]
    assert suggested == ("registries" in error["message"])
