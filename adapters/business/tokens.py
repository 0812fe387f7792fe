"""Tokens for one registry: client credentials with private_key_jwt (RFC 6749, RFC 7523).

Authlib makes the assertion; our channel carries it, so that a token service is met with the
same patience as its registry. Authlib's own client is not used: what it cannot read it raises,
in five kinds of exception, and callers who wait for a service that hangs try it one after the
other. Here one request is under way at a time and all who wait share its end, a failure too.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

import httpx2
import msgspec
import structlog
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc.errors import JoseError
from joserfc.jwk import ECKey  # Authlib wants its keys in this form

from adapters.channel import Channel, Reply
from adapters.registry import Failure, Garbled, Refused, Unavailable

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
LONGEST_SLACK = 60.0
"""Seconds before its end from which a token is not used; a tenth of a shorter life."""
YOUNG = timedelta(seconds=10)
"""A token refused so soon was not withdrawn: it is we who are refused."""
UNSAID_LIFETIME = 300.0

log = structlog.get_logger()


class _Granted(msgspec.Struct, frozen=True):
    """A token service's answer (RFC 6749, section 5.1); the token may stand in a header."""

    access_token: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9\-._~+/]+=*\Z", max_length=8192)]
    token_type: Annotated[str, msgspec.Meta(pattern=r"^[Bb]earer\Z")]
    expires_in: Annotated[float, msgspec.Meta(gt=0, le=366 * 86400)] = UNSAID_LIFETIME


class _Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token, and from when until when it is used."""

    text: str
    asked_at: datetime
    good_until: datetime

    def __repr__(self) -> str:
        """Keep the secret."""
        return "_Token(…)"


class Tokens:
    """Keeps one token for all calls of a registry; *key* is a private key on P-256, in PEM."""

    def __init__(
        self,
        channel: Channel,
        *,
        url: str,
        client_id: str,
        key: bytes,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._channel = channel
        self._url = url
        self._client_id = client_id
        self._key = _private_key(key)
        self._clock = clock
        self._monotonic = monotonic
        self._token: _Token | None = None
        self._under_way: asyncio.Task[_Token | Failure] | None = None

    async def call(
        self, send: Callable[[str], Awaitable[Reply | Failure]], *, deadline: float
    ) -> Reply | Failure:
        """Let *send* make a call with a token; once more if that token was withdrawn early."""
        token = await self._current(deadline)
        if not isinstance(token, _Token):
            return token
        answer = await send(token.text)
        if answer != Refused() or not self._retire(token):
            return answer
        renewed = await self._current(deadline)
        return await send(renewed.text) if isinstance(renewed, _Token) else renewed

    async def aclose(self) -> None:
        """Stop asking; the channel is closed by its owner."""
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.wait({self._under_way})

    async def _current(self, deadline: float) -> _Token | Failure:
        """Give the token kept, or wait for a new one, though no longer than *deadline*."""
        if self._token is not None and self._clock() < self._token.good_until:
            return self._token
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._ask())
        under_way = self._under_way
        # Whoever leaves early leaves the request to the others.
        await asyncio.wait({under_way}, timeout=max(0.0, deadline - self._monotonic()))
        if not under_way.done() or under_way.cancelled():
            return Unavailable()
        return under_way.result()

    def _retire(self, refused: _Token) -> bool:
        """Forget a token that the registry no longer takes; False when it is new."""
        if self._clock() - refused.asked_at < YOUNG:
            return False
        if self._token is refused:
            self._token = None
        return True

    async def _ask(self) -> _Token | Failure:
        asked_at = self._clock()
        # The channel's own limits end it; each caller waits as long as they like.
        reply = await self._channel.send(self._request(), deadline=math.inf, again=self._request)
        answer = _read(reply, asked_at) if isinstance(reply, Reply) else reply
        if isinstance(answer, _Token):
            self._token = answer
        else:
            outcome = type(answer).__name__
            log.warning(
                "no token for a registry", registry=self._channel.name.value, outcome=outcome
            )
        return answer

    def _request(self) -> httpx2.Request:
        """Write the request, with an assertion of its own: one is good for one use."""
        assertion = private_key_jwt_sign(
            self._key,
            client_id=self._client_id,
            token_endpoint=self._url,
            alg="ES256",
            issued_at=int(self._clock().timestamp()),
            expires_in=ASSERTION_SECONDS,
            header={"kid": self._key.thumbprint()},
        )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        return self._channel.client.build_request(
            "POST", self._url, data=form, headers={"Accept": "application/json"}
        )


def _private_key(pem: bytes) -> ECKey:
    try:
        key = ECKey.import_key(pem)
    except (JoseError, ValueError):
        key = None
    if key is None or not key.is_private or key.curve_name != "P-256":
        msg = "the key for a registry's token service must be a private key on P-256, in PEM"
        raise ValueError(msg)
    return key


def _read(reply: Reply, asked_at: datetime) -> _Token | Failure:
    """Read the answer; any error of RFC 6749, section 5.2, is about our agreement."""
    if reply.status >= HTTPStatus.BAD_REQUEST:
        return Refused()
    try:
        granted = msgspec.json.decode(reply.body, type=_Granted, strict=False)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Garbled()
    slack = min(LONGEST_SLACK, granted.expires_in / 10)
    return _Token(
        text=granted.access_token,
        asked_at=asked_at,
        good_until=asked_at + timedelta(seconds=granted.expires_in - slack),
    )
