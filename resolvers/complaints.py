"""What is wrong with a document that does not fit the schema, in names only.

graphql-core's own messages repeat literals; here only names of the document and the schema are
said, and those only as long as no number hides in them.
"""

from collections.abc import Iterable

from graphql import (
    ArgumentNode,
    ASTValidationRule,
    FieldNode,
    FieldsOnCorrectTypeRule,
    GraphQLError,
    GraphQLSchema,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    NamedTypeNode,
    Node,
    ProvidedRequiredArgumentsRule,
    is_object_type,
    is_required_argument,
)
from graphql.pyutils import suggestion_list

from resolvers.literals import said


def complaint(
    rule: type[ASTValidationRule], error: GraphQLError, schema: GraphQLSchema, *, suggest: bool
) -> str:
    """Name the nodes at fault, and what may have been meant (only where *suggest*)."""
    node = error.nodes[0] if error.nodes else None
    named = f"`{said(_name(node))}`"
    if not suggest or node is None:
        return named
    if rule is ProvidedRequiredArgumentsRule and isinstance(node, FieldNode):
        missing = _missing(node, schema)
        # An error speaks of one; its words are the library's, so only our names are looked for.
        spoken = [name for name in missing if f"({name}:)" in error.message] or missing
        wanted = ", ".join(f"{name}: {missing[name]}" for name in sorted(spoken))
        return f"`{said(_name(node))}({wanted})`"
    meant = (_owners(rule, node, schema) or _alike(rule, node, schema))[:3]
    return f"{named} (? {', '.join(meant)})" if meant else named


def _name(node: Node | None) -> str:
    for attribute in ("name", "variable"):
        found = getattr(node, attribute, None)
        while found is not None and not isinstance(getattr(found, "value", None), str):
            found = getattr(found, "name", None)
        if found is not None:
            return str(found.value)
    return getattr(node, "kind", "document")


def _missing(node: FieldNode, schema: GraphQLSchema) -> dict[str, str]:
    """Name what a field of this name needs and has not, each with its type."""
    given = {argument.name.value for argument in node.arguments or ()}
    return {
        name: str(argument.type)
        for kind in schema.type_map.values()
        if (field := getattr(kind, "fields", {}).get(node.name.value))
        for name, argument in getattr(field, "args", {}).items()
        if is_required_argument(argument) and name not in given
    }


def _owners(rule: type[ASTValidationRule], node: Node, schema: GraphQLSchema) -> list[str]:
    """Name the types that have the field which another type was asked for."""
    if rule is not FieldsOnCorrectTypeRule:
        return []
    return [
        f"{kind.name}.{_name(node)}"
        for kind in schema.type_map.values()
        if is_object_type(kind) and not kind.name.startswith("__") and _name(node) in kind.fields
    ]


def _alike(rule: type[ASTValidationRule], node: Node, schema: GraphQLSchema) -> list[str]:
    others = {name for name in _candidates(rule, node, schema) if name != _name(node)}
    return suggestion_list(_name(node), sorted(others))


def _candidates(rule: type[ASTValidationRule], node: Node, schema: GraphQLSchema) -> Iterable[str]:
    if rule is FieldsOnCorrectTypeRule and isinstance(node, FieldNode):
        for kind in schema.type_map.values():
            if not kind.name.startswith("__"):
                yield from getattr(kind, "fields", ())
    elif rule is KnownTypeNamesRule and isinstance(node, NamedTypeNode):
        yield from (name for name in schema.type_map if not name.startswith("__"))
    elif rule is KnownArgumentNamesRule and isinstance(node, ArgumentNode):
        for kind in schema.type_map.values():
            for field in getattr(kind, "fields", {}).values():
                yield from getattr(field, "args", ())
