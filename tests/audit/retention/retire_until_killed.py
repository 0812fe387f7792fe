"""A program that retires, and kills itself once it has come so far.

python -m tests.audit.retention.retire_until_killed URL KEYS_DIR BEFORE WHEN
"""

import asyncio
import os
import secrets
import signal
import sys
from pathlib import Path

from audit.months import load_or_create_months
from audit.retention.holds import Keys
from audit.retention.retire import retire
from tests.audit.retention.workbench import clock


async def main(url: str, keys_dir: str, before: str, when: str) -> None:
    """Retire; *when* is a step, or REMOVING for the midst of it."""

    def is_reached(reached: str) -> None:
        if reached == when:
            os.kill(os.getpid(), signal.SIGKILL)

    months = load_or_create_months(Path(keys_dir) / "months.key", clock())
    await retire(
        url,
        Keys(months, Path(keys_dir)),
        before,
        clock=clock,
        randomness=secrets.token_bytes,
        done=lambda step: is_reached(step.value),
        told=lambda _done, _all: is_reached("REMOVING"),
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
