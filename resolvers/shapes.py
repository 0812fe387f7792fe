"""Shapes of scalars: checked at the door, with a sentence that says what is wrong.

A refusal names the scalar and the rule, the form that would be right, and how many characters of
which kinds came; it never repeats the value. Identifiers and dates are text: as a number they would
lose a leading zero.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

import msgspec
import strawberry
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

from adapters import dates

_V = TypeVar("_V")


class BadInput(GraphQLError):  # noqa: N818 - its code is BAD_INPUT, and graphql-core keeps only errors of its own kind as they are
    """A value of the wrong shape; only its length and the kinds of its characters are in here.

    The message is English; the gateway answers with *sentence_vi* or *sentence_en*.
    """

    def __init__(self, scalar: str, rule: str, sentence_vi: str, sentence_en: str) -> None:
        extensions = {"code": "BAD_INPUT", "scalar": scalar, "rule": rule}
        super().__init__(sentence_en, extensions=extensions)
        self.scalar = scalar
        self.rule = rule
        self.sentence_vi = sentence_vi
        self.sentence_en = sentence_en


class Broken(msgspec.Struct, frozen=True):
    """The rule that a text breaks, as one word."""

    rule: str


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """One scalar: its form in both languages, and how its text is read."""

    name: str
    term: str
    """The Vietnamese term: it opens the description and the sentence."""
    vi: str
    """What is right, to follow *term*: `gồm đúng 12 chữ số`."""
    en: str
    """What is right, to follow *name* and `is`: `exactly 12 digits`."""
    read: Callable[[str], object]
    """Gives the value of a text, or Broken."""
    show: Callable[[object], str]

    def definition(self) -> ScalarDefinition:
        """Give the scalar as Strawberry wants it."""
        return strawberry.scalar(
            name=self.name,
            description=f"{self.term}: {self.en}, sent and answered as text.",
            serialize=self.show,
            parse_value=self.parse_value,
            parse_literal=self.parse_literal,
        )

    def parse_value(self, value: object) -> object:
        """Read a variable. Raises BadInput."""
        if not isinstance(value, str):
            raise self._not_text(number=isinstance(value, int | float))
        read = self.read(value)
        if isinstance(read, Broken):
            raise self._refusal(read.rule, *(_SAID_OF.get(read.rule) or _measured(value)))
        return read

    def parse_literal(
        self, node: ValueNode, _variables: Mapping[str, object] | None = None
    ) -> object:
        """Read a literal. Raises BadInput: a number, or a word without quotes, is not text."""
        if isinstance(node, StringValueNode):
            return self.parse_value(node.value)
        raise self._not_text(number=isinstance(node, IntValueNode | FloatValueNode))

    def _not_text(self, *, number: bool) -> BadInput:
        if number:
            vi = "phải gửi dưới dạng chuỗi, vì dạng số làm mất chữ số 0 ở đầu"
            return self._refusal("not-text", vi, "send text, since a number loses leading zeros")
        return self._refusal("not-text", "phải gửi dưới dạng chuỗi", "send text")

    def _refusal(self, rule: str, vi: str, en: str) -> BadInput:
        return BadInput(
            self.name,
            rule,
            f"{self.term} {self.vi}; {vi}.",
            f"{self.name} is {self.en}; {en}.",
        )


_SAID_OF: Mapping[str, tuple[str, str]] = {
    "check-digit": (
        "chữ số kiểm tra (thứ mười) không đúng, có thể đã gõ nhầm",
        "the check digit, the tenth, is wrong, so a digit may be mistyped",
    ),
    "branch": ("hậu tố 000 không phải là chi nhánh", "the suffix 000 is no branch"),
    "spaces": (
        "giá trị gửi lên có khoảng trắng ở đầu hoặc cuối",
        "the value sent has spaces around it",
    ),
    "printable": (
        "giá trị gửi lên có ký tự không in được",
        "the value sent has characters that cannot be printed",
    ),
    "year": (
        f"năm phải từ {dates.FIRST_YEAR} đến {dates.LAST_YEAR}",
        f"the year must be from {dates.FIRST_YEAR} to {dates.LAST_YEAR}",
    ),
    "offset": (
        "giá trị gửi lên thiếu múi giờ",
        "the value sent has no offset, as +07:00 is in 2026-11-21T00:00:00+07:00",
    ),
    "no-such-day": ("giá trị gửi lên không có trong lịch", "the value sent is not in the calendar"),
}
"""What to say of a rule that length and kinds of characters do not explain."""

_KINDS: tuple[tuple[Callable[[str], bool], str, str], ...] = (
    (lambda c: c in "0123456789", "chữ số", "digits"),
    (str.isnumeric, "chữ số ngoài 0 đến 9", "digits other than 0 to 9"),
    (str.isspace, "khoảng trắng", "spaces"),
    (lambda c: c.isascii() and c.isupper(), "chữ in hoa", "capitals"),
    (lambda c: c.isascii() and c.islower(), "chữ thường", "small letters"),
    (str.isalpha, "chữ có dấu hoặc của bảng chữ khác", "letters with marks or of other scripts"),
    (lambda _: True, "dấu câu hoặc ký hiệu", "punctuation or signs"),
)


def _measured(text: str) -> tuple[str, str]:
    """Say how long *text* is and of which kinds of characters, in both languages."""
    if not text:
        return "giá trị gửi lên để trống", "the value sent is empty"
    found = {next(row for row in _KINDS if row[0](c)) for c in set(text)}
    kinds = [row for row in _KINDS if row in found]
    if kinds == [_KINDS[0]]:
        return f"giá trị gửi lên có {len(text)} chữ số", f"the value sent has {len(text)} digits"
    vi, en = (", ".join(str(row[language]) for row in kinds) for language in (1, 2))
    return (
        f"giá trị gửi lên có {len(text)} ký tự, gồm {vi}",
        f"the value sent has {len(text)} characters: {en}",
    )


def checked(
    check: Callable[[str], str | None], *, form: Callable[[str], str | None] = str
) -> Callable[[str], object]:
    """Read by a function that names the broken rule; *form* then puts the text in its one form."""

    def read(text: str) -> object:
        rule = check(text)
        if rule is not None:
            return Broken(rule)
        return form(text) or Broken("shape")

    return read


def like(pattern: str) -> Callable[[str], object]:
    """Read what *pattern* matches from end to end; a digit is 0 to 9 and no other."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: text if compiled.fullmatch(text) else Broken("shape")


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PARTIAL = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<offset>Z|[+-]\d\d:\d\d)?", re.ASCII
)
_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,6})?", re.ASCII)
_NO_SUCH_DAY = Broken("no-such-day")


def partial_date(text: str) -> object:
    """Read a date known to the day, the month or the year."""
    if not _PARTIAL.fullmatch(text):
        return Broken("shape")
    if not dates.FIRST_YEAR <= int(text[:4]) <= dates.LAST_YEAR:
        return Broken("year")
    return dates.parse(text) or _NO_SUCH_DAY


def day(text: str) -> object:
    """Read a day of the calendar."""
    if not _DAY.fullmatch(text):
        return Broken("shape")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _NO_SUCH_DAY


def moment(text: str) -> object:
    """Read a moment; without an offset it would be a guess, and is refused."""
    found = _MOMENT.fullmatch(text)
    if found is None or found["offset"] is None:
        return Broken("shape" if found is None else "offset")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return _NO_SUCH_DAY


def decimal(text: str) -> object:
    """Read a plain decimal: no exponent, no thousands."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else Broken("shape")


def shown(kind: type[_V], show: Callable[[_V], str]) -> Callable[[object], str]:
    """Make the way out: values of *kind* are shown; another type is our error, and is not named."""

    def serialize(value: object) -> str:
        if not isinstance(value, kind):
            msg = f"a {kind.__name__} was expected"
            raise TypeError(msg)
        return show(value)

    return serialize


def utc(value: datetime) -> str:
    """Write a moment in UTC, to the second."""
    if value.tzinfo is None:
        msg = "an aware datetime was expected"
        raise TypeError(msg)
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
