"""Seals: a token beside a pre-filled value, by which it is known when it comes back unchanged.

The value is not in it. It holds when and from where the value was told, and two keyed hashes: of
the value, and of how a form shows it. A third over the whole token binds it to whom it was told,
for which dossier and procedure, of whom and for which field. Nothing is kept: the key is that of
the month of sealing (audit/months.py), and once that is burnt no seal of the month is known again.

    base64url of: version 1 | sealed at 4 | draft or code 1 | its opaque name 16
                  | hash of the value 16 | hash of what is displayed 16 | of all 16
                  | source, MessagePack
"""

import base64
import binascii
import hmac
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import orjson

from adapters import dates
from adapters.registry import RegistryName, Source
from audit.keyed_hash import KeyedHash
from audit.months import MonthDestroyedError, MonthKeys
from auth.dossiers import Binding
from auth.policy import Granted
from resolvers.enums import FieldState
from resolvers.results import PrefilledField

LIFETIME = timedelta(days=30)
"""A value told longer ago is to be compared anew: by then the register may say otherwise."""
LONGEST_SEAL = 300

_AHEAD = timedelta(minutes=1)
"""By which the clocks of two replicas may differ."""
_VERSION = 1
_HEAD = struct.Struct(">BIB16s")
_TOKEN = struct.Struct(">BIB16s16s16s16s")
_MAC_BYTES = 16
_KINDS = ("draft", "code")
_OF_VALUE, _OF_ALL = b"value\0", b"all\0"


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """The value is the one that was told; *source* is where it was told from."""

    source: Source


class Broken(msgspec.Struct, frozen=True):
    """The value, or something that it was sealed for, is another; or the seal is none of ours."""


class Expired(msgspec.Struct, frozen=True):
    """It was sealed longer ago than *LIFETIME*."""


Judgement = Right | Broken | Expired


class _Told(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a seal says of its source, as far as a verdict tells it; nothing of a person."""

    registry: RegistryName
    authority: str
    fetched_at: int
    record_date: str | None
    as_of: date | None
    stale: bool


class _Token(msgspec.Struct, frozen=True, kw_only=True):
    """A seal taken apart; nothing in it is known to be true yet."""

    head: bytes
    at: int
    kind: int
    name: bytes
    of_value: bytes
    of_display: bytes
    of_all: bytes
    source: bytes


class Seals:
    """Makes and reads the seals of one request: of one consumer, procedure and dossier."""

    def __init__(
        self,
        months: MonthKeys,
        granted: Granted,
        binding: Binding | None,
        now: Callable[[], datetime],
    ) -> None:
        self._hash = KeyedHash(months, "seal")
        self._told_to = _joined(granted.consumer_id.encode(), granted.procedure.encode())
        self._binding = binding
        self._names = {} if binding is None else binding.names
        self._now = now

    def __repr__(self) -> str:
        """Name the class and nothing of the dossier."""
        return "Seals(…)"

    def put_on(
        self, fields: Sequence[PrefilledField], numbers: Mapping[str, Sequence[str]]
    ) -> tuple[PrefilledField, ...]:
        """Seal what has a value; *numbers* are those of the subjects, by role."""
        kind = next((kind for kind in reversed(_KINDS) if kind in self._names), None)
        if kind is None:
            return tuple(fields)
        at = self._now()
        head = _HEAD.pack(_VERSION, int(at.timestamp()), _KINDS.index(kind), self._names[kind])
        about = {
            role: self._about(role, numbers.get(role, ())) for role in {f.role for f in fields}
        }
        told = {source: _told(source) for source in {f.source for f in fields} if source}
        return tuple(
            msgspec.structs.replace(
                field, sealed=self._seal(at, head, about[field.role], told[field.source], field)
            )
            if field.state is FieldState.VALUE and field.source is not None
            else field
            for field in fields
        )

    def _seal(
        self, at: datetime, head: bytes, about: bytes, told: bytes, field: PrefilledField
    ) -> str | None:
        """Make the token; None where a source has so long a name that it would not fit."""
        sealed = _joined(about, field.key.encode(), head, told)
        of_value = of_display = self._mac(at, sealed, _OF_VALUE, written(field.value))
        # A list comes back as a list: what is displayed of it does not tell its items apart.
        if not isinstance(field.value, list) and field.display not in {None, field.value}:
            of_display = self._mac(at, sealed, _OF_VALUE, written(field.display))
        of_all = self._mac(at, sealed, _OF_ALL, of_value + of_display)
        raw = b"".join((head, of_value, of_display, of_all, told))
        token = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        return token if len(token) <= LONGEST_SEAL else None

    async def judge(
        self, seal: str, role: str, numbers: Sequence[str], key: str, value: str
    ) -> Judgement:
        """Tell whether *value* was told in this dossier for the field *key* of these subjects.

        May ask the shared store by what other name the dossier goes: raises SharedUnavailable.
        """
        token = _opened(seal)
        if token is None:
            return Broken()
        at = datetime.fromtimestamp(token.at, UTC)
        age = self._now() - at
        if age > LIFETIME:
            return Expired()
        # A key of the far future is not even made: each month's takes the hash of all before.
        if age < -_AHEAD:
            return Broken()
        sealed = _joined(self._about(role, numbers), key.encode(), token.head, token.source)
        try:
            intact = self._fits(token, at, sealed, value)
        except MonthDestroyedError:
            return Expired()
        if intact and await self._goes_by(_KINDS[token.kind], token.name):
            return Right(source=_source(token.source))
        return Broken()

    def _fits(self, token: _Token, at: datetime, sealed: bytes, value: str) -> bool:
        """Tell whether the token was made by us for what *sealed* says, and for this *value*."""
        both = token.of_value + token.of_display
        if not hmac.compare_digest(token.of_all, self._mac(at, sealed, _OF_ALL, both)):
            return False
        ours = [self._mac(at, sealed, _OF_VALUE, form) for form in _forms(value)]
        return token.of_value in ours or token.of_display in ours

    def _mac(self, at: datetime, sealed: bytes, what: bytes, last: bytes) -> bytes:
        return self._hash(b"".join((sealed, what, last)), at)[:_MAC_BYTES]

    def _about(self, role: str, numbers: Sequence[str]) -> bytes:
        """Bind to the subjects of *role*, in whatever order they are named."""
        return _joined(self._told_to, role.encode(), *(n.encode() for n in sorted(numbers)))

    async def _goes_by(self, kind: str, name: bytes) -> bool:
        """Tell whether the dossier is the one sealed for; a draft may have become it since."""
        if self._binding is None:
            return False
        return self._names.get(kind) == name or await self._binding.goes_by(kind, name)


def _told(source: Source) -> bytes:
    return _encoder.encode(
        _Told(
            registry=source.registry,
            authority=source.authority,
            fetched_at=int(source.fetched_at.timestamp()),
            record_date=dates.iso(source.record_date) if source.record_date else None,
            as_of=source.as_of,
            stale=source.stale,
        )
    )


def written(value: object) -> bytes:
    """Write a pre-filled value as a claim sends it back: text as it is, all else as JSON."""
    return value.encode() if isinstance(value, str) else orjson.dumps(value)


def _forms(claim: str) -> Iterator[bytes]:
    """Give the ways to read a claim: as text and, where it is a list, as JSON however spaced."""
    yield claim.encode()
    if (items := json_list(claim)) is not None:
        yield written(items)


def json_list(claim: str) -> list[object] | None:
    """Read a claim that is a whole list, as JSON, lists in it not deeper than a form has them."""
    if not claim.lstrip().startswith("["):
        return None
    try:
        items = orjson.loads(claim)
    except orjson.JSONDecodeError:
        return None
    return items if all(_flat(item) for item in items) else None


def _flat(item: object) -> bool:
    """Tell whether an item is no list, or a list of such, as the old numbers of a person."""
    inner = item if isinstance(item, list) else [item]
    return not any(isinstance(each, list | dict) for each in inner)


def _source(told: bytes) -> Source:
    said = _decoder.decode(told)
    return Source(
        registry=said.registry,
        authority=said.authority,
        fetched_at=datetime.fromtimestamp(said.fetched_at, UTC),
        record_date=dates.parse(said.record_date) if said.record_date else None,
        as_of=said.as_of,
        stale=said.stale,
    )


def _joined(*parts: bytes) -> bytes:
    """Put parts behind one another so that no other parts give the same bytes."""
    return b"".join([len(parts).to_bytes(4), *(len(p).to_bytes(4) + p for p in parts)])


def _opened(seal: str) -> _Token | None:
    """Take a token apart, in its one written form only; None for anything else."""
    try:
        given = seal.encode("ascii")
        raw = base64.b64decode(given + b"=" * (-len(given) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    if len(raw) <= _TOKEN.size or base64.urlsafe_b64encode(raw).rstrip(b"=") != given:
        return None
    version, at, kind, name, of_value, of_display, of_all = _TOKEN.unpack_from(raw)
    if version != _VERSION or kind >= len(_KINDS):
        return None
    return _Token(
        head=raw[: _HEAD.size],
        at=at,
        kind=kind,
        name=name,
        of_value=of_value,
        of_display=of_display,
        of_all=of_all,
        source=raw[_TOKEN.size :],
    )


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Told)
