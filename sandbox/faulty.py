"""The faults that any HTTP registry can have, played on whatever its twin answers.

The twin always does its work first: the fault is what the asker sees of it. So the journal
names what was asked under every fault, as with a real registry that times out after the fact.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.faults import TRANSPORT, Fault, Faults, Mode
from sandbox.twin import call_of

HANG_SECONDS = 60
MAINTENANCE_WINDOW = timedelta(hours=2)

BUS_ERROR_PAGE = """<!DOCTYPE html>
<html lang="vi"><head><title>502 Bad Gateway</title></head>
<body><h1>502 Bad Gateway</h1><p>Trục liên thông không kết nối được máy chủ đích.</p></body></html>
"""


class FaultyApp:
    """*app* as the asker meets it while a fault is set for *registry*; else *app* itself."""

    def __init__(
        self, app: ASGIApp, registry: str, faults: Faults, *, now: Callable[[], datetime]
    ) -> None:
        self._app = app
        self._registry = registry
        self._faults = faults
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the twin answer into a drawer, then show what the fault leaves of it."""
        fault = self._faults.take(self._registry, TRANSPORT)
        if fault is None:
            await self._app(scope, receive, send)
            return
        drawer: list[Message] = []
        await self._app(scope, receive, _into(drawer))
        await self._show(fault, drawer, scope, receive, send)

    async def _show(
        self, fault: Fault, drawer: list[Message], scope: Scope, receive: Receive, send: Send
    ) -> None:
        if fault.mode is not Mode.SLOW:
            call_of(scope).outcome = fault.mode.value
        match fault.mode:
            case Mode.SLOW:
                if await _asker_leaves(receive, fault.ms / 1000):
                    call_of(scope).outcome = "abandoned"
                await _send_all(drawer, send)
            case Mode.HANG:
                await _asker_leaves(receive, HANG_SECONDS)
            case Mode.GARBLED:
                await _send_all(_garbled(drawer), send)
            case Mode.HTML:
                await HTMLResponse(BUS_ERROR_PAGE)(scope, receive, send)
            case _:
                await self._maintenance()(scope, receive, send)

    def _maintenance(self) -> Response:
        until = (self._now() + MAINTENANCE_WINDOW).isoformat(timespec="seconds")
        return PlainTextResponse(
            "Hệ thống đang bảo trì theo kế hoạch, vui lòng quay lại sau.",
            status_code=503,
            headers={"X-Maintenance-Until": until},
        )


def _into(drawer: list[Message]) -> Send:
    async def put(message: Message) -> None:
        drawer.append(message)

    return put


async def _send_all(messages: Iterable[Message], send: Send) -> None:
    for message in messages:
        await send(message)


async def _asker_leaves(receive: Receive, seconds: float) -> bool:
    """Wait *seconds*, or until the asker hangs up; tell whether they did."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


def _garbled(drawer: list[Message]) -> list[Message]:
    """Keep status and content type; lose the last third of the body and flip a bit within."""
    start, *parts = drawer
    body = b"".join(part.get("body", b"") for part in parts)
    broken = bytearray(body[: len(body) * 2 // 3] or b"?")
    broken[len(broken) // 2] ^= 0x80
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    headers.append((b"content-length", str(len(broken)).encode()))
    return [
        {**start, "headers": headers},
        {"type": "http.response.body", "body": bytes(broken)},
    ]
