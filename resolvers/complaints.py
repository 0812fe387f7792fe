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
    meant = suggestion_list(_name(node), list(_candidates(rule, node, schema)))[:3]
    return f"{named} (? {', '.join(meant)})" if meant else named


def _name(node: Node | None) -> str:
    for attribute in ("name", "variable"):
        found = getattr(node, attribute, None)
        while found is not None and not isinstance(getattr(found, "value", None), str):
            found = getattr(found, "name", None)
        if found is not None:
            return str(found.value)
    return getattr(node, "kind", "document")


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
