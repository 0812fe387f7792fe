"""How a document becomes a tree of selections (plan.py): fragments and type conditions resolved.

Counted while it is built, since aliases and fragments can make a short document endless.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from resolvers.names import EDGE_FIELDS, WITHOUT_ROLE
from resolvers.plan import Selection

MOST_SELECTIONS = 400
DEEPEST = 12
DEPTH = "độ sâu (depth)"
FIELDS = "trường (fields)"


class SelectionTooLargeError(Exception):
    """A document selects more, or deeper, than any screen of a portal needs."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what)
        self.what = what
        self.limit = limit


Picked = tuple[FieldNode, GraphQLNamedType, frozenset[str] | None]


class _Compiler:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        most: int,
        deepest: int,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._left = most
        self._deepest = deepest

    def compile(
        self, owner: GraphQLNamedType, nodes: Iterable[SelectionSetNode], path: str, depth: int
    ) -> tuple[Selection, ...]:
        if depth > self._deepest:
            raise SelectionTooLargeError(DEPTH, self._deepest)
        merged: dict[tuple[str, frozenset[str] | None], list[tuple[FieldNode, GraphQLNamedType]]]
        merged = {}
        # A fragment spread twice into one selection set adds nothing the second time.
        spread: set[tuple[str, frozenset[str] | None]] = set()
        for node in nodes:
            for field, on, only_for in self._fields(owner, owner, node, None, spread):
                merged.setdefault((_key(field), only_for), []).append((field, on))
        return tuple(
            self._selection([field for field, _ in fields], fields[0][1], only_for, path, depth)
            for (_, only_for), fields in merged.items()
            # Introspection (`__typename`, `__schema`, `__type`) reads nothing of anybody.
            if not fields[0][0].name.value.startswith("__")
        )

    def _fields(
        self,
        owner: GraphQLNamedType,
        on: GraphQLNamedType,
        node: SelectionSetNode,
        only_for: frozenset[str] | None,
        spread: set[tuple[str, frozenset[str] | None]],
    ) -> Iterator[Picked]:
        """Give the fields of a selection set on *owner*, fragments and conditions resolved.

        On an object type a condition holds or it does not, so it leaves no trace: the same response
        key is one selection however it is written.
        """
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                yield selection, on, only_for
                continue
            target: FragmentDefinitionNode | InlineFragmentNode
            if isinstance(selection, InlineFragmentNode):
                target = selection
            elif isinstance(selection, FragmentSpreadNode):
                if (selection.name.value, only_for) in spread:
                    continue
                spread.add((selection.name.value, only_for))
                target = self._fragments[selection.name.value]
            condition = target.type_condition
            below = on if condition is None else self._schema.type_map[condition.name.value]
            if isinstance(owner, GraphQLObjectType):
                if owner.name in self._names(below):
                    yield from self._fields(owner, owner, target.selection_set, None, spread)
                continue
            names = only_for if below is owner else self._names(below) & (only_for or self._all)
            yield from self._fields(owner, below, target.selection_set, names, spread)

    @property
    def _all(self) -> frozenset[str]:
        return frozenset(self._schema.type_map)

    def _names(self, kind: GraphQLNamedType) -> frozenset[str]:
        if is_abstract_type(kind):
            return frozenset(t.name for t in self._schema.get_possible_types(kind))
        return frozenset({kind.name})

    def _selection(
        self,
        fields: list[FieldNode],
        parent: GraphQLNamedType,
        only_for: frozenset[str] | None,
        path: str,
        depth: int,
    ) -> Selection:
        self._left -= 1
        if self._left < 0:
            raise SelectionTooLargeError(FIELDS, MOST_SELECTIONS)
        first = fields[0]
        name = first.name.value
        definition: GraphQLField = getattr(parent, "fields", {})[name]
        result = get_named_type(definition.type)
        shallow = Selection(
            type_name=parent.name,
            name=name,
            key=_key(first),
            attribute=_attribute(definition, name),
            path="",
            result_type=result.name,
            arguments=tuple(first.arguments or ()),
            directives=tuple(d for field in fields for d in field.directives or ()),
            only_for=only_for,
            line=first.loc.start_token.line if first.loc else 0,
        )
        below = _path(shallow, path)
        subselections = [f.selection_set for f in fields if f.selection_set]
        children = (
            self.compile(result, subselections, below, depth + 1)
            if is_composite_type(result)
            else ()
        )
        crosses = any(c.crosses for c in children) or (parent.name, name) in EDGE_FIELDS
        return msgspec.structs.replace(shallow, path=below, children=children, crosses=crosses)


def compile_operation(
    schema: GraphQLSchema, document: DocumentNode, root: GraphQLObjectType, nodes: SelectionSetNode
) -> tuple[Selection, ...]:
    """Compile the selection set of one operation of a *validated* document.

    Raises SelectionTooLargeError before it has built more than MOST_SELECTIONS or gone deeper than
    DEEPEST: aliases and fragments can make a short document endless.
    """
    fragments = {
        d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
    }
    return _Compiler(schema, fragments, MOST_SELECTIONS, DEEPEST).compile(root, [nodes], "", 1)


def _key(field: FieldNode) -> str:
    return field.alias.value if field.alias else field.name.value


def _attribute(definition: object, name: str) -> str:
    extensions: Mapping[str, object] = getattr(definition, "extensions", None) or {}
    return str(getattr(extensions.get("strawberry-definition"), "python_name", name))


def _path(selection: Selection, parent_path: str) -> str:
    if selection.at_dossier():
        return selection.role() or ("" if selection.name in WITHOUT_ROLE else selection.name)
    if not parent_path:
        return ""
    return f"{parent_path}/{selection.name}"
