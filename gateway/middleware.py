"""What surrounds every request: an id, one log line without personal data, and safe headers.

Pure ASGI, because every request passes here.
"""

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"(?=.*[a-f])[0-9a-f]{16,64}", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9._-]{8,64}")
_NUMBER = 9
"""Digits of the shortest number of a person, wherever in an id they may stand apart."""

SAFE_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}
NOTHING_MORE = "default-src 'none'; frame-ancestors 'none'"

_log = structlog.get_logger()


class RequestLine:
    """Gives each request an id (the caller's, when it is one) and writes its line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and say how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.monotonic()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in SAFE_HEADERS.items():
                    headers[name] = value
                headers.setdefault("content-security-policy", NOTHING_MORE)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            _log.info(
                "request",
                request_id=request_id,
                method=scope["method"],
                # The route, never the path: somebody may have typed a number into it.
                route=getattr(scope.get("route"), "path", "-"),
                status=status,
                took_ms=round((time.monotonic() - started) * 1000),
            )


def _request_id(given: str | None) -> str:
    return given if given and _is_made_up(given) else uuid.uuid4().hex


def _is_made_up(text: str) -> bool:
    """Tell whether an id was surely drawn by a program: no number of a person hides in it."""
    if _UUID.fullmatch(text) or _HEX.fullmatch(text):
        return True
    return bool(_WORD.fullmatch(text)) and sum(c.isdigit() for c in text) < _NUMBER
