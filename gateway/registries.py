"""The registries that the settings connect, each behind its channel and the cache."""

import random
import time
from collections.abc import Callable
from datetime import datetime

import msgspec

from adapters.business import records as business_records
from adapters.business.client import BusinessRegistry
from adapters.cache import Cache, CachedRegistry
from adapters.channel import Channel, open_client
from adapters.circuit import Circuit
from adapters.insurance import records as insurance_records
from adapters.insurance.client import InsuranceRegistry
from adapters.land import records as land_records
from adapters.land.client import LandRegistry
from adapters.population import records as population_records
from adapters.population.client import PopulationRegistry
from adapters.registry import Registry, RegistryName
from gateway.settings import Settings
from gateway.tls import trusted

Clock = Callable[[], datetime]
Records = tuple[type[msgspec.Struct], ...]


def open_registries(settings: Settings, kept: Cache, now: Clock) -> dict[RegistryName, Registry]:
    """Open every registry that has an address; one is enough to start."""
    opened: list[tuple[Registry | None, Records]] = [
        (_population(settings, now), population_records.RECORDS),
        (_business(settings, now), business_records.RECORDS),
        (_insurance(settings, now), insurance_records.RECORDS),
        (_land(settings, now), land_records.RECORDS),
    ]
    return {
        registry.name: CachedRegistry(registry, kept, records=records, whole=land_records.is_whole)
        for registry, records in opened
        if registry is not None
    }


def _population(settings: Settings, now: Clock) -> Registry | None:
    if not settings.registry_population_url:
        return None
    return PopulationRegistry(
        _channel(RegistryName.POPULATION, settings),
        url=settings.registry_population_url,
        account=settings.registry_population_account,
        secret=settings.registry_population_secret.get_secret_value(),
        api_key=settings.registry_population_api_key.get_secret_value(),
        member_code=settings.registry_population_member,
        clock=now,
    )


def _business(settings: Settings, now: Clock) -> Registry | None:
    if not settings.registry_business_url or settings.registry_business_key is None:
        return None
    return BusinessRegistry(
        _channel(RegistryName.BUSINESS, settings),
        url=settings.registry_business_url,
        token_url=settings.registry_business_token_url,
        client_id=settings.registry_business_client_id,
        key=settings.registry_business_key.read_bytes(),
        clock=now,
    )


def _insurance(settings: Settings, now: Clock) -> Registry | None:
    if not settings.registry_insurance_url:
        return None
    return InsuranceRegistry(
        _channel(RegistryName.INSURANCE, settings),
        url=settings.registry_insurance_url,
        account=settings.registry_insurance_account,
        secret=settings.registry_insurance_secret.get_secret_value(),
        clock=now,
    )


def _land(settings: Settings, now: Clock) -> Registry | None:
    if not settings.registry_land_urls:
        return None
    return LandRegistry(settings.registry_land_urls, clock=now, circuit=_circuit)


def _circuit() -> Circuit:
    return Circuit(clock=time.monotonic, random=random.random)


def _channel(name: RegistryName, settings: Settings) -> Channel:
    return Channel(
        name,
        open_client(tls=trusted(settings.outbound_ca)),
        circuit=_circuit(),
    )
