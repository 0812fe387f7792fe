"""What a document asks for, compiled once: a tree of selections with role paths.

The same tree serves four readers: the field guard (which paths?), the grant of a procedure (which
paths are given?), the desk (which fields does this read disclose?) and the prefill walk.

A role path leaves out response aliases and puts the role in place of the Dossier field:
`applicant/permanentResidence/today/display`.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache

import msgspec
from graphql import ArgumentNode, DirectiveNode, StringValueNode

from resolvers.names import ALWAYS_INSIDE, EDGE_FIELDS, ROLE_FIELDS, ROOT_ROLES


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
    def said(self) -> str:
        """The path that guard and log speak of: provenance stands for the record it belongs to."""
        role, *fields = self.path.split("/")
        inside = (i for i, name in enumerate(fields) if name in ALWAYS_INSIDE)
        return "/".join([role, *fields[: next(inside, None)]])

    @property
    def ident(self) -> tuple[str, str, frozenset[str] | None]:
        """What tells this selection from the others of its document, pruned or not."""
        return self.path, self.key, self.only_for

    def at_dossier(self) -> bool:
        """Tell whether it is a field of the dossier itself: a look-up with proof."""
        return self.type_name in ROOT_ROLES

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

        Provenance (`source`) stands for the record that it belongs to, and so does a record that is
        read only for what lies behind it.
        """
        return tuple(dict.fromkeys(_leaves(self))) or (self.path,)

    def role(self) -> str | None:
        """Give the role literal of a Dossier field, None elsewhere (or when it is no literal)."""
        if not self.at_dossier() or self.name not in ROLE_FIELDS:
            return None
        return next(
            (
                a.value.value
                for a in self.arguments
                if a.name.value == "role" and isinstance(a.value, StringValueNode)
            ),
            ROOT_ROLES[self.type_name],
        )


Ident = tuple[str, str, frozenset[str] | None]


@lru_cache(maxsize=4096)
def _idents(selection: Selection) -> frozenset[Ident]:
    """Remember what lies below a selection: the procedures' own are asked at every prefill."""
    return frozenset(s.ident for s in selection.walk())


def _leaves(selection: Selection) -> Iterator[str]:
    """Give the leaves up to the next edge; provenance alone discloses that there is a record."""
    inner = [c for c in selection.children if (c.type_name, c.name) not in EDGE_FIELDS]
    if any(child.name in ALWAYS_INSIDE for child in inner) or not selection.children:
        yield selection.path
    for child in inner:
        if child.name not in ALWAYS_INSIDE:
            yield from _leaves(child)
