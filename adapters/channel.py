"""A channel to one registry over HTTP: patient within limits, and quiet about what it carries.

One call walks: bulkhead -> circuit -> attempt -> (a second attempt, when the budget has one)
-> what the status means. Whatever the registry does becomes a value; only the caller's own
cancellation comes through. No URL, header or body reaches a log line.
"""

import asyncio
import re
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2
import msgspec
import structlog

from adapters.circuit import Circuit, RetryBudget
from adapters.registry import Failure, Garbled, Maintenance, Refused, RegistryName, Unavailable

CONNECT_TIMEOUT = 1.0
ATTEMPT_TIMEOUT = 1.5
POOL_TIMEOUT = 0.5
QUEUE_PATIENCE = 0.1
FAIR_TRIAL = 0.5
CONCURRENT_CALLS = 32
LARGEST_BODY = 1024 * 1024
LONGEST_RETRY_AFTER = 60
MAINTENANCE_HEADER = "X-Maintenance-Until"

_FEW_DIGITS = re.compile(r"[0-9]{1,9}")
_GATEWAY_TROUBLE = frozenset({502, 503, 504})

log = structlog.get_logger()


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the registry said, whole and within the size agreed; its client reads it."""

    status: int
    content_type: str
    """The media type alone, in lower case; empty when none was given."""
    body: bytes

    def __repr__(self) -> str:
        """Say nothing of the body."""
        return f"Reply(status={self.status}, content_type={self.content_type!r})"


class _Call(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller of *send* asked for."""

    request: httpx2.Request
    deadline: float
    again: Callable[[], httpx2.Request] | None
    speaks: Callable[[Reply], bool] | None

    def second_request(self) -> httpx2.Request | None:
        if self.again is not None:
            return self.again()
        return self.request if self.request.method in {"GET", "HEAD"} else None

    def __repr__(self) -> str:
        """Say nothing of the request."""
        return "_Call(…)"


class _Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How one attempt ended: for the caller, for the circuit, and whether another is worth it."""

    answer: Reply | Failure
    healthy: bool | None
    """Whether the registry is well; None when the attempt proves nothing."""
    again: bool = False


def open_client(
    *,
    connections: int = CONCURRENT_CALLS,
    tls: ssl.SSLContext | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx2.AsyncClient:
    """Open the one long-lived HTTP client of a registry; the caller closes it at the end.

    *tls* may pin an authority or carry our own certificate; it may not stop verifying.
    """
    context = tls or ssl.create_default_context()
    if context.verify_mode != ssl.CERT_REQUIRED or not context.check_hostname:
        msg = "a registry's TLS context must verify the certificate and the host name"
        raise ValueError(msg)
    return httpx2.AsyncClient(
        verify=context,
        timeout=httpx2.Timeout(ATTEMPT_TIMEOUT, connect=CONNECT_TIMEOUT, pool=POOL_TIMEOUT),
        limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
        headers={**(headers or {}), "Accept-Encoding": "identity"},
        # A cookie set in the answer to one officer must not ride along with another's call.
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )


class Channel:
    """The way to one registry: bulkhead, circuit, deadline and retry budget around a client."""

    def __init__(
        self,
        name: RegistryName,
        client: httpx2.AsyncClient,
        *,
        circuit: Circuit,
        bulkhead: int = CONCURRENT_CALLS,
        queue: int = CONCURRENT_CALLS,
        attempt_timeout: float = ATTEMPT_TIMEOUT,
        max_body: int = LARGEST_BODY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.client = client
        self._circuit = circuit
        self._budget = RetryBudget(clock=clock)
        self._places = asyncio.Semaphore(bulkhead)
        self._queue = queue
        self._waiting = 0
        self._attempt_timeout = attempt_timeout
        self._max_body = max_body
        self._clock = clock

    async def send(
        self,
        request: httpx2.Request,
        *,
        deadline: float,
        again: Callable[[], httpx2.Request] | None = None,
        speaks: Callable[[Reply], bool] | None = None,
    ) -> Reply | Failure:
        """Send a read and give the reply or the failure by *deadline*; never raise for either.

        *again* makes the request of a second attempt; without it a GET is sent as it was, and
        a POST is not sent twice. *speaks* knows an error status whose body is all the same the
        protocol's own answer, as SOAP puts its Fault into a 500: such a reply comes back.
        """
        started = self._clock()
        call = _Call(request=request, deadline=deadline, again=again, speaks=speaks)
        answer = await self._admit(call)
        (log.debug if isinstance(answer, Reply) else log.warning)(
            "a registry was called",
            registry=self.name.value,
            waited_ms=round(1000 * (self._clock() - started)),
            outcome=type(answer).__name__,
        )
        return answer

    async def aclose(self) -> None:
        """Give back connections."""
        await self.client.aclose()

    async def _admit(self, call: _Call) -> Reply | Failure:
        """Wait briefly for a place in the bulkhead; a slow registry fills its own and no other."""
        if not self._places.locked():
            await self._places.acquire()
        elif not await self._queued():
            return Unavailable(retry_after=1)
        try:
            return await self._attempts(call)
        finally:
            self._places.release()

    async def _queued(self) -> bool:
        """Take a place in the bulkhead, or False: too many wait, or waited too long."""
        if self._waiting >= self._queue:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(QUEUE_PATIENCE):
                await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    async def _attempts(self, call: _Call) -> Reply | Failure:
        """One attempt, and a second where one may help and the registry is not pressed."""
        if not self._circuit.allow():
            return Unavailable(retry_after=self._circuit.retry_after())
        self._budget.call()
        ended = await self._judged(call.request, call)
        if ended.again and self._clock() < call.deadline:
            second = call.second_request()
            if second is not None and self._budget.spend() and self._circuit.allow():
                ended = await self._judged(second, call)
        return ended.answer

    async def _judged(self, request: httpx2.Request, call: _Call) -> _Ended:
        """Make an attempt and tell the circuit how it went, also when the caller gives up."""
        healthy = None
        try:
            ended = await self._attempt(request, call)
            healthy = ended.healthy
        finally:
            if healthy is None:
                self._circuit.abandon()
            else:
                self._circuit.record(healthy)
        return ended

    async def _attempt(self, request: httpx2.Request, call: _Call) -> _Ended:
        patience = min(self._attempt_timeout, call.deadline - self._clock())
        # Silence within less than a fair time says nothing about the registry.
        silence = False if patience >= min(FAIR_TRIAL, self._attempt_timeout) else None
        try:
            async with asyncio.timeout(patience):
                response = await self.client.send(request, stream=True, follow_redirects=False)
                try:
                    body = await self._body(response)
                finally:
                    await response.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            return _Ended(answer=Unavailable(), healthy=False, again=True)
        except (TimeoutError, httpx2.TimeoutException):
            return _Ended(answer=Unavailable(), healthy=silence)
        except httpx2.RequestError:
            return _Ended(answer=Unavailable(), healthy=False)
        if body is None:
            return _Ended(answer=Garbled(), healthy=True)
        return _meaning(response, body, call.speaks)

    async def _body(self, response: httpx2.Response) -> bytes | None:
        """Read the body as it came, or None: too large, or packed although we asked for plain."""
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            return None
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > self._max_body:
                return None
        return bytes(body)


def _meaning(
    response: httpx2.Response, body: bytes, speaks: Callable[[Reply], bool] | None
) -> _Ended:
    """Say what the status means; the body is the business of the registry's client."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    reply = Reply(status=response.status_code, content_type=kind, body=body)
    match response.status_code // 100:
        case 2:
            return _Ended(answer=reply, healthy=True)
        case 4:
            return _refusal(response, reply)
        case 5:
            if speaks is not None and speaks(reply):
                return _Ended(answer=reply, healthy=True)
            return _trouble(response)
        case _:  # a redirect: a registry sends its callers nowhere else
            return _Ended(answer=Garbled(), healthy=True)


def _refusal(response: httpx2.Response, reply: Reply) -> _Ended:
    """Read a 4xx: about us, about our haste, or about the key, which the client understands."""
    match response.status_code:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return _Ended(answer=Refused(), healthy=True)
        case HTTPStatus.TOO_MANY_REQUESTS:
            # Not ill, but asking for rest: the circuit gives it.
            return _Ended(answer=Refused(_seconds(response)), healthy=False)
        case _:
            return _Ended(answer=reply, healthy=True)


def _trouble(response: httpx2.Response) -> _Ended:
    """Read a 5xx: an announced window, or a line that is down."""
    status = response.status_code
    if status == HTTPStatus.SERVICE_UNAVAILABLE and MAINTENANCE_HEADER in response.headers:
        # An announced window is no illness: an open circuit would hide its end.
        return _Ended(answer=Maintenance(_window_end(response)), healthy=True)
    retry_after = _seconds(response)
    # A registry that names a time does not want to be asked again before it.
    again = status in _GATEWAY_TROUBLE and not retry_after
    return _Ended(answer=Unavailable(retry_after), healthy=False, again=again)


def _seconds(response: httpx2.Response) -> int | None:
    """Read Retry-After in seconds, a minute at most; a date there is not worth a clock: None."""
    digits = response.headers.get("Retry-After", "").strip()
    return min(int(digits), LONGEST_RETRY_AFTER) if _FEW_DIGITS.fullmatch(digits) else None


def _window_end(response: httpx2.Response) -> datetime | None:
    """Read the announced end of a window; None when it is no moment with its zone."""
    try:
        moment = datetime.fromisoformat(response.headers[MAINTENANCE_HEADER].strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
