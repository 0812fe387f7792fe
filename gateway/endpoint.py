"""POST /graphql: token, envelope, graph, in this order; every refusal is an entry in the log.

At most so many operations are under way at once; one that still sends its body is not yet one.
Who hangs up breaks the own operation off: no registry is asked any further for nobody.
"""

import asyncio
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive

from auth.caller import Caller
from auth.challenge import challenges
from auth.nonces import Nonces
from auth.refusal import Refused
from auth.refusal import refuse as refuse_by_policy
from auth.tokens import TokenVerifier
from gateway.envelope import Envelope, language_of, media_type, read_envelope
from gateway.presented import Presentation
from resolvers.answers import RESPONSE_JSON, Answer, Reply
from resolvers.answers import refusal as unlogged_refusal
from resolvers.graph import Asked, Graph
from resolvers.refusals import refuse

GONE = 499
"""The status in our own log of a request whose caller has hung up; nobody is sent it."""


class GraphQLEndpoint:
    """Answers POST /graphql. At most *most* operations are under way at once.

    *nonces* are those that the verifier asks of DPoP proofs, if it does.
    """

    def __init__(
        self,
        graph: Graph,
        tokens: TokenVerifier,
        presentation: Presentation,
        *,
        resource_metadata: str,
        nonces: Nonces | None = None,
        most: int = 256,
    ) -> None:
        self._graph = graph
        self._tokens = tokens
        self._presentation = presentation
        self._resource_metadata = resource_metadata
        self._nonces = nonces
        self._most = most
        self._under_way: set[asyncio.Task[Answer]] = set()

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        return self._response(await self._answer(request, _reply_to(request)))

    async def close(self) -> None:
        """Take no more, and break off what is under way; each says so in the log, still open."""
        self._most = 0
        for answering in self._under_way:
            answering.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def refusal(self, request: Request, *, scope: str | None = None) -> Response | None:
        """Refuse a request without a valid token, or without *scope*: for our neighbours."""
        caller = await self._caller(request)
        if not isinstance(caller, Refused):
            if scope is None or scope in caller.scopes:
                return None
            caller = refuse_by_policy("scope-missing", scope=scope)
        return self._response(await self._refuse(caller, _reply_to(request)))

    async def _answer(self, request: Request, to: Reply) -> Answer:
        if len(self._under_way) >= self._most:
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
        if len(self._under_way) >= self._most:
            return await self._refuse(refuse("overloaded"), to)
        asked = Asked(
            document=envelope.query,
            operation_name=envelope.operation_name,
            variables=envelope.variables,
            to=to,
        )
        answering = asyncio.create_task(self._graph.answer(asked, caller))
        leaving = asyncio.create_task(_break_off(answering, request.receive))
        self._under_way.add(answering)
        try:
            return await answering
        except asyncio.CancelledError:
            if leaving.done():
                return Answer(status=GONE, body=b"", media=to.media)
            # The house closes: as with a full one, the caller should come again.
            return unlogged_refusal((refuse("overloaded"),), to)
        finally:
            leaving.cancel()
            self._under_way.discard(answering)

    async def _caller(self, request: Request) -> Caller | Refused:
        return await self._tokens.verify(self._presentation.read(request))

    async def _refuse(self, refused: Refused, to: Reply) -> Answer:
        return await self._graph.refuse((refused,), self._graph.notes(to.request_id), to)

    def _response(self, answer: Answer) -> Response:
        headers = {"cache-control": "no-store"}
        if self._nonces is not None:
            # With every answer: who keeps talking never has to be told to come again.
            headers["dpop-nonce"] = self._nonces.current()
        if answer.retry_after is not None:
            headers["retry-after"] = str(answer.retry_after)
        if answer.status == HTTPStatus.REQUEST_TIMEOUT:
            # The rest of the body is not waited for.
            headers["connection"] = "close"
        response = Response(
            answer.body, answer.status, headers=headers, media_type=f"{answer.media}; charset=utf-8"
        )
        if answer.refused is not None:
            # Two challenges are two headers of one name, which a mapping cannot hold.
            for each in challenges(answer.refused, resource_metadata=self._resource_metadata):
                response.headers.append("www-authenticate", each)
        return response


async def _break_off(answering: asyncio.Task[Answer], receive: Receive) -> None:
    """Break *answering* off as soon as the caller has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    answering.cancel()


def _reply_to(request: Request) -> Reply:
    return Reply(
        request_id=request.state.request_id,
        language=language_of(request.headers.get("accept-language")),
        media=media_type(request.headers.get("accept")) or RESPONSE_JSON,
    )
