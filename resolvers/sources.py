"""How each registry answered one request, for the source report and for when to try again."""

from collections.abc import Iterable, Mapping, Sequence

from adapters.registry import Maintenance, Refused, RegistryName, Source, Unavailable
from resolvers.enums import FieldState
from resolvers.names import EDGE_FIELDS, REGISTRY_OF
from resolvers.plan import Selection
from resolvers.readings import Reply
from resolvers.results import SourceReport
from resolvers.states import state_of

DEFAULT_WAIT = 30
"""Seconds to wait before trying a silent registry again, when it did not say."""

_ORDER = (
    FieldState.WITHHELD,
    FieldState.SOURCE_GARBLED,
    FieldState.SOURCE_REFUSED,
    FieldState.SOURCE_DOWN,
    FieldState.SOURCE_MAINTENANCE,
    FieldState.SOURCE_NOT_CONNECTED,
)
_ANSWERED = FieldState.VALUE


def reports(replies: Sequence[Reply]) -> tuple[SourceReport, ...]:
    """Report each registry asked: the worst of its states, VALUE when it answered all keys."""
    return tuple(
        _report(name, [r for r in replies if r.registry is name])
        for name in sorted({r.registry for r in replies}, key=list(RegistryName).index)
    )


def _report(name: RegistryName, replies: Sequence[Reply]) -> SourceReport:
    states = [state_of(told(r.answer), proof=True) for r in replies]
    if provinces_silent(replies):
        states.append(FieldState.SOURCE_DOWN)
    worst = next((s for s in _ORDER if s in states), _ANSWERED)
    windows = (answer for r in replies if isinstance(answer := told(r.answer), Maintenance))
    until = next((window.until for window in windows), None)
    return SourceReport(
        registry=name,
        state=worst,
        retry_after=waits(replies).get(name),
        until=until,
        upstream_request_ids=tuple(
            dict.fromkeys(request_id for r in replies for request_id in upstream_ids(r.answer))
        ),
    )


def told(answer: object) -> object:
    """Give what may be said of *answer* to whoever asked, entitled or not.

    A record that was found while another database was silent is told as the silence, which is all
    there would be to tell of none: the report must not say that there is a record.
    """
    unheard = getattr(getattr(answer, "source", None), "unheard", None)
    return answer if unheard is None else unheard


def provinces_silent(replies: Iterable[Reply]) -> bool:
    """Tell whether a search over provinces went without one of them."""
    return any(getattr(r.answer, "silent_provinces", ()) for r in replies)


def upstream_ids(answer: object) -> Sequence[str]:
    """Give the ids under which the registry's journals know the calls that were answered.

    They are the same whether a record was found or not, and wherever: see *calls* of a source.
    """
    source = getattr(told(answer), "source", None)
    if not isinstance(source, Source):
        return ()
    one = source.upstream_request_id
    return source.calls or (() if one is None else (one,))


def waits(replies: Iterable[Reply]) -> Mapping[RegistryName, int]:
    """Give the seconds after which each silent registry may be tried again."""
    found: dict[RegistryName, int] = {}
    for reply in replies:
        wait = _wait(reply)
        if wait is not None:
            found[reply.registry] = max(wait, found.get(reply.registry, 0))
    return found


def _wait(reply: Reply) -> int | None:
    """Give the wait: a refusal has one when the registry said so, a window until its end."""
    answer = told(reply.answer)
    if isinstance(answer, Unavailable):
        return answer.retry_after or DEFAULT_WAIT
    if isinstance(answer, Refused):
        return answer.retry_after
    if isinstance(answer, Maintenance):
        left = (answer.until - reply.at).total_seconds() if answer.until else DEFAULT_WAIT
        return max(1, round(left))
    return None


def registries_of(roles: Iterable[Selection]) -> tuple[RegistryName, ...]:
    """Name the registries that selections would ask."""
    return tuple(
        dict.fromkeys(
            REGISTRY_OF[s.type_name, s.name]
            for role in roles
            for s in role.walk()
            if (s.type_name, s.name) in EDGE_FIELDS
        )
    )
