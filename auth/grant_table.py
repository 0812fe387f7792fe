"""One table of the grants file, read field by field, or the line that is wrong.

The complaint names line, field and rule, never the value: an accountable officer's number is in
this file. For the same reason the TOML reader's own message is dropped.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
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
}
"""The rules of the file, in the words an operator reads."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_GRANT_HEADER = re.compile(r"\s*\[\[\s*grant\s*\]\]")

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

    def line_of(self, field: str, grant: int | None) -> int | None:
        """Find a field of the n-th grant or, without one, of the file; else where that begins."""
        headers = [at for at, line in enumerate(self.lines) if _GRANT_HEADER.match(line)]
        bounds = [-1, *headers, len(self.lines)]
        section = 0 if grant is None else grant
        if section + 1 >= len(bounds):
            return None
        name = re.escape(field)
        wanted = re.compile(rf"""\s*(?:["']?{name}["']?\s*[=.]|\[.*\.\s*["']?{name}["']?\s*\])""")
        for at in range(bounds[section] + 1, bounds[section + 1]):
            if wanted.match(self.lines[at]):
                return at + 1
        return None if grant is None else bounds[section] + 1


class Table:
    """The fields of the file or of its n-th *grant* (from 1)."""

    def __init__(self, text: Text, values: Mapping[str, object], grant: int | None = None) -> None:
        self._text = text
        self._grant = grant
        self.values = values

    def fail(self, field: str, rule: str, *, known: bool = True) -> NoReturn:
        """Raise GrantsInvalid; a field that is not *known* could be anything: it is not named."""
        shown = field if known else "a field"
        if self._grant is not None:
            shown = f"grant {self._grant}, {shown}"
        line = self._text.line_of(field, self._grant)
        raise GrantsInvalid(self._text.source, line, shown, rule)

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

    def number(self, field: str) -> int:
        """Read a whole number from 1."""
        value = self._given(field)
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
