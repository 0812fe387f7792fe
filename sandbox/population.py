"""The population registry's twin: a look-up with proof over SOAP 1.1.

Number, name and birth date must all agree with the record, or the answer is an *empty*
collection with status 200: the asker cannot tell "no such person" from "another name".
`TraCuuHoGiaDinh` is INVENTED after the two real operations, and its answer says so.
"""

import unicodedata
from collections import OrderedDict
from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox import database, population_answer
from sandbox.faults import Mode
from sandbox.population_request import Question, Refusal, read, refuse_caller
from sandbox.records import Citizen, Household
from sandbox.twin import Twin, call_of

REMEMBERED_REQUESTS = 100_000
LETTERS_WITHOUT_DECOMPOSITION = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


def app(context: Twin) -> ASGIApp:
    """Serve the three operations at the root of the registry's address."""
    return Starlette(routes=[Route("/", Population(context).answer, methods=["POST"])])


class Population:
    """The registry: what it asks its database, and which calls it has already seen."""

    def __init__(self, context: Twin) -> None:
        self._context = context
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def answer(self, request: Request) -> Response:
        """Check the caller, read the call, answer it."""
        refusal = refuse_caller(request.headers, str(request.url), self._context.now())
        question = refusal or read(await request.body())
        call = call_of(request.scope)
        if isinstance(question, Question):
            call.operation = question.operation
            call.key = self._context.journal.digest(question.number)
            call.request_id = question.request_id
            question = self._refuse_repeated(question) or question
        if isinstance(question, Refusal):
            call.outcome = "refused"
            return _xml(population_answer.fault(question), question.status)
        async with self._context.engine.connect() as connection:
            proven = await self._proven(connection, question)
            call.outcome = "found" if proven else "empty"
            return _xml(await self._say(connection, question, proven))

    async def _say(
        self, connection: AsyncConnection, question: Question, proven: Sequence[Citizen]
    ) -> bytes:
        if question.operation == "XacThucThongTinCongDan":
            return population_answer.confirmation(agrees=bool(proven))
        told = await self._told(connection, proven)
        if question.operation == "TraCuuThongTinCongDan":
            return population_answer.citizens(told)
        return population_answer.households(await _households(connection, told))

    async def _proven(self, connection: AsyncConnection, question: Question) -> list[Citizen]:
        """Look up by number; keep those whose name and birth date agree with the claim."""
        which = database.citizen.c.number == question.number
        if question.old_number:
            linked = database.citizen_old_number.c
            which = database.citizen.c.number.in_(
                select(linked.number).where(linked.old_number == question.number)
            )
        return [
            it
            for it in await _citizens(connection, which)
            if same_name(question.name, it.full_name) and same_birth(question.birth, it.birth)
        ]

    async def _told(
        self, connection: AsyncConnection, proven: Sequence[Citizen]
    ) -> Sequence[Citizen]:
        """Give the citizens that the answer is about: those proven, unless a fault is set."""
        fault = self._context.answer_fault() if proven else None
        if fault is None:
            return proven
        another = await _somebody_else(connection, proven[0])
        return [another] if fault is Mode.WRONG_PERSON else [proven[0], another]

    def _refuse_repeated(self, question: Question) -> Refusal | None:
        """Refuse a MaYeuCau that was used before, and remember this one."""
        if question.request_id in self._seen:
            return Refusal(code="MA_YEU_CAU", sentence="MaYeuCau đã được sử dụng.")
        self._seen[question.request_id] = None
        if len(self._seen) > REMEMBERED_REQUESTS:
            self._seen.popitem(last=False)
        return None


def same_name(claimed: str, recorded: str) -> bool:
    """Compare in the form the claim came in.

    With marks: exactly, but for case and spaces. Without any: against the record without its
    marks. Spaces never count, since one real client sends NGUYENVANAN.
    """
    if without_marks(claimed) == claimed:
        recorded = without_marks(recorded)
    return "".join(claimed.split()).casefold() == "".join(recorded.split()).casefold()


def without_marks(name: str) -> str:
    """Leave the bare letters; đ is a letter of its own and has no decomposition."""
    bare = unicodedata.normalize("NFD", name.translate(LETTERS_WITHOUT_DECOMPOSITION))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def same_birth(claimed: str, recorded: str) -> bool:
    """Let a year agree with the record's year, and a date only with the record's full date."""
    return claimed == recorded if len(claimed) > len("yyyy") else claimed == recorded[:4]


async def _citizens(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Citizen]:
    rows = await connection.execute(select(database.citizen.c.record).where(which))
    return [msgspec.json.decode(record, type=Citizen) for record in rows.scalars()]


async def _somebody_else(connection: AsyncConnection, citizen: Citizen) -> Citizen:
    """Find a citizen of another household, so that the household answer is wrong as well."""
    elsewhere = database.household_member.c
    which = select(elsewhere.number).where(elsewhere.household != citizen.household)
    first = which.order_by(elsewhere.number).limit(1).scalar_subquery()
    return (await _citizens(connection, database.citizen.c.number == first))[0]


async def _households(connection: AsyncConnection, of: Sequence[Citizen]) -> list[Household]:
    numbers = [it.household for it in of if it.household]
    table = database.household.c
    rows = await connection.execute(select(table.record).where(table.number.in_(numbers)))
    return [msgspec.json.decode(record, type=Household) for record in rows.scalars()]


def _xml(body: bytes, status: int = 200) -> Response:
    return Response(body, status_code=status, media_type="text/xml; charset=utf-8")
