"""The control API: switch faults, read the journal, see whom to ask about.

For tests, demonstrations and the command line; it has no real counterpart.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Fault, Faults, Mode
from sandbox.journal import Journal
from sandbox.world import NamedPerson, World

LONGEST_MS = 60_000


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `PUT /faults/{registry}`; *mode* is checked apart, to name the known ones."""

    mode: str
    ms: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_MS)] = 3000
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Control:
    """The sandbox's switchboard; *obey* opens and closes sockets as the switches say.

    *obey* returns a sentence when a port could not be opened again.
    """

    def __init__(
        self,
        *,
        world: World,
        faults: Faults,
        journal: Journal,
        registries: tuple[str, ...],
        obey: Callable[[], Awaitable[str | None]],
    ) -> None:
        self._world = world
        self._faults = faults
        self._journal = journal
        self._registries = registries
        self._obey = obey

    def routes(self) -> list[Route]:
        """Return the API's addresses."""
        return [
            Route("/journal", self._read_journal, methods=["GET"]),
            Route("/journal", self._clear_journal, methods=["DELETE"]),
            Route("/faults", self._read_faults, methods=["GET"]),
            Route("/faults", self._lift_all, methods=["DELETE"]),
            Route("/faults/{registry}", self._put, methods=["PUT"]),
            Route("/faults/{registry}", self._lift, methods=["DELETE"]),
            Route("/people", self._people, methods=["GET"]),
        ]

    async def _read_journal(self, _: Request) -> Response:
        return _json(self._journal.rows())

    async def _clear_journal(self, _: Request) -> Response:
        self._journal.clear()
        return Response(status_code=204)

    async def _read_faults(self, _: Request) -> Response:
        return _json(self._faults.every())

    async def _lift_all(self, _: Request) -> Response:
        self._faults.lift_all()
        return await self._obeyed()

    async def _lift(self, request: Request) -> Response:
        registry = request.path_params["registry"]
        if registry not in self._registries:
            return self._unknown_registry()
        self._faults.lift(registry)
        return await self._obeyed()

    async def _put(self, request: Request) -> Response:
        registry = request.path_params["registry"]
        if registry not in self._registries:
            return self._unknown_registry()
        try:
            order = msgspec.json.decode(await request.body(), type=Order)
        except msgspec.DecodeError:
            message = (
                'Send {"mode": MODE, "ms": MILLISECONDS, "times": CALLS}; the last two may be left '
                f"out, ms is at most {LONGEST_MS} and times at least 1."
            )
            return _bad_request("unreadable", message, [])
        modes = [mode.value for mode in Mode]
        if order.mode not in modes:
            return _bad_request("unknown_mode", f"Known modes: {', '.join(modes)}.", modes)
        if order.mode == Mode.DOWN and order.times is not None:
            message = "A refused connection reaches nobody who could count it: leave times out."
            return _bad_request("uncountable", message, [])
        fault = Fault(mode=Mode(order.mode), ms=order.ms, times=order.times)
        self._faults.put(registry, fault)
        return await self._obeyed()

    async def _obeyed(self) -> Response:
        complaint = await self._obey()
        if complaint:
            return JSONResponse({"error": "port_taken", "message": complaint}, 409)
        return _json(self._faults.every())

    def _unknown_registry(self) -> Response:
        message = f"Known registries: {', '.join(self._registries)}."
        return _bad_request("unknown_registry", message, list(self._registries))

    async def _people(self, _: Request) -> Response:
        return _json([_visitor_view(person) for person in self._world.people])


def _visitor_view(person: NamedPerson) -> dict[str, object]:
    return {
        "name": person.short_name,
        "fullName": person.full_name,
        "story": person.story,
        "storyEn": person.story_en,
        "key": person.key,
        "cases": person.cases,
        "procedure": person.procedure,
    }


def _bad_request(error: str, message: str, known: list[str]) -> Response:
    return JSONResponse({"error": error, "message": message, "known": known}, 400)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
