"""What the tests of the registries share: channels that close after a test, and an errand."""

import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from adapters.channel import Channel, open_client
from adapters.circuit import Circuit
from adapters.population.client import PopulationRegistry
from adapters.registry import Errand, RegistryName


@pytest.fixture
async def open_channel() -> AsyncIterator[Callable[..., Channel]]:
    """Open channels, with the options given; all of them are closed after the test."""
    channels = []

    def open_one(name: RegistryName = RegistryName.BUSINESS, **options: float) -> Channel:
        circuit = Circuit(clock=time.monotonic, random=lambda: 0.5)
        channels.append(Channel(name, open_client(), circuit=circuit, **options))  # type: ignore[arg-type] # one dictionary for options of several types
        return channels[-1]

    yield open_one
    for channel in channels:
        await channel.aclose()


@pytest.fixture
def population(open_channel: Callable[..., Channel]) -> PopulationRegistry:
    """Make a client of a registry at http://population.test/, on a clock that stands."""
    return PopulationRegistry(
        open_channel(RegistryName.POPULATION, attempt_timeout=3.0),
        url="http://population.test/",
        account="lienthong",
        secret="sandbox-secret",
        api_key="api-key",
        member_code="VN/GOV/H26",
        clock=lambda: datetime(2026, 11, 21, 1, 2, 3, 456000, tzinfo=UTC),
        phone="0240000000",
    )


@pytest.fixture
def errand() -> Errand:
    """Send an officer on an errand with half a minute left."""
    return Errand(
        procedure="1.004222",
        officer_id="097080000001",
        agency="H26.12",
        request_id="intent",
        deadline=time.monotonic() + 30,
        scope="portal-hanoi/H26.12-261121-0001",
    )
