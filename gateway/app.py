"""The composition root: every room is built here, once, and nowhere else."""

import asyncio
import contextlib
import functools
import gc
import secrets
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2
import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.cache import Cache
from audit.key_files import load_or_create_key
from audit.months import MonthsFile
from audit.stores.opening import open_access_log
from auth.developer import DEVELOPER
from auth.keys import Issuer, IssuerKeys
from auth.nonces import Nonces
from auth.profile import Profile
from auth.tokens import TokenVerifier
from gateway.beside import routes_beside
from gateway.endpoint import GraphQLEndpoint
from gateway.errors import Masked
from gateway.graphiql_page import graphiql_routes
from gateway.guards import open_guards
from gateway.middleware import RequestLine
from gateway.months import opened_with
from gateway.playground import configuration_of, configuration_without_people
from gateway.presented import Presentation
from gateway.reading import readers_of
from gateway.registries import open_registries
from gateway.resource import PATH as RESOURCE_METADATA
from gateway.settings import ProfileName, Settings
from gateway.tls import trusted
from gateway.tree import Tree
from gateway.trust import Trust
from resolvers.admission import Admission
from resolvers.catalogue import SHIPPED, load_catalogue
from resolvers.forms import load_forms
from resolvers.graph import Graph
from resolvers.schema import build_schema, graphql_schema

WITHIN_S = 5.0
"""Seconds in which a key set, or a file of grants, must be here."""
LONGEST_DOCUMENT = 4 * 1024 * 1024
"""Bytes of it."""


def now() -> datetime:
    """Tell the time, UTC."""
    return datetime.now(UTC)


class Outside:
    """The HTTP client of this root: issuers' keys, and the sandbox's people and tokens."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._client = httpx2.AsyncClient(
            verify=tls, trust_env=False, follow_redirects=False, timeout=2.0
        )

    async def content(self, url: str) -> bytes | None:
        """Fetch a document within its time and size; whatever goes wrong is None."""
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(WITHIN_S), self._client.stream("GET", url) as answer:
                if not answer.is_success:
                    return None
                async for part in answer.aiter_bytes():
                    parts.append(part)
                    if sum(map(len, parts)) > LONGEST_DOCUMENT:
                        return None
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError):
            return None
        return b"".join(parts)

    async def fetch(self, jwks_url: str) -> Mapping[str, object] | None:
        """Fetch an issuer's key set; whatever goes wrong is None."""
        content = await self.content(jwks_url)
        try:
            document = orjson.loads(content or b"null")
        except orjson.JSONDecodeError:
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
    settings.keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    months = MonthsFile(settings.keys_dir / "months.key", now())
    readers = readers_of(settings, months, now)
    cache_key = load_or_create_key(settings.keys_dir / "cache.key")
    shared_key = load_or_create_key(settings.keys_dir / "shared.key")
    guards = open_guards(settings.shared_url, shared_key)
    nonces = Nonces(shared_key, time.time) if settings.dpop_nonce else None
    log = open_access_log(settings.access_log_url, replica=settings.replica, clock=now)
    tree = Tree(settings, now)
    outside = Outside(trusted(settings.outbound_ca))
    trust = Trust(settings, fetch=outside.content, now=now)
    keys = IssuerKeys(outside, time.monotonic)
    cache = Cache(settings.cache_url, cache_key, time.time)
    registries = open_registries(settings, cache, now)
    graph = Graph(
        schema=schema,
        catalogue=catalogue,
        forms=forms,
        registries=registries,
        grants=trust.grants,
        log=log,
        months=months(),
        receipts=tree.receipts,
        now=now,
        randomness=secrets.token_bytes,
        admission=Admission(
            quotas=guards.quotas,
            attempts=guards.attempts,
            dossiers=guards.dossiers,
            consumers=trust.consumers,
            withdrawn=trust.withdrawn,
            audience=settings.audience,
            now=now,
        ),
        deadline_s=settings.deadline_ms / 1000,
        profile=profile,
        readers=readers,
    )
    tokens = TokenVerifier(
        [Issuer(issuer=name, jwks_url=url) for name, url in settings.issuers.items()],
        settings.audience,
        keys,
        profile,
        time.time,
        consumers=trust.consumers,
        trust_version=trust.version,
        revocations=trust.revocations,
        shared=guards.shared,
        opaque=guards.opaque,
        nonces=nonces,
    )
    endpoint = GraphQLEndpoint(
        graph,
        tokens,
        Presentation(settings.url(), settings.trusted_proxies),
        resource_metadata=f"{settings.url()}{RESOURCE_METADATA}",
        nonces=nonces,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as closing:
            # From the bottom up, and each whatever became of the others: the log is told last how
            # the answers ended, and the tree takes in what the log's end has left.
            for close in (
                tree.stop,
                log.close,
                *([readers.aclose] if readers is not None else []),
                guards.shared.aclose,
                cache.aclose,
                outside.aclose,
                keys.aclose,
                trust.aclose,
                *(registry.aclose for registry in registries.values()),
                graph.close,
                endpoint.close,
            ):
                closing.push_async_callback(close)
            await trust.open()
            await log.open()
            await opened_with(log, months, settings.access_log_url, now())
            await tree.start()
            gc.collect()
            gc.freeze()
            yield

    async def graphql(request: Request) -> Response:
        return await endpoint(request)

    return Starlette(
        routes=[
            Route("/graphql", graphql, methods=["POST"]),
            Route("/graphql/", graphql, methods=["POST"]),
            *routes_beside(settings, log, trust, tree, catalogue, endpoint),
            *tree.routes(functools.partial(endpoint.refusal, scope="audit:read")),
            *_graphiql(settings, outside, endpoint),
        ],
        middleware=[Middleware(RequestLine), Middleware(Masked)],
        lifespan=lifespan,
    )


def _graphiql(settings: Settings, outside: Outside, endpoint: GraphQLEndpoint) -> list[BaseRoute]:
    """Mount GraphiQL: with people and tokens in the sandbox, in production for developers only."""
    if settings.profile is not ProfileName.SANDBOX:
        return graphiql_routes(
            configuration_without_people,
            refusal=functools.partial(endpoint.refusal, scope=DEVELOPER),
        )
    if not settings.sandbox_url:
        return []
    issuer = next(iter(settings.issuers))
    return graphiql_routes(
        configuration_of(
            lambda: outside.people(f"{settings.sandbox_url}/people"),
            lambda persona: outside.token(issuer, persona),
        )
    )
