"""`@skip` and `@include`: what of an operation is executed, once its variables are known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from resolvers.documents import Operation

Variables = Mapping[str, object]
Fragments = Mapping[str, FragmentDefinitionNode]
Keys = tuple[str, ...]
"""A response path without its indices."""


def fragments_of(operation: Operation) -> Fragments:
    """Give the fragments of the operation's document by name."""
    definitions = operation.document.definitions
    return {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}


def included(node: SelectionNode, variables: Variables) -> bool:
    """Tell whether the directives of *node* leave it in; a condition that is null leaves it in."""
    return all(
        _condition(directive, variables) is not (directive.name.value == "skip")
        for directive in node.directives or ()
        if directive.name.value in {"skip", "include"}
    )


def executed(operation: Operation, variables: Variables) -> frozenset[Keys]:
    """Give the response paths at and below the dossier that the conditions leave in."""
    if operation.dossier is None:
        return frozenset()
    sets = [operation.definition.selection_set]
    return frozenset(
        keys
        for keys in _paths(sets, fragments_of(operation), variables, ())
        if keys[0] == operation.dossier.key
    )


def _condition(directive: DirectiveNode, variables: Variables) -> object:
    for argument in directive.arguments or ():
        if isinstance(argument.value, VariableNode):
            return variables.get(argument.value.name.value)
        if isinstance(argument.value, BooleanValueNode):
            return argument.value.value
    return None


def _paths(
    sets: Iterable[SelectionSetNode], fragments: Fragments, variables: Variables, at: Keys
) -> Iterator[Keys]:
    # Merged and without repetition, as the plan is: else fragments could make it endless.
    below: dict[str, list[SelectionSetNode]] = {}
    spread: set[str] = set()
    for each in sets:
        for field in _fields(each, fragments, variables, spread):
            key = field.alias.value if field.alias else field.name.value
            found = below.setdefault(key, [])
            if field.selection_set:
                found.append(field.selection_set)
    for key, inner in below.items():
        yield (*at, key)
        yield from _paths(inner, fragments, variables, (*at, key))


def _fields(
    given: SelectionSetNode, fragments: Fragments, variables: Variables, spread: set[str]
) -> Iterator[FieldNode]:
    for node in _left_in(given.selections, variables):
        if isinstance(node, FieldNode):
            if not node.name.value.startswith("__"):
                yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set, fragments, variables, spread)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
            spread.add(node.name.value)
            target = fragments[node.name.value].selection_set
            yield from _fields(target, fragments, variables, spread)


def _left_in(nodes: Sequence[SelectionNode], variables: Variables) -> Iterator[SelectionNode]:
    return (node for node in nodes if included(node, variables))
