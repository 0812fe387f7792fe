"""POST /graphql: token, envelope, graph, in this order; every refusal is an entry in the log.

At most so many operations are under way at once; one that still sends its body is not yet one.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from auth.caller import Caller
from auth.challenge import challenge
from auth.refusal import Refused
from auth.refusal import refuse as refuse_token
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
        return self._response(await self._answer(request, _reply_to(request)))

    async def refusal(self, request: Request) -> Response | None:
        """Refuse a request without a valid token, for the neighbours that need no more than one."""
        caller = await self._caller(request)
        if not isinstance(caller, Refused):
            return None
        return self._response(await self._refuse(caller, _reply_to(request)))

    async def _answer(self, request: Request, to: Reply) -> Answer:
        if self._under_way >= self._most:
            # Told at once: a full house does not even take the body in.
            return await self._refuse(refuse("overloaded"), to)
        if media_type(request.headers.get("accept")) is None:
            return await self._refuse(refuse("envelope-not-acceptable"), to)
        caller = await self._caller(request)
        if isinstance(caller, Refused):
            return await self._refuse(caller, to)
        envelope = await read_envelope(request)
        if not isinstance(envelope, Envelope):
            return await self._refuse(envelope, to)
        if self._under_way >= self._most:
            return await self._refuse(refuse("overloaded"), to)
        asked = Asked(
            document=envelope.query,
            operation_name=envelope.operation_name,
            variables=envelope.variables,
            to=to,
        )
        self._under_way += 1
        try:
            return await self._graph.answer(asked, caller)
        finally:
            self._under_way -= 1

    async def _caller(self, request: Request) -> Caller | Refused:
        """Judge the one Authorization header; two are as malformed as a bad one."""
        sent = request.headers.getlist("authorization")
        if len(sent) > 1:
            return refuse_token("token-malformed")
        return await self._tokens.verify(sent[0] if sent else None)

    async def _refuse(self, refused: Refused, to: Reply) -> Answer:
        return await self._graph.refuse((refused,), self._graph.notes(to.request_id), to)

    def _response(self, answer: Answer) -> Response:
        headers = {"cache-control": "no-store"}
        if answer.retry_after is not None:
            headers["retry-after"] = str(answer.retry_after)
        if answer.status == HTTPStatus.REQUEST_TIMEOUT:
            # The rest of the body is not waited for.
            headers["connection"] = "close"
        if answer.refused is not None and (
            header := challenge(answer.refused, resource_metadata=self._resource_metadata)
        ):
            headers["www-authenticate"] = header
        return Response(
            answer.body, answer.status, headers=headers, media_type=f"{answer.media}; charset=utf-8"
        )


def _reply_to(request: Request) -> Reply:
    return Reply(
        request_id=request.state.request_id,
        language=language_of(request.headers.get("accept-language")),
        media=media_type(request.headers.get("accept")) or RESPONSE_JSON,
    )
