"""The composition root: every room is built here, once, and nowhere else."""

import contextlib
import gc
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.cache import Cache
from audit.sqlite import SqliteAccessLog
from audit.tags import Tagger, load_or_create_key
from auth.grants import SANDBOX_GRANTS, load_grants
from auth.keys import Issuer, IssuerKeys
from auth.profile import Profile
from auth.tokens import TokenVerifier
from gateway.endpoint import GraphQLEndpoint
from gateway.errors import Masked
from gateway.graphiql_page import graphiql_routes
from gateway.middleware import RequestLine
from gateway.playground import configuration_of
from gateway.registries import open_registries
from gateway.settings import ProfileName, Settings
from resolvers.catalogue import SHIPPED, load_catalogue
from resolvers.forms import load_forms
from resolvers.graph import Graph
from resolvers.schema import build_schema, graphql_schema

_log = structlog.get_logger()


def now() -> datetime:
    """Tell the time, UTC."""
    return datetime.now(UTC)


class Outside:
    """The HTTP client of this root: issuers' keys, and the sandbox's people and tokens."""

    def __init__(self) -> None:
        self._client = httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=2.0)

    async def fetch(self, jwks_url: str) -> Mapping[str, object] | None:
        """Fetch an issuer's key set; whatever goes wrong is None."""
        try:
            response = await self._client.get(jwks_url)
            document = response.json() if response.is_success else None
        except (httpx2.HTTPError, ValueError):
            return None
        return document if isinstance(document, dict) else None

    async def people(self, url: str) -> Any:  # noqa: ANN401 - JSON of the sandbox, shown as it is
        """Fetch the sandbox's people."""
        return (await self._client.get(url)).raise_for_status().json()

    async def token(self, issuer: str, persona: str) -> str:
        """Get a persona's token from the sandbox issuer."""
        form = {"grant_type": "client_credentials", "client_id": persona}
        answer = (await self._client.post(f"{issuer}/token", data=form)).raise_for_status()
        return str(answer.json()["access_token"])

    async def aclose(self) -> None:
        """Give back connections."""
        await self._client.aclose()


def create_app(settings: Settings) -> Starlette:
    """Build the gateway; what needs opening is opened when it starts to serve."""
    sandbox = settings.profile is ProfileName.SANDBOX
    profile = Profile.SANDBOX if sandbox else Profile.PRODUCTION
    schema = build_schema()
    folders = [SHIPPED, *([settings.procedures] if settings.procedures else [])]
    catalogue = load_catalogue(graphql_schema(schema), folders)
    forms = load_forms(settings.forms, {p.code: {f.key for f in p.fields} for p in catalogue})
    grants = load_grants(settings.grants or SANDBOX_GRANTS, profile=profile)
    settings.keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    tag_key = load_or_create_key(settings.keys_dir / "tags.key")
    cache_key = load_or_create_key(settings.keys_dir / "cache.key")
    log = SqliteAccessLog(settings.access_log_url, replica=settings.replica, clock=now)
    outside = Outside()
    keys = IssuerKeys(outside, time.monotonic)
    cache = Cache(settings.cache_url, cache_key, time.time)
    registries = open_registries(settings, cache, now)
    graph = Graph(
        schema=schema,
        catalogue=catalogue,
        forms=forms,
        registries=registries,
        grants=lambda: grants,
        log=log,
        tagger=Tagger(tag_key),
        now=now,
        randomness=secrets.token_bytes,
        deadline_s=settings.deadline_ms / 1000,
        suggest=sandbox,
    )
    tokens = TokenVerifier(
        [Issuer(issuer=name, jwks_url=url) for name, url in settings.issuers.items()],
        settings.audience,
        keys,
        profile,
        time.time,
    )
    endpoint = GraphQLEndpoint(
        graph, tokens, resource_metadata=f"{settings.url()}/.well-known/oauth-protected-resource"
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await log.open()
        gc.collect()
        gc.freeze()
        try:
            yield
        finally:
            for registry in registries.values():
                await registry.aclose()
            await keys.aclose()
            await outside.aclose()
            await cache.aclose()
            await graph.close()
            await log.close()

    async def ready(_request: Request) -> Response:
        trouble = log.state().trouble
        status = 200 if trouble is None else 503
        told = {"accessLog": "OK" if trouble is None else trouble.value}
        return JSONResponse({"ready": trouble is None, **told}, status)

    async def live(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def graphql(request: Request) -> Response:
        return await endpoint(request)

    async def document(request: Request) -> Response:
        if refused := await endpoint.refusal(request):
            return refused
        procedure = catalogue.find(request.path_params["procedure"])
        if procedure is None:
            return PlainTextResponse("Không có thủ tục này. (No such procedure.)", 404)
        return PlainTextResponse(procedure.text, media_type="application/graphql; charset=utf-8")

    async def resource(_request: Request) -> Response:
        return JSONResponse(_resource_metadata(settings))

    return Starlette(
        routes=[
            Route("/graphql", graphql, methods=["POST"]),
            Route("/graphql/", graphql, methods=["POST"]),
            Route("/documents/{procedure}", document),
            Route("/.well-known/oauth-protected-resource", resource),
            Route("/live", live),
            Route("/ready", ready),
            *(_graphiql(settings, outside) if sandbox and settings.sandbox_url else ()),
        ],
        middleware=[Middleware(RequestLine), Middleware(Masked)],
        lifespan=lifespan,
    )


def _graphiql(settings: Settings, outside: Outside) -> list[BaseRoute]:
    """Mount GraphiQL: with the sandbox's people and tokens, so never in production."""
    issuer = next(iter(settings.issuers))
    return graphiql_routes(
        configuration_of(
            lambda: outside.people(f"{settings.sandbox_url}/people"),
            lambda persona: outside.token(issuer, persona),
        )
    )


def _resource_metadata(settings: Settings) -> dict[str, object]:
    """Say how to get in (RFC 9728): whose tokens, sent how, with which scopes."""
    return {
        "resource": settings.url(),
        "resource_name": "Liên Thông",
        "authorization_servers": list(settings.issuers),
        "bearer_methods_supported": ["header"],
        "scopes_supported": ["prefill", "verify", "records", "developer", "audit:read"],
    }
