"""No silent emptiness (P4): every null of a typed query gets its state after execution.

Edges note their own. Here the plain attributes of the records that were shown are looked through:
what the registry left empty is NOT_RECORDED, what its owner is correcting is UNDER_REVIEW.

The same look through the answer notes for the outcome entry which role paths really left: what is
absent from the data, because of a condition or of another object type, disclosed nothing.
"""

from collections.abc import Iterator, Mapping, Sequence

from adapters.population.records import Person
from resolvers.enums import FieldState
from resolvers.names import EDGE_FIELDS
from resolvers.plan import Selection
from resolvers.types.record import TYPE_OF
from resolvers.visit import Visit, Where


def complete_states(visit: Visit, data: Mapping[str, object] | None) -> None:
    """Add the states of empty attributes to *visit*, reading the answer's own *data*."""
    if data is None:
        return
    for where, (selection, record) in visit.records.items():
        _look(visit, selection, record, _at(data, where), where)
    for where, selection in visit.restricted.items():
        visit.states[_landed(data, where)] = FieldState.RESTRICTED
        _note_empty(visit, selection, FieldState.RESTRICTED, where)
    for where, selection in visit.blanks.items():
        _note_empty(visit, selection, visit.states[where], where)


def _at(data: object, where: Where) -> object:
    for key in where:
        if isinstance(data, Mapping | Sequence) and not isinstance(data, str):
            data = data[key]  # type: ignore[index] # a response path fits its response
    return data


def _landed(data: object, where: Where) -> Where:
    """Give the path of the null that stands for *where*: a field that must not be null has none."""
    for length in range(1, len(where)):
        if _at(data, where[:length]) is None:
            return where[:length]
    return where


def _look(visit: Visit, selection: Selection, record: object, data: object, where: Where) -> None:
    if not isinstance(data, Mapping):
        return
    kind = TYPE_OF.get(type(record), "")
    if not selection.children:
        visit.note(selection.path, FieldState.VALUE)
    for child in selection.children:
        is_edge = (child.type_name, child.name) in EDGE_FIELDS
        if child.key in data and child.applies_to(kind) and not is_edge:
            _look_below(visit, child, record, data[child.key], (*where, child.key))


def _look_below(
    visit: Visit, selection: Selection, record: object, value: object, where: Where
) -> None:
    """Look at the *value* that left for one plain field of *record*."""
    if value is None or value == []:
        state = visit.states.setdefault(where, _state(record, selection.attribute))
        _note_empty(visit, selection, state, where)
    elif not selection.children:
        visit.note(selection.said, FieldState.VALUE)
    elif isinstance(value, list):
        items = getattr(record, selection.attribute)
        for index, item in enumerate(value):
            _look(visit, selection, items[index], item, (*where, index))
    else:
        _look(visit, selection, getattr(record, selection.attribute), value, where)


def _note_empty(visit: Visit, selection: Selection, state: FieldState, where: Where) -> None:
    """Note *state* for every path that would have stood below an empty *selection*."""
    keys = tuple(key for key in where if isinstance(key, str))
    for leaf in _leaves(visit, selection, keys):
        visit.note(leaf.said, state)


def _leaves(visit: Visit, selection: Selection, keys: tuple[str, ...]) -> Iterator[Selection]:
    if not selection.children:
        yield selection
    for child in selection.children:
        below = (*keys, child.key)
        if below in visit.executed:
            yield from _leaves(visit, child, below)


def _state(record: object, attribute: str) -> FieldState:
    if isinstance(record, Person) and attribute in record.under_review:
        return FieldState.UNDER_REVIEW
    return FieldState.NOT_RECORDED


def as_extension(states: Mapping[Where, FieldState]) -> dict[str, str]:
    """Give states as `extensions.states` carries them: dotted response path -> state."""
    return {".".join(map(str, where)): state.value for where, state in states.items()}
