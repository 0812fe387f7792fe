"""Provinces for the tests of the land registry: real files, opened as the sandbox offers them."""

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import msgspec
from sqlalchemy import create_engine, insert
from sqlalchemy.dialects import plugins

from adapters import dates
from adapters.circuit import Circuit
from adapters.land.client import LandRegistry
from adapters.land.records import HolderKey, Holdings
from adapters.land.settling import LandKey
from adapters.registry import Errand, RegistryName, Source
from sandbox import land_tables
from sandbox.database import land_file
from sandbox.faults import Fault, Faults, Mode
from sandbox.journal import Journal, Row
from sandbox.parcels import Holder, HolderKind, LandPerson, Parcel
from sandbox.world import World, load_world

# As the entry point of the installed program does it.
plugins.register("lienthong-sandbox", "sandbox.land", "ProvincePlugin")

HA_NOI, LAM_DONG = "Thành phố Hà Nội", "Tỉnh Lâm Đồng"
ALL = "các tỉnh, thành phố"
TRUC_BACH = "010000400120007"
BEFORE = date(2024, 12, 31)
"""A day of the wards of old."""
NOW = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)
AUTHORITY = "Sở Nông nghiệp và Môi trường, cơ sở dữ liệu đất đai"


invented = cache(load_world)


class Office:
    """The land databases of a world, their switches and their journal."""

    def __init__(self, directory: Path, world: World | None = None) -> None:
        world = world or invented()
        for province in world.land_provinces:
            parcels = [it for it in world.parcels if it.province == province]
            _write(directory / land_file(province), parcels)
        self.directory = directory
        self.faults = Faults(directory / "faults.json")
        self.journal = Journal(directory / "journal.jsonl")
        self.urls = {
            province: f"sqlite+aiosqlite:///{directory / land_file(province)}"
            "?plugin=lienthong-sandbox"
            for province in world.land_provinces
        }

    def play(self, mode: Mode, *, of: str = "land", ms: int = 3000) -> None:
        """Set a switch."""
        self.faults.put(of, Fault(mode=mode, ms=ms))

    def calls(self) -> list[Row]:
        """Read the journal and clear it, the rows in the order of the provinces."""
        rows = sorted(self.journal.rows(), key=lambda row: row.registry)
        self.journal.clear()
        return rows

    def heal(self) -> None:
        """Lift all switches and forget all calls."""
        self.faults.lift_all()
        self.journal.clear()


def _write(path: Path, parcels: Sequence[Parcel]) -> None:
    """Write a province's file as the sandbox does, but without waiting for the disk."""
    path.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
        land_tables.metadata.create_all(connection)
        for table, rows in land_tables.rows_of(parcels).items():
            if rows:
                connection.execute(insert(table), rows)
    engine.dispose()


def world_of(*parcels: Parcel) -> World:
    """Give the world of world.toml with these parcels in the place of its own."""
    return msgspec.structs.replace(invented(), parcels=parcels)


def like(national_id: str, **changes: object) -> Parcel:
    """Give a parcel of world.toml with changes."""
    [parcel] = [it for it in invented().parcels if it.national_id == national_id]
    return msgspec.structs.replace(parcel, **changes)


def one(full_name: str, **stated: object) -> Holder:
    """Make a holder of one person."""
    person = msgspec.convert({"full_name": full_name, **stated}, LandPerson)
    return Holder(kind=HolderKind.PERSON, first=person)


def open_land(urls: dict[str, str], *, attempt_timeout: float = 1.5) -> LandRegistry:
    """Open the registry, on a clock that stands; the caller closes it."""
    return LandRegistry(
        urls,
        clock=lambda: NOW,
        circuit=lambda: Circuit(clock=time.monotonic, random=lambda: 0.5),
        attempt_timeout=attempt_timeout,
    )


def holder(short_name: str, old_numbers: Iterable[str] = ()) -> HolderKey:
    """Make the key of a named person, as the population registry proves them."""
    key = invented().person(short_name).key
    birth_date = dates.parse(key.birth_date)
    assert birth_date is not None
    return HolderKey(
        personal_id=key.number,
        old_numbers=tuple(old_numbers),
        full_name=key.full_name,
        birth_date=birth_date,
    )


def source(province: str, request_id: str, *calls: str) -> Source:
    """Give the source that a record of this province names; *calls* when several were asked."""
    return Source(
        registry=RegistryName.LAND,
        authority=f"{AUTHORITY} {province}",
        fetched_at=NOW,
        upstream_request_id=request_id,
        calls=calls,
    )


def errand(seconds: float = 5) -> Errand:
    """Send somebody on an errand with some seconds left."""
    return Errand(
        procedure="1.013831",
        officer_id="097188000171",
        agency="H26.12",
        request_id="intent",
        deadline=time.monotonic() + seconds,
        scope="portal-hanoi/H26.12-261121-0001",
    )


async def ask(land: LandRegistry, key: LandKey, seconds: float = 5) -> object:
    """Ask for one key, and wait so long."""
    [answer] = await land.fetch_many([key], errand(seconds))
    return answer


async def ask_once(directory: Path, key: LandKey, *parcels: Parcel) -> object:
    """Ask for *key* where only *parcels* lie."""
    land = open_land(Office(directory, world_of(*parcels)).urls)
    try:
        return await ask(land, key)
    finally:
        await land.aclose()


def held(answer: object) -> list[str | None]:
    """Name the parcels of an answer to which all provinces have contributed."""
    assert isinstance(answer, Holdings)
    assert answer.silent_provinces == ()
    return [parcel.national_id for parcel in answer.parcels]
