"""The business registry's twin: REST and JSON behind a token, enterprises and households apart.

An enterprise's code is public and stands in the address; a household business's code is its
owner's personal id, so it travels in a body only. The two questions beside the two look-ups are
INVENTED after them: which businesses a person represents or owns, and whether a name is free.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox import business_answer, business_names, database
from sandbox.business_answer import Wire
from sandbox.business_token import TokenService
from sandbox.faults import Mode
from sandbox.records import Enterprise, HouseholdBusiness
from sandbox.twin import Twin, call_of
from sandbox.wards import load_wards

ROOT = "/dkkd/1.0"
BRANCH = re.compile(r"[0-9]{10}-[0-9]{3}")
BRANCH_TYPE = ("CN", "Chi nhánh")

Asked = Mapping[str, str]
Found = Wire | list[Wire] | None
Business = TypeVar("Business", Enterprise, HouseholdBusiness)


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One question: its fields with their shapes, the key first, and who answers it."""

    method: str
    fields: Mapping[str, re.Pattern[str]]
    complaint: str
    look_up: Callable[[AsyncConnection, Asked], Awaitable[Found]]


def app(context: Twin) -> ASGIApp:
    """Serve the token service and the four operations."""
    # The client's key is kept in the sandbox's directory, as the database is.
    directory = Path(str(context.engine.url.database)).parent
    tokens = TokenService(f"{context.url}/token", directory, context.now)
    registry = BusinessRegister(context, tokens)
    return Starlette(
        routes=[
            Route("/token", tokens.answer, methods=["POST"]),
            *(
                Route(f"{ROOT}/{name}", partial(registry.answer, name), methods=[it.method])
                for name, it in registry.operations.items()
            ),
        ]
    )


class BusinessRegister:
    """The registry: what it is asked, and what it finds in its database."""

    def __init__(self, context: Twin, tokens: TokenService) -> None:
        self._context = context
        self._tokens = tokens
        self._wards = load_wards()
        self.operations = {
            "chiTietDoanhNghiep": Operation(
                method="GET",
                fields={"msdn": re.compile(r"[0-9]{10}(-[0-9]{3})?")},
                complaint="Mã số thuế không đúng: cần 10 chữ số, hoặc 10 chữ số-3 chữ số.",
                look_up=self._enterprise,
            ),
            "hoKinhDoanh": Operation(
                method="POST",
                fields={"maSo": re.compile(r"[0-9]{12}")},
                complaint="Mã số hộ kinh doanh không đúng: cần 12 chữ số.",
                look_up=self._household_business,
            ),
            "theoNguoiDaiDien": Operation(
                method="POST",
                fields={"soGiayTo": re.compile(r"[0-9A-Z]{6,20}")},
                complaint="Số giấy tờ không đúng.",
                look_up=self._by_representative,
            ),
            "kiemTraTen": Operation(
                method="POST",
                fields={"ten": re.compile(r".*\S.*"), "maPhuongXa": re.compile(r"[0-9]{5}")},
                complaint="Cần tên và mã phường, xã 5 chữ số.",
                look_up=self._name_check,
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
        if not all(
            shape.fullmatch(asked.get(field, "")) for field, shape in operation.fields.items()
        ):
            return _json(business_answer.error(operation.complaint))
        call.key = self._context.journal.digest(asked[next(iter(operation.fields))])
        async with self._context.engine.connect() as connection:
            found = await operation.look_up(connection, asked)
        call.outcome = "found" if found else "empty"
        return _json(business_answer.envelope(found or business_answer.nothing_found()))

    async def _enterprise(self, connection: AsyncConnection, asked: Asked) -> Found:
        code = asked["msdn"]
        parent, table = code[:10], database.enterprise
        found = await _records(connection, Enterprise, table, table.c.code == parent)
        if BRANCH.fullmatch(code):
            found = [as_branch(it, code) for it in found if code in {u.code for u in it.branches}]
        others = partial(_records, connection, Enterprise, table, table.c.code != parent, 1)
        told = await self._told(found, others)
        return business_answer.one_or_many([business_answer.enterprise(it) for it in told])

    async def _household_business(self, connection: AsyncConnection, asked: Asked) -> Found:
        table, code = database.household_business, asked["maSo"]
        found = await _records(connection, HouseholdBusiness, table, table.c.code == code)
        others = partial(_records, connection, HouseholdBusiness, table, table.c.code != code, 1)
        # In the smallest world there is one household business: then it is answered twice.
        told = await self._told(found, others) or found
        return business_answer.one_or_many([business_answer.household_business(it) for it in told])

    async def _by_representative(self, connection: AsyncConnection, asked: Asked) -> Found:
        number, table, shops = asked["soGiayTo"], database.enterprise, database.household_business
        represented = select(database.representative.c.enterprise_code).where(
            database.representative.c.number == number
        )
        is_theirs = table.c.code.in_(represented)
        enterprises = await _records(connection, Enterprise, table, is_theirs)
        owned = await _records(connection, HouseholdBusiness, shops, shops.c.code == number)
        if not enterprises and not owned:
            call_found = business_answer.businesses((), ())
            return call_found
        return business_answer.businesses(enterprises, owned)

    async def _name_check(self, connection: AsyncConnection, asked: Asked) -> Found:
        raise NotImplementedError

    async def _told(
        self, found: Sequence[Business], others: Callable[[], Awaitable[list[Business]]]
    ) -> Sequence[Business]:
        """Give the businesses that the answer is about: those found, unless a fault is set."""
        fault = self._context.answer_fault() if found else None
        if fault is None:
            return found
        another = await others()
        return another if fault is Mode.WRONG_PERSON else [*found, *another]
