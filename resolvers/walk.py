"""The prefill walk: a procedure's selections over records, with a state for every one.

It goes through the same Loader and edges as a typed query, so reads of a level leave together.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from adapters.population.records import Person
from adapters.registry import Source
from resolvers.edges import Ask, Loader
from resolvers.enums import FieldState
from resolvers.names import EDGE_FIELDS
from resolvers.plan import Selection
from resolvers.states import state_of
from resolvers.types.record import TYPE_OF


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What one selection found under one parent."""

    selection: Selection
    state: FieldState
    value: object = None
    source: Source | None = None
    chain: tuple[object, ...] = ()
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
    return await _find(loader, role, None, args, ())


async def _find(
    loader: Loader,
    selection: Selection,
    parent: object,
    args: Mapping[str, object],
    chain: tuple[object, ...],
) -> Found:
    if isinstance(parent, Person) and selection.attribute in parent.under_review:
        return Found(selection=selection, state=FieldState.UNDER_REVIEW, source=parent.source)
    if _is_edge(selection):
        ask = Ask(parent=parent, args=args, selection=selection)
        answer = await loader.load(selection.type_name, selection.name, ask)
    else:
        answer = getattr(parent, selection.attribute)
    if isinstance(answer, list | tuple):
        return await _list(loader, selection, answer, chain)
    return await _one(loader, selection, answer, chain)


async def _one(
    loader: Loader, selection: Selection, answer: object, chain: tuple[object, ...]
) -> Found:
    state = state_of(answer, proof=selection.at_dossier())
    if state is not FieldState.VALUE:
        source = getattr(answer, "source", None) if _is_edge(selection) else _source(chain)
        return Found(selection=selection, state=state, source=source, chain=chain)
    if not selection.children:
        return Found(
            selection=selection, state=state, value=answer, source=_source(chain), chain=chain
        )
    return Found(
        selection=selection,
        state=state,
        value=answer,
        source=_source((*chain, answer)),
        chain=(*chain, answer),
        items=(await _row(loader, selection, answer, chain),),
    )


async def _list(
    loader: Loader, selection: Selection, answers: Sequence[object], chain: tuple[object, ...]
) -> Found:
    if not answers:
        return Found(
            selection=selection,
            state=FieldState.NOT_RECORDED,
            source=_source(chain),
            chain=chain,
            many=True,
        )
    if not selection.children:
        return Found(
            selection=selection,
            state=FieldState.VALUE,
            value=list(answers),
            source=_source(chain),
            chain=chain,
            many=True,
        )
    rows = await asyncio.gather(*(_item(loader, selection, a, chain) for a in answers))
    return Found(
        selection=selection,
        state=FieldState.VALUE,
        source=_source(chain),
        chain=chain,
        items=tuple(rows),
        many=True,
    )


async def _item(
    loader: Loader, selection: Selection, answer: object, chain: tuple[object, ...]
) -> tuple[Found, ...]:
    """Give the children of one list item, or one blank standing for all of them."""
    state = state_of(answer, proof=selection.at_dossier())
    if state is not FieldState.VALUE:
        return tuple(
            Found(selection=child, state=state, chain=chain) for child in selection.children
        )
    return await _row(loader, selection, answer, chain)


async def _row(
    loader: Loader, selection: Selection, record: object, chain: tuple[object, ...]
) -> tuple[Found, ...]:
    type_name = TYPE_OF[type(record)]
    return tuple(
        await asyncio.gather(
            *(
                _find(loader, child, record, {}, (*chain, record))
                for child in selection.children
                if child.applies_to(type_name)
            )
        )
    )


def _is_edge(selection: Selection) -> bool:
    return (selection.type_name, selection.name) in EDGE_FIELDS


def _source(chain: Sequence[object]) -> Source | None:
    return next((r.source for r in reversed(chain) if hasattr(r, "source")), None)
