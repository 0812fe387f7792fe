"""The insurance registry over REST: the health-card check, and the look-up of a participant.

The card check says by a code what is wrong with a question; one that is wrong in any way has
proven nothing and finds nothing. Many cards hold a year of birth and no more, so a wrong date
is tried once more as the year alone. What comes back is compared with the key by our own rules:
this registry, too, can answer about somebody else.
"""

import itertools
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from enum import Enum, auto
from functools import partial
from http import HTTPStatus
from typing import TypeAlias

import httpx2
import msgspec
import structlog

from adapters import dates, identifiers, names
from adapters.channel import Channel, Reply
from adapters.dates import PartialDate
from adapters.grades import Grade
from adapters.insurance import records
from adapters.insurance.records import (
    Checked,
    HealthCardKey,
    Holder,
    SocialInsuranceKey,
    Stated,
)
from adapters.insurance.session import Session, Token
from adapters.registry import (
    Absent,
    Ambiguous,
    Errand,
    Failure,
    Garbled,
    Refused,
    RegistryName,
    Source,
)
from adapters.wave import answer_each

AUTHORITY = "Bảo hiểm xã hội Việt Nam"

_PROVEN_NAMES = frozenset({Grade.EXACT, Grade.EQUIVALENT, Grade.UNACCENTED_ONLY})

Key: TypeAlias = SocialInsuranceKey | HealthCardKey
Write: TypeAlias = Callable[[Token, str], httpx2.Request]
"""Writes a call that shows a token and bears a request id."""

log = structlog.get_logger()


class _Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A decoded body, and the source that the records in it will name."""

    answer: object
    source: Source

    def __repr__(self) -> str:
        """Say nothing of the answer."""
        return "_Heard(…)"


class _Agreement(Enum):
    """How the person in an answer agrees with the person asked for."""

    PROVEN = auto()
    UNPROVEN = auto()
    """Perhaps the same person; the key is no proof of it."""
    ANOTHER = auto()


class InsuranceRegistry:
    """Social and health insurance behind one account; *url* is the root of their services."""

    name = RegistryName.INSURANCE

    def __init__(
        self,
        channel: Channel,
        *,
        url: str,
        account: str,
        secret: str,
        clock: Callable[[], datetime],
    ) -> None:
        root = url.rstrip("/")
        self._channel = channel
        self._card_url = f"{root}/the-bhyt/kiem-tra"
        self._participant_url = f"{root}/bhxh/tra-cuu"
        self._clock = clock
        self._session = Session(
            channel, url=f"{root}/token", account=account, secret=secret, clock=clock
        )
        self._calls = itertools.count(1)

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer SocialInsuranceKeys and HealthCardKeys; all leave together, equal ones once."""
        return await answer_each(keys, partial(self._answer, errand=errand))

    async def aclose(self) -> None:
        """Give back connections."""
        await self._channel.aclose()

    async def _answer(self, key: Hashable, errand: Errand) -> object:
        if isinstance(key, SocialInsuranceKey):
            return await self._participant(key, errand)
        if isinstance(key, HealthCardKey):
            return await self._card(key, errand)
        msg = "the insurance registry answers SocialInsuranceKey and HealthCardKey"
        raise TypeError(msg)

    async def _participant(self, key: SocialInsuranceKey, errand: Errand) -> object:
        """Look up by number, name and birth date."""
        birth = dates.compact(_day_or_year(key.birth_date))
        question = {"cmnd": key.personal_id, "hoTen": _capitals(key.full_name), "ngaySinh": birth}

        def write(token: Token, request_id: str) -> httpx2.Request:
            return self._channel.client.build_request(
                "POST",
                self._participant_url,
                headers={**self._session.bearer(token), "X-Request-Id": request_id},
                json=question,
            )

        heard = await self._ask(write, errand)
        if not isinstance(heard, _Heard):
            return heard
        try:
            stated = records.participants_from_wire(heard.answer, key, heard.source)
        except ValueError:
            return Garbled()
        return _chosen(stated, key, heard.source)

    async def _card(self, key: HealthCardKey, errand: Errand) -> object:
        """Check the card, and once more with the year alone when the date is said to be wrong."""
        given = _day_or_year(key.birth_date)
        checked = await self._check(key, given, errand)
        year = PartialDate(given.year)
        doubted = isinstance(checked, Checked) and checked.date_is_wrong and given != year
        if doubted:
            checked = await self._check(key, year, errand)
        if not isinstance(checked, Checked):
            return checked
        return _chosen(checked.stated, key, checked.source, date_is_wrong=doubted)

    async def _check(
        self, key: HealthCardKey, birth: PartialDate, errand: Errand
    ) -> Checked | Failure:
        question = {
            "maThe": key.number,
            "hoTen": _capitals(key.full_name),
            "ngaySinh": dates.vietnamese(birth),
        }

        def write(token: Token, request_id: str) -> httpx2.Request:
            shown = httpx2.URL(self._card_url, params=self._session.query(token))
            return self._channel.client.build_request(
                "POST",
                self._card_url,
                headers={"X-Request-Id": request_id},
                json=question,
                # What is sent, and not what the request calls its URL: libraries log the latter.
                extensions={"target": shown.raw_path},
            )

        heard = await self._ask(write, errand)
        if not isinstance(heard, _Heard):
            return heard
        try:
            return records.check_from_wire(heard.answer, key, heard.source)
        except ValueError:
            return Garbled()

    async def _ask(self, write: Write, errand: Errand) -> _Heard | Failure:
        """Make one call, and once more with a new token when the registry refuses this one."""
        token = await self._session.token(errand.deadline)
        if not isinstance(token, Token):
            return token
        heard = await self._call(write, token, errand)
        # The channel does not tell 401 from 403; one that names a time is about our haste.
        if not isinstance(heard, Refused) or heard.retry_after is not None:
            return heard
        token = await self._session.token(errand.deadline, refused=token)
        return await self._call(write, token, errand) if isinstance(token, Token) else token

    async def _call(self, write: Write, token: Token, errand: Errand) -> _Heard | Failure:
        request_id = ""

        def request() -> httpx2.Request:
            nonlocal request_id
            request_id = f"{errand.request_id}-{next(self._calls)}"
            return write(token, request_id)

        reply = await self._channel.send(request(), deadline=errand.deadline, again=request)
        if not isinstance(reply, Reply):
            return reply
        if reply.status != HTTPStatus.OK:
            return Garbled()
        try:
            answer: object = msgspec.json.decode(reply.body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return Garbled()
        source = Source(
            registry=self.name,
            authority=AUTHORITY,
            fetched_at=self._clock(),
            upstream_request_id=request_id,
        )
        return _Heard(answer=answer, source=source)


def _day_or_year(birth: PartialDate) -> PartialDate:
    """Give the date as these services take it: whole, or the year."""
    return birth if dates.as_date(birth) else PartialDate(birth.year)


def _capitals(name: str) -> str:
    return " ".join(names.compose(name).split()).upper()


def _chosen(
    stated: Sequence[Stated], key: Key, source: Source, *, date_is_wrong: bool = False
) -> object:
    """Choose the one record about the person asked for; two that differ are none."""
    found = [(it.record, _agreement(it.holder, key, date_is_wrong=date_is_wrong)) for it in stated]
    about = [(record, how) for record, how in found if how is not _Agreement.ANOTHER]
    if len(about) < len(found):
        log.error("a registry answered about another person", request_id=source.upstream_request_id)
        return Ambiguous(source=source) if about else Garbled(another_person=True)
    proven = list(dict.fromkeys(record for record, how in about if how is _Agreement.PROVEN))
    if len(proven) > 1:
        return Ambiguous(source=source)
    return proven[0] if proven else Absent(source=source)


def _agreement(holder: Holder, key: Key, *, date_is_wrong: bool) -> _Agreement:
    """Compare whom the answer is about with whom we asked for.

    *date_is_wrong*: the registry has said so of the date we gave, so that another date in the
    record is no surprise, and the year was no way round it.
    """
    name = names.compare(key.full_name, holder.full_name).grade
    if name is Grade.DIFFERENT or not _bears(holder, key):
        return _Agreement.ANOTHER
    birth = holder.birth_date
    if birth is not None and dates.compare(key.birth_date, birth).grade is Grade.DIFFERENT:
        return _Agreement.UNPROVEN if date_is_wrong else _Agreement.ANOTHER
    return _Agreement.PROVEN if name in _PROVEN_NAMES else _Agreement.UNPROVEN


def _bears(holder: Holder, key: Key) -> bool:
    """Whether the answer bears the number asked for; the card check need not show a personal id."""
    if isinstance(key, SocialInsuranceKey):
        return holder.personal_id == key.personal_id
    by_person = len(key.number) == identifiers.PERSONAL_ID_LENGTH
    personal_id = key.number if by_person else key.personal_id
    if personal_id and holder.personal_id not in {None, personal_id}:
        return False
    # It is also the end of a card's fifteen characters.
    code = key.number[-identifiers.SOCIAL_INSURANCE_NUMBER_LENGTH :]
    return by_person or code in holder.insurance_codes
