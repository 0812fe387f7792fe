"""The envelope of a GraphQL request: media types, size, encoding and JSON, before any GraphQL.

GraphQL over HTTP, POST with JSON only. A refusal here is 4xx whatever the caller accepts, and names
what to change.
"""

import asyncio
import re
from collections.abc import Mapping

import msgspec
import orjson
from starlette.requests import ClientDisconnect, Request

from auth.refusal import Refused
from resolvers.answers import PLAIN_JSON, RESPONSE_JSON
from resolvers.refusals import refuse

LARGEST_BODY = 256 * 1024
"""Bytes; a prefill of fifty persons with all claims needs a tenth."""

BODY_WITHIN_S = 5
"""Seconds in which the whole body must be here: who sends it byte by byte holds a connection."""

_VIETNAMESE_FIRST = re.compile(r"\s*en\b", re.IGNORECASE)


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in a well-formed request."""

    query: str
    variables: Mapping[str, object]
    operation_name: str | None


def media_type(accept: str | None) -> str | None:
    """Choose the media type of the answer; None when nothing we write is accepted.

    Nothing or */* gives application/graphql-response+json, whose status codes mean what they say.
    """
    if not accept:
        return RESPONSE_JSON
    wanted = {part.split(";")[0].strip().lower() for part in accept.split(",")}
    if RESPONSE_JSON in wanted:
        return RESPONSE_JSON
    if PLAIN_JSON in wanted:
        return PLAIN_JSON
    return RESPONSE_JSON if wanted & {"*/*", "application/*"} else None


def language_of(accept_language: str | None) -> str:
    """Choose vi or en; Vietnamese unless the caller puts English first."""
    return "en" if _VIETNAMESE_FIRST.match(accept_language or "") else "vi"


async def read_envelope(request: Request) -> Envelope | Refused:
    """Read the body within its limit and decode it."""
    if refused := _headers(request):
        return refused
    body = await _body(request)
    if isinstance(body, Refused):
        return body
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        return refuse("envelope-json")
    return _envelope(given)


def _headers(request: Request) -> Refused | None:
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != "application/json":
        return refuse("envelope-content-type")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        return refuse("envelope-encoding")
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > LARGEST_BODY:
        return refuse("envelope-too-large", limit=LARGEST_BODY)
    return None


async def _body(request: Request) -> bytes | Refused:
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for part in request.stream():
                size += len(part)
                if size > LARGEST_BODY:
                    return refuse("envelope-too-large", limit=LARGEST_BODY)
                parts.append(part)
    except TimeoutError:
        return refuse("envelope-slow", limit=BODY_WITHIN_S)
    except ClientDisconnect:
        return refuse("envelope-json")
    return b"".join(parts)


def _envelope(given: object) -> Envelope | Refused:
    if isinstance(given, list):
        return refuse("envelope-batch")
    if not isinstance(given, dict):
        return refuse("envelope-shape", field="query")
    query, variables = given.get("query"), given.get("variables")
    name = given.get("operationName")
    if not isinstance(query, str):
        return refuse("envelope-shape", field="query")
    if not isinstance(variables, dict | None):
        return refuse("envelope-shape", field="variables")
    if not isinstance(name, str | None):
        return refuse("envelope-shape", field="operationName")
    return Envelope(query=query, variables=variables or {}, operation_name=name or None)
