"""Fields and words of the log as a citizen reads them, in Vietnamese.

A field is called as the procedure's form calls it; else by the terms with which the schema
describes the fields on its way. A word of a closed list is called by its term in the schema.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
)
from strawberry.types.enum import has_enum_definition

from resolvers.catalogue import Catalogue
from resolvers.names import EDGE_FIELDS, OWN_ROLE

BETWEEN = " › "
PEOPLE = frozenset(
    {
        "father",
        "mother",
        "spouse",
        "representative",
        "headOfHousehold",
        "members",
        "holder",
        "owner",
        "representatives",
    }
)
"""Fields behind which another person stands than the one in whose role the path begins."""

_OF_NO_RECORD = frozenset({"candidates"})
"""Fields that only help to fill a form in: they say nothing of anybody."""

_TYPE_OF_KIND = {
    "person": "Person",
    "business": "Business",
    "parcel": "Parcel",
    "certificate": "LandCertificate",
}


class FieldWords:
    """Calls role paths by their Vietnamese names. Made once, at start."""

    def __init__(self, schema: GraphQLSchema, catalogue: Catalogue) -> None:
        self._schema = schema
        self._catalogue = catalogue
        self.of_role = lru_cache(maxsize=4096)(self._of_role)
        self.of_reached = lru_cache(maxsize=4096)(self._of_reached)
        self.of_several = lru_cache(maxsize=4096)(self._of_several)
        self.of_root = lru_cache(maxsize=4096)(self._of_root)

    def _of_role(self, procedure: str | None, path: str) -> str | None:
        """Name a field that was asked of whoever stands in the role of *path*.

        A record that was read only for what lies behind it has no field to name.
        """
        known = self._catalogue.serving(procedure) if procedure else None
        labels = (f.label for f in known.fields if f.selection.path == path) if known else iter(())
        if label := next(labels, None):
            return label
        if not _OF_NO_RECORD.isdisjoint(path.split("/")):
            return None
        return BETWEEN.join(self._terms(procedure, path)) or None

    def _of_reached(self, procedure: str | None, path: str) -> str | None:
        """Name a field that somebody else's answer showed of its other people.

        Whose other people they are is not said: that would tell what was asked about somebody else.
        """
        segments = path.split("/")[1:]
        last = max((i for i, name in enumerate(segments) if name in PEOPLE), default=None)
        if last is None or not _OF_NO_RECORD.isdisjoint(segments):
            return None
        return BETWEEN.join(self._terms(procedure, path)[last + 1 :]) or None

    def _of_several(self, procedure: str | None, path: str) -> bool:
        """Tell whether several answers may lie behind *path*: a list, at an edge or before one."""
        found = several = False
        for owner, name, field in self._way(procedure, path):
            several = several or field is None or _is_list(field)
            found = found or (several and (field is None or (owner, name) in EDGE_FIELDS))
        return found

    def _of_root(self, procedure: str | None, path: str) -> bool:
        """Tell whether *path* is of the very record that stands in its role: behind no edge."""
        way = self._way(procedure, path)
        return all((owner, name) not in EDGE_FIELDS for owner, name, _ in way)

    def _terms(self, procedure: str | None, path: str) -> list[str]:
        """Give the terms of the fields below the role; a name that the schema has lost is kept."""
        return [
            term_in(field.description) if field and field.description else name
            for _, name, field in self._way(procedure, path)
        ]

    def _way(
        self, procedure: str | None, path: str
    ) -> Iterator[tuple[str, str, GraphQLField | None]]:
        """Give the fields below the role, each with its name and the type that it is a field of."""
        role, *names = path.split("/")
        owner = self._schema.type_map.get(_TYPE_OF_KIND[self._kind(procedure, role)])
        for name in names:
            field = self._field(owner, name)
            yield (owner.name if owner else ""), name, field
            owner = get_named_type(field.type) if field else None

    def _kind(self, procedure: str | None, role: str) -> str:
        known = self._catalogue.serving(procedure) if procedure else None
        if role == OWN_ROLE or known is None or role not in known.roles:
            return "person"
        return known.roles[role].kind

    def _field(self, owner: GraphQLNamedType | None, name: str) -> GraphQLField | None:
        if owner is None:
            return None
        faces = [owner]
        if is_abstract_type(owner):
            faces += self._schema.get_possible_types(owner)
        return next((f for face in faces if (f := getattr(face, "fields", {}).get(name))), None)


def _is_list(field: GraphQLField) -> bool:
    return is_list_type(get_nullable_type(field.type))


def term_in(description: str) -> str:
    """Give the Vietnamese term with which a description of the schema begins."""
    return description.partition(": ")[0]


def term_of(kind: type[StrEnum], word: str) -> str:
    """Call a word of a list as the schema does; a word that the list has lost is kept."""
    if has_enum_definition(kind):
        for value in kind.__strawberry_definition__.values:
            if value.name == word and value.description:
                return term_in(value.description)
    return word
