"""Many portals at once, each on a connection of its own, and what each of them was told.

Plain sockets: an HTTP client would cost more than the gateway that it asks.
"""

import asyncio
import contextlib
import random
import ssl
import time
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec

from tests.journeys.documents import HOUSEHOLD, PREFILL, purpose
from tests.journeys.test_papers import parcel

AGAIN_S = 0.01
SILENCE_S = 30.0
"""After which no more answers are expected; how many come in a second is another question."""
NAME = """query Name($purpose: Purpose!, $applicant: PersonKey!) {
  dossier(purpose: $purpose) { applicant: person(role: "applicant", key: $applicant) { fullName } }
}"""
KNOWN = ("an", "binh", "hoa", "duc", "hung", "ly", "mai", "nam", "thao", "ngoc", "quan", "lan")
"""People whom the population registry knows by what the sandbox says of them."""
FRESH = 0.12
"""How often a portal asks something new."""


class Told(msgspec.Struct, kw_only=True):
    """An answer as its caller got it."""

    request_id: str
    status: int
    data: bool
    """Whether anything was read out to the caller; an answer that broke off counts as one."""
    whole: bool = False
    receipt: str | None = None
    code: str | None = None

    def promised(self) -> tuple[str, str] | None:
        """Give the entry and the leaf that the receipt names; who signed it is another question."""
        if self.receipt is None:
            return None
        said = self.receipt.split(".")[1]
        payload = msgspec.json.decode(urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        return payload["entry"], payload["leaf"]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One operation, with the headers that say who asks."""

    body: bytes
    headers: Mapping[str, str]


Ask = Callable[[int, random.Random], Question]
"""Gives the next question of a caller, by number."""


class Portal:
    """Asks what a portal of the sandbox asks: of all four registries, and often a second time.

    Each caller asks about one person of its own: no more than ten tries at a number may be under
    way, when only the portal's word stands for its officers.
    """

    def __init__(self, addresses: Mapping[str, Any]) -> None:
        with httpx2.Client(trust_env=False) as http:
            form = {"grant_type": "client_credentials", "client_id": "portal-hanoi"}
            token = http.post(f"{addresses['issuer']}/token", data=form).json()["access_token"]
            people = http.get(f"{addresses['control']}/people").json()
        self._headers = {"authorization": f"Bearer {token}"}
        self._keys = [_key(each["key"]) for each in people if each["name"] in KNOWN]
        self._last: dict[int, Question] = {}

    def __call__(self, caller: int, chance: random.Random) -> Question:
        """Ask something: mostly the same again, which the cache answers."""
        last = self._last.get(caller)
        if last is None or chance.random() < FRESH:
            asks = (self.ask_name, self.ask_household, self.ask_papers)
            last = chance.choices(asks, (8, 1, 1))[0](caller)
            self._last[caller] = last
        return last

    def ask_name(self, caller: int) -> Question:
        """Ask the population registry about one person, for a new dossier."""
        return self._question(NAME, {"purpose": purpose(), "applicant": self._key(caller)})

    def ask_household(self, caller: int) -> Question:
        """Ask about a family and its health cards, in three waves."""
        return self._question(HOUSEHOLD, {"purpose": purpose(), "applicant": self._key(caller)})

    def ask_papers(self, caller: int) -> Question:
        """Fill a form from the population, business and land registries."""
        subjects = [
            {"role": "owner", "is": {"person": self._key(caller)}},
            {"role": "place", "is": parcel("00004", "12", "7", "owner")},
        ]
        return self._question(PREFILL, {"purpose": purpose("1.001612"), "subjects": subjects})

    def _key(self, caller: int) -> dict[str, Any]:
        return self._keys[caller % len(self._keys)]

    def _question(self, query: str, variables: dict[str, Any]) -> Question:
        body = msgspec.json.encode({"query": query, "variables": variables})
        return Question(body=body, headers=self._headers)


def _key(key: Mapping[str, str]) -> dict[str, Any]:
    return {**key, "number": {"personalId": key["number"]}}


class Crowd:
    """Callers who ask without end; *leave* is how often one goes without waiting for the answer."""

    def __init__(
        self,
        ask: Ask,
        *,
        seed: int,
        callers: int = 16,
        leave: float = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.told: list[Told] = []
        self.left = 0
        """Questions whose caller did not wait."""
        self._ask = ask
        self._seed = seed
        self._callers = callers
        self._leave = leave
        self._tls = tls
        self._address: tuple[str, int] | None = None
        self._going_on = True

    def aim(self, url: str) -> None:
        """Ask there from now on."""
        parts = urlsplit(url)
        self._address = str(parts.hostname), int(parts.port or 0)

    async def hear(self, more: int) -> None:
        """Wait until *more* answers have come, whatever they say."""
        await self._until(lambda: len(self.told), more)

    async def hear_data(self, more: int) -> None:
        """Wait until *more* answers have told something."""
        await self._until(lambda: len(self.answers()), more)

    async def _until(self, heard: Callable[[], int], more: int) -> None:
        """Wait however long *more* take, if only they go on coming."""
        last = heard()
        enough, ends = last + more, time.monotonic() + SILENCE_S
        while (now := heard()) < enough:
            if now > last:
                last, ends = now, time.monotonic() + SILENCE_S
            assert time.monotonic() < ends, Counter(t.code for t in self.told[-100:])
            await asyncio.sleep(0.002)

    def answers(self) -> list[Told]:
        """Give the answers that told something."""
        return [each for each in self.told if each.data]

    @contextlib.asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Ask while the block runs; who waits for an answer at its end still gets it."""
        callers = [asyncio.create_task(self._call(n)) for n in range(self._callers)]
        try:
            yield
        finally:
            self._going_on = False
            async with asyncio.timeout(60):
                await asyncio.gather(*callers)

    async def _call(self, number: int) -> None:
        """Be one caller, who comes again when the line breaks."""
        chance = random.Random(f"{self._seed}-{number}")  # noqa: S311 - who asks what, no secret
        while self._going_on:
            if self._address is None:
                await asyncio.sleep(AGAIN_S)
                continue
            writer = None
            try:
                reader, writer = await asyncio.open_connection(*self._address, ssl=self._tls)
                await self._talk(reader, writer, number, chance)
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(AGAIN_S)
            finally:
                if writer is not None:
                    writer.close()
                    with contextlib.suppress(OSError):
                        await writer.wait_closed()

    async def _talk(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        number: int,
        chance: random.Random,
    ) -> None:
        address = self._address
        while self._going_on and self._address == address:
            writer.write(self._wire(self._ask(number, chance)))
            if chance.random() < self._leave:
                self.left += 1
                await asyncio.sleep(chance.uniform(0, 0.05))
                return
            await self._hear(reader)

    def _wire(self, question: Question) -> bytes:
        headers = {
            "host": "lienthong",
            "content-type": "application/json",
            "accept": "application/graphql-response+json",
            "content-length": str(len(question.body)),
            **question.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST /graphql HTTP/1.1\r\n{lines}\r\n".encode() + question.body

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        """Hear an answer; it counts from the moment its head is here."""
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines if line)
        status = int(first.split(" ")[1])
        told = Told(request_id=headers["x-request-id"], status=status, data=status == 200)
        self.told.append(told)
        answer = msgspec.json.decode(await reader.readexactly(int(headers["content-length"])))
        told.whole = True
        told.data = answer.get("data") is not None
        told.receipt = answer.get("extensions", {}).get("receipt")
        if "errors" in answer:
            told.code = answer["errors"][0]["extensions"]["code"]
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            await asyncio.sleep(2 * AGAIN_S)
