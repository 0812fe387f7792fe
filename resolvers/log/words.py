"""Fields and words of the log as a citizen reads them, in Vietnamese.

A field is called as the procedure's form calls it; else by the terms with which the schema
describes the fields on its way. A word of a closed list is called by its term in the schema.
"""

from enum import StrEnum
from functools import lru_cache

from graphql import GraphQLField, GraphQLNamedType, GraphQLSchema, get_named_type, is_abstract_type
from strawberry.types.enum import has_enum_definition

from resolvers.catalogue import Catalogue
from resolvers.names import OWN_ROLE

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

    def _of_role(self, procedure: str | None, path: str) -> str | None:
        """Name a field that was asked of whoever stands in the role of *path*.

        A record that was read only for what lies behind it has no field to name.
        """
        known = self._catalogue.serving(procedure) if procedure else None
        labels = (f.label for f in known.fields if f.selection.path == path) if known else iter(())
        return next(labels, None) or BETWEEN.join(self._terms(procedure, path)) or None

    def _of_reached(self, procedure: str | None, path: str) -> str | None:
        """Name a field that somebody else's answer showed of its other people.

        Whose other people they are is not said: that would tell what was asked about somebody else.
        """
        segments = path.split("/")[1:]
        last = max((i for i, name in enumerate(segments) if name in PEOPLE), default=None)
        if last is None:
            return None
        return BETWEEN.join(self._terms(procedure, path)[last + 1 :]) or None

    def _terms(self, procedure: str | None, path: str) -> list[str]:
        """Give the terms of the fields below the role; a name that the schema has lost is kept."""
        role, *names = path.split("/")
        owner = self._schema.type_map.get(_TYPE_OF_KIND[self._kind(procedure, role)])
        terms = []
        for name in names:
            field = self._field(owner, name)
            owner = get_named_type(field.type) if field else None
            terms.append(term_in(field.description) if field and field.description else name)
        return terms

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
