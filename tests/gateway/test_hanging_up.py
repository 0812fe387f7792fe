"""Who hangs up, and a house that closes: the operation breaks off, and the log says so."""

import asyncio
from collections.abc import Hashable, Sequence
from typing import cast

import orjson
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from adapters.registry import Absent, Errand, RegistryName
from audit.log import MemoryAccessLog
from auth.caller import Caller
from auth.presented import Presented
from auth.tokens import TokenVerifier
from gateway.endpoint import GONE, GraphQLEndpoint
from gateway.presented import Presentation
from resolvers.graph import Graph
from tests.resolvers import indoors
from tests.resolvers.invented import source

NAME = """query Name($purpose: Purpose!, $key: PersonKey!) {
  dossier(purpose: $purpose) { person(role: "applicant", key: $key)
    { fullName household { members { fullName } } } } }"""

NOBODY = Absent(source=source(RegistryName.POPULATION))


class Thinking(indoors.Full):
    """A registry that thinks until it is told to answer."""

    def __init__(self) -> None:
        super().__init__(RegistryName.POPULATION)
        self.asked = asyncio.Event()
        self.answer = asyncio.Event()
        self.calls = 0
        self.right = True
        """Whether it finds what it is asked for."""

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Think."""
        self.calls += 1
        self.asked.set()
        await self.answer.wait()
        return await super().fetch_many(keys, errand) if self.right else [NOBODY] * len(keys)


class Doorkeeper:
    """Stands for the verifier: knows everybody for the portal."""

    async def verify(self, presented: Presented) -> Caller:
        """Tell who is there."""
        del presented
        return indoors.PORTAL


class Visitor:
    """A request as the server passes it on; it may hang up."""

    def __init__(self, **proof: str) -> None:
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        key = {**indoors.AN_KEY, **proof}
        body = {"query": NAME, "variables": {"purpose": indoors.purpose(), "key": key}}
        self._said.put_nowait({"type": "http.request", "body": orjson.dumps(body)})
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": [
                (b"content-type", b"application/json"),
                (b"accept", b"application/graphql-response+json"),
            ],
            "client": ("127.0.0.1", 40000),
            "scheme": "http",
            "state": {"request_id": "a-request"},
        }
        self.request = Request(scope, self._said.get)

    def hang_up(self) -> None:
        """Go."""
        self._said.put_nowait({"type": "http.disconnect"})


@pytest.fixture
def thinking() -> Thinking:
    return Thinking()


@pytest.fixture
def log() -> MemoryAccessLog:
    return MemoryAccessLog()


@pytest.fixture
def graph(thinking: Thinking, log: MemoryAccessLog) -> Graph:
    registries = {RegistryName.POPULATION: thinking}
    return indoors.graph(indoors.grants(), log=log, registries=registries)


@pytest.fixture
def endpoint(graph: Graph) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        graph,
        cast("TokenVerifier", Doorkeeper()),
        Presentation("https://gateway.example", ()),
        resource_metadata="https://gateway.example/.well-known/oauth-protected-resource",
        most=1,
    )


async def hung_up(endpoint: GraphQLEndpoint, thinking: Thinking, **proof: str) -> Response:
    """Ask, hang up while the registry thinks, and give what was made of it."""
    thinking.asked.clear()
    thinking.answer.clear()
    visitor = Visitor(**proof)
    answering = asyncio.create_task(endpoint(visitor.request))
    await thinking.asked.wait()
    visitor.hang_up()
    await asyncio.sleep(0.01)
    thinking.answer.set()
    return await answering


async def test_who_hangs_up_gets_nothing_and_the_log_says_so(
    endpoint: GraphQLEndpoint, thinking: Thinking, log: MemoryAccessLog
) -> None:
    for times in (1, 2):  # There is place for one: the first has given it back.
        answer = await hung_up(endpoint, thinking)
        assert (GONE, b"") == (answer.status_code, answer.body)
        assert ["INTENT", "NOT_DELIVERED"] * times == [entry.kind for entry in log.entries]
        intent, end = log.entries[-2:]
        assert (intent.entry_id,) == end.parent
        # The person was asked about; the household, which would come next, never was.
        assert times == thinking.calls


async def test_who_hangs_up_on_right_proofs_locks_nobody_out(
    endpoint: GraphQLEndpoint, thinking: Thinking
) -> None:
    for _ in range(7):
        await hung_up(endpoint, thinking)
    answer = await endpoint(Visitor().request)
    person = orjson.loads(answer.body)["data"]["dossier"]["person"]
    assert indoors.AN_KEY["fullName"] == person["fullName"]


async def test_who_hangs_up_on_wrong_proofs_has_had_the_tries(
    endpoint: GraphQLEndpoint, thinking: Thinking
) -> None:
    """Else guesses could be told apart by the time in which no answer comes."""
    thinking.right = False
    for guess in range(5):
        await hung_up(endpoint, thinking, fullName=f"Nguyễn Văn {guess}")
    answer = await endpoint(Visitor().request)
    (error,) = orjson.loads(answer.body)["errors"]
    assert "ATTEMPTS_EXCEEDED" == error["extensions"]["code"]
    assert 5 == thinking.calls


async def test_a_house_that_closes_breaks_off_what_is_under_way_and_takes_no_more(
    endpoint: GraphQLEndpoint, graph: Graph, thinking: Thinking, log: MemoryAccessLog
) -> None:
    answering = asyncio.create_task(endpoint(Visitor().request))
    await thinking.asked.wait()
    closing = asyncio.create_task(endpoint.close())
    await asyncio.sleep(0.01)
    thinking.answer.set()
    await closing
    await graph.close()
    assert ["INTENT", "NOT_DELIVERED"] == [entry.kind for entry in log.entries]
    answers = [await answering, await endpoint(Visitor().request)]
    assert [503, 503] == [answer.status_code for answer in answers]
    assert all(b"OVERLOADED" in answer.body for answer in answers)
    assert 1 == thinking.calls
    assert "DENIED" == log.entries[-1].kind


async def test_a_request_that_its_server_cancels_twice_is_closed_before_the_log(
    endpoint: GraphQLEndpoint, graph: Graph, thinking: Thinking, log: MemoryAccessLog
) -> None:
    answering = asyncio.create_task(endpoint(Visitor().request))
    await thinking.asked.wait()
    for _ in range(2):
        answering.cancel()
        await asyncio.sleep(0.01)
    assert ["INTENT"] == [entry.kind for entry in log.entries]
    asyncio.get_running_loop().call_later(0.05, thinking.answer.set)
    await endpoint.close()
    await graph.close()
    await log.close()
    assert ["INTENT", "NOT_DELIVERED"] == [entry.kind for entry in log.entries]
    assert 503 == (await answering).status_code
