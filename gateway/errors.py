"""The last line: whatever was not foreseen becomes INTERNAL, without a word of its message.

Nothing else in the house catches everything. The operator's log gets the kind of the error and the
files and lines it came through, since those hold no value; the caller gets a code and the id.
"""

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.envelope import language_of
from resolvers.answers import PLAIN_JSON, Reply, places_of, refusal
from resolvers.refusals import refuse

_log = structlog.get_logger()


class Masked:
    """Answers INTERNAL when the application fails before it has answered anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and mask what it may throw."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the outermost layer: there is nobody above it
            _log.error(
                "the gateway failed",
                kind=type(error).__name__,
                places=places_of(error),
                action="report this with the request id",
            )
            if not begun:
                await _internal(scope)(scope, receive, send)


def _internal(scope: Scope) -> Response:
    accepted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    to = Reply(
        request_id=scope["state"]["request_id"], language=language_of(accepted), media=PLAIN_JSON
    )
    answer = refusal((refuse("internal"),), to)
    return Response(answer.body, answer.status, media_type=answer.media)
