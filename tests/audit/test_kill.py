"""What was promised is there, however the process ended."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from audit.record import from_bytes
from tests.audit.conftest import Opened
from tests.audit.databases import Database
from tests.audit.workbench import log_over

ROUNDS = 6
CHECKOUT = Path(__file__).parents[2]


def _append_until_killed(url: str, after: float) -> list[str]:
    """Give the ids that a process was promised before it was killed with signal 9."""
    command = [sys.executable, "-m", "tests.audit.append_until_killed", url]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        promised = [process.stdout.readline()]
        time.sleep(after)
        process.kill()
        promised += process.stdout.readlines()
    assert -signal.SIGKILL == process.returncode
    # The last line may have been cut in the middle.
    return [line.strip() for line in promised if line.endswith("\n")]


async def test_no_entry_that_was_promised_is_missing_after_a_kill(
    database: Database, opened: Opened
) -> None:
    moments = random.Random(2026)  # noqa: S311 - moments to kill at, not secrets
    for _ in range(ROUNDS):
        promised = await asyncio.to_thread(
            _append_until_killed, database.url, moments.uniform(0.05, 0.4)
        )
        stored = {
            entry_id for (entry_id,) in await database.ask("SELECT entry_id FROM audit_entry")
        }
        assert len(promised) > 8
        assert set() == set(promised) - stored
    await opened(log_over(database.store()))
    # The boot after each of them says that it was lost, and to which counter it came.
    killed = await database.ask(
        "SELECT boot_id, max(counter), count(*) - 1 FROM audit_entry WHERE boot_id IN"
        " (SELECT boot_id FROM audit_entry WHERE kind = 'INTENT') GROUP BY boot_id",
    )
    bodies = await database.ask("SELECT body FROM audit_entry WHERE kind = 'BOOT_LOST'")
    lost = [from_bytes(body).entry.lost for (body,) in bodies]
    assert ROUNDS == len(killed)
    assert [last for _, last, _ in killed] == [gap_free for _, _, gap_free in killed]
    assert {(boot_id, last) for boot_id, last, _ in killed} == {
        (each.boot_id, each.last_counter) for each in lost if each is not None
    }
    assert ROUNDS == len(lost)
