"""Started sandboxes for the tests of this room; none of them outlives its test or session."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.visitor import Asker, Running, Start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start sandboxes, by default on free ports and in one directory; stop them afterwards."""
    started: list[Running] = []

    def starter(*options: str) -> Running:
        running = Running(tmp_path / "sandbox", *(options or ("--port", "0")))
        started.append(running)
        return running

    yield starter
    for running in started:
        running.stop(signal.SIGKILL)


@pytest.fixture
def population(sandbox: Running) -> Asker:
    """Give a client of its population registry."""
    return Asker(sandbox)
