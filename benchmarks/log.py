"""What the access log costs: CPU of this process, and of a wave (an intent and an outcome).

64 callers at once, so that batches form as they do under load, and one alone, who has each commit
to himself: the dearest way to write.
"""

import asyncio
import gc
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from audit.circumstances import Attestation, Circumstances, OfficerStanding
from audit.entry import Read, SourceNote, Subject, uuid7
from audit.log import AccessLog, MemoryAccessLog
from audit.making import intent, outcome
from audit.stores import open_access_log
from benchmarks.world import Measured
from tests.audit.postgres_server import WRITER, PostgresServer

CALLERS = 64
WAVES = 6_400
LONE_WAVES = 500

_FIELDS = tuple(f"applicant/field{number}" for number in range(6))
_STATES = dict.fromkeys(_FIELDS, "VALUE")
_NOTES = [
    SourceNote(registry=registry, state="VALUE", upstream_request_ids=("q-1",), waited_ms=12)
    for registry in ("POPULATION", "INSURANCE")
]


class Forgetful(MemoryAccessLog):
    """A log that keeps nothing: what is left is what the entries themselves cost."""

    async def append(self, entries: object) -> None:
        """Forget."""


def _now() -> datetime:
    return datetime.now(UTC)


def _circumstances() -> Circumstances:
    return Circumstances(
        request_id=uuid7(_now(), os.urandom(10)),
        consumer_id="portal-hanoi",
        token_id="t-1",  # noqa: S106 - the id of a token, not a token
        receiving_agency="H26.12",
        competent_agency="H26",
        unit="H26.12.1",
        officer_tag="o" * 43,
        officer_standing=OfficerStanding.CLAIM,
        procedure="1.004222",
        procedure_version="9f2d3c4b5a6f7e8d",
        dossier_tag=secrets.token_urlsafe(32),
        step="PREFILL",
        legal_basis="LAW",
        grant_id="hanoi-1",
        grant_version=3,
        attestation=Attestation.ASSERTED,
        document_hash="ab" * 32,
        operation_name="DangKyThuongTru",
    )


def _reads() -> list[Read]:
    tags = (secrets.token_urlsafe(32),)
    return [
        Read(
            registry=registry,
            operation="TraCuuThongTinCongDan",
            subjects=(Subject(tags=tags, roles=("applicant",)),),
            fields=_FIELDS,
        )
        for registry in ("POPULATION", "INSURANCE")
    ]


async def _wave(log: AccessLog) -> None:
    """Leave what a request with one wave of two registries leaves."""
    given = _circumstances()
    first = intent(given, entry_id=uuid7(_now(), os.urandom(10)), at=_now(), wave=1, reads=_reads())
    await log.append([first])
    last = outcome(
        given,
        entry_id=uuid7(_now(), os.urandom(10)),
        at=_now(),
        intents=[first.entry_id],
        result="COMPLETE",
        http_status=200,
        states=_STATES,
        answer_bytes=1943,
        duration_ms=41,
        sources=_NOTES,
    )
    await log.append([last])


async def _measure(name: str, log: AccessLog, *, callers: int, waves: int) -> Measured:
    async def caller() -> None:
        for _ in range(waves // callers):
            await _wave(log)

    async def all_callers() -> None:
        await asyncio.gather(*(caller() for _ in range(callers)))

    await _wave(log)
    gc.collect()
    began = time.process_time()
    await all_callers()
    return Measured(name, (time.process_time() - began) / waves * 1e6)


@asynccontextmanager
async def _sqlite() -> AsyncIterator[AccessLog]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'log.db'}"
        log = open_access_log(url, replica="bench", clock=_now)
        await log.open()
        yield log
        await log.close()


@asynccontextmanager
async def _postgres() -> AsyncIterator[AccessLog]:
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder) / "data")
        await server.prepare()
        url = server.url(await server.new_database(), WRITER)
        log = open_access_log(url, replica="bench", clock=_now)
        await log.open()
        yield log
        await log.close()
        server.stop()


async def rows() -> list[Measured]:
    """Measure."""
    name = "a wave's entries, {}"
    measured = [
        await _measure(name.format("kept nowhere"), Forgetful(), callers=CALLERS, waves=WAVES)
    ]
    for place, store in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        async with store() as log:
            for who, callers, waves in (("64 callers", CALLERS, WAVES), ("one", 1, LONE_WAVES)):
                measured.append(
                    await _measure(
                        name.format(f"{place}, {who}"), log, callers=callers, waves=waves
                    )
                )
    return measured


if __name__ == "__main__":
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for row in runner.run(rows()):
            print(f"{row.name:<48} {row.cpu_us:>9.1f} us CPU")
