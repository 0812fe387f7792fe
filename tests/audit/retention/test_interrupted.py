"""A retirement that was cut off anywhere is finished by the same command, once more."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from audit.retention.held_keys import read_held_keys
from audit.retention.holds import hold
from audit.retention.plan import Plan, Refusal, Why
from audit.retention.retire import Step
from audit.retention.unfinished import begin
from audit.stores.schema import ENTRY
from audit.tree.keyring import Keyring
from audit.tree.restore import Statement, declare
from tests.audit.reading.workbench import UNREADABLE
from tests.audit.retention.workbench import BEFORE, NOW, OldLog, clock, distinct, make_months
from tests.audit.tree.workbench import back_up, connected, new_id, put_back, sequencing

IN_BETWEEN = {"RETIRED", "RETIRED_NEIGHBOURS", "STILL_RUNNING"}
CHECKOUT = Path(__file__).parents[3]


async def _killed(old_log: OldLog, when: str) -> None:
    """Let a process retire until it is as far as *when*, and no further."""
    async with sequencing(old_log.url, old_log.keys_dir / "log"):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.audit.retention.retire_until_killed",
            old_log.url, str(old_log.keys_dir), BEFORE, when,
            cwd=CHECKOUT, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert -signal.SIGKILL == await process.wait()


async def _declared(old_log: OldLog) -> int:
    async with connected(old_log.url) as connection:
        counted = await connection.exec_driver_sql(
            "SELECT count(*) FROM audit_entry WHERE kind = 'RETENTION'"
        )
        return int(counted.scalar_one())


@pytest.mark.parametrize("when", [*(step.value for step in Step), "REMOVING"])
async def test_a_kill_at_any_step_is_followed_by_the_same_command(
    old_log: OldLog, when: str
) -> None:
    before = await old_log.exported("before")
    spared = old_log.requests["2024-10"][0]
    await hold(
        old_log.url, old_log.keys(), [spared[0].entry_id], "a case",
        clock=clock, randomness=distinct,
    )  # fmt: skip
    await _killed(old_log, when)
    burnt = old_log.keys().months.since == BEFORE
    assert (when == "BURNT") == burnt
    assert 1 == await _declared(old_log)
    if when not in ("DECLARED", "PLACED"):
        assert {each.entry_id for each in spared} == set(read_held_keys(old_log.keys().held))
    # What an auditor would see in between is lawful too.
    between = await old_log.judged("between", before / "checkpoint-1")
    assert (3, set()) == (between.code, between.names - IN_BETWEEN)
    done = await old_log.retire()
    assert isinstance(done, Plan)
    assert (1, BEFORE) == (await _declared(old_log), old_log.keys().months.since)
    assert {each.entry_id for each in spared} == set(read_held_keys(old_log.keys().held))
    judged = await old_log.judged("after", before / "checkpoint-1")
    assert (3, 10) == (judged.code, judged.gone)
    assert Refusal(why=Why.NOTHING) == await old_log.retire()


async def test_an_entry_that_was_never_written_declares_nothing(old_log: OldLog) -> None:
    begin(old_log.keys_dir, new_id())
    assert isinstance(await old_log.retire(), Plan)
    assert 1 == await _declared(old_log)


@pytest.mark.parametrize("body", UNREADABLE)
async def test_a_declaration_that_cannot_be_read_is_made_once_more(
    old_log: OldLog, body: bytes
) -> None:
    await _killed(old_log, "PLACED")
    async with connected(old_log.url) as connection:
        told = update(ENTRY).where(ENTRY.c.kind == "RETENTION").values(body=body)
        assert 1 == (await connection.execute(told)).rowcount
    assert isinstance(await old_log.retire(), Plan)
    assert 2 == await _declared(old_log)


async def test_another_month_waits_for_the_one_that_was_cut_off(old_log: OldLog) -> None:
    await _killed(old_log, "PLACED")
    assert Refusal(why=Why.UNFINISHED, facts={"before": BEFORE}) == await old_log.retire("2024-12")


async def test_a_backup_from_before_is_restored_declared_and_retired_again(
    old_log: OldLog,
) -> None:
    spared = old_log.requests["2024-10"][0]
    await hold(
        old_log.url, old_log.keys(), [spared[0].entry_id], "a case",
        clock=clock, randomness=distinct,
    )  # fmt: skip
    before = await old_log.exported("before")
    await old_log.sequenced()
    backup = await back_up(old_log.url)
    await old_log.retire()
    await make_months(old_log.url)
    await put_back(old_log.url, backup)
    told = await declare(old_log.url, Keyring(old_log.keys_dir / "log"), now=NOW)
    assert isinstance(told, Statement)
    # The rows are back, and nobody can open them or find anybody in them any more.
    assert BEFORE == old_log.keys().months.since
    done = await old_log.retire()
    assert isinstance(done, Plan)
    assert (10, 2) == (done.entries, done.held)
    assert {each.entry_id for each in spared} == set(read_held_keys(old_log.keys().held))
    judged = await old_log.judged("after", before / "checkpoint-1")
    assert (3, 10) == (judged.code, judged.gone)
