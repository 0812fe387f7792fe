"""The prefill walk: a procedure's selections over records, with a state for every one.

It goes through the same Loader and edges as a typed query, so reads of a level leave together.
"""

import asyncio
from collections.abc import Iterator, Mapping

import msgspec

from adapters.population.records import Person
from adapters.registry import Source
from resolvers.edges import Ask, Loader
from resolvers.enums import FieldState
from resolvers.names import EDGE_FIELDS
from resolvers.plan import Selection
from resolvers.states import Blank, Incomplete, state_of
from resolvers.types.record import TYPE_OF

Chain = tuple[object, ...]
Row = tuple["Found", ...]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What one selection found under one parent."""

    selection: Selection
    state: FieldState
    value: object = None
    source: Source | None = None
    chain: Chain = ()
    """The records that enclose the value, outermost first."""
    items: tuple[tuple["Found", ...], ...] = ()
    """Below an object: one row of children; below a list: one row an item."""
    many: bool = False

    def reach(self, target: Selection) -> Iterator["Found"]:
        """Give every finding of *target* below here; a blank on the way stands for it."""
        if self.selection.ident == target.ident or self.state is not FieldState.VALUE:
            yield self
        else:
            for row in self.items:
                for child in row:
                    if child.selection.leads_to(target):
                        yield from child.reach(target)


async def walk(loader: Loader, role: Selection, args: Mapping[str, object]) -> Found:
    """Fetch what *role* selects for the subject in *args* and below it."""
    return await _cross(loader, role, None, args, ())


async def _cross(
    loader: Loader,
    selection: Selection,
    parent: object,
    args: Mapping[str, object],
    chain: Chain,
) -> Found:
    """Ask an edge, and find what is selected below its answer."""
    ask = Ask(parent=parent, args=args, selection=selection)
    answer = await loader.load(selection.type_name, selection.name, ask)
    return await _found(loader, selection, answer, chain)


async def _find(loader: Loader, selection: Selection, record: object, chain: Chain) -> Found:
    if _is_edge(selection):
        return await _cross(loader, selection, record, {}, chain)
    return await _found(loader, selection, _attribute(selection, record), chain)


async def _found(loader: Loader, selection: Selection, answer: object, chain: Chain) -> Found:
    if isinstance(answer, Incomplete):
        # The missing part stands at the end, as one row of blanks.
        answer = [*answer, Blank(answer.state)]
    if isinstance(answer, list | tuple) and answer and selection.children:
        rows = await asyncio.gather(*(_item(loader, selection, a, chain) for a in answer))
        return _listed(selection, tuple(rows), chain)
    state = _state(selection, answer)
    if state is not FieldState.VALUE or not selection.children:
        return _leaf(selection, answer, state, chain)
    return _object(selection, answer, await _row(loader, selection, answer, chain), chain)


async def _item(loader: Loader, selection: Selection, answer: object, chain: Chain) -> Row:
    """Give the children of one list item, or one blank standing for all of them."""
    state = _state(selection, answer)
    if state is FieldState.VALUE:
        return await _row(loader, selection, answer, chain)
    return tuple(Found(selection=child, state=state, chain=chain) for child in selection.children)


async def _row(loader: Loader, selection: Selection, record: object, chain: Chain) -> Row:
    """Find the children of one record: those that cross leave together, the rest is at hand."""
    type_name = TYPE_OF[type(record)]
    below = (*chain, record)
    chosen = [child for child in selection.children if child.applies_to(type_name)]
    crossing = await asyncio.gather(
        *(_find(loader, child, record, below) for child in chosen if child.crosses)
    )
    answers = iter(crossing)
    return tuple(
        next(answers) if child.crosses else _at_hand(child, record, below) for child in chosen
    )


def _at_hand(selection: Selection, record: object, chain: Chain) -> Found:
    """Find what needs no registry: the record's own attributes, all the way down."""
    answer = _attribute(selection, record)
    if isinstance(answer, list | tuple) and answer and selection.children:
        rows = tuple(_row_at_hand(selection, item, chain) for item in answer)
        return _listed(selection, rows, chain)
    state = _state(selection, answer)
    if state is not FieldState.VALUE or not selection.children:
        return _leaf(selection, answer, state, chain)
    return _object(selection, answer, _row_at_hand(selection, answer, chain), chain)


def _row_at_hand(selection: Selection, record: object, chain: Chain) -> Row:
    type_name = TYPE_OF[type(record)]
    below = (*chain, record)
    return tuple(
        _at_hand(child, record, below)
        for child in selection.children
        if child.applies_to(type_name)
    )


def _attribute(selection: Selection, record: object) -> object:
    if isinstance(record, Person) and selection.attribute in record.under_review:
        return Blank(FieldState.UNDER_REVIEW)
    return getattr(record, selection.attribute)


def _state(selection: Selection, answer: object) -> FieldState:
    if isinstance(answer, list | tuple):
        return FieldState.VALUE if answer else FieldState.NOT_RECORDED
    return state_of(answer, proof=selection.at_dossier())


def _leaf(selection: Selection, answer: object, state: FieldState, chain: Chain) -> Found:
    own = getattr(answer, "source", None) if _is_edge(selection) else _source(chain)
    return Found(
        selection=selection,
        state=state,
        value=answer if state is FieldState.VALUE else None,
        source=own,
        chain=chain,
        many=isinstance(answer, list | tuple),
    )


def _object(selection: Selection, answer: object, row: Row, chain: Chain) -> Found:
    below = (*chain, answer)
    return Found(
        selection=selection,
        state=FieldState.VALUE,
        value=answer,
        source=_source(below),
        chain=below,
        items=(row,),
    )


def _listed(selection: Selection, rows: tuple[Row, ...], chain: Chain) -> Found:
    return Found(
        selection=selection,
        state=FieldState.VALUE,
        source=_source(chain),
        chain=chain,
        items=rows,
        many=True,
    )


def _is_edge(selection: Selection) -> bool:
    return (selection.type_name, selection.name) in EDGE_FIELDS


def _source(chain: Chain) -> Source | None:
    return next((r.source for r in reversed(chain) if hasattr(r, "source")), None)
