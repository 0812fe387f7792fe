"""What may stand in an entry: tags, words, codes and counts, never a value of a record.

A form is written once, as the type of a field.
The decoder of stored entries reads it there, and so does *keep_to_forms*, which every part of an
entry passes when it is made.
The refusal names the field and never repeats what stood in it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from types import NoneType
from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec

Word = Annotated[str, msgspec.Meta(pattern=r"^[A-Z][A-Z0-9_]{0,63}$", title="Word")]
"""A word of a closed list of ours: `VALUE`, `REPLACED_BY_DATA`, `BAD_INPUT`."""

Code = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,200}$", title="Code")]
"""A code or the path of a field: ASCII without spaces (so no name), no nine digits in a row."""

Reference = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,200}$", title="Reference")]
"""An id that we or somebody else made up: as *Code*, but long runs of hex or digits may occur."""

Tag = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}$", title="Tag")]
"""A keyed hash, as audit/tags.py makes it."""

EntryId = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        title="EntryId",
    ),
]
"""A UUIDv7 (RFC 9562), as *uuid7* makes it."""

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$", title="Digest")]
"""A SHA-256, in hex."""

Count = Annotated[int, msgspec.Meta(ge=0, lt=10**8, title="Count")]
"""A number of things, bytes or milliseconds; never long enough to be anybody's number."""

Counter = Annotated[int, msgspec.Meta(ge=0, lt=2**53, title="Counter")]
"""A place in the sequence of a boot."""

Ciphertext = Annotated[bytes, msgspec.Meta(min_length=28, max_length=2**17, title="Ciphertext")]
"""What only the key of its entry opens: a nonce of 12 bytes, the text, a mark of 16 bytes."""

WITHHELD = "WITHHELD"
"""What an entry says in place of foreign text that may be about a person."""

_PRINTABLE = re.compile(r"[!-~]{1,200}")
_NUMBER = re.compile(r"[0-9]{9}")
# Made-up ids have long runs of digits by chance; those of persons stand alone and have 9 or 12.
_MADE_UP = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}", re.IGNORECASE)
_PERSON = re.compile(r"(?<![0-9])(?:[0-9]{9}|[0-9]{12})(?![0-9])")

_Check = Callable[..., object]


class _FormError(ValueError):
    """Text, number or thing of another form; raised without it."""


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of an entry: made only of what its types allow."""

    def __post_init__(self) -> None:
        """Refuse whatever could be a value of a record or the number of a person."""
        keep_to_forms(self)


def keep_to_forms(part: msgspec.Struct) -> None:
    """Raise a ValueError that names the first field whose content is not of its form."""
    values, checks = _plan(type(part))
    for value, (field, check) in zip(values(part), checks, strict=True):
        if value is None:
            continue
        try:
            check(value)
        except (_FormError, TypeError, AttributeError):
            # Not chained: a library's message could repeat what it was given.
            message = f"{field} of an access-log entry does not have the form it must have"
            raise ValueError(message) from None


def code_or_withheld(text: str) -> str:
    """Give *text* back if it has the form of a *Code*, else `WITHHELD`.

    For text that others choose: the name of an operation, a path, a code as it was sent.
    Without this, an odd but harmless one would be a reason to answer nobody.
    """
    return _or_withheld(text, _code)


def reference_or_withheld(text: str) -> str:
    """Give *text* back if it has the form of a *Reference*, else `WITHHELD`.

    For the id of a token, and for a registry's own request id.
    """
    return _or_withheld(text, _reference)


def _or_withheld(text: str, check: _Check) -> str:
    try:
        check(text)
    except _FormError:
        return WITHHELD
    return text


# Text is remembered once it was found fit: entries repeat the same paths, and a request its tags.
# What is refused is not kept.


@lru_cache(maxsize=8192)
def _code(text: str) -> None:
    if _PRINTABLE.fullmatch(text) is None or _NUMBER.search(text) is not None:
        raise _FormError


@lru_cache(maxsize=4096)
def _reference(text: str) -> None:
    if _PRINTABLE.fullmatch(text) is None:
        raise _FormError
    # Most have no long run of digits, and need no closer look.
    if _NUMBER.search(text) is not None and _PERSON.search(_MADE_UP.sub("", text)) is not None:
        raise _FormError


def _pattern_of(form: object) -> _Check:
    fullmatch = re.compile(get_args(form)[1].pattern.strip("^$")).fullmatch

    @lru_cache(maxsize=4096)
    def check(text: str) -> None:
        if fullmatch(text) is None:
            raise _FormError

    return check


def _range_of(form: object) -> _Check:
    meta = get_args(form)[1]

    def check(number: int) -> None:
        if type(number) is not int or not meta.ge <= number < meta.lt:
            raise _FormError

    return check


def _ciphertext(value: bytes) -> None:
    if type(value) is not bytes or not 28 <= len(value) <= 2**17:  # noqa: PLR2004 - as its form says
        raise _FormError


def _flag(value: bool) -> None:
    if type(value) is not bool:
        raise _FormError


def _moment(at: datetime) -> None:
    if at.tzinfo is not UTC:
        raise _FormError


_FORMS: dict[object, _Check] = {
    Word: _pattern_of(Word),
    Code: _code,
    Reference: _reference,
    Tag: _pattern_of(Tag),
    EntryId: _pattern_of(EntryId),
    Digest: _pattern_of(Digest),
    Count: _range_of(Count),
    Counter: _range_of(Counter),
    Ciphertext: _ciphertext,
    bool: _flag,
    datetime: _moment,
}


def _check_for(kind: object) -> _Check:
    """Build the check for the type of a field; a type it does not know is a programming error."""
    if kind in _FORMS:
        return _FORMS[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if NoneType in inner:
        (kind,) = (each for each in inner if each is not NoneType)
        return _check_for(kind)
    if origin is tuple:
        return _each(_check_for(inner[0]))
    if origin is dict:
        return _pairs(_check_for(inner[0]), _check_for(inner[1]))
    if isinstance(kind, type) and issubclass(kind, StrEnum | Kept):
        return _exactly(kind)
    message = f"an entry cannot have a field of the type {kind}"
    raise TypeError(message)


def _each(check: _Check) -> _Check:
    def check_all(values: tuple[object, ...]) -> None:
        if type(values) is not tuple:
            raise _FormError
        for value in values:
            check(value)

    return check_all


def _pairs(key: _Check, value: _Check) -> _Check:
    def check_all(pairs: dict[str, str]) -> None:
        for left, right in pairs.items():
            key(left)
            value(right)

    return check_all


def _exactly(kind: type) -> _Check:
    def check(thing: object) -> None:
        if type(thing) is not kind:
            raise _FormError

    return check


_Plan = tuple[Callable[[object], tuple[object, ...]], tuple[tuple[str, _Check], ...]]


@lru_cache(maxsize=64)
def _plan(kind: type[msgspec.Struct]) -> _Plan:
    hints = get_type_hints(kind, include_extras=True)
    fields = kind.__struct_fields__
    if len(fields) == 1:
        # attrgetter of one name gives the value itself, of several a tuple.
        only = attrgetter(fields[0])
        return lambda part: (only(part),), ((fields[0], _check_for(hints[fields[0]])),)
    return attrgetter(*fields), tuple((name, _check_for(hints[name])) for name in fields)
