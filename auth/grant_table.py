"""One table of an operator's file, read field by field, or the line that is wrong.

The complaint names line, field and rule, never the value: an accountable officer's number is in
the grants. For the same reason the TOML reader's own message is dropped. The lists of revocations
and the notices of withdrawal are read by the same rules.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn, TypeVar

GRANT_RULES = {
    "not-toml": "cannot be read: this is not TOML in UTF-8",
    "missing": "must be given",
    "unknown": "is not known; a misspelt restriction would be none",
    "not-text": "must be a text that is not empty",
    "not-a-number": "must be a whole number from 1",
    "not-a-date": "must be a day, written 2025-07-01 without quotes",
    "not-a-list": "must be a list of texts with at least one in it",
    "not-a-table": "must be a table",
    "not-a-choice": "must be one of the words that grant.py lists",
    "malformed-name": "may have letters, digits and . _ : - only",
    "malformed-agency": "must hold agency codes such as H26 or H26.12",
    "malformed-procedure": "must hold national codes such as 1.004222",
    "malformed-personal-id": "must be a personal id of twelve digits",
    "every-procedure-in-production": 'may be "*" in the sandbox only; name the procedures',
    "real-number-in-sandbox": "must begin with 097, 098 or 099 in the sandbox",
    "sandbox-number-in-production": "begins with 097, 098 or 099: nobody has such a number",
    "agency-not-granted": "names an agency that the grant does not speak for",
    "ends-before-it-begins": "lies before the day on which it begins",
    "same-id": "stands on an earlier grant too",
    "overlaps": "includes what an earlier grant of this consumer includes on the same days",
    "assertion-without-ground": "must say why the portal's word is enough (attestation ASSERTED)",
    "consumer-not-listed": "has no [[consumer]] of its own, which production asks for",
    "attests-without-key": "must sign its attestations: its [[consumer]] needs keys",
    "not-a-public-key": "must hold public keys: EC P-256, Ed25519, or RSA of 2048 to 8192 bits",
    "private-key": "holds a private key: take it out, and never use it again",
    "same-key": "holds a key that stands here twice, or at another owner",
    "issuer-without-key": "signs its own tokens: it needs an issuer's name and keys",
    "issuer-of-another": "is the own name of another consumer as an issuer",
    "not-an-address": "must be an https address",
    "not-a-registry": "must be population, business, insurance or land",
    "one-of-three": "must be exactly one of token, client and key",
    "one-at-least": "must name a consumer, a procedure, or both",
    "malformed-thumbprint": "must be the 43 letters of a key's thumbprint (RFC 7638)",
}
"""The rules of the file, in the words an operator reads."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_HEADER = re.compile(r"\s*\[\[\s*([a-z_]+)\s*\]\]")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")

_Word = TypeVar("_Word", bound=str)


class GrantsInvalid(ValueError):  # noqa: N818 - our exceptions are named as facts
    """The file breaks a *rule* in a *field*, on a *line* where one can be told."""

    def __init__(self, source: str, line: int | None, field: str, rule: str) -> None:
        self.source, self.line, self.field, self.rule = source, line, field, rule
        where = source if line is None else f"{source}, line {line}"
        super().__init__(f"{where}: {field} {GRANT_RULES[rule]} ({rule})")


class Text:
    """The file as it was written, to find again the line on which a field stands."""

    def __init__(self, source: str, content: str) -> None:
        self.source = source
        self.content = content
        self.lines = content.splitlines()

    def line_of(self, field: str, section: tuple[str, int] | None) -> int | None:
        """Find a field of the n-th table of a kind or, without one, of the file's own.

        Where the field is missing: the line on which its section begins.
        """
        first, end = self._bounds(section)
        name = re.escape(field)
        wanted = re.compile(rf"""\s*(?:["']?{name}["']?\s*[=.]|\[.*\.\s*["']?{name}["']?\s*\])""")
        for at in range(first, end):
            if wanted.match(self.lines[at]):
                return at + 1
        return None if section is None else first or None

    def _bounds(self, section: tuple[str, int] | None) -> tuple[int, int]:
        """Give the first line after a section's header, and the first that is no longer its."""
        headers = [
            (at, found[1]) for at, line in enumerate(self.lines) if (found := _HEADER.match(line))
        ]
        starts = [at for at, _ in headers]
        if section is None:
            return 0, min([*starts, len(self.lines)])
        kind, number = section
        own = [at for at, named in headers if named == kind]
        if number > len(own):
            return 0, 0
        header = own[number - 1]
        return header + 1, min([at for at in starts if at > header] or [len(self.lines)])


class Table:
    """The fields of the file or of a *section*: the n-th table (from 1) of its kind."""

    def __init__(
        self, text: Text, values: Mapping[str, object], section: tuple[str, int] | None = None
    ) -> None:
        self._text = text
        self._section = section
        self.values = values

    def fail(self, field: str, rule: str, *, known: bool = True) -> NoReturn:
        """Raise GrantsInvalid; a field that is not *known* could be anything: it is not named."""
        shown = field if known else "a field"
        if self._section is not None:
            kind, number = self._section
            shown = f"{kind} {number}, {shown}"
        line = self._text.line_of(field, self._section)
        raise GrantsInvalid(self._text.source, line, shown, rule)

    def tables(self, kind: str, *, needed: bool = True) -> "Iterator[Table]":
        """Give the tables of a *kind* in their order; the file MUST have one where *needed*."""
        listed = self.values.get(kind, None if needed else [])
        if not isinstance(listed, list) or not all(isinstance(member, dict) for member in listed):
            self.fail(kind, "missing" if listed is None else "not-a-table")
        for number, member in enumerate(listed, start=1):
            yield Table(self._text, member, (kind, number))

    def only(self, fields: frozenset[str]) -> None:
        """Take no other field than *fields*."""
        for field in self.values:
            if field not in fields:
                self.fail(field, "unknown", known=False)

    def text(self, field: str) -> str:
        """Read a text."""
        value = self._given(field)
        if not isinstance(value, str) or not value.strip():
            self.fail(field, "not-text")
        return value

    def name(self, field: str) -> str:
        """Read a text that may stand in a log line."""
        value = self.text(field)
        if not _NAME.fullmatch(value):
            self.fail(field, "malformed-name")
        return value

    def thumbprint(self, field: str) -> str:
        """Read the thumbprint of a key."""
        value = self.text(field)
        if not _THUMBPRINT.fullmatch(value):
            self.fail(field, "malformed-thumbprint")
        return value

    def number(self, field: str, default: int | None = None) -> int:
        """Read a whole number from 1; *default* where nothing is said."""
        value = self.values.get(field, default) if default else self._given(field)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.fail(field, "not-a-number")
        return value

    def day(self, field: str) -> date:
        """Read a day."""
        value = self._given(field)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fail(field, "not-a-date")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """Read a list of texts that is not empty."""
        value = self._given(field)
        if not isinstance(value, list) or not value:
            self.fail(field, "not-a-list")
        texts = tuple(text for text in value if isinstance(text, str) and text)
        if len(texts) != len(value):
            self.fail(field, "not-a-list")
        return texts

    def members(self, field: str) -> list[dict[str, object]]:
        """Read a list of tables that is not empty, such as keys."""
        value = self._given(field)
        if not isinstance(value, list) or not value or not all(isinstance(m, dict) for m in value):
            self.fail(field, "not-a-table")
        return value

    def choice(self, field: str, default: _Word, *others: _Word) -> _Word:
        """Read one of a few words; *default* where nothing is said."""
        value = self.values.get(field, default)
        word = next((word for word in (default, *others) if value == word), None)
        if word is None:
            self.fail(field, "not-a-choice")
        return word

    def inner(self, field: str) -> Mapping[str, object]:
        """Read a table inside; an empty one where nothing is said."""
        value = self.values.get(field, {})
        if not isinstance(value, dict):
            self.fail(field, "not-a-table")
        return value

    def _given(self, field: str) -> object:
        if field not in self.values:
            self.fail(field, "missing")
        return self.values[field]


def read_text(source: Path | str, name: str = "grants") -> Text:
    """Read a file (a Path), or take its content (a str), which is then called by *name*."""
    if isinstance(source, str):
        return Text(name, source)
    try:
        return Text(source.name, source.read_bytes().decode("utf-8"))
    except UnicodeDecodeError:
        raise GrantsInvalid(source.name, None, "the file", "not-toml") from None


def read_table(text: Text) -> Table:
    """Read the TOML, or raise GrantsInvalid with the line at which it ceases to be any."""
    try:
        return Table(text, tomllib.loads(text.content))
    except ValueError as broken:
        # A TOMLDecodeError mostly; of a number with thousands of digits Python says a plain one.
        at = re.search(r"at line ([0-9]+)", str(broken))
        line = int(at[1]) if at else len(text.lines)
        raise GrantsInvalid(text.source, line, "the file", "not-toml") from None
    except RecursionError:
        raise GrantsInvalid(text.source, None, "the file", "not-toml") from None
