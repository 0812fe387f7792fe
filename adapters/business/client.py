"""The business registry over REST and JSON: enterprises by code, household businesses apart.

An enterprise's code is public and stands in the address. A household business's code is its
owner's personal id, so it and every other number of a person travel in a body.

READ in public clients: the look-up of an enterprise. INVENTED after it, because the real
operations were not read: `hoKinhDoanh`, `theoNguoiDaiDien` and `kiemTraTen`.
"""

import itertools
import re
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TypeAlias

import httpx2
import msgspec
import structlog

from adapters.business import records
from adapters.business.records import (
    Businesses,
    Enterprise,
    EnterpriseKey,
    HouseholdBusiness,
    HouseholdBusinessKey,
    NameKey,
    RepresentativeKey,
)
from adapters.business.tokens import Tokens
from adapters.business.wire import NotAgreedError, Wire
from adapters.channel import Channel, Reply
from adapters.identifiers import normalise_enterprise_code
from adapters.registry import (
    Absent,
    Ambiguous,
    Errand,
    Failure,
    Garbled,
    RegistryName,
    Source,
)
from adapters.wave import answer_each

AUTHORITY = "Bộ Tài chính, Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp"
SERVICE = "dkkd/1.0"

_PUBLIC_CODE = re.compile("[0-9]{10}(?:-[0-9]{3})?")

Key: TypeAlias = EnterpriseKey | HouseholdBusinessKey | RepresentativeKey | NameKey
Business: TypeAlias = Enterprise | HouseholdBusiness

log = structlog.get_logger()


class _Question(msgspec.Struct, frozen=True, kw_only=True):
    """One call: *public* goes into the address, *body* where nobody writes it down."""

    operation: str
    public: dict[str, str] | None = None
    body: dict[str, str] | None = None

    def __repr__(self) -> str:
        """Say nothing of whom it is about."""
        return f"_Question(operation={self.operation!r})"


class _Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in the envelope, and the source that the records in it will name."""

    data: list[Wire]
    source: Source

    def __repr__(self) -> str:
        """Say nothing of the content."""
        return "_Heard(…)"


class BusinessRegistry:
    """The national registration databases of enterprises and of household businesses.

    *url* is the bus's address, without the path of its service; *token_url* is signed as written.
    """

    name = RegistryName.BUSINESS

    def __init__(
        self,
        channel: Channel,
        *,
        url: str,
        token_url: str,
        client_id: str,
        key: bytes,
        clock: Callable[[], datetime],
    ) -> None:
        self._channel = channel
        self._url = url.rstrip("/")
        self._clock = clock
        self._tokens = Tokens(channel, url=token_url, client_id=client_id, key=key, clock=clock)
        self._calls = itertools.count(1)

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer the four kinds of keys; all leave together, equal ones once."""
        return await answer_each(keys, partial(self._answer, errand=errand))

    async def aclose(self) -> None:
        """Give back connections."""
        await self._tokens.aclose()
        await self._channel.aclose()

    async def _answer(self, key: Hashable, errand: Errand) -> object:
        if not isinstance(key, Key):
            msg = "the business registry answers keys of enterprises, households, persons and names"
            raise TypeError(msg)
        heard = await self._ask(_question(key), errand)
        if not isinstance(heard, _Heard):
            return heard
        try:
            return _judged(key, heard)
        except NotAgreedError:
            return Garbled()

    async def _ask(self, question: _Question, errand: Errand) -> _Heard | Failure:
        """Make one call; each attempt goes under an id of its own, so that journals agree."""
        request_id = ""

        async def send(token: str) -> Reply | Failure:
            def request() -> httpx2.Request:
                nonlocal request_id
                request_id = f"{errand.request_id}-{next(self._calls)}"
                return self._request(question, token, request_id)

            return await self._channel.send(request(), deadline=errand.deadline, again=request)

        reply = await self._tokens.call(send, deadline=errand.deadline)
        if not isinstance(reply, Reply):
            return reply
        if reply.status != HTTPStatus.OK:
            return Garbled()  # nothing found is a 200 here, and so is an error
        source = Source(
            registry=self.name,
            authority=AUTHORITY,
            fetched_at=self._clock(),
            upstream_request_id=request_id,
        )
        try:
            return _Heard(data=records.data_from_wire(reply.body), source=source)
        except NotAgreedError:
            return Garbled()

    def _request(self, question: _Question, token: str, request_id: str) -> httpx2.Request:
        return self._channel.client.build_request(
            "GET" if question.body is None else "POST",
            f"{self._url}/{SERVICE}/{question.operation}",
            params=question.public,
            json=question.body,
            headers={
                "Accept": "application/json",
                "Authorization": f"Bearer {token}",
                "X-Request-Id": request_id,
            },
        )


def _question(key: Key) -> _Question:
    """Write the question in the registry's own words."""
    match key:
        case EnterpriseKey():
            return _Question(operation="chiTietDoanhNghiep", public={"msdn": _code(key)})
        case HouseholdBusinessKey():
            return _Question(operation="hoKinhDoanh", body={"maSo": key.code})
        case RepresentativeKey():
            return _Question(operation="theoNguoiDaiDien", body={"soGiayTo": key.personal_id})
        case NameKey():
            body = {"ten": key.name, "maPhuongXa": key.ward}
            return _Question(operation="kiemTraTen", body=body)


def _code(key: EnterpriseKey) -> str:
    """Write the code as the wire has it; what is no such code must not come near an address."""
    code = normalise_enterprise_code(key.code) or key.code
    if not _PUBLIC_CODE.fullmatch(code):
        msg = "an EnterpriseKey holds ten digits, or ten and three, and never a personal id"
        raise ValueError(msg)
    return code


def _judged(key: Key, heard: _Heard) -> object:
    """Read the answer, and hold it against what was asked."""
    match key:
        case EnterpriseKey():
            enterprises = records.enterprises_from_wire(heard.data, heard.source)
            about = [it for it in enterprises if it.code == _code(key)]
            return _the_one(about, enterprises, heard)
        case HouseholdBusinessKey():
            shops = records.household_businesses_from_wire(heard.data, heard.source)
            return _the_one([it for it in shops if _owned_by(it, key.code)], shops, heard)
        case RepresentativeKey():
            return _theirs(key, heard)
        case NameKey():
            return records.name_check_from_wire(heard.data, heard.source)


def _the_one(about: Sequence[Business], found: Sequence[Business], heard: _Heard) -> object:
    """Choose the one record under the code asked for; told twice in the same words is once."""
    if len(about) < len(found):
        _alarm(heard)
        return Ambiguous(source=heard.source) if about else Garbled(another_person=True)
    distinct = list(dict.fromkeys(about))
    if len(distinct) > 1:
        return Ambiguous(source=heard.source)
    return distinct[0] if distinct else Absent(source=heard.source)


def _theirs(key: RepresentativeKey, heard: _Heard) -> object:
    """Keep the businesses that list the person themselves; what lists somebody else is dropped."""
    if not heard.data:
        return Businesses(source=heard.source)
    found = records.businesses_from_wire(heard.data, heard.source)
    about = [it for it in found if _concerns(it, key.personal_id)]
    if len(about) < len(found):
        _alarm(heard)
        if not about:
            return Garbled(another_person=True)
    distinct = tuple(dict.fromkeys(about))
    if len({it.code for it in distinct}) < len(distinct):
        return Ambiguous(source=heard.source)
    return Businesses(source=heard.source, businesses=distinct)


def _concerns(business: Business, personal_id: str) -> bool:
    if isinstance(business, HouseholdBusiness):
        return _owned_by(business, personal_id)
    return any(person.personal_id == personal_id for person in business.representatives)


def _owned_by(business: HouseholdBusiness, personal_id: str) -> bool:
    owner = business.owner.personal_id if business.owner else None
    return business.code == personal_id == owner


def _alarm(heard: _Heard) -> None:
    log.error(
        "a registry answered about another person",
        registry=heard.source.registry.value,
        request_id=heard.source.upstream_request_id,
    )
