"""What all replicas remember together: the port auth.shared.Shared on a Redis (6.2 or later).

Each method is one script, so one round trip and atomic. Names are opaque already; nothing else is
written but times and counts. Give it a Redis (or its own database) that evicts nothing: a name
dropped to make room is a limit forgotten. A store that does not answer in time is
SharedUnavailable, and what it guards stays shut.
"""

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from adapters.cancellation import cancellable
from auth.shared import (
    A_MOMENT_S,
    UNDER_WAY_S,
    Attempt,
    Exhausted,
    Full,
    Hold,
    SharedUnavailable,
    Window,
)
from gateway import shared_scripts as scripts

PATIENCE_S = 0.2
"""Seconds for one call, connecting included."""
CONNECTIONS = 32
PREFIX = "lienthong:guard:"

_Form = TypeVar("_Form")

_HOLDS = (Hold.OTHER, Hold.MADE, Hold.KEPT)


class RedisShared:
    """The store of all replicas that name the same *url* (`redis://`, `rediss://` or `unix://`).

    Time is Redis's own; a test may pass a *clock* of seconds since 1970.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], float] | None = None,
        patience: float = PATIENCE_S,
        connections: int = CONNECTIONS,
    ) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            timeout=patience,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            # What was sent may have been done: a second sending would count twice.
            retry=Retry(NoBackoff(), 0),
        )
        self._redis = Redis.from_pool(pool)
        self._scripts = {text: self._redis.register_script(text) for text in scripts.ALL}
        self._clock = clock
        self._patience = patience

    def __repr__(self) -> str:
        """Name the class; its URL may hold a password."""
        return "RedisShared(…)"

    async def add_once(self, name: bytes, seconds: float) -> bool:
        """Remember *name*; False when it was remembered already."""
        return await self._run(scripts.ADD_ONCE, [_key("once", name)], [_ms(seconds)]) == 1

    async def known(self, names: Sequence[bytes]) -> list[bool]:
        """Tell of each name whether it is remembered."""
        if not names:
            return []
        answer = await self._run(scripts.KNOWN, [_key("once", name) for name in names], [])
        return [known == 1 for known in _read(answer, list[int])]

    async def count_distinct(
        self, name: bytes, members: Sequence[bytes], windows: Sequence[Window]
    ) -> Full | None:
        """Count *members*, all or none."""
        sizes = [part for w in windows for part in (_ms(w.seconds), str(w.limit))]
        asked = [_text(member) for member in dict.fromkeys(members)]
        answer = await self._run(
            scripts.COUNT_DISTINCT, [_key("seen", name)], [str(len(windows)), *sizes, *asked]
        )
        which, free_in = _read(answer, tuple[int, int])
        return Full(window=windows[which - 1], free_in=free_in / 1000) if which else None

    async def attempt(
        self, wishes: Sequence[tuple[bytes, bytes]], window: Window, *, same_s: float
    ) -> list[Attempt | Exhausted]:
        """Take a place for each (name, guess), in order."""
        if not wishes:
            return []
        sizes = [_ms(window.seconds), str(window.limit), _ms(same_s), *_MOMENTS]
        answer = await self._run(
            scripts.ATTEMPT,
            [_key("places", name) for name, _ in wishes],
            [*sizes, *(_text(guess) for _, guess in wishes)],
        )
        return [
            Attempt(name=name, ticket=ticket, left=number)
            if ticket
            else Exhausted(free_in=number / 1000)
            for (name, _), (ticket, number) in zip(
                wishes, _read(answer, list[tuple[bytes, int]]), strict=True
            )
        ]

    async def settle(
        self,
        *,
        failed: Sequence[Attempt],
        free: Sequence[Attempt],
        remember: Sequence[bytes] = (),
        seconds: float = 0.0,
    ) -> None:
        """Say how attempts ended."""
        ended = [*((a, "1") for a in failed), *((a, "0") for a in free)]
        keys = [_key("places", attempt.name) for attempt, _ in ended]
        said = [part for attempt, was in ended for part in (attempt.ticket.decode("ascii"), was)]
        keys += [_key("once", name) for name in remember]
        if keys:
            await self._run(scripts.SETTLE, keys, [_ms(seconds), *said])

    async def attempts_left(
        self, names: Sequence[bytes], window: Window
    ) -> list[tuple[int, float | None]]:
        """Tell the places left, and when one is free again."""
        if not names:
            return []
        answer = await self._run(
            scripts.ATTEMPTS_LEFT,
            [_key("places", name) for name in names],
            [_ms(window.seconds), str(window.limit), *_MOMENTS],
        )
        return [
            (left, None if left else free_in / 1000)
            for left, free_in in _read(answer, list[tuple[int, int]])
        ]

    async def hold(
        self, under: Sequence[bytes], wishes: Mapping[bytes, Sequence[bytes]], seconds: float
    ) -> dict[bytes, Hold]:
        """Bind names to members in one file, all or nothing."""
        keys = [_key("file", name) for name in under]
        answer = await self._run(
            scripts.HOLD, keys, [f"{PREFIX}bound:", _ms(seconds), _wishes(wishes)]
        )
        holds = [_HOLDS[number] for number in _read(answer, list[int])]
        # Of two files no wish was looked at: then only the names *under* are answered.
        return dict(zip([*under, *wishes], holds, strict=False))

    async def widen(self, under: bytes, wishes: Mapping[bytes, Sequence[bytes]]) -> None:
        """Let more members pass."""
        arguments = [f"{PREFIX}bound:", _wishes(wishes)]
        await self._run(scripts.WIDEN, [_key("file", under)], arguments)

    async def let_go(self, under: bytes, wishes: Mapping[bytes, Sequence[bytes]]) -> None:
        """Take back what hold bound."""
        arguments = [f"{PREFIX}bound:", _wishes(wishes)]
        await self._run(scripts.LET_GO, [_key("file", under)], arguments)

    async def aclose(self) -> None:
        """Give back the connections."""
        try:
            await self._redis.aclose()
        except (RedisError, OSError):
            return

    async def _run(self, script: str, keys: Sequence[str], arguments: Sequence[str]) -> object:
        """Run a script; what went wrong stays here, since a library's words may quote a key."""
        now = "" if self._clock is None else _ms(self._clock())
        try:
            async with asyncio.timeout(self._patience):
                # Sent by its digest; where Redis does not know it (yet, or again), sent whole.
                asked = self._scripts[script](list(keys), [now, *arguments])
                answer: object = await cancellable(asked)
        except (RedisError, OSError, TimeoutError, ValueError):
            raise SharedUnavailable from None
        return answer


def _read(answer: object, form: type[_Form]) -> _Form:
    try:
        return msgspec.convert(answer, form)
    except msgspec.ValidationError:
        raise SharedUnavailable from None


def _ms(seconds: float) -> str:
    return str(int(seconds * 1000))


_MOMENTS = (_ms(UNDER_WAY_S), _ms(A_MOMENT_S))


def _text(opaque: bytes) -> str:
    return base64.urlsafe_b64encode(opaque).rstrip(b"=").decode("ascii")


def _key(kind: str, name: bytes) -> str:
    return f"{PREFIX}{kind}:{_text(name)}"


def _wishes(wishes: Mapping[bytes, Sequence[bytes]]) -> str:
    listed = [[_text(n), [_text(m) for m in dict.fromkeys(ms)]] for n, ms in wishes.items()]
    return msgspec.json.encode(listed).decode("ascii")
