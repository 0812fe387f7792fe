"""A file that may change while we serve: looked at now and then, taken over only when it is right.

The last version that was right is kept on this machine's disk, so that a replica starts while the
source is down, and so that a start is no way back to an older version.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from audit.key_files import replace_file
from auth.bundle import LONGEST, Rejected

_log = structlog.get_logger()

Value = TypeVar("Value")

Fetch = Callable[[str], Awaitable[bytes | None]]
"""Get what stands at an address, or None for whatever went wrong. MUST end in bounded time."""


class SourceUnusableError(Exception):
    """There is no version to start with: which source, and why."""


class Watched(Generic[Value]):
    """One source, opened by *judge*; *newer* refuses what may not follow the value in use.

    *judge* may read a long file and check a signature: it runs in a thread of its own.
    *kept* is None where nothing is kept.
    """

    def __init__(
        self,
        name: str,
        source: str,
        *,
        fetch: Fetch,
        judge: Callable[[str], Value | Rejected],
        newer: Callable[[Value, Value], Rejected | None],
        kept: Path | None,
        changed: Callable[[], None],
    ) -> None:
        self._name, self._source, self._kept = name, source, kept
        self._fetch, self._judge, self._newer, self._changed = fetch, judge, newer, changed
        self._value: Value | None = None
        self._text: str | None = None
        self._said: tuple[str, str] | None = None
        self.version = 0
        """Counts the values this process has had; not the version that a file gives itself."""

    def current(self) -> Value:
        """Give the value in use; only after open()."""
        if self._value is None:
            message = f"{self._name} was read before it was opened"
            raise RuntimeError(message)
        return self._value

    async def open(self) -> None:
        """Take the kept version, then the source's if it may follow. Raises SourceUnusableError."""
        rejected = None
        kept = await asyncio.to_thread(_read, self._kept) if self._kept is not None else None
        if kept is not None:
            rejected = await self._take(kept)
        rejected = await self.look() or rejected
        if self._value is None:
            why = rejected.sentence if rejected is not None else "không đọc được"
            message = f"{self._source}: {why}."
            raise SourceUnusableError(message)

    async def look(self) -> Rejected | None:
        """Look at the source once; what is wrong with it is said in the log, once, and returned."""
        content = await self._content()
        if content is None:
            self._say("source does not answer", "the version in use stays")
            return None
        if content == self._text:
            self._said = None
            return None
        rejected = await self._take(content)
        if rejected is not None:
            self._say("new version refused", f"{rejected.rule} {rejected.detail}".strip())
            return rejected
        self._said = None
        if self._kept is not None:
            await self._keep(self._kept, content)
        return None

    async def judge_again(self) -> None:
        """Judge the text in use again, because what it is judged by has changed."""
        if self._text is not None:
            value = await asyncio.to_thread(self._judge, self._text)
            if not isinstance(value, Rejected) and value != self._value:
                self._use(value, self._text)

    async def _take(self, text: str) -> Rejected | None:
        value = await asyncio.to_thread(self._judge, text)
        if isinstance(value, Rejected):
            return value
        refused = self._newer(self._value, value) if self._value is not None else None
        if refused is None:
            self._use(value, text)
        return refused

    def _use(self, value: Value, text: str) -> None:
        changed = self._value is not None
        self._value, self._text = value, text
        self.version += 1
        self._changed()
        if changed:
            _log.info("version taken over", file=self._name)

    async def _content(self) -> str | None:
        if "://" in self._source:
            content = await self._fetch(self._source)
        else:
            content = await asyncio.to_thread(_read_bytes, Path(self._source))
        return _decoded(content)

    async def _keep(self, kept: Path, text: str) -> None:
        try:
            await asyncio.to_thread(_write, kept, text)
        except OSError:
            _log.warning(
                "version in use could not be kept",
                file=self._name,
                action="check that LIENTHONG_KEPT_DIR can be written",
            )

    def _say(self, event: str, reason: str) -> None:
        """Warn once about one trouble, however often it is met."""
        if self._said != (event, reason):
            self._said = (event, reason)
            _log.warning(event, file=self._name, reason=reason)


def _decoded(content: bytes | None) -> str | None:
    """Read UTF-8; other bytes are passed on in a form that nobody will take for signed or TOML."""
    return content.decode("utf-8", "replace") if content is not None else None


def _read(path: Path) -> str | None:
    return _decoded(_read_bytes(path))


def _read_bytes(path: Path) -> bytes | None:
    """Read a file; one byte more than the longest is enough to be refused as too long."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 1)
    except OSError:
        return None


def _write(path: Path, text: str) -> None:
    """Replace *path* whole or not at all, durably, readable by nobody else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, text.encode())
