"""What the tests of retention work with: a log that is old enough."""

import asyncio
import itertools
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from audit.circumstances import Circumstances
from audit.detail import Detail, Details
from audit.entry import Entry, Read, Subject, uuid7
from audit.making import intent, outcome
from audit.months import MonthKeys, load_or_create_months
from audit.retention.holds import Keys
from audit.retention.plan import Plan, Refusal
from audit.retention.retire import retire
from audit.stores.opening import open_access_log
from audit.stores.schema import BY_MONTH, microseconds
from audit.tags import TagDomain, Tagger
from audit.tree.export import Exported, export
from tests.audit.tree.workbench import connected, sequencing, until_size

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
MONTHS = tuple(datetime(2024, month, 15, tzinfo=UTC) for month in (9, 10, 11))
BEFORE = "2024-11"
PERSON = "097203000001"
_KEY = bytes(range(32))
_VERIFIER = Path(__file__).parents[3] / "audit" / "verify.py"
_SAID_ANYHOW = {"LOG", "KEPT_RIGHT", "NO_KEPT", "NO_WITNESS", "NO_RECEIPTS"}
_numbers = itertools.count(1)


def distinct(length: int) -> bytes:
    return next(_numbers).to_bytes(length, "little")


def clock() -> datetime:
    return NOW


class OldLog(NamedTuple):
    """A log with two requests in each of the MONTHS and one today; SIZE leaves."""

    url: str
    folder: Path
    requests: dict[str, list[Sequence[Entry]]]
    """Of each month, the entries of each request: its intent and its outcome."""

    @property
    def keys_dir(self) -> Path:
        """Name the folder of the keys."""
        return self.folder / "keys"

    def keys(self) -> Keys:
        """Read the keys as a command does that starts now."""
        return Keys(load_or_create_months(self.keys_dir / "months.key", NOW), self.keys_dir)

    def entries(self, month: str) -> list[Entry]:
        """Give what was written in a month, without the boots."""
        return [entry for request in self.requests[month] for entry in request]

    async def kept(self) -> dict[str, set[str]]:
        """Give the ids of entries that each table still speaks of."""
        async with connected(self.url) as connection:
            return {
                table.name: set((await connection.execute(select(table.c.entry_id))).scalars())
                for table in BY_MONTH
            }

    async def retire(self, before: str = BEFORE, at: datetime = NOW) -> Plan | Refusal:
        """Retire at some time, while somebody sequences."""
        async with sequencing(self.url, self.keys_dir / "log"):
            told = await retire(
                self.url, self.keys(), before, clock=lambda: at, randomness=distinct, patience=10
            )
        await self.sequenced()
        return told

    async def sequenced(self) -> None:
        """Let everything have its place."""
        async with connected(self.url) as connection:
            count = await connection.exec_driver_sql(
                "SELECT (SELECT count(*) FROM audit_leaf) + (SELECT count(*) FROM audit_queue)"
            )
            size = count.scalar_one()
        async with sequencing(self.url, self.keys_dir / "log"):
            await until_size(self.url, size)

    async def exported(self, name: str) -> Path:
        """Export what is there."""
        await self.sequenced()
        out = self.folder / name
        told = await export(self.url, out, writer=self.url, clock=clock, randomness=distinct)
        assert isinstance(told, Exported)
        return out

    async def judged(self, name: str, *kept: Path) -> "Judged":
        """Export, and let the offline verifier judge it against checkpoints that were *kept*."""
        out = await self.exported(name)
        command = [sys.executable, str(_VERIFIER), str(out), "--vkeys", str(out / "vkeys")]
        for each in kept:
            command += ["--kept", str(each)]
        done = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        told, _ = await done.communicate()
        names = set(re.findall(r"^ +([A-Z_]+):", told.decode(), re.MULTILINE)) - _SAID_ANYHOW
        lines = (out / "entries").read_bytes().splitlines()
        return Judged(
            code=await done.wait(), names=names, gone=sum(line.startswith(b"#") for line in lines)
        )


class Judged(NamedTuple):
    """The exit code, what was said of this log in particular, and how many leaves say nothing."""

    code: int
    names: set[str]
    gone: int


async def make_months(url: str) -> None:
    """Make room for the MONTHS again, as a backup that is put back does."""
    async with connected(url) as connection:
        if connection.dialect.name == "postgresql":
            for at in MONTHS:
                await connection.exec_driver_sql(f"SELECT audit_make_months({microseconds(at)})")


def request(months: MonthKeys, at: datetime) -> Sequence[Entry]:
    """Make the two entries of a request about PERSON, with the number in their details."""
    tag = Tagger(months).tag(TagDomain.PERSON, PERSON, at)
    given = Circumstances(request_id=f"r-{next(_numbers)}", consumer_id="portal-hanoi")
    read = Read(
        registry="POPULATION",
        operation="TraCuuThongTinCongDan",
        subjects=(Subject(tags=(tag,), roles=("applicant",)),),
        fields=("applicant/fullName",),
    )
    details = Details(months, distinct)
    detail = Detail(subjects=(((TagDomain.PERSON, PERSON),),))
    asked, told = uuid7(at, distinct(10)), uuid7(at, distinct(10))
    return (
        intent(
            given, entry_id=asked, at=at, wave=1, reads=[read],
            detail=details.seal(asked, at, detail),
        ),
        outcome(
            given, entry_id=told, at=at + timedelta(seconds=1), intents=[asked], result="OK",
            http_status=200, states={"applicant/fullName": "VALUE"}, answer_bytes=10,
            duration_ms=1000, detail=details.seal(told, at, detail),
        ),
    )  # fmt: skip


def _same(at: datetime) -> datetime:
    return at


async def fill(url: str, folder: Path) -> OldLog:
    """Write the log as gateways did at those times, and sequence it."""
    made = OldLog(url, folder, {})
    made.keys_dir.mkdir()
    path = made.keys_dir / "months.key"
    path.touch(mode=0o600)
    path.write_text(f"2024-08 {_KEY.hex()}\n")
    months = MonthKeys(_KEY, since="2024-08")
    size = 0
    for at in (*MONTHS, NOW):
        log = open_access_log(
            url, replica="a", clock=partial(_same, at), randomness=distinct, commit_timeout=10
        )
        await log.open()
        requests = [request(months, at + timedelta(hours=hour)) for hour in (1, 2)]
        for each in requests:
            await log.append(each)
        await log.close()
        made.requests[f"{at:%Y-%m}"] = requests
        size += 6
    async with sequencing(url, made.keys_dir / "log"):
        await until_size(url, size)
    return made
