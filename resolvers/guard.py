"""The field guard: which fields of an operation the caller's grant gives, decided once for all.

The decision depends on the document, on the version of the procedure and on what the grant says of
fields, so it is made once for each and remembered: a new version of the grants that says the same
is the same. No variable is looked at: what `@skip` or `@include` may leave out counts as asked for.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from auth.grant import Ungranted
from auth.paths import refuse_parts, refuse_paths
from auth.policy import Granted
from auth.refusal import Refused
from resolvers.documents import Operation
from resolvers.names import PERSONAL_ROOTS
from resolvers.parts import given_of
from resolvers.plan import Selection
from resolvers.preflight import Arguments
from resolvers.procedure import FormField, Procedure
from resolvers.restricted import Restriction

MOST_DECISIONS = 4096
MOST_GIVEN = 1024

_Which = tuple[object, ...]
_What = TypeVar("_What")


class Decision(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What may be read for one operation under one grant."""

    operation: Operation
    """Its selections without the restricted ones: nothing of those is read."""
    procedure: Procedure
    """As far as the grant gives it; its paths are exactly what the desk may be asked for."""
    restriction: Restriction | None = None
    """What of the operation is answered null; None: nothing."""


class Guard:
    """Decides, and remembers the last *most* decisions."""

    def __init__(self, *, most: int = MOST_DECISIONS) -> None:
        self._most = most
        self._decided: OrderedDict[_Which, Decision | Refused] = OrderedDict()
        self._given: OrderedDict[_Which, Procedure] = OrderedDict()

    def decide(
        self, operation: Operation, procedure: Procedure, granted: Granted
    ) -> Decision | Refused:
        """Say what *granted* gives of *procedure* to *operation*, or which paths are outside."""
        which = (
            operation.digest,
            procedure.code,
            procedure.version,
            granted.parts,
            granted.ungranted,
        )
        known = self._decided.get(which)
        if known is not None:
            self._decided.move_to_end(which)
            return known
        decided = _decide(operation, procedure, self._part(procedure, granted), granted.ungranted)
        _keep(self._decided, which, decided, self._most)
        return decided

    def _part(self, procedure: Procedure, granted: Granted) -> Procedure:
        """Give what the grant opens of *procedure*; all documents share it."""
        which = procedure.code, procedure.version, granted.parts
        known = self._given.get(which)
        if known is None:
            known = given_of(procedure, granted.parts)
            _keep(self._given, which, known, MOST_GIVEN)
        return known


def refuse_form(
    procedure: Procedure, fields: Iterable[Arguments], ungranted: Ungranted
) -> tuple[Refused, ...]:
    """Refuse a prefill or claim that names fields of parts that the grant does not give.

    *procedure* is a decision's. A grant that answers RESTRICTED refuses nothing here.
    """
    if ungranted == "restricted" or all(f.granted for f in procedure.fields):
        return ()
    wanted = (field for asked in fields for field in _form_fields(procedure, asked))
    outside = {field.selection.path for field in wanted if not field.granted}
    return (refuse_parts(outside),) if outside else ()


def _form_fields(procedure: Procedure, asked: Arguments) -> Iterator[FormField]:
    """Give the form fields that a prefill fills, or that a verify has claims on."""
    if asked.field == "prefill":
        only = asked.given.get("only")
        wanted = set(only) if isinstance(only, list) else None
        for field in procedure.fields:
            if wanted is None or not wanted.isdisjoint({field.key, f"{field.role}.*"}):
                yield field
    elif asked.field == "verify":
        claims = asked.given.get("claims")
        claimed = {
            (str(claim["role"]), str(claim["key"]))
            for claim in (claims if isinstance(claims, list) else ())
            if isinstance(claim, Mapping)
        }
        yield from (f for f in procedure.fields if (f.role, f.key) in claimed)


def _decide(
    operation: Operation, procedure: Procedure, given: Procedure, ungranted: Ungranted
) -> Decision | Refused:
    outside = operation.paths - given.paths
    if not outside:
        return Decision(operation=operation, procedure=given)
    if ungranted == "refuse":
        return refuse_paths(operation.paths, procedure.paths) or refuse_parts(outside)
    restricted: set[Selection] = set()
    roots = tuple(_without(root, outside, restricted) or root for root in operation.roots)
    return Decision(
        operation=replace(
            operation,
            roots=roots,
            dossier=next((root for root in roots if root.name in PERSONAL_ROOTS), None),
            paths=operation.paths & given.paths,
        ),
        procedure=given,
        restriction=Restriction(asked=operation.roots, selections=frozenset(restricted)),
    )


def _without(
    selection: Selection, outside: frozenset[str], restricted: set[Selection]
) -> Selection | None:
    """Give *selection* without what is *outside*, or None when nothing is left of it."""
    if not selection.path and not selection.children:
        return selection
    if not selection.children:
        kept = None if selection.said in outside else selection
    else:
        children = [_without(child, outside, restricted) for child in selection.children]
        left = tuple(child for child in children if child is not None)
        kept = replace(selection, children=left) if left or not selection.path else None
    if kept is None:
        restricted.add(selection)
    return kept


def _keep(
    kept: OrderedDict[_Which, _What],
    which: _Which,
    what: _What,
    most: int,
) -> None:
    kept[which] = what
    if len(kept) > most:
        kept.popitem(last=False)
