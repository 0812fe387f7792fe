"""What a gateway that was taken over can put into the database stops nobody's work."""

from datetime import UTC, datetime
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from audit.retention.plan import Plan
from audit.stores.schema import microseconds
from audit.tree.proofs import LogReader
from tests.audit.postgres_server import WRITER, PostgresServer
from tests.audit.reading.workbench import UNREADABLE
from tests.audit.retention.workbench import MONTHS, NOW, OldLog, fill
from tests.audit.tree.workbench import new_id


class Taken:
    """A log in PostgreSQL, and what its writer's role can do to it by hand."""

    def __init__(self, server: PostgresServer, name: str, log: OldLog) -> None:
        self.log = log
        self._server = server
        self._name = name

    async def do(self, statement: str) -> None:
        """Do it as the role of a gateway."""
        await self._server.execute(self._name, statement, WRITER)

    async def keep(self, body: bytes, kind: str = "DENIED", at: datetime = NOW) -> None:
        """Add an entry of this *body*, and give it its place."""
        entry_id = new_id(at)
        columns = "entry_id, boot_id, counter, at, kind, request_id, body"
        values = f"'{entry_id}', '{entry_id}', 0, {microseconds(at)}, '{kind}', 'r'"
        await self.do(
            f"INSERT INTO audit_entry ({columns}) VALUES ({values}, '\\x{body.hex()}')"  # noqa: S608 - our own values
        )
        await self.do(f"INSERT INTO audit_queue VALUES ('{entry_id}')")  # noqa: S608 - likewise
        await self.log.sequenced()


@pytest.fixture
async def taken(postgres_server: PostgresServer, tmp_path: Path) -> Taken:
    name = await postgres_server.new_database()
    return Taken(postgres_server, name, await fill(postgres_server.url(name), tmp_path))


@pytest.mark.parametrize("year", [-4000, 1, 1969, 2201, 10000, 20000])
async def test_no_month_is_made_that_no_calendar_of_ours_has(taken: Taken, year: int) -> None:
    moment = round((year - 1970) * 365.2425 * 86_400) * 10**6
    with pytest.raises(asyncpg.PostgresError):
        await taken.do(f"SELECT audit_make_months({moment})")
    assert isinstance(await taken.log.retire(), Plan)


@pytest.mark.parametrize("waiting", ["", "x", "00000000-0000-7000-8000-000000000000"])
async def test_what_waits_without_an_entry_keeps_nobody_waiting(taken: Taken, waiting: str) -> None:
    await taken.do(f"INSERT INTO audit_queue VALUES ('{waiting}')")  # noqa: S608 - our own value
    reader = LogReader(taken.log.url)
    assert 0.0 == await reader.lag_seconds(datetime(2026, 11, 22, tzinfo=UTC))
    await reader.aclose()


@pytest.mark.parametrize("body", [b"\xff\xfe", b'{"a":\n1}', b"", b"#" + b"0" * 64, b"{" * 2**21])
async def test_an_entry_that_is_none_is_named_and_stops_no_export(
    taken: Taken, body: bytes
) -> None:
    await taken.keep(body)
    judged = await taken.log.judged("after")
    assert (1, 1) == (judged.code, judged.gone)
    assert {"RETIRED_UNDECLARED"} <= judged.names


@pytest.mark.parametrize("body", UNREADABLE)
async def test_a_retention_entry_that_is_none_declares_nothing_and_stops_no_other(
    taken: Taken, body: bytes
) -> None:
    await taken.keep(body, kind="RETENTION", at=MONTHS[0])
    done = await taken.log.retire()
    assert isinstance(done, Plan)
    assert 13 == done.retired.count
