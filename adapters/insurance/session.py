"""The session with the insurance registry: one token for everybody, renewed before it ends."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

import httpx2
import msgspec

from adapters.channel import Channel, Reply
from adapters.registry import Failure, Garbled, Refused, Unavailable

RENEWED_BEFORE = timedelta(seconds=60)
"""How long before its end a token is no longer used: clocks differ, and calls take time."""
LONGEST_LIFE = 24 * 3600


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What the token service gave: an access token, who it says we are, and its end."""

    access: str
    identity: str
    ends: datetime

    def __repr__(self) -> str:
        """Say nothing of the token."""
        return "Token(…)"


class _Grant(msgspec.Struct, frozen=True):
    """The token service's own words, as OAuth names them."""

    access_token: Annotated[str, msgspec.Meta(min_length=1)]
    id_token: str
    expires_in: Annotated[int, msgspec.Meta(gt=0)]

    def __repr__(self) -> str:
        """Say nothing of the token."""
        return "_Grant(…)"


class Session:
    """Logs in at *url* and keeps the token; the calls themselves are the client's business."""

    def __init__(
        self,
        channel: Channel,
        *,
        url: str,
        account: str,
        secret: str,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._channel = channel
        self._url = url
        self._account = account
        self._secret = secret
        self._clock = clock
        self._monotonic = monotonic
        self._held: Token | Failure = Unavailable()
        self._logins = 0
        self._lock = asyncio.Lock()

    async def token(self, deadline: float, *, refused: Token | None = None) -> Token | Failure:
        """Give a token that holds; *refused* is one that the registry has just turned away.

        Who waited while another logged in shares the outcome, a failure too: a wrong password
        tried once per waiting caller would lock the account.
        """
        seen = self._logins
        try:
            async with asyncio.timeout(deadline - self._monotonic()), self._lock:
                if seen == self._logins and not self._holds(refused):
                    self._held = await self._log_in(deadline)
                    # Who ran out of time has failed alone: the next may have more of it.
                    self._logins += self._holds(refused) or self._monotonic() < deadline
                return self._held
        except TimeoutError:
            return Unavailable()

    def bearer(self, token: Token) -> dict[str, str]:
        """Give the header with which social insurance is asked."""
        return {"Authorization": f"Bearer {token.access}"}

    def query(self, token: Token) -> Mapping[str, str]:
        """Give the session as the card check wants it; its MD5 is the wire's, and no protection."""
        digest = hashlib.md5(self._secret.encode(), usedforsecurity=False).hexdigest()
        return {
            "token": token.access,
            "id_token": token.identity,
            "username": self._account,
            "password": digest,
        }

    def _holds(self, refused: Token | None) -> bool:
        held = self._held
        return isinstance(held, Token) and held is not refused and self._clock() < held.ends

    async def _log_in(self, deadline: float) -> Token | Failure:
        asked_at = self._clock()
        reply = await self._channel.send(self._request(), deadline=deadline, again=self._request)
        if not isinstance(reply, Reply):
            return reply
        if reply.status == HTTPStatus.BAD_REQUEST:
            return Refused()  # RFC 6749, section 5.2: the account, the password or the grant
        if reply.status != HTTPStatus.OK:
            return Garbled()
        try:
            grant = msgspec.json.decode(reply.body, type=_Grant, strict=False)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return Garbled()
        life = timedelta(seconds=min(grant.expires_in, LONGEST_LIFE))
        return Token(
            access=grant.access_token,
            identity=grant.id_token,
            ends=asked_at + life - RENEWED_BEFORE,
        )

    def _request(self) -> httpx2.Request:
        grant = {"grant_type": "password", "username": self._account, "password": self._secret}
        return self._channel.client.build_request("POST", self._url, data=grant)
