"""The operator's log: one JSON object a line, fixed sentences, fields from a closed list.

Libraries that print what they were sent (URLs, keys, documents, statements) are silenced here: no
message of theirs may carry a person into a log line.
"""

import logging
import sys
from collections.abc import MutableMapping

import structlog

TALKATIVE = (
    "strawberry",
    "strawberry.execution",
    "httpx2",
    "httpcore2",
    "aiocache",
    "sqlalchemy",
    "sqlalchemy.engine",
    "authlib",
    "aiosqlite",
    "uvicorn.access",
)

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "method", "route", "status", "took_ms",
        "registry", "waited_ms", "outcome", "action", "kinds", "kind", "state", "operation",
        "attempt", "province", "trouble", "setting", "address", "issuer", "open_for_s", "entries",
        "pages", "places", "keys", "consumer", "file", "procedures", "reason",
    }
)  # fmt: skip
"""Keys that may stand in a line; any other is dropped, and its name is said instead."""


def _only_allowed(
    _logger: object, _method: str, line: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    dropped = sorted(set(line) - ALLOWED)
    for key in dropped:
        del line[key]
    if dropped:
        line["kinds"] = dropped
    return line


def configure_logs(level: str = "INFO") -> None:
    """Set up the log of this process; called once, by the command line."""
    for name in TALKATIVE:
        silent = logging.getLogger(name)
        silent.handlers[:] = [logging.NullHandler()]
        silent.propagate = False
        silent.setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
