"""Started sandboxes for the tests of this room; none of them outlives its test or session."""

import os
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


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start one sandbox that the tests of a session share."""
    directory = tmp_path_factory.mktemp("sandbox")
    running = Running(directory, "--port", "0", "--parent", str(os.getpid()))
    yield running
    running.stop()


@pytest.fixture
def sandbox(shared: Running) -> Running:
    """Give the shared sandbox, healthy and with an empty journal."""
    shared.heal()
    shared.http.delete(f"{shared.addresses['control']}/journal").raise_for_status()
    return shared


@pytest.fixture
def population(sandbox: Running) -> Asker:
    """Give a client of its population registry."""
    return Asker(sandbox)
