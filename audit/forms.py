"""What may stand in an entry: tags, words, codes and counts, never a value of a record.

A form is written once, as the type of a field.
The decoder of stored entries reads it there, and so does *keep_to_forms*, which every part of an
entry passes when it is made; *amended* asks it of what is new in a part that passed before.
The refusal names the field and never repeats what stood in it.
"""

import re
from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter, call
from types import NoneType
from typing import Annotated, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import force_setattr

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
"""Gives something true for what is fit; for anything else it gives something false, or raises."""


class _FormError(ValueError):
    """Text, number or thing of another form; raised without it."""


_UNFIT = (_FormError, TypeError, AttributeError)
"""What a check raises."""


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of an entry: made only of what its types allow."""

    def __post_init__(self) -> None:
        """Refuse whatever could be a value of a record or the number of a person."""
        keep_to_forms(self)


_Part = TypeVar("_Part", bound=Kept)


def keep_to_forms(part: msgspec.Struct) -> None:
    """Raise a ValueError that names the first field whose content is not of its form."""
    plan = _plan(type(part))
    values = plan.values(part)
    if plan.in_order and _fits(plan.in_order, values):
        return
    for (field, check), value in zip(plan.checks.items(), values, strict=True):
        if value is not None and not _fits((check,), (value,)):
            raise _refusal(field)


def amended(part: _Part, new: Mapping[str, object]) -> _Part:
    """Copy *part* with *new* fields, and raise a ValueError as *keep_to_forms* does.

    What stood in *part* was checked when it came there, so only the new is: an entry costs what it
    says itself, not what all entries of its request say.
    """
    checks = _plan(type(part)).checks
    made = copy(part)
    field = ""
    try:
        for field, value in new.items():
            if value is not None and not checks[field](value):
                break
            force_setattr(made, field, value)
        else:
            return made
    except _UNFIT:
        pass
    raise _refusal(field)


def _fits(checks: tuple[_Check, ...], values: tuple[object, ...]) -> bool:
    """Check all *values* in one call: a request makes a dozen parts."""
    try:
        return all(map(call, checks, values))
    except _UNFIT:
        return False


def _refusal(field: str) -> ValueError:
    # Not chained: a library's message could repeat what it was given.
    return ValueError(f"{field} of an access-log entry does not have the form it must have")


def code_or_withheld(text: str) -> str:
    """Give *text* back if it has the form of a *Code*, else `WITHHELD`.

    For text that others choose: the name of an operation, a path, a code as it was sent.
    Without this, an odd but harmless one would be a reason to answer nobody.
    """
    return _or_withheld(text, _code)


def codes_or_withheld(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Give each of *texts* as *code_or_withheld* does."""
    try:
        _codes(texts)
    except _FormError:
        return tuple(map(code_or_withheld, texts))
    return texts


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


# Text is remembered once it was found fit: entries repeat the same words and paths.
# What is refused raises, and so is not kept. Nor are tags and ids: they are new each time.


@lru_cache(maxsize=8192)
def _code(text: str) -> bool:
    if _PRINTABLE.fullmatch(text) is None or _NUMBER.search(text) is not None:
        raise _FormError
    return True


@lru_cache(maxsize=4096)
def _codes(texts: tuple[str, ...]) -> bool:
    return all(map(_code, texts))


@lru_cache(maxsize=4096)
def _reference(text: str) -> bool:
    if _PRINTABLE.fullmatch(text) is None:
        raise _FormError
    # Most have no long run of digits, or are made up as a whole, and need no closer look.
    if _NUMBER.search(text) is not None and _PERSON.search(_MADE_UP.sub("", text)) is not None:
        raise _FormError
    return True


def _pattern_of(form: object) -> _Check:
    return re.compile(get_args(form)[1].pattern.strip("^$")).fullmatch


def _repeated_pattern_of(form: object) -> _Check:
    fullmatch = re.compile(get_args(form)[1].pattern.strip("^$")).fullmatch

    @lru_cache(maxsize=4096)
    def check(text: str) -> bool:
        if fullmatch(text) is None:
            raise _FormError
        return True

    return check


def _range_of(form: object) -> _Check:
    meta = get_args(form)[1]
    low, high = meta.ge, meta.lt
    return lambda number: type(number) is int and low <= number < high


def _ciphertext(value: object) -> bool:
    return type(value) is bytes and 28 <= len(value) <= 2**17  # noqa: PLR2004 - as its form says


def _flag(value: object) -> bool:
    return type(value) is bool


def _moment(at: datetime) -> bool:
    return at.tzinfo is UTC


_FORMS: dict[object, _Check] = {
    Word: _repeated_pattern_of(Word),
    Code: _code,
    Reference: _reference,
    Tag: _pattern_of(Tag),
    EntryId: _pattern_of(EntryId),
    Digest: _repeated_pattern_of(Digest),
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
        return _codes_only if inner[0] == Code else _each(_check_for(inner[0]))
    if origin is dict:
        return _pairs(_check_for(inner[0]), _check_for(inner[1]))
    if isinstance(kind, type) and issubclass(kind, StrEnum | Kept):
        return _exactly(kind)
    message = f"an entry cannot have a field of the type {kind}"
    raise TypeError(message)


def _codes_only(values: tuple[str, ...]) -> bool:
    return type(values) is tuple and _codes(values)


def _each(check: _Check) -> _Check:
    return lambda values: type(values) is tuple and all(map(check, values))


def _pairs(key: _Check, value: _Check) -> _Check:
    return lambda pairs: (
        type(pairs) is dict and all(map(key, pairs)) and all(map(value, pairs.values()))
    )


def _exactly(kind: type) -> _Check:
    return lambda thing: type(thing) is kind


class _Plan(msgspec.Struct, frozen=True):
    """How to read the fields of a part, all at once, and how to check each."""

    values: Callable[[object], tuple[object, ...]]
    checks: Mapping[str, _Check]
    in_order: tuple[_Check, ...]
    """The same checks, where no field may be absent."""


@lru_cache(maxsize=64)
def _plan(kind: type[msgspec.Struct]) -> _Plan:
    hints = get_type_hints(kind, include_extras=True)
    fields = kind.__struct_fields__
    checks = {name: _check_for(hints[name]) for name in fields}
    optional = any(NoneType in get_args(hints[name]) for name in fields)
    # attrgetter of one name gives the value itself, of several a tuple.
    values = attrgetter(*fields) if len(fields) > 1 else lambda part: (getattr(part, fields[0]),)
    return _Plan(values, checks, () if optional else tuple(checks.values()))
