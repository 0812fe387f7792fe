"""No silent emptiness (P4): every null of a typed query gets its state after execution.

Edges note their own. Here the plain attributes of the records that were shown are looked through:
what the registry left empty is NOT_RECORDED, what its owner is correcting is UNDER_REVIEW.
"""

from collections.abc import Mapping, Sequence

from adapters.population.records import Person
from resolvers.enums import FieldState
from resolvers.names import EDGE_FIELDS
from resolvers.plan import Selection
from resolvers.visit import Visit, Where


def complete_states(visit: Visit, data: Mapping[str, object] | None) -> None:
    """Add the states of empty attributes to *visit*, reading the answer's own *data*."""
    if data is None:
        return
    for where, (selection, record) in visit.records.items():
        _look(visit, selection, record, _at(data, where), where)


def _at(data: object, where: Where) -> object:
    for key in where:
        if isinstance(data, Mapping | Sequence) and not isinstance(data, str):
            data = data[key]  # type: ignore[index] # a response path fits its response
    return data


def _look(visit: Visit, selection: Selection, record: object, data: object, where: Where) -> None:
    if not isinstance(data, Mapping):
        return
    for child in selection.children:
        if child.key not in data or (child.type_name, child.name) in EDGE_FIELDS:
            continue
        below = (*where, child.key)
        value = data[child.key]
        if value is None or value == []:
            visit.states.setdefault(below, _state(record, child.attribute))
        elif isinstance(value, Mapping):
            _look(visit, child, getattr(record, child.attribute), value, below)
        elif isinstance(value, list):
            items = getattr(record, child.attribute)
            for index, item in enumerate(value):
                _look(visit, child, items[index], item, (*below, index))


def _state(record: object, attribute: str) -> FieldState:
    if isinstance(record, Person) and attribute in record.under_review:
        return FieldState.UNDER_REVIEW
    return FieldState.NOT_RECORDED


def as_extension(states: Mapping[Where, FieldState]) -> dict[str, str]:
    """Give states as `extensions.states` carries them: dotted response path -> state."""
    return {".".join(map(str, where)): state.value for where, state in states.items()}
