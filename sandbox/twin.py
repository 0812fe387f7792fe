"""What every twin of a registry is given, and how its calls come into the journal.

To add a twin: write a module with `def app(context: Twin) -> ASGIApp`, and name it in the table
`TWINS` of `server.py`. Faults of the transport, the journal's times and the socket are done for
it; the twin itself fills in `call_of(scope)` and plays `wrong_person` and `duplicated` by asking
`context.answer_fault()` once it has a record to answer with.
"""

import time
from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.faults import ANSWER, Faults, Mode
from sandbox.journal import Journal, Row


class Twin(msgspec.Struct, frozen=True, kw_only=True):
    """One registry's place in the sandbox."""

    registry: str
    url: str
    """Where it listens, without a trailing slash."""
    engine: AsyncEngine
    """On `registries.sqlite3`; the twins only read."""
    faults: Faults
    journal: Journal
    now: Callable[[], datetime]
    """The clock, in UTC."""

    def answer_fault(self) -> Mode | None:
        """Tell whether this answer shall be wrong about whom, and count the call."""
        fault = self.faults.take(self.registry, ANSWER)
        return fault.mode if fault else None


class Call(msgspec.Struct, kw_only=True):
    """What a twin learns about the call while it reads it, for the row that ends it."""

    operation: str | None = None
    key: str | None = None
    """A digest, never the key itself: `context.journal.digest(number)`."""
    request_id: str | None = None
    outcome: str = "not_understood"


def call_of(scope: Scope) -> Call:
    """Return the call that this request is, for the twin to fill in."""
    call = scope["sandbox.call"]
    if not isinstance(call, Call):
        message = "the request did not come through JournalledApp"
        raise TypeError(message)
    return call


class JournalledApp:
    """The outermost layer of a registry: nothing reaches *app* without leaving a row.

    The row is written when the answer is through, so *ended* includes a played delay.
    """

    def __init__(self, app: ASGIApp, registry: str, journal: Journal) -> None:
        self._app = app
        self._registry = registry
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Time the call, and note what the twin has said about it."""
        call = Call()
        scope["sandbox.call"] = call
        started = time.monotonic()
        try:
            await self._app(scope, receive, send)
        finally:
            row = Row(
                registry=self._registry,
                operation=call.operation,
                key=call.key,
                request_id=call.request_id,
                started=started,
                ended=time.monotonic(),
                outcome=call.outcome,
            )
            self._journal.write(row)
