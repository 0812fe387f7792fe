"""The bytes of an answer: data with errors and states, or refusals; what the outcome entry says.

No message of a library leaves here: an error that is not ours is INTERNAL, and its class name goes
to the operator's log.
"""

import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import orjson
import structlog
from graphql import ExecutionResult, GraphQLError

from adapters.registry import RegistryName
from audit.entry import Entry
from audit.log import AccessLogUnavailable
from audit.months import MonthKeys
from audit.reading.asking import QuestionTooLong
from audit.receipts import answer_hmac
from audit.tree.proofs import LogUnreadable
from auth.refusal import Refused
from auth.refusal import refuse as refuse_by_policy
from auth.shared import SharedUnavailable
from resolvers.concerned import shown_by
from resolvers.notes import Notes
from resolvers.refusals import BAD, refuse
from resolvers.sentences import sentence
from resolvers.sources import reports
from resolvers.visit import Visit

RESPONSE_JSON = "application/graphql-response+json"
PLAIN_JSON = "application/json"
EXECUTED = 200
"""The status of an operation that was executed, with or without empty fields."""
MOST_ERRORS = 50

_RETRYABLE = frozenset(
    {
        "ACCESS_LOG_UNAVAILABLE",
        "OVERLOADED",
        "ISSUER_UNAVAILABLE",
        "GUARD_UNAVAILABLE",
        "QUOTA_EXCEEDED",
    }
)
_STAYS = frozenset({"access-log-not-read-here", "access-log-question-too-long"})
"""Rules under such a code by which the same request is refused again."""
_RETRY_AFTER = 5
_GATEWAY = frozenset(
    {
        "ACCESS_LOG_UNAVAILABLE",
        "GUARD_UNAVAILABLE",
        "OVERLOADED",
        "INTERNAL",
        "DOCUMENT_TOO_LARGE",
    }
)
_REQUEST = frozenset({"BAD_INPUT", "PERSONAL_LITERAL"})

_log = structlog.get_logger()


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The context in which an answer is written."""

    request_id: str
    language: str
    media: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What leaves: a status and the bytes; *refused* is the first refusal, for the headers."""

    status: int
    body: bytes
    media: str
    refused: Refused | None = None
    retry_after: int | None = None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An executed operation before it leaves: *data* and *errors* are written, once.

    What the log hashes and what the caller gets are these bytes; *errors* is empty when there are
    none, and is not sent then.
    """

    data: bytes
    errors: bytes
    extensions: Mapping[str, object]
    media: str

    def sent(self, receipt: str | None = None) -> Answer:
        """Put the pieces together as they are, with the *receipt* of their entry."""
        body: dict[str, object] = {"data": orjson.Fragment(self.data)}
        if self.errors:
            body["errors"] = orjson.Fragment(self.errors)
        signed = {} if receipt is None else {"receipt": receipt}
        body["extensions"] = {**self.extensions, **signed}
        return Answer(status=EXECUTED, body=orjson.dumps(body), media=self.media)


def refusal(refused: Sequence[Refused], to: Reply) -> Answer:
    """Write refusals: no data. A malformed request is 200 under application/json (GraphQL/HTTP)."""
    first = refused[0]
    request_error = first.status == BAD and not first.rule.startswith("envelope-")
    status = 200 if request_error and to.media == PLAIN_JSON else first.status
    errors = [
        {"message": sentence(r, to.language), "extensions": _extensions(r, to)} for r in refused
    ]
    return Answer(
        status=status,
        body=orjson.dumps({"errors": errors}),
        media=to.media,
        refused=first,
        retry_after=_RETRY_AFTER if _retryable(first) else None,
    )


def answered(result: ExecutionResult, states: Mapping[str, str], to: Reply) -> Written:
    """Write an executed operation: data, its errors, and the state of every null."""
    errors = [_error(error, to) for error in (result.errors or ())[:MOST_ERRORS]]
    extensions: dict[str, object] = {"requestId": to.request_id}
    if states:
        extensions["states"] = states
    return Written(
        data=orjson.dumps(result.data),
        errors=orjson.dumps(errors) if errors else b"",
        extensions=extensions,
        media=to.media,
    )


def failure(result: ExecutionResult) -> Refused | None:
    """Give the failure that must take the whole answer with it, if there is one.

    An error of ours carries its code; any other was not foreseen, and its message stays here.
    """
    errors = result.errors or ()
    if any(isinstance(error.original_error, AccessLogUnavailable) for error in errors):
        return refuse("access-log-unavailable")
    if any(isinstance(error.original_error, SharedUnavailable) for error in errors):
        return refuse_by_policy("guard-unavailable")
    if any(isinstance(error.original_error, QuestionTooLong) for error in errors):
        return refuse("access-log-question-too-long")
    if any(isinstance(error.original_error, LogUnreadable) for error in errors):
        return refuse("access-log-unreadable")
    foreign = [e.original_error or e for e in errors if "code" not in (e.extensions or {})]
    if foreign:
        _log.error(
            "an operation failed inside the gateway",
            kinds=sorted({type(cause).__name__ for cause in foreign}),
            places=places_of(foreign[0]),
            action="report this with the request id",
        )
        return refuse("internal")
    return None


def places_of(error: BaseException) -> list[str]:
    """Name where *error* came from: files and lines, which hold no value, unlike its message."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def outcome(
    notes: Notes, visit: Visit, written: Written, started: float, months: MonthKeys
) -> Entry:
    """Make the outcome entry: fields and their states, papers, sources; never a value.

    What was shown stands in it as a keyed hash only, under the key of the entry's month.
    """
    desk = visit.errand.desk
    waited: dict[RegistryName, int] = {}
    cached: set[RegistryName] = set()
    for reply in desk.replies:
        waited[reply.registry] = max(waited.get(reply.registry, 0), reply.waited_ms)
        source = getattr(reply.answer, "source", None)
        if source is not None and source.from_cache:
            cached.add(reply.registry)
    return notes.outcome(
        intents=desk.intents,
        result="PARTIAL" if written.errors else "OK",
        http_status=EXECUTED,
        states=_logged_states(visit),
        components=visit.components,
        sources=reports(desk.replies),
        reached=[*shown_by(desk.replies), *visit.returned],
        cached=frozenset(cached),
        waited=waited,
        answer_bytes=len(written.data) + len(written.errors),
        answer_hmac=lambda at: answer_hmac(months.of(at), written.data, written.errors),
        duration_ms=round((time.monotonic() - started) * 1000),
    )


def _logged_states(visit: Visit) -> dict[str, str]:
    """Say what became of each role path, and under `verify:PATH` which verdict was given on it.

    A verdict discloses no value, so it neither makes a path a VALUE nor hides that it is one.
    """
    states = {path: state.value for path, state in visit.noted.items()}
    return states | {f"verify:{path}": verdict.value for path, verdict in visit.verdicts.items()}


def _error(error: GraphQLError, to: Reply) -> dict[str, object]:
    extensions = error.extensions or {}
    return {
        "message": error.message,
        "path": error.path,
        "locations": [{"line": at.line, "column": at.column} for at in error.locations or ()],
        "extensions": {**extensions, "requestId": to.request_id},
    }


def _retryable(refused: Refused) -> bool:
    return refused.code in _RETRYABLE and refused.rule not in _STAYS


def _extensions(refused: Refused, to: Reply) -> dict[str, object]:
    if refused.code in _GATEWAY:
        origin = "GATEWAY"
    else:
        origin = "GATEWAY" if refused.code in _REQUEST else "POLICY"
    retryable = _retryable(refused)
    return {
        "code": refused.code,
        "rule": refused.rule,
        "origin": origin,
        "retryable": retryable,
        "retryAfter": (refused.retry_after or _RETRY_AFTER) if retryable else None,
        "requestId": to.request_id,
    }
