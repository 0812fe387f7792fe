"""One house for all journeys: sandbox and gateway started once, calm before each test."""

from collections.abc import Iterator

import pytest

from tests.journeys.house import House, kill_tree


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
