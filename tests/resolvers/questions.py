"""Random documents over the schema, each with the role paths that it was drawn from."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from graphql import get_named_type, is_abstract_type, is_leaf_type
from hypothesis import strategies as st

from resolvers.procedure import Procedure
from resolvers.schema import graphql_schema
from tests.resolvers.indoors import CATALOGUE, SCHEMA

PUBLISHED = graphql_schema(SCHEMA)
CODES = ("1.004222", "3.000722", "1.001612", "1.012783")
DEEPEST = 5
CONDITIONS = st.sampled_from(["", "", "", " @include(if: $yes)"])
KEY_TYPES = {
    "person": "PersonKey",
    "persons": "[PersonKey!]",
    "business": "BusinessKey",
    "parcel": "ParcelKey",
    "landCertificate": "CertificateKey",
}


class Drawn(msgspec.Struct, kw_only=True):
    """One field of a random document, and what was drawn below it."""

    name: str
    key: str
    path: str
    """The role path; of provenance, that of the record it belongs to."""
    kind: str = ""
    """The type of what it gives."""
    arguments: str = ""
    on: str | None = None
    """The object type of a condition that it stands under."""
    condition: str = ""
    below: "list[Drawn]" = []


class Question(msgspec.Struct, kw_only=True):
    """A random document under a random grant of a procedure."""

    code: str
    parts: frozenset[str] | None
    kept: frozenset[str] | None
    """The paths that the procedure has, where it has not all its own."""
    restricted: bool
    dossier: list[Drawn]
    in_fragments: bool
    """Whether every selection set below the dossier is written as a named fragment."""

    @property
    def procedure(self) -> Procedure:
        """The procedure that it names."""
        found = CATALOGUE.find(self.code)
        assert found is not None
        return found

    @property
    def roles(self) -> list[str]:
        """The roles in which it asks about persons."""
        return [f.path for f in self.dossier if f.name in {"person", "persons"}]

    def leaves(self) -> Iterator[Drawn]:
        """Give the fields that read a path."""
        for field in self.dossier:
            yield from _leaves(field)

    def text(self) -> str:
        """Write the document."""
        writer = _Writer(in_fragments=self.in_fragments)
        selected = " ".join(writer.field(field) for field in self.dossier)
        written = f"{selected} {' '.join(writer.fragments)}"
        keys = [f"${n}: {kind}" for n, kind in KEY_TYPES.items() if f"${n})" in written]
        if "$yes" in written:
            keys.append("$yes: Boolean!")
        head = f"query Q({', '.join(['$purpose: Purpose!', *keys])})"
        document = f"{head} {{ dossier(purpose: $purpose) {{ {selected} }} }}"
        return " ".join([document, *writer.fragments])


def _leaves(field: Drawn) -> Iterator[Drawn]:
    if not field.below:
        yield field
    for child in field.below:
        yield from _leaves(child)


class _Writer:
    def __init__(self, *, in_fragments: bool) -> None:
        self._in_fragments = in_fragments
        self.fragments: list[str] = []

    def field(self, field: Drawn) -> str:
        alias = "" if field.key == field.name else f"{field.key}: "
        selected = f" {{ {self._below(field)} }}" if field.below else ""
        text = f"{alias}{field.name}{field.arguments}{field.condition}{selected}"
        return f"... on {field.on} {{ {text} }}" if field.on else text

    def _below(self, field: Drawn) -> str:
        text = " ".join(self.field(child) for child in field.below)
        if not self._in_fragments:
            return text
        name = f"g{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {field.kind} {{ {text} }}")
        return f"...{name}"


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Draw a document, mostly inside its procedure, and a grant of all or part of that."""
    procedure = CATALOGUE.find(draw(st.sampled_from(CODES)))
    assert procedure is not None
    parts = kept = None
    if draw(st.booleans()) and procedure.parts:
        parts = frozenset(draw(st.sets(st.sampled_from(sorted(procedure.parts)))))
    elif draw(st.booleans()):
        some = draw(st.sets(st.sampled_from(sorted(procedure.paths)), min_size=1))
        kept = frozenset(above for path in some for above in _upwards(path))
    return Question(
        code=procedure.code,
        parts=parts,
        kept=kept,
        restricted=draw(st.booleans()),
        dossier=[_role(draw, procedure, f"f{n}") for n in range(draw(st.integers(1, 3)))],
        in_fragments=draw(st.booleans()),
    )


def _upwards(path: str) -> Iterator[str]:
    steps = path.split("/")
    return ("/".join(steps[:length]) for length in range(1, len(steps) + 1))


def _role(draw: st.DrawFn, procedure: Procedure, key: str) -> Drawn:
    role = draw(st.sampled_from(sorted(procedure.roles)))
    name = procedure.roles[role].selection.name
    kind = get_named_type(_fields("Dossier")[name].type).name
    argument = "keys" if name == "persons" else "key"
    return Drawn(
        name=name,
        key=key,
        path=role,
        kind=kind,
        arguments=f'(role: "{role}", {argument}: ${name})',
        below=_selected(draw, kind, role, procedure.paths, 1),
    )


def _fields(type_name: str) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = getattr(PUBLISHED.type_map[type_name], "fields", {})
    return fields


def _selected(
    draw: st.DrawFn, type_name: str, path: str, known: frozenset[str], depth: int
) -> list[Drawn]:
    """Draw the selections on a *type_name*, below *path*."""
    kind = PUBLISHED.type_map[type_name]
    on = None
    if is_abstract_type(kind) and (not _fields(type_name) or draw(st.booleans())):
        on = draw(st.sampled_from(sorted(t.name for t in PUBLISHED.get_possible_types(kind))))
    fields = _fields(on or type_name)
    inside = [name for name in fields if f"{path}/{name}" in known]
    chosen: dict[str, Drawn] = {}
    for number in range(draw(st.integers(1, 3))):
        names = inside if draw(st.integers(0, 3)) and inside else sorted(fields)
        name = draw(st.sampled_from(names))
        below = get_named_type(fields[name].type)
        own = path if name == "source" else f"{path}/{name}"
        field = Drawn(name=name, key=name, path=own, kind=below.name, on=on)
        if draw(st.integers(0, 5)) == 0:
            field.key = f"k{number}"
        field.condition = draw(CONDITIONS)
        if name == "source":
            field.below = [Drawn(name="registry", key="registry", path=path)]
        elif not is_leaf_type(below) and depth < DEEPEST:
            field.below = _selected(draw, below.name, own, known, depth + 1)
        if field.below or is_leaf_type(below):
            chosen.setdefault(field.key, field)
    return list(chosen.values()) or [Drawn(name="__typename", key="__typename", path=path)]
