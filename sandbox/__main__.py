"""`python -m sandbox`: lay the world, open the doors, say where everything is in one line."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path
from types import FrameType

import uvloop

from sandbox.directory import lay
from sandbox.door import Taken
from sandbox.server import DOORS, serve, take_doors

EXIT_PORT_TAKEN = 3
LAST_PORT = 65535


def main() -> int:
    """Run until told to stop; return the exit status."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _leave)
    options = _options()
    doors = take_doors(options.port)
    if isinstance(doors, Taken):
        sys.stderr.write(doors.sentence + "\n")
        return EXIT_PORT_TAKEN
    directory = options.dir.resolve()
    world = lay(directory, options.people, options.seed)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(directory, world, doors, options.parent))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="An invented province: registries that speak the real wire formats, "
        "and a token issuer.",
    )
    parser.add_argument(
        "--dir", type=Path, required=True, help="where its databases, faults and journal are kept"
    )
    parser.add_argument(
        "--port", type=_port, default=8100, help="the control port; registries follow; 0: any free"
    )
    parser.add_argument(
        "--people", type=int, default=0, help="how many citizens; the named ones are always there"
    )
    parser.add_argument("--seed", type=int, default=1, help="which invented people")
    parser.add_argument("--parent", type=int, help="stop when the process with this number ends")
    return parser.parse_args()


def _port(text: str) -> int:
    """Read a port that leaves room for the other doors behind it."""
    last = LAST_PORT - len(DOORS) + 1
    if not text.isdecimal() or int(text) > last:
        message = f"{text} is not a port from 0 to {last}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Obey a signal that comes before the doors are open."""
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
