"""A province's land database as the sandbox makes it behave: a plugin of SQLAlchemy.

It lives in the process of whoever opens the URL of the ready line and knows nothing of it. Every
question becomes a row of the journal, and the province's faults are played on what it finds. All
of that happens on the connection's own thread: a province that hangs holds up nobody else.

Beside the tables of `land_tables.py` a province has `thong_bao_bao_tri(den_luc)`: empty, or one
row in an announced window.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import URL, Dialect, Engine, event
from sqlalchemy.engine import CreateEnginePlugin
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from sandbox.faults import Fault, Faults, Mode
from sandbox.faulty import HANG_SECONDS, MAINTENANCE_WINDOW
from sandbox.journal import Journal, Row
from sandbox.land_scenery import KEYS, SCENERY, of_others

REQUEST_ID = "ma_yeu_cau"
"""A column under this name, if the asker's statement has one, gives its own id of the call."""

TRIES = 100

NOTICE_VIEW = """
    CREATE TEMP VIEW thong_bao_bao_tri AS
    SELECT den_luc FROM (SELECT bao_tri_den_luc() AS den_luc) WHERE den_luc IS NOT NULL
"""

Line: TypeAlias = tuple[object, ...]
Ask: TypeAlias = Callable[[Sequence[object]], list[Line]]


class Province:
    """What all connections to one database share: its name, its switches, its journal."""

    def __init__(self, database: Path) -> None:
        self.registry = database.stem
        self.faults = Faults(database.with_name("faults.json"))
        self.journal = Journal(database.with_name("journal.jsonl"))

    def refuse_when_down(self) -> None:
        """Fail as a database does that does not listen; nothing reached it, so nothing is noted."""
        if self.faults.take(self.registry, {Mode.DOWN}):
            message = "connection closed"
            raise sqlite3.OperationalError(message)


class Connection(sqlite3.Connection):
    """A connection to a province; *left* is set when the asker gives it up."""

    def __init__(
        self, province: Province, left: threading.Event, *args: str, **options: object
    ) -> None:
        province.refuse_when_down()
        super().__init__(*args, **options)  # type: ignore[arg-type] # as sqlite3.connect got them
        self.province = province
        self.left = left
        self.window_end: str | None = None
        self.create_function("bao_tri_den_luc", 0, lambda: self.window_end)
        self.plainly(NOTICE_VIEW)

    def cursor(self, factory: type[sqlite3.Cursor] | None = None) -> sqlite3.Cursor:  # type: ignore[override] # one kind of cursor is all that is given
        """Give a cursor that obeys the switches."""
        return super().cursor(factory or Cursor)

    def plainly(self, statement: str) -> list[Line]:
        """Run a statement of the sandbox's own: neither noted nor spoilt."""
        return sqlite3.Cursor(self).execute(statement).fetchall()

    @contextmanager
    def scenery(self, mode: Mode | None) -> Iterator[None]:
        """Have the tables look as they do under this fault."""
        views = SCENERY.get(mode, {}) if mode else {}
        for name, question in views.items():
            self.plainly(f"CREATE TEMP VIEW {name} AS {question}")
        if mode is Mode.MAINTENANCE:
            self.window_end = (datetime.now(UTC) + MAINTENANCE_WINDOW).isoformat(timespec="seconds")
        try:
            yield
        finally:
            self.window_end = None
            for name in views:
                self.plainly(f"DROP VIEW temp.{name}")


class Cursor(sqlite3.Cursor):
    """A cursor whose questions are noted, and answered as the switch of the moment says."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._of = connection
        self._rows: Iterator[Line] = iter(())

    def execute(self, sql: str, parameters: Sequence[object] = (), /) -> "Cursor":  # type: ignore[override] # its own types are private
        """Run a statement; a question is answered whole before this returns."""
        ask = partial(self._ask, sql)
        is_question = sql.lstrip().startswith(("SELECT", "WITH"))
        self._rows = iter(self._answer(ask, parameters) if is_question else ask(parameters))
        return self

    def fetchone(self) -> Line | None:
        """Give the next row of the answer."""
        return next(self._rows, None)

    def fetchmany(self, size: int | None = 1) -> list[Line]:
        """Give some more rows of the answer."""
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Line]:
        """Give what is left of the answer."""
        return list(self._rows)

    def _ask(self, sql: str, parameters: Sequence[object]) -> list[Line]:
        super().execute(sql, parameters)
        return super().fetchall()

    def _answer(self, ask: Ask, parameters: Sequence[object]) -> list[Line]:
        """Do the work first, then play the fault: the journal names what was asked all the same."""
        province, started = self._of.province, time.monotonic()
        province.refuse_when_down()
        fault = province.faults.take(province.registry, set(Mode) - {Mode.DOWN})
        rows: list[Line] = []
        outcome = "not_understood"
        try:
            with self._of.scenery(fault.mode if fault else None):
                rows = ask(parameters)
            if fault and fault.mode is Mode.WRONG_PERSON:
                rows = self._about_another(ask, parameters, rows)
            outcome = self._show(fault, rows)
            if outcome in {"abandoned", Mode.HANG}:
                message = "interrupted"
                raise sqlite3.OperationalError(message)
        finally:
            request_id = self._request_id(rows)
            asked = dict.fromkeys(it for it in parameters if isinstance(it, str))
            row = Row(
                registry=province.registry,
                operation="select",
                key=province.journal.digest(",".join(it for it in asked if it != request_id)),
                request_id=request_id,
                started=started,
                ended=time.monotonic(),
                outcome=outcome,
            )
            province.journal.write(row)
        return rows

    def _show(self, fault: Fault | None, rows: list[Line]) -> str:
        """Take the time that the fault takes, and say how it went."""
        match fault and fault.mode:
            case Mode.HANG:
                self._of.left.wait(HANG_SECONDS)
                return Mode.HANG.value
            case Mode.SLOW if fault and self._of.left.wait(fault.ms / 1000):
                return "abandoned"
            case Mode.GARBLED | Mode.HTML | Mode.MAINTENANCE as mode:
                return mode.value
        return "found" if self._content(rows) else "empty"

    def _about_another(
        self, ask: Ask, parameters: Sequence[object], honest: list[Line]
    ) -> list[Line]:
        """Answer as if another had been asked for; without another, or without rows, honestly.

        Of several keys in one question, some may have no other in this province.
        """
        if not self._content(honest):
            return honest
        known = [self._of.plainly(question) for question in KEYS]
        mixed = honest
        for instead in islice(of_others(known, parameters), TRIES):
            rows = ask(instead)
            if self._content(rows) and set(rows).isdisjoint(honest):
                return rows
            if not set(rows).issubset(honest):
                mixed = rows
        return mixed

    def _content(self, rows: list[Line]) -> bool:
        """Whether the rows say anything beside the asker's own id."""
        own = self._request_id(rows)
        return any(value is not None and value != own for row in rows for value in row)

    def _request_id(self, rows: list[Line]) -> str | None:
        names = [column[0] for column in self.description or ()]
        if not rows or REQUEST_ID not in names:
            return None
        return str(rows[0][names.index(REQUEST_ID)])


class ProvincePlugin(CreateEnginePlugin):
    """Makes an engine's connections those of a province of the sandbox."""

    def __init__(self, url: URL, kwargs: dict[str, object]) -> None:
        super().__init__(url, kwargs)
        self._province = Province(Path(url.database or ""))

    def update_url(self, url: URL) -> URL:
        """Leave the URL as it is: nothing in it is for the plugin alone."""
        return url

    def engine_created(self, engine: Engine) -> None:
        """Be asked for each connection, and be told when one is given up."""
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "close", _leave)

    def _connect(
        self,
        _dialect: Dialect,
        entry: ConnectionPoolEntry,
        _arguments: Sequence[object],
        options: MutableMapping[str, object],
    ) -> None:
        entry.info["left"] = threading.Event()
        options["factory"] = partial(Connection, self._province, entry.info["left"])


def _leave(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """Wake what waits on the connection's thread, or closing it would wait as well."""
    entry.info["left"].set()
