"""POST /graphql: token, envelope, graph, in this order; every refusal is an entry in the log."""

from starlette.requests import Request
from starlette.responses import Response

from auth.challenge import challenge
from auth.refusal import Refused
from auth.tokens import TokenVerifier
from gateway.envelope import Envelope, language_of, media_type, read_envelope
from resolvers.answers import RESPONSE_JSON, Answer, Reply
from resolvers.graph import Asked, Graph
from resolvers.refusals import refuse


class GraphQLEndpoint:
    """Answers POST /graphql. At most *most* operations are under way at once."""

    def __init__(
        self, graph: Graph, tokens: TokenVerifier, *, resource_metadata: str, most: int = 256
    ) -> None:
        self._graph = graph
        self._tokens = tokens
        self._resource_metadata = resource_metadata
        self._most = most
        self._under_way = 0

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        to = Reply(
            request_id=request.state.request_id,
            language=language_of(request.headers.get("accept-language")),
            media=media_type(request.headers.get("accept")) or RESPONSE_JSON,
        )
        self._under_way += 1
        try:
            answer = await self._answer(request, to)
        finally:
            self._under_way -= 1
        return self._response(answer)

    async def _answer(self, request: Request, to: Reply) -> Answer:
        if self._under_way > self._most:
            return await self._refuse(refuse("overloaded"), to)
        if media_type(request.headers.get("accept")) is None:
            return await self._refuse(refuse("envelope-not-acceptable"), to)
        caller = await self._tokens.verify(_authorization(request))
        if isinstance(caller, Refused):
            return await self._refuse(caller, to)
        envelope = await read_envelope(request)
        if not isinstance(envelope, Envelope):
            return await self._refuse(envelope, to)
        asked = Asked(
            document=envelope.query,
            operation_name=envelope.operation_name,
            variables=envelope.variables,
            to=to,
        )
        return await self._graph.answer(asked, caller)

    async def _refuse(self, refused: Refused, to: Reply) -> Answer:
        return await self._graph.refuse((refused,), self._graph.notes(to.request_id), to)

    def _response(self, answer: Answer) -> Response:
        headers = {"cache-control": "no-store"}
        if answer.retry_after is not None:
            headers["retry-after"] = str(answer.retry_after)
        if answer.refused is not None and (
            header := challenge(answer.refused, resource_metadata=self._resource_metadata)
        ):
            headers["www-authenticate"] = header
        return Response(
            answer.body, answer.status, headers=headers, media_type=f"{answer.media}; charset=utf-8"
        )


def _authorization(request: Request) -> str | None:
    """Give the one Authorization header; two are as malformed as a bad one."""
    sent = request.headers.getlist("authorization")
    return sent[0] if len(sent) == 1 else ("" if sent else None)
