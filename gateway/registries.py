"""The registries that the settings connect, each behind its channel and the cache."""

import random
import ssl
import time
from collections.abc import Callable
from datetime import datetime

from adapters.cache import Cache, CachedRegistry
from adapters.channel import Channel, open_client
from adapters.circuit import Circuit
from adapters.population import records as population_records
from adapters.population.client import PopulationRegistry
from adapters.registry import Registry, RegistryName
from gateway.settings import Settings

Clock = Callable[[], datetime]


def open_registries(settings: Settings, cache: Cache, now: Clock) -> dict[RegistryName, Registry]:
    """Open every registry that has a URL; one is enough to start."""
    opened: dict[RegistryName, Registry] = {}
    if settings.registry_population_url:
        opened[RegistryName.POPULATION] = CachedRegistry(
            PopulationRegistry(
                _channel(RegistryName.POPULATION),
                url=settings.registry_population_url,
                account=settings.registry_population_account,
                secret=settings.registry_population_secret.get_secret_value(),
                api_key=settings.registry_population_api_key.get_secret_value(),
                member_code=settings.registry_population_member,
                clock=now,
            ),
            cache,
            records=population_records.RECORDS,
        )
    return opened


def _channel(name: RegistryName) -> Channel:
    return Channel(
        name,
        open_client(tls=ssl.create_default_context()),
        circuit=Circuit(clock=time.monotonic, random=random.random),
    )
