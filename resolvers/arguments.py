"""The coerced arguments of the dossier and of the fields below it, before execution."""

from collections.abc import Mapping

from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    NameNode,
    get_argument_values,
)
from graphql.execution.values import VariableValues

from resolvers.documents import Operation
from resolvers.names import DOSSIER_TYPE
from resolvers.plan import Selection
from resolvers.preflight import Arguments


def arguments_of(
    schema: GraphQLSchema, operation: Operation, variables: VariableValues
) -> tuple[Mapping[str, object], tuple[Arguments, ...]]:
    """Give the purpose, and the arguments of each field below the dossier."""
    if operation.dossier is None or schema.query_type is None:
        return {}, ()
    purpose = _given(schema.query_type, operation.dossier, variables)["purpose"]
    dossier = schema.type_map[DOSSIER_TYPE]
    if not isinstance(dossier, GraphQLObjectType) or not isinstance(purpose, Mapping):
        return {}, ()
    return purpose, tuple(
        Arguments(
            field=child.name,
            key=child.key,
            role=child.role(),
            given=_given(dossier, child, variables),
        )
        for child in operation.dossier.children
    )


def _given(
    parent: GraphQLObjectType, selection: Selection, variables: VariableValues
) -> Mapping[str, object]:
    node = FieldNode(name=NameNode(value=selection.name), arguments=selection.arguments)
    return get_argument_values(parent.fields[selection.name], node, variables)


def scopes_of(operation: Operation) -> tuple[str, ...]:
    """Name the scopes that the fields of the dossier need."""
    names = {child.name for child in operation.dossier.children} if operation.dossier else set()
    needed: list[str] = [name for name in ("prefill", "verify") if name in names]
    if names - {"prefill", "verify"}:
        needed.append("records")
    return tuple(needed) or ("records",)
