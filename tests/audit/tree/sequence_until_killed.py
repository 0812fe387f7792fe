"""A sequencer as a process of its own; its parent kills it.

python -m tests.audit.tree.sequence_until_killed URL KEYS INTERVAL
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from audit.tree.keyring import Keyring
from audit.tree.sequencer import Sequencer


async def main(url: str, keys: Path, interval: float) -> None:
    """Sequence without end."""
    sequencer = Sequencer(
        url,
        Keyring(keys),
        origin="example.vn/log",
        clock=lambda: datetime.now(UTC),
        interval=interval,
    )
    await sequencer.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])))
