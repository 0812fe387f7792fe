"""The arguments of an operation, before execution: checked all, coerced those of the dossier."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLCompositeType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    SelectionNode,
    get_argument_values,
    get_named_type,
    is_composite_type,
    is_required_argument,
)
from graphql.execution.values import VariableValues

from auth.refusal import Refused
from resolvers.coercion import MOST_PROBLEMS, Problem, joined, literal_problems
from resolvers.conditions import Variables, fragments_of, included
from resolvers.documents import Operation
from resolvers.names import DOSSIER_TYPE
from resolvers.plan import Selection
from resolvers.preflight import Arguments
from resolvers.refusals import refuse


def check_arguments(
    schema: GraphQLSchema, operation: Operation, variables: Variables
) -> tuple[Refused, ...]:
    """Check all arguments and conditions; empty when graphql-core will accept them.

    The document was validated without its variables: what they may still break is a null or nothing
    where a value must stand, and the inputs of which exactly one field is given.
    """
    if schema.query_type is None:
        return ()
    found = _Check(schema, operation, variables).problems(
        schema.query_type, operation.definition.selection_set.selections
    )
    return tuple(
        refuse("argument-invalid", vi=joined(where, vi), en=joined(where, en))
        for where, vi, en in islice(found, MOST_PROBLEMS)
    )


class _Check:
    """One walk over an operation; every fragment is entered once."""

    def __init__(self, schema: GraphQLSchema, operation: Operation, variables: Variables) -> None:
        self._schema = schema
        self._fragments = fragments_of(operation)
        self._variables = variables
        self._entered: set[str] = set()

    def problems(
        self, parent: GraphQLNamedType, selections: Sequence[SelectionNode]
    ) -> Iterator[Problem]:
        for node in selections:
            for directive in node.directives or ():
                name = directive.name.value
                known = self._schema.get_directive(name)
                yield from self._given(known.args if known else {}, directive.arguments, f"@{name}")
            if included(node, self._variables):
                yield from self._below(parent, node)

    def _below(self, parent: GraphQLNamedType, node: SelectionNode) -> Iterator[Problem]:
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name not in self._entered:
                self._entered.add(name)
                target = self._fragments[name]
                on = self._schema.type_map[target.type_condition.name.value]
                yield from self.problems(on, target.selection_set.selections)
        elif isinstance(node, InlineFragmentNode):
            on = parent
            if node.type_condition is not None:
                on = self._schema.type_map[node.type_condition.name.value]
            yield from self.problems(on, node.selection_set.selections)
        elif isinstance(node, FieldNode) and is_composite_type(parent):
            yield from self._field(parent, node)

    def _field(self, parent: GraphQLCompositeType, node: FieldNode) -> Iterator[Problem]:
        name = node.name.value
        definition = self._schema.get_field(parent, name)
        if definition is None:
            return
        yield from self._given(definition.args, node.arguments, name)
        if node.selection_set is not None:
            kind = get_named_type(definition.type)
            yield from self.problems(kind, node.selection_set.selections)

    def _given(
        self,
        known: Mapping[str, GraphQLArgument],
        given: Sequence[ArgumentNode] | None,
        where: str,
    ) -> Iterator[Problem]:
        for node in given or ():
            argument = known[node.name.value]
            yield from literal_problems(
                argument.type,
                node.value,
                self._variables,
                f"{where}.{node.name.value}",
                required=is_required_argument(argument),
            )


def arguments_of(
    schema: GraphQLSchema, operation: Operation, variables: VariableValues
) -> tuple[Mapping[str, object], tuple[Arguments, ...]]:
    """Give the purpose, and the arguments of each field below the dossier."""
    if operation.dossier is None or schema.query_type is None:
        return {}, ()
    purpose = given_of(schema.query_type, operation.dossier, variables)["purpose"]
    dossier = schema.type_map[DOSSIER_TYPE]
    if not isinstance(dossier, GraphQLObjectType) or not isinstance(purpose, Mapping):
        return {}, ()
    return purpose, tuple(
        Arguments(
            field=child.name,
            key=child.key,
            role=child.role(),
            given=given_of(dossier, child, variables),
        )
        for child in operation.dossier.children
    )


def given_of(
    parent: GraphQLObjectType, selection: Selection, variables: VariableValues
) -> Mapping[str, object]:
    """Give the coerced arguments of one field of *parent*."""
    node = FieldNode(name=NameNode(value=selection.name), arguments=selection.arguments)
    return get_argument_values(parent.fields[selection.name], node, variables)
