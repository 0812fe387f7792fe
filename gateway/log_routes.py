"""The public side of the Merkle log: checkpoint, tiles, keys, and the proof of one entry.

Addresses and forms are those of docs/proofs.md, sections 5 to 7. Nothing here names a person: leaf
hashes are salted. The proof of an entry is given to whom *allowed* lets pass, since it tells that
an entry of that id exists.
"""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from audit.receipts import Receipt
from audit.tree.merkle import TILE_WIDTH, Tile
from audit.tree.proofs import LogReader, LogUnreadable, NotInTree

Allowed = Callable[[Request, str], Awaitable[Response | None]]
"""Judges a request for the proof of an entry id: a refusal, or None to let it pass."""

_TILE = re.compile(
    r"([0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})"
    r"(?:\.p/([1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)
_ENTRY_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_FOR_A_MOMENT = {"cache-control": "public, max-age=1"}
_FOR_NOBODY = {"cache-control": "private, no-store"}

_NO_TILE = "Không có mảnh cây này. (No such tile.)"
_NO_CHECKPOINT = "Chưa có điểm kiểm tra nào. (No checkpoint yet.)"
_NO_PROOF = (
    "Không có mục nhật ký này trong cây, hoặc chưa có; hãy thử lại sau một phút. "
    "(No such entry in the tree, or not yet: try again in a minute.)"
)
_NOTHING_SHOWN = (
    "Hãy gửi nguyên chuỗi `extensions.receipt` của câu trả lời trong tiêu đề `Receipt`: không cần "
    "mã truy cập. Không có biên nhận thì cần mã truy cập có quyền audit:read, trong tiêu đề "
    "`Authorization`. (Send the answer's `extensions.receipt` as it is in the header `Receipt`: no "
    "token is needed. Without a receipt send a token with audit:read in the header "
    "`Authorization`.)"
)
_NOT_OURS = (
    "Biên nhận này không do cổng này ký, hoặc không còn nguyên. Hãy gửi nguyên chuỗi "
    "`extensions.receipt` của câu trả lời trong tiêu đề `Receipt`, hoặc mã truy cập có quyền "
    "audit:read. (We did not sign this receipt, or it is not whole. Send the answer's "
    "`extensions.receipt` as it is in the header `Receipt`, or a token with audit:read.)"
)
_OF_ANOTHER = (
    "Biên nhận này thuộc mục nhật ký khác. Hãy hỏi mục mà biên nhận nêu ở `entry`. (This receipt "
    "is of another entry. Ask for the one that it names as `entry`.)"
)
_UNREADABLE = "Nhật ký chưa đọc được lúc này. (The log cannot be read at the moment.)"


def routes(reader: LogReader, allowed: Allowed) -> list[Route]:
    """Mount the log under `/log`."""

    async def checkpoint(_request: Request) -> Response:
        note = await reader.checkpoint()
        return _text(note, _FOR_A_MOMENT) if note else _none(_NO_CHECKPOINT)

    async def vkeys(_request: Request) -> Response:
        return _text(await reader.vkeys(), _FOR_A_MOMENT)

    async def tile(request: Request) -> Response:
        place = _parse_tile(request.path_params["place"])
        hashes = await reader.tile(*place) if place else None
        if hashes is None:
            return _none(_NO_TILE)
        return Response(hashes, media_type="application/octet-stream", headers=_FOR_EVER)

    async def proof(request: Request) -> Response:
        entry_id: str = request.path_params["entry_id"]
        if _ENTRY_ID.fullmatch(entry_id) is None:
            return _none(_NO_PROOF)
        if refusal := await allowed(request, entry_id):
            return refusal if _anything_shown(request) else _name_both_ways(refusal)
        found = await reader.entry_proof(entry_id)
        return _none(_NO_PROOF) if isinstance(found, NotInTree) else _text(found.write())

    return [
        Route("/log/checkpoint", _readable(checkpoint)),
        Route("/log/vkeys", _readable(vkeys)),
        Route("/log/tile/{place:path}", _readable(tile)),
        Route("/log/entry/{entry_id}/proof", _readable(proof)),
    ]


def receipt_refusal(receipt: Receipt | None, entry_id: str) -> Response | None:
    """Refuse a receipt that is not ours, None, or not of this entry; what it was is not said."""
    if receipt is None:
        return _forbidden(_NOT_OURS)
    return None if receipt.entry == entry_id else _forbidden(_OF_ANOTHER)


def _anything_shown(request: Request) -> bool:
    return "receipt" in request.headers or "authorization" in request.headers


def _name_both_ways(refusal: Response) -> Response:
    """Name the receipt too, where the *refusal* is about a missing token only."""
    if refusal.status_code != HTTPStatus.UNAUTHORIZED:
        return refusal
    told = PlainTextResponse(_NOTHING_SHOWN, HTTPStatus.UNAUTHORIZED, headers=_FOR_NOBODY)
    for name in ("www-authenticate", "dpop-nonce"):
        for value in refusal.headers.getlist(name):
            told.headers.append(name, value)
    return told


_Answer = Callable[[Request], Awaitable[Response]]


def _readable(answer: _Answer) -> _Answer:
    """Say so when the database does not answer."""

    async def answer_or_say(request: Request) -> Response:
        try:
            return await answer(request)
        except LogUnreadable:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return PlainTextResponse(_UNREADABLE, status, headers={"retry-after": "5"})

    return answer_or_say


def _parse_tile(place: str) -> tuple[Tile, int] | None:
    """Read `<L>/<N>[.p/<W>]`; each tile has one address only."""
    found = _TILE.fullmatch(place)
    if found is None or found[2].startswith("x000/"):
        return None
    number = int(found[2].replace("x", "").replace("/", ""))
    return Tile(int(found[1]), number), int(found[3] or TILE_WIDTH)


def _text(content: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(content, headers=headers or _FOR_NOBODY)


def _none(sentence: str) -> Response:
    return PlainTextResponse(sentence, HTTPStatus.NOT_FOUND, headers=_FOR_NOBODY)


def _forbidden(sentence: str) -> Response:
    return PlainTextResponse(sentence, HTTPStatus.FORBIDDEN, headers=_FOR_NOBODY)
