"""What is served beside GraphQL: health, how to get in, and the procedures' documents."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from audit.log import AccessLog
from gateway.endpoint import GraphQLEndpoint
from gateway.resource import PATH as RESOURCE_METADATA
from gateway.resource import resource_metadata
from gateway.settings import Settings
from gateway.tree import Tree
from gateway.trust import Trust
from resolvers.catalogue import Catalogue


def routes_beside(
    settings: Settings,
    log: AccessLog,
    trust: Trust,
    tree: Tree,
    catalogue: Catalogue,
    endpoint: GraphQLEndpoint,
) -> list[Route]:
    """Mount `/live`, `/ready`, what RFC 9728 and receipts need, and `/documents/{procedure}`."""

    async def live(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(_request: Request) -> Response:
        trouble, place = log.state().trouble, tree.state()
        # Who no longer looks at grants and revocations serves by old ones, and does not know it.
        fit = trouble is None and trust.watching and not place.late
        told = {
            "ready": fit,
            "accessLog": "OK" if trouble is None else trouble.value,
            "trust": "OK" if trust.watching else "STOPPED",
            "sequencer": place.word,
            "lag": place.lag_s,
        }
        return JSONResponse(told, 200 if fit else 503)

    async def resource(_request: Request) -> Response:
        return JSONResponse(resource_metadata(settings))

    async def keys(_request: Request) -> Response:
        return Response(
            tree.receipts.jwks,
            media_type="application/jwk-set+json",
            headers={"cache-control": "public, max-age=60"},
        )

    async def document(request: Request) -> Response:
        if refused := await endpoint.refusal(request):
            return refused
        procedure = catalogue.find(request.path_params["procedure"])
        if procedure is None:
            return PlainTextResponse("Không có thủ tục này. (No such procedure.)", 404)
        return PlainTextResponse(procedure.text, media_type="application/graphql; charset=utf-8")

    return [
        Route("/live", live),
        Route("/ready", ready),
        Route(RESOURCE_METADATA, resource),
        Route("/.well-known/jwks.json", keys),
        Route("/documents/{procedure}", document),
    ]
