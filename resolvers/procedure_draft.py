"""A procedure document as it was written: its annotations, where they stand, and on which lines.

Nothing is judged here: procedure_checks.py does that, procedure_document.py reads what passed.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from graphql import (
    DirectiveNode,
    GraphQLSchema,
    get_nullable_type,
    is_list_type,
    value_from_ast_untyped,
)

from resolvers.names import ROLE_FIELDS
from resolvers.plan import Selection


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One annotation: the arguments that were written, and the line of each."""

    name: str
    given: Mapping[str, object]
    line: int
    lines: Mapping[str, int]

    def text(self, argument: str) -> str:
        """Give an argument that is required."""
        return str(self.given[argument])

    def word(self, argument: str) -> str | None:
        """Give an argument that may be left out."""
        value = self.given.get(argument)
        return None if value is None else str(value)

    def words(self, argument: str) -> tuple[str, ...]:
        """Give an argument that is a list; GraphQL takes one value for a list of one."""
        value = self.given.get(argument)
        if value is None:
            return ()
        return tuple(str(v) for v in value) if isinstance(value, list | tuple) else (str(value),)

    def flag(self, argument: str, *, default: bool) -> bool:
        """Give an argument that is true or false."""
        value = self.given.get(argument)
        return default if value is None else bool(value)

    def number(self, argument: str) -> int | None:
        """Give an argument that is a whole number."""
        value = self.given.get(argument)
        return value if isinstance(value, int) else None

    def at(self, argument: str) -> int:
        """Give the line on which an argument begins, or else the annotation."""
        return self.lines.get(argument, self.line)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A selection of a role, with what encloses it and what is noted on it."""

    role: str
    selection: Selection
    above: tuple[Selection, ...]
    """The role's own selection first."""
    below_list: bool
    """Whether a list of objects, or a role of several people, lies on the way to it."""
    many: bool
    """Whether it is itself a list."""
    notes: tuple[Note, ...]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a document, all of it in the order in which it was written."""

    notes: tuple[Note, ...]
    """On the operation: the procedure, its roles, parts and papers."""
    dossier: Selection
    places: tuple[Place, ...]

    def all(self, name: str) -> list[Note]:
        """Give the notes *name* on the operation."""
        return [note for note in self.notes if note.name == name]

    def noted(self, name: str) -> Iterator[tuple[Place, Note]]:
        """Give every note *name* on a selection."""
        return ((place, note) for place in self.places for note in place.notes if note.name == name)

    def roles(self) -> Mapping[str, Selection]:
        """Give the selections of the roles by name, where the name is a literal."""
        named = ((child.role(), child) for child in self.dossier.children)
        return {name: child for name, child in named if name is not None}


def draft(schema: GraphQLSchema, directives: Sequence[DirectiveNode], dossier: Selection) -> Draft:
    """Gather what stands on the operation and, role by role, below its dossier."""
    return Draft(
        notes=tuple(_note(directive) for directive in directives),
        dossier=dossier,
        places=tuple(
            place
            for child in dossier.children
            if child.name in ROLE_FIELDS
            for place in _places(schema, child.role() or "", child, None)
        ),
    )


def _places(
    schema: GraphQLSchema, role: str, selection: Selection, outer: Place | None
) -> Iterator[Place]:
    field = getattr(schema.type_map[selection.type_name], "fields", {})[selection.name]
    place = Place(
        role=role,
        selection=selection,
        above=(*outer.above, outer.selection) if outer else (),
        below_list=outer is not None and (outer.below_list or outer.many),
        many=is_list_type(get_nullable_type(field.type)),
        notes=tuple(_note(directive) for directive in selection.directives),
    )
    yield place
    for child in selection.children:
        yield from _places(schema, role, child, place)


def _note(directive: DirectiveNode) -> Note:
    arguments = directive.arguments or ()
    line = directive.loc.start_token.line if directive.loc else 1
    return Note(
        name=directive.name.value,
        given={a.name.value: value_from_ast_untyped(a.value) for a in arguments},
        line=line,
        lines={a.name.value: a.loc.start_token.line if a.loc else line for a in arguments},
    )
