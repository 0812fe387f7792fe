"""Variables, and literals that hold some, against their types: each problem named by its place.

graphql-core coerces again afterwards; it says the same with the whole input in its message, so it
must never be the one to refuse. No value is repeated here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    is_required_input_field,
    type_from_ast,
)

from auth.refusal import Refused
from resolvers.refusals import refuse
from resolvers.scalars import BadInput

MOST_PROBLEMS = 5
MOST_ITEMS = 200
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,60}")

Problem = tuple[str, str, str]
"""Where, and what is wrong in Vietnamese and in English."""

_NULL = "không được để trống (null).", "must not be null."
_NOT_SENT = "là bắt buộc nhưng chưa được gửi.", "is required and was not sent."


def check_variables(
    schema: GraphQLSchema,
    definitions: Sequence[VariableDefinitionNode],
    given: Mapping[str, object],
) -> tuple[Refused, ...]:
    """Check all variables; empty when graphql-core will accept them."""
    found: list[Refused] = []
    for definition in definitions:
        name = definition.variable.name.value
        kind = type_from_ast(schema, definition.type)
        for where, vi, en in _variable(name, kind, definition, given):
            found.append(refuse("variable-invalid", vi=joined(where, vi), en=joined(where, en)))
            if len(found) == MOST_PROBLEMS:
                return tuple(found)
    return tuple(found)


def joined(where: str, what: str) -> str:
    """Make one sentence of a place and what is wrong there; a scalar's is one by itself."""
    return f"{where}{' ' if what[0].islower() else ': '}{what}"


def _variable(
    name: str,
    kind: object,
    definition: VariableDefinitionNode,
    given: Mapping[str, object],
) -> Iterator[Problem]:
    if name not in given:
        if isinstance(kind, GraphQLNonNull) and definition.default_value is None:
            yield f"${name}", *_NOT_SENT
        elif definition.default_value is not None:
            yield from literal_problems(kind, definition.default_value, {}, f"${name}")
        return
    yield from _value(kind, given[name], f"${name}")


def _value(kind: object, value: object, where: str) -> Iterator[Problem]:
    if isinstance(kind, GraphQLNonNull):
        if value is None:
            yield where, *_NULL
            return
        kind = kind.of_type
    if value is None:
        return
    if isinstance(kind, GraphQLList):
        yield from _items(kind.of_type, value, where)
    elif isinstance(kind, GraphQLInputObjectType):
        yield from _object(kind, value, where)
    elif isinstance(kind, GraphQLEnumType):
        if not isinstance(value, str) or value not in kind.values:
            allowed = ", ".join(kind.values)
            yield where, f"chỉ nhận một trong: {allowed}.", f"takes one of: {allowed}."
    elif isinstance(kind, GraphQLScalarType):
        yield from _scalar(kind, value, where)


def _items(kind: GraphQLInputType, value: object, where: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield from _value(kind, value, where)
        return
    if len(value) > MOST_ITEMS:
        yield where, f"nhận tối đa {MOST_ITEMS} phần tử.", f"takes at most {MOST_ITEMS} items."
        return
    for index, item in enumerate(value):
        yield from _value(kind, item, f"{where}[{index}]")


def _object(kind: GraphQLInputObjectType, value: object, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield where, f"phải là một đối tượng {kind.name}.", f"must be an object {kind.name}."
        return
    names = ", ".join(kind.fields)
    for name in value:
        if name not in kind.fields:
            shown = name if isinstance(name, str) and _NAME.fullmatch(name) else "?"
            shown = re.sub(r"[0-9]{6,}", "…", shown)
            yield (
                where,
                f"không có trường `{shown}`; có: {names}.",
                f"has no field `{shown}`; it has: {names}.",
            )
    if _is_one_of(kind):
        sent = [value[name] for name in kind.fields if name in value]
        if len(sent) != 1 or sent == [None]:
            yield where, *_not_one(kind, len(sent))
            return
    for name, field in kind.fields.items():
        if name in value:
            yield from _value(field.type, value[name], f"{where}.{name}")
        elif is_required_input_field(field):
            yield f"{where}.{name}", *_NOT_SENT


def literal_problems(
    kind: object,
    node: ValueNode,
    variables: Mapping[str, object],
    where: str,
    *,
    required: bool = True,
) -> Iterator[Problem]:
    """Check a literal of a *validated* document for what its coerced *variables* may break.

    *required* is false where the schema has a default, which then stands in for a missing variable.
    """
    if isinstance(node, VariableNode):
        if isinstance(kind, GraphQLNonNull):
            name = node.name.value
            if name in variables and variables[name] is None:
                yield where, *_NULL
            elif name not in variables and required:
                yield where, *_NOT_SENT
        return
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        if isinstance(node, ListValueNode):
            for index, item in enumerate(node.values):
                yield from literal_problems(kind.of_type, item, variables, f"{where}[{index}]")
        else:
            yield from literal_problems(kind.of_type, node, variables, where)
    elif isinstance(kind, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
        yield from _literal_object(kind, node, variables, where)


def _literal_object(
    kind: GraphQLInputObjectType,
    node: ObjectValueNode,
    variables: Mapping[str, object],
    where: str,
) -> Iterator[Problem]:
    if _is_one_of(kind):
        sent = [field for field in node.fields if not _is_missing(field, variables)]
        if len(sent) != 1 or _is_null(sent[0], variables):
            yield where, *_not_one(kind, len(sent))
            return
    for field in node.fields:
        known = kind.fields[field.name.value]
        yield from literal_problems(
            known.type,
            field.value,
            variables,
            f"{where}.{field.name.value}",
            required=is_required_input_field(known),
        )


def _is_missing(field: ObjectFieldNode, variables: Mapping[str, object]) -> bool:
    return isinstance(field.value, VariableNode) and field.value.name.value not in variables


def _is_null(field: ObjectFieldNode, variables: Mapping[str, object]) -> bool:
    if isinstance(field.value, VariableNode):
        return variables[field.value.name.value] is None
    return isinstance(field.value, NullValueNode)


def _not_one(kind: GraphQLInputObjectType, sent: int) -> tuple[str, str]:
    names = ", ".join(kind.fields)
    vi, en = (
        ("trường đã gửi là null", "the one sent is null")
        if sent == 1
        else (f"đã gửi {sent}", f"{sent} were sent")
    )
    return (
        f"phải có đúng một trong, không null: {names}; {vi}.",
        f"takes exactly one of, not null: {names}; {en}.",
    )


def _is_one_of(kind: GraphQLInputObjectType) -> bool:
    """Ask Strawberry: it does not tell graphql-core."""
    definition = kind.extensions.get("strawberry-definition")
    return bool(getattr(definition, "is_one_of", kind.is_one_of))


def _scalar(kind: GraphQLScalarType, value: object, where: str) -> Iterator[Problem]:
    try:
        kind.parse_value(value)
    except BadInput as bad:
        yield where, bad.sentence_vi, bad.sentence_en
    except (GraphQLError, ValueError, TypeError):
        # graphql-core's own scalars say what they were given; here only the type is said.
        yield where, f"phải là {kind.name}.", f"must be {kind.name}."
