"""What is said of a document that does not fit the schema: which name, and what would fit."""

from graphql import (
    ASTValidationRule,
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    ProvidedRequiredArgumentsRule,
    parse,
    validate,
)

from resolvers.complaints import complaint
from resolvers.schema import graphql_schema
from tests.resolvers import indoors

NEEDS_A_CASE = "query Q($f: AccessLogFilter!) { accessLog(filter: $f) { logSize } }"


def said_of(
    text: str, rule: type[ASTValidationRule] = FieldsOnCorrectTypeRule, *, suggest: bool = True
) -> list[str]:
    schema = graphql_schema(indoors.SCHEMA)
    errors = validate(schema, parse(text), [rule])
    return [complaint(rule, error, schema, suggest=suggest) for error in errors]


def test_an_argument_that_is_missing_is_named() -> None:
    assert ["`accessLog(case: CaseRef!)`"] == said_of(NEEDS_A_CASE, ProvidedRequiredArgumentsRule)


def test_of_several_missing_arguments_each_is_named_once() -> None:
    assert ["`accessLog(filter: AccessLogFilter!)`", "`accessLog(case: CaseRef!)`"] == said_of(
        "{ accessLog { logSize } }", ProvidedRequiredArgumentsRule
    )


def test_where_the_schema_is_not_told_no_argument_is_named() -> None:
    assert ["`accessLog`"] == said_of(NEEDS_A_CASE, ProvidedRequiredArgumentsRule, suggest=False)


def test_a_field_of_another_type_is_named_with_the_types_that_have_it() -> None:
    (told,) = said_of("{ registries { attemptsLeft } }")
    assert "`attemptsLeft` (? ClaimVerdict.attemptsLeft)" == told


def test_a_mistyped_field_is_named_with_those_that_look_alike() -> None:
    (told,) = said_of("{ registries { nam } }")
    assert told.startswith("`nam` (? name")


def test_a_name_is_never_offered_for_itself() -> None:
    (told,) = said_of('{ registries(code: "1") { name } }', KnownArgumentNamesRule)
    assert "`code`" == told.partition(" ")[0]
    assert "code" not in told.partition(" ")[2].strip("(?) ").split(", ")
