"""What a grant gives of a linked procedure, when it names some of its parts and not the others.

A field or paper that belongs to no part belongs to all of them. A selection that is neither, such
as the candidates of an address, goes with what stands nearest to it.
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from resolvers.names import ALWAYS_INSIDE
from resolvers.plan import Selection
from resolvers.procedure import Procedure


def given_of(procedure: Procedure, parts: frozenset[str] | None) -> Procedure:
    """Give *procedure* as a grant of *parts* opens it (None: of all of them).

    Its paths are what may be read, and its roles select nothing else. Fields, papers and roles of
    other parts are still named in it, as not granted; their evidence is left out.
    """
    if parts is None or not procedure.parts:
        return procedure
    fields = tuple(replace(f, granted=f.part is None or f.part in parts) for f in procedure.fields)
    papers = tuple(
        replace(c, granted=c.part is None or c.part in parts) for c in procedure.components
    )
    granted_papers = {c.id for c in papers if c.granted}
    evidences = tuple(e for e in procedure.evidences if e.component in granted_papers)
    noted = {f.selection.path for f in procedure.fields}
    noted.update(e.selection.path for e in procedure.evidences)
    given = {f.selection.path for f in fields if f.granted}
    given.update(e.selection.path for e in evidences)
    left = {
        name: _left(role.selection, noted, given, near=True)
        for name, role in procedure.roles.items()
    }
    return replace(
        procedure,
        fields=fields,
        components=papers,
        evidences=evidences,
        paths=frozenset(_paths(procedure, left)),
        roles={
            name: replace(role, selection=left[name] or role.selection, granted=bool(left[name]))
            for name, role in procedure.roles.items()
        },
    )


def _left(
    selection: Selection, noted: set[str], given: set[str], *, near: bool
) -> Selection | None:
    """Give what is left of *selection*; *near* tells for what has no note of its own."""
    below = {s.path for s in selection.walk()}
    if not below.isdisjoint(noted):
        near = not below.isdisjoint(given)
    if not selection.children:
        return selection if near else None
    children = (_left(child, noted, given, near=near) for child in selection.children)
    kept = tuple(child for child in children if child is not None)
    if not kept and selection.path not in given:
        return None
    return replace(selection, children=kept)


def _paths(procedure: Procedure, left: Mapping[str, Selection | None]) -> Iterator[str]:
    """Give the paths of what is left, and of what stands under no role."""
    yield from (path for path in procedure.paths if path.split("/")[0] not in left)
    for kept in left.values():
        for selection in kept.walk() if kept is not None else ():
            if ALWAYS_INSIDE.isdisjoint(selection.path.split("/")):
                yield selection.path
