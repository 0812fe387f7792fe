"""What a session of tests shares: one house (sandbox and gateway), and one sandbox alone."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.journeys.house import House, kill_tree
from tests.sandbox.visitor import Running

# On a busy machine an example may take its time: that is no finding.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs the tests in its background ignores Ctrl-C for them and for what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def started_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Start sandbox and gateway on free ports, and stop them at the end."""
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    status = house.stop()
    kill_tree(house.process)
    assert 0 == status


@pytest.fixture
def house(started_house: House) -> House:
    """Give the house without faults and with an empty journal."""
    started_house.calm()
    return started_house


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
