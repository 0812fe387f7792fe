"""What became of a field: one state for every null that crossed to a registry (P4)."""

from datetime import datetime

from adapters.registry import (
    Absent,
    Ambiguous,
    Garbled,
    Maintenance,
    NotConnected,
    Refused,
    Unavailable,
)
from resolvers.enums import FieldState

_STATES: dict[type[object], FieldState] = {
    Ambiguous: FieldState.AMBIGUOUS,
    NotConnected: FieldState.SOURCE_NOT_CONNECTED,
    Unavailable: FieldState.SOURCE_DOWN,
    Maintenance: FieldState.SOURCE_MAINTENANCE,
    Refused: FieldState.SOURCE_REFUSED,
    Garbled: FieldState.SOURCE_GARBLED,
}

WITHOUT_ERROR = frozenset(
    {
        FieldState.VALUE,
        FieldState.NOT_RECORDED,
        FieldState.NOT_DIGITISED,
        FieldState.NOT_APPLICABLE,
        FieldState.NOT_ASKED,
    }
)
"""States that are answers, not failures: a typed query carries no error for them."""

RETRYABLE = frozenset({FieldState.SOURCE_DOWN, FieldState.SOURCE_MAINTENANCE})


class Blank:
    """An answer that the graph itself gives in place of a record: a state and nothing else."""

    __slots__ = ("code", "state")

    def __init__(self, state: FieldState, code: str | None = None) -> None:
        self.state = state
        self.code = code or state.value
        """The error code; the state's own name but for OWNER_CONSENT_REQUIRED."""


class Locked(Blank):
    """No more tries at a number for this caller, until a time (UTC); no registry was asked."""

    __slots__ = ("until",)

    def __init__(self, until: datetime) -> None:
        super().__init__(FieldState.RESTRICTED, "ATTEMPTS_EXCEEDED")
        self.until = until


class Withheld(Blank):
    """The registry's owner has withdrawn it from this consumer or procedure, on a ground."""

    __slots__ = ("ground",)

    def __init__(self, ground: str) -> None:
        super().__init__(FieldState.WITHHELD)
        self.ground = ground


class Incomplete(list[object]):
    """A list of which a part is missing because a source did not answer."""

    state = FieldState.SOURCE_DOWN


def state_of(answer: object, *, proof: bool) -> FieldState:
    """Give the state of *answer*; *proof* when it was a lookup with proof, not a proven key."""
    if answer is None:
        return FieldState.NOT_RECORDED
    if isinstance(answer, Blank):
        return answer.state
    if isinstance(answer, Absent):
        if not answer.digitised:
            return FieldState.NOT_DIGITISED
        return FieldState.NOT_FOUND_OR_MISMATCH if proof else FieldState.NOT_RECORDED
    return _STATES.get(type(answer), FieldState.VALUE)
