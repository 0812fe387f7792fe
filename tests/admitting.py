"""The real admission, on a store of its own, for tests that build a graph without a gateway."""

from collections.abc import Callable
from datetime import datetime

from gateway.guards import open_guards
from resolvers.admission import Admission, Withdrawn


def admission(now: Callable[[], datetime], withdrawn: Withdrawn = lambda *_: None) -> Admission:
    """Count in memory, attest for nobody, withdraw nothing unless told to."""
    guards = open_guards("memory://", bytes(32))
    return Admission(
        quotas=guards.quotas,
        attempts=guards.attempts,
        dossiers=guards.dossiers,
        consumers=dict,
        withdrawn=withdrawn,
        audience="lienthong-sandbox",
        now=now,
    )
