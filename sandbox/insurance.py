"""The insurance registry's twin: the health-card check, and the look-up of participants.

Two services behind one account. The card check answers every question with status 200 and a
result code, from 00 to 09; social insurance answers in an envelope. The calendar of both stands
on the day on which the world was invented, so that no card expires while the sandbox grows old.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox import insurance_answer, insurance_search
from sandbox.faults import Mode
from sandbox.insurance_token import TokenService
from sandbox.population import same_birth, same_name
from sandbox.records import HealthCard, SocialInsured
from sandbox.script import Script, compact
from sandbox.twin import Call, Twin, call_of
from sandbox.world import WORLD_FILE

CARD_CHECK = "the-bhyt/kiem-tra"
LOOK_UP = "bhxh/tra-cuu"

NO_CARD_SHOWN = frozenset({"06", "07", "08"})
CODE = re.compile(r"[0-9]{10}")
CMND = re.compile(r"[0-9]{9}|[0-9]{12}")
BIRTH = re.compile(r"[0-9]{8}|[0-9]{4}")

Asked = Mapping[str, str]
T = TypeVar("T")


def app(context: Twin) -> ASGIApp:
    """Serve the token service and the two look-ups."""
    script = msgspec.toml.decode(WORLD_FILE.read_bytes(), type=Script)
    tokens = TokenService(context.now)
    insurance = Insurance(context, tokens, compact(script.as_of))
    return Starlette(
        routes=[
            Route("/token", tokens.answer, methods=["POST"]),
            Route(f"/{CARD_CHECK}", insurance.check_card, methods=["POST"]),
            Route(f"/{LOOK_UP}", insurance.look_up, methods=["POST"]),
        ]
    )


class Insurance:
    """The registry behind its token service; *today* is `YYYYMMDD`."""

    def __init__(self, context: Twin, tokens: TokenService, today: str) -> None:
        self._context = context
        self._tokens = tokens
        self._today = today

    async def check_card(self, request: Request) -> Response:
        """Check a card by any of its three numbers, for the person named."""
        call = _begun(request, CARD_CHECK)
        if not self._tokens.admits_session(request.query_params):
            return _unauthorised()
        asked = await _asked(request)
        if asked is None:
            call.outcome = "not_understood"
            return JSONResponse({"error": "invalid_request"}, 400)
        number = asked.get("maThe", "")
        call.key = self._context.journal.digest(number)
        async with self._context.engine.connect() as connection:
            card = await insurance_search.card(connection, number)
            code = _result(card, asked, self._today) if card else "05"
            if card is None or code in NO_CARD_SHOWN:
                call.outcome = "empty"
                return JSONResponse(insurance_answer.negative(code))
            call.outcome = "found"
            answer = [
                insurance_answer.card(code, it, await insurance_search.merged(connection, it.code))
                for it in await self._cards_told(connection, card)
            ]
        return JSONResponse(_one_or_many(answer))

    async def look_up(self, request: Request) -> Response:
        """Look up by the insurance code alone, or by number, name and birth date."""
        call = _begun(request, LOOK_UP)
        if not self._tokens.admits_bearer(request.headers.get("Authorization", "")):
            return _unauthorised()
        asked = await _asked(request)
        key = _key(asked) if asked is not None else None
        if asked is None or key is None:
            call.outcome = "not_understood"
            return JSONResponse(
                insurance_answer.complaint("Cần maSoBhxh, hoặc cmnd với hoTen và ngaySinh.")
            )
        call.key = self._context.journal.digest(key)
        async with self._context.engine.connect() as connection:
            found = await _participants(connection, asked)
            told = await self._participants_told(connection, found)
        call.outcome = "found" if told else "empty"
        data = [insurance_answer.participation(it) for it in told]
        return JSONResponse(insurance_answer.envelope(_one_or_many(data) if data else None))

    async def _cards_told(
        self, connection: AsyncConnection, card: HealthCard
    ) -> Sequence[HealthCard]:
        """Give the card that the answer is about, unless a fault is set."""
        fault = self._context.answer_fault()
        if fault is Mode.WRONG_PERSON:
            return [await insurance_search.somebody_elses_card(connection, card)]
        # Two agencies have each reported the same person.
        second = msgspec.structs.replace(card, card=f"GB5{card.card[3:]}", benefit=5)
        return [card, second] if fault else [card]

    async def _participants_told(
        self, connection: AsyncConnection, found: Sequence[SocialInsured]
    ) -> Sequence[SocialInsured]:
        """Give the participants that the answer is about, unless a fault is set."""
        fault = self._context.answer_fault() if found else None
        if fault is Mode.WRONG_PERSON:
            return [await insurance_search.another_participant(connection, found[0])]
        # One person was given two codes, and nobody merged them; 98 is no province's.
        second = [msgspec.structs.replace(it, code=f"98{it.code[2:]}", months=1) for it in found]
        return [*found, *second] if fault else found


def _result(card: HealthCard, asked: Asked, today: str) -> str:
    """Return the result code: first who it is, then whether the card holds at the time."""
    if not same_name(asked.get("hoTen", ""), card.full_name):
        return "06"
    if not same_birth(_compact(asked.get("ngaySinh", "")), card.birth):
        return "07"
    if asked.get("gioiTinh", card.sex) != card.sex:
        return "08"
    admitted = _compact(asked.get("ngayBD", "")) or today
    discharged = _compact(asked.get("ngayKT", "")) or admitted
    if code := _validity(card, admitted, discharged):
        return code
    return "00" if asked.get("maCSKCB", card.clinic) == card.clinic else "09"


def _validity(card: HealthCard, admitted: str, discharged: str) -> str | None:
    """Return the code for a card that does not hold from *admitted* to *discharged*."""
    if admitted > card.valid_to:
        return "01"
    if discharged < card.valid_from:
        return "02"
    if discharged > card.valid_to:
        return "03"
    return "04" if admitted < card.valid_from else None


def _key(asked: Asked) -> str | None:
    """Return what is asked for, by code or by person; None when the question has no such form."""
    if "maSoBhxh" in asked:
        return asked["maSoBhxh"] if CODE.fullmatch(asked["maSoBhxh"]) else None
    cmnd, birth = asked.get("cmnd", ""), asked.get("ngaySinh", "")
    proof = asked.get("hoTen") and CMND.fullmatch(cmnd) and BIRTH.fullmatch(birth)
    return cmnd if proof else None


async def _participants(connection: AsyncConnection, asked: Asked) -> list[SocialInsured]:
    if "maSoBhxh" in asked:
        return await insurance_search.participants_by_code(connection, asked["maSoBhxh"])
    return [
        it
        for it in await insurance_search.participants_by_number(connection, asked["cmnd"])
        if same_name(asked["hoTen"], it.full_name) and same_birth(asked["ngaySinh"], it.birth)
    ]


def _compact(written: str) -> str:
    """Turn 12/05/1985 into `19850512`; a year stays a year."""
    return "".join(reversed(written.split("/")))


def _one_or_many(answers: Sequence[T]) -> T | Sequence[T]:
    """Answer one object, and an array only where there are several: the habit of these services."""
    return answers[0] if len(answers) == 1 else answers


def _begun(request: Request, operation: str) -> Call:
    call = call_of(request.scope)
    call.operation = operation
    call.request_id = request.headers.get("X-Request-Id")
    call.outcome = "refused"
    return call


def _unauthorised() -> Response:
    return JSONResponse({"error": "invalid_token"}, 401)


async def _asked(request: Request) -> Asked | None:
    """Read the fields of a question; None when the body is no object of texts."""
    try:
        return msgspec.json.decode(await request.body(), type=dict[str, str])
    except (msgspec.MsgspecError, ValueError):
        return None
