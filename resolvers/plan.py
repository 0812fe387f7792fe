"""What a document asks for, compiled once: a tree of selections with role paths.

The same tree serves four readers: the field guard (which paths?), the grant of a procedure (which
paths are given?), the desk (which fields does this read disclose?) and the prefill walk.

A role path leaves out response aliases and puts the role in place of the Dossier field:
`applicant/permanentResidence/today/display`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

import msgspec
from graphql import (
    ArgumentNode,
    DirectiveNode,
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
    StringValueNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from resolvers.names import ALWAYS_INSIDE, DOSSIER_TYPE, EDGE_FIELDS, ROLE_FIELDS


class Selection(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One selected field; equal response keys under one type condition are one selection."""

    type_name: str
    name: str
    key: str
    """The response key: the alias, or the name."""
    attribute: str
    """The attribute of the parent record that a plain field reads."""
    path: str
    """The role path; empty at and above the dossier."""
    result_type: str
    arguments: tuple[ArgumentNode, ...] = ()
    directives: tuple[DirectiveNode, ...] = ()
    only_for: frozenset[str] | None = None
    """Object types for which a type condition selects it; None: all."""
    children: tuple["Selection", ...] = ()
    crosses: bool = False
    """Whether it is an edge, or an edge lies below it."""
    line: int = 0

    @property
    def ident(self) -> tuple[str, str, frozenset[str] | None]:
        """What tells this selection from the others of its document, pruned or not."""
        return self.path, self.key, self.only_for

    def at_dossier(self) -> bool:
        """Tell whether it is a field of the dossier itself: a look-up with proof."""
        return self.type_name == DOSSIER_TYPE

    def leads_to(self, target: "Selection") -> bool:
        """Tell whether *target* is this selection or lies below it."""
        return target.ident in _idents(self)

    def pruned(self, wanted: Collection["Selection"]) -> "Selection":
        """Give a copy that selects nothing but what leads to *wanted*."""
        if any(w.ident == self.ident for w in wanted):
            return self
        return msgspec.structs.replace(
            self,
            children=tuple(
                child.pruned(wanted)
                for child in self.children
                if any(child.leads_to(w) for w in wanted)
            ),
        )

    def applies_to(self, type_name: str) -> bool:
        """Tell whether the selection stands on an object of *type_name*."""
        return self.only_for is None or type_name in self.only_for

    def walk(self) -> Iterator["Selection"]:
        """Give this selection and all below it, depth first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def disclosed(self) -> tuple[str, ...]:
        """Give the role paths that one read for this field discloses: leaves up to the next edge.

        Provenance (`source`) is left out: it needs no grant.
        """
        return tuple(dict.fromkeys(_leaves(self)))

    def role(self) -> str | None:
        """Give the role literal of a Dossier field, None elsewhere (or when it is no literal)."""
        if self.type_name != DOSSIER_TYPE or self.name not in ROLE_FIELDS:
            return None
        return next(
            (
                a.value.value
                for a in self.arguments
                if a.name.value == "role" and isinstance(a.value, StringValueNode)
            ),
            None,
        )


Ident = tuple[str, str, frozenset[str] | None]


@lru_cache(maxsize=4096)
def _idents(selection: Selection) -> frozenset[Ident]:
    """Remember what lies below a selection: the procedures' own are asked at every prefill."""
    return frozenset(s.ident for s in selection.walk())


def _leaves(selection: Selection) -> Iterator[str]:
    if not selection.children:
        yield selection.path
    for child in selection.children:
        if child.name not in ALWAYS_INSIDE and (child.type_name, child.name) not in EDGE_FIELDS:
            yield from _leaves(child)


class _Compiler:
    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments

    def compile(
        self, parent: GraphQLNamedType, nodes: Iterable[SelectionSetNode], path: str
    ) -> tuple[Selection, ...]:
        merged: dict[tuple[str, frozenset[str] | None], list[tuple[FieldNode, GraphQLNamedType]]]
        merged = {}
        for node in nodes:
            for field, on, only_for in self._fields(parent, node, None):
                merged.setdefault((_key(field), only_for), []).append((field, on))
        return tuple(
            self._selection([field for field, _ in fields], fields[0][1], only_for, path)
            for (_, only_for), fields in merged.items()
            # Introspection (`__typename`, `__schema`, `__type`) reads nothing of anybody.
            if not fields[0][0].name.value.startswith("__")
        )

    def _fields(
        self, parent: GraphQLNamedType, node: SelectionSetNode, only_for: frozenset[str] | None
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType, frozenset[str] | None]]:
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                yield selection, parent, only_for
                continue
            target: FragmentDefinitionNode | InlineFragmentNode
            if isinstance(selection, InlineFragmentNode):
                target = selection
            elif isinstance(selection, FragmentSpreadNode):
                target = self._fragments[selection.name.value]
            condition = target.type_condition
            on = parent if condition is None else self._schema.type_map[condition.name.value]
            yield from self._fields(on, target.selection_set, self._narrow(parent, on, only_for))

    def _narrow(
        self, parent: GraphQLNamedType, on: GraphQLNamedType, only_for: frozenset[str] | None
    ) -> frozenset[str] | None:
        if on is parent:
            return only_for
        names = (
            frozenset(t.name for t in self._schema.get_possible_types(on))
            if is_abstract_type(on)
            else frozenset({on.name})
        )
        return names if only_for is None else names & only_for

    def _selection(
        self,
        fields: list[FieldNode],
        parent: GraphQLNamedType,
        only_for: frozenset[str] | None,
        path: str,
    ) -> Selection:
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
        children = self.compile(result, subselections, below) if is_composite_type(result) else ()
        crosses = any(c.crosses for c in children) or (parent.name, name) in EDGE_FIELDS
        return msgspec.structs.replace(shallow, path=below, children=children, crosses=crosses)


def compile_operation(
    schema: GraphQLSchema, document: DocumentNode, root: GraphQLObjectType, nodes: SelectionSetNode
) -> tuple[Selection, ...]:
    """Compile the selection set of one operation of a *validated* document."""
    fragments = {
        d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
    }
    return _Compiler(schema, fragments).compile(root, [nodes], "")


def _key(field: FieldNode) -> str:
    return field.alias.value if field.alias else field.name.value


def _attribute(definition: object, name: str) -> str:
    extensions: Mapping[str, object] = getattr(definition, "extensions", None) or {}
    return str(getattr(extensions.get("strawberry-definition"), "python_name", name))


def _path(selection: Selection, parent_path: str) -> str:
    if selection.type_name == DOSSIER_TYPE:
        return selection.role() or (
            "" if selection.name in {"prefill", "verify"} else selection.name
        )
    if not parent_path:
        return ""
    return f"{parent_path}/{selection.name}"
