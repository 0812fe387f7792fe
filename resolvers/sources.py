"""How each registry answered one request, for the source report and for when to try again."""

from collections.abc import Iterable, Mapping, Sequence

from adapters.registry import Maintenance, Refused, RegistryName, Unavailable
from resolvers.desk import Reply
from resolvers.enums import FieldState
from resolvers.names import EDGE_FIELDS, REGISTRY_OF
from resolvers.plan import Selection
from resolvers.results import SourceReport
from resolvers.states import state_of

DEFAULT_WAIT = 30
"""Seconds to wait before trying a silent registry again, when it did not say."""

_ORDER = (
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
    states = [state_of(r.answer, proof=True) for r in replies]
    if provinces_silent(replies):
        states.append(FieldState.SOURCE_DOWN)
    worst = next((s for s in _ORDER if s in states), _ANSWERED)
    until = next((r.answer.until for r in replies if isinstance(r.answer, Maintenance)), None)
    return SourceReport(
        registry=name,
        state=worst,
        retry_after=waits(replies).get(name),
        until=until,
        upstream_request_ids=tuple(
            dict.fromkeys(
                request_id for r in replies if (request_id := upstream_id(r.answer)) is not None
            )
        ),
    )


def provinces_silent(replies: Iterable[Reply]) -> bool:
    """Tell whether a search over provinces went without one of them."""
    return any(getattr(r.answer, "silent_provinces", ()) for r in replies)


def upstream_id(answer: object) -> str | None:
    """Give the id under which the registry's journal knows the call, when it answered."""
    return getattr(getattr(answer, "source", None), "upstream_request_id", None)


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
    answer = reply.answer
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
