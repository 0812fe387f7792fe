"""The business registry's twin: REST and JSON behind a token, enterprises and households apart.

An enterprise's code is public and stands in the address; a household business's code is its
owner's personal id, so it travels in a body only. READ: the look-up of an enterprise, and that
household businesses are looked up apart. INVENTED after them: how, and two questions more, what a
person represents or owns and whether a name is free.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox import business_answer, business_names, business_search
from sandbox.business_answer import Wire
from sandbox.business_token import TokenService
from sandbox.faults import Mode
from sandbox.twin import Twin, call_of
from sandbox.wards import load_wards

ROOT = "/dkkd/1.0"

Asked = Mapping[str, str]
T = TypeVar("T")


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One question: its fields with their shapes, the key first, and who answers it."""

    method: str
    fields: Mapping[str, re.Pattern[str]]
    complaint: str
    answer: Callable[[AsyncConnection, Asked], Awaitable[Wire | list[Wire] | None]]
    nothing: Wire
    """The answer when *answer* has none."""


def app(context: Twin) -> ASGIApp:
    """Serve the token service and the four operations."""
    # The client's key lies beside the database, in the sandbox's directory.
    directory = Path(str(context.engine.url.database)).parent
    tokens = TokenService(f"{context.url}/token", directory, context.now)
    register = Register(context, tokens)
    routes = [
        Route(f"{ROOT}/{name}", partial(register.answer, name), methods=[it.method])
        for name, it in register.operations.items()
    ]
    return Starlette(routes=[Route("/token", tokens.answer, methods=["POST"]), *routes])


class Register:
    """The registry behind its token service."""

    def __init__(self, context: Twin, tokens: TokenService) -> None:
        self._context = context
        self._tokens = tokens
        self._wards = load_wards()
        self.operations = {
            "chiTietDoanhNghiep": Operation(
                method="GET",
                fields={"msdn": re.compile(r"[0-9]{10}(-[0-9]{3})?")},
                complaint="Mã số thuế không đúng: cần 10 chữ số, hoặc 10 chữ số-3 chữ số.",
                answer=self._enterprise,
                nothing=business_answer.nothing_found(),
            ),
            "hoKinhDoanh": Operation(
                method="POST",
                fields={"maSo": re.compile(r"[0-9]{12}")},
                complaint="Mã số hộ kinh doanh không đúng: cần 12 chữ số.",
                answer=self._household_business,
                nothing=business_answer.nothing_found(),
            ),
            "theoNguoiDaiDien": Operation(
                method="POST",
                fields={"soGiayTo": re.compile(r"[0-9A-Z]{6,20}")},
                complaint="Số giấy tờ không đúng.",
                answer=self._businesses,
                nothing=business_answer.businesses([]),
            ),
            "kiemTraTen": Operation(
                method="POST",
                fields={"ten": re.compile(r".*\S.*"), "maPhuongXa": re.compile(r"[0-9]{5}")},
                complaint="Cần tên và mã phường, xã 5 chữ số.",
                answer=self._name_check,
                nothing={},
            ),
        }

    async def answer(self, name: str, request: Request) -> Response:
        """Check the caller, read the question, answer it."""
        operation = self.operations[name]
        call = call_of(request.scope)
        call.operation = name
        call.request_id = request.headers.get("X-Request-Id")
        call.outcome = "refused"
        if not self._tokens.admits(request.headers.get("Authorization", "")):
            fault = {"code": 900901, "message": "Invalid Credentials"}
            return JSONResponse({"fault": fault}, 401)
        asked = await _asked(request)
        shapes = operation.fields.items()
        if not all(shape.fullmatch(asked.get(field, "")) for field, shape in shapes):
            return _json(business_answer.error(operation.complaint))
        call.key = self._context.journal.digest(asked[next(iter(operation.fields))])
        async with self._context.engine.connect() as connection:
            told = await operation.answer(connection, asked)
        call.outcome = "found" if told else "empty"
        return _json(business_answer.envelope(told or operation.nothing))

    async def _enterprise(
        self, connection: AsyncConnection, asked: Asked
    ) -> Wire | list[Wire] | None:
        found = await business_search.enterprise(connection, asked["msdn"])
        if found is None:
            return None
        told = [business_answer.enterprise(found)]
        if fault := self._context.answer_fault():
            another = await business_search.another_enterprise(connection, found)
            told = _misled(fault, told, [business_answer.enterprise(another)])
        return business_answer.one_or_many(told)

    async def _household_business(
        self, connection: AsyncConnection, asked: Asked
    ) -> Wire | list[Wire] | None:
        found = await business_search.household_business(connection, asked["maSo"])
        if found is None:
            return None
        told = [business_answer.household_business(found)]
        if fault := self._context.answer_fault():
            another = await business_search.another_household_business(connection, found)
            told = _misled(fault, told, [business_answer.household_business(another)])
        return business_answer.one_or_many(told)

    async def _businesses(self, connection: AsyncConnection, asked: Asked) -> Wire | None:
        number = asked["soGiayTo"]
        found = await business_search.by_representative(connection, number)
        if found and (fault := self._context.answer_fault()):
            another = await business_search.another_representative(connection, number)
            theirs = await business_search.by_representative(connection, another)
            found = _misled(fault, found, theirs)
        return business_answer.businesses(found) if found else None

    async def _name_check(self, connection: AsyncConnection, asked: Asked) -> Wire:
        wards = {line.code for line in self._wards.lines if line.code_now == asked["maPhuongXa"]}
        known = await business_search.names_in(connection, {asked["maPhuongXa"], *wards})
        taken, similar = business_names.compare(asked["ten"], known)
        return business_answer.name_check(taken=taken, similar=similar)


def _misled(fault: Mode, told: list[T], others: list[T]) -> list[T]:
    """Answer about others, or about both, as *fault* says."""
    return others if fault is Mode.WRONG_PERSON else [*told, *others]


async def _asked(request: Request) -> dict[str, str]:
    """Read the fields of a question: from the address of a GET, else from the body's object."""
    if request.method == "GET":
        return dict(request.query_params)
    try:
        return msgspec.json.decode(await request.body(), type=dict[str, str])
    except (msgspec.MsgspecError, ValueError):
        return {}


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
