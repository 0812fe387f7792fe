"""Edges: the fields that cross to a registry, each one batch function.

An edge is declared once, `async def edge(desk, asks) -> list`, one record, absence or failure per
ask, in the order asked; one call serves all parents and all aliases of that edge that are ready at
the same moment. A GraphQL field reaches its edge through the request's Loader, the prefill walk
calls the same Loader: there is no second way.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import strawberry

from adapters.registry import RegistryName
from resolvers.desk import Desk
from resolvers.plan import Selection
from resolvers.readings import Reading


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One parent's wish for one edge: its arguments, and what is selected below it."""

    parent: object
    args: Mapping[str, object]
    selection: Selection


Edge = Callable[[Desk, Sequence[Ask]], Awaitable[Sequence[object]]]
EDGES: dict[tuple[str, str], Edge] = {}
_E = TypeVar("_E", bound=Edge)


def edge(type_name: str, name: str) -> Callable[[_E], _E]:
    """Declare the batch function behind the GraphQL field *type_name*.*name*."""

    def declare(function: _E) -> _E:
        EDGES[type_name, name] = function
        return function

    return declare


def edge_field(description: str, *, type_name: str, name: str) -> Any:  # noqa: ANN401 - strawberry.field itself is Any under strict
    """Give the Strawberry field that asks the request's visit for the edge *type_name*.*name*."""

    def resolve(root: strawberry.Parent[object], info: strawberry.Info) -> object:
        return info.context.edge(type_name, name, root, {}, info.path)

    return strawberry.field(resolver=resolve, description=description)


def reading(registry: RegistryName, key: Hashable, ask: Ask) -> Reading:
    """Make the reading that *ask* needs: its role, and the fields up to the next edge."""
    return Reading(
        registry=registry,
        key=key,
        role=ask.selection.path.split("/", 1)[0],
        fields=ask.selection.disclosed(),
    )


class Loader:
    """Collects the asks of one request and calls each edge once per moment.

    A moment ends when the event loop has gone round *QUIET* times without a new ask: by then every
    sibling that the executor could start has been started.
    """

    QUIET = 3

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: dict[tuple[str, str], list[tuple[Ask, asyncio.Future[object]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def load(self, type_name: str, name: str, ask: Ask) -> asyncio.Future[object]:
        """Put *ask* into the moment's batch; the future gives its answer."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[object] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._settle, self.QUIET, 1)
        self._waiting.setdefault((type_name, name), []).append((ask, future))
        return future

    def _settle(self, left: int, seen: int) -> None:
        loop = asyncio.get_running_loop()
        now = sum(len(asks) for asks in self._waiting.values())
        if now != seen:
            left = self.QUIET
        if left:
            loop.call_soon(self._settle, left - 1, now)
            return
        waiting, self._waiting = self._waiting, {}
        for which, asked in waiting.items():
            task = loop.create_task(self._call(EDGES[which], asked))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _call(
        self, function: Edge, asked: Sequence[tuple[Ask, asyncio.Future[object]]]
    ) -> None:
        try:
            answers = await function(self._desk, [ask for ask, _ in asked])
        except BaseException as error:
            for _, future in asked:
                if not future.done():
                    future.set_exception(error)
                    future.exception()  # a field that was cancelled meanwhile will not look
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), answer in zip(asked, answers, strict=True):
            if not future.done():
                future.set_result(answer)
