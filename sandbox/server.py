"""The sandbox as one process: a control socket and one socket per registry, in one event loop.

To add a twin, write its module (see `twin.py`) and name it in *TWINS*; its place in the table
is its port: the first one listens on P+1. The issuer's door with TLS comes after the last.
"""

import asyncio
import signal
import sys
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.applications import Starlette
from starlette.types import ASGIApp

from sandbox import business, insurance, population
from sandbox.authority import Authority
from sandbox.business_token import KEY_FILE
from sandbox.control import Control
from sandbox.database import REGISTRIES_FILE, land_file
from sandbox.door import Door, Taken
from sandbox.faults import Faults, Mode
from sandbox.faulty import FaultyApp
from sandbox.issuer import Issuer
from sandbox.journal import Journal
from sandbox.parent import ended
from sandbox.twin import JournalledApp, Twin
from sandbox.world import World

TWINS: Mapping[str, Callable[[Twin], ASGIApp]] = {
    "population": population.app,
    "business": business.app,
    "insurance": insurance.app,
}

ISSUER_TLS = "issuer_tls"
DOORS = ("control", *TWINS, ISSUER_TLS)
"""In the order of their ports."""

LAND = "land"
LAND_PLUGIN = "lienthong-sandbox"


class Sandbox:
    """Everything that is served, from one directory."""

    def __init__(self, directory: Path, world: World, doors: Mapping[str, Door]) -> None:
        self._doors = doors
        self._directory = directory
        self._world = world
        self._faults = Faults(directory / "faults.json")
        self._journal = Journal(directory / "journal.jsonl")
        self._engine = create_async_engine(f"sqlite+aiosqlite:///{directory / REGISTRIES_FILE}")
        self._authority = Authority(directory, _now())
        self._authority.issue_all()
        self._issuer = self._new_issuer()
        self._one_at_a_time = asyncio.Lock()
        self._apps = {name: self._registry(name) for name in TWINS}

    async def open(self) -> None:
        """Open every door, all registries healthy: yesterday's faults are not remembered."""
        self._faults.lift_all()
        await self.obey()
        tokens = Starlette(routes=self._issuer.tls_routes())
        await self._doors[ISSUER_TLS].open(tokens, self._authority.context())
        await self._doors["control"].open(self._control())

    async def close(self) -> None:
        """Close every door at once, then the database."""
        await asyncio.gather(*(door.close() for door in self._doors.values()))
        await self._engine.dispose()

    async def obey(self) -> str | None:
        """Close the doors of the registries that are down, and open the others.

        Returns a sentence when another program has taken a port in the meantime.
        """
        complaint = None
        async with self._one_at_a_time:
            for name, app in self._apps.items():
                fault = self._faults.mode(name)
                if fault and fault.mode is Mode.DOWN:
                    await self._doors[name].close()
                elif taken := await self._doors[name].open(app):
                    complaint = taken.sentence
        return complaint

    def addresses(self) -> dict[str, object]:
        """Return what the ready line tells: where everything is."""
        return {
            "control": self._doors["control"].url,
            "issuer": self._issuer_url,
            ISSUER_TLS: f"{self._doors[ISSUER_TLS].url}/issuer",
            **{name: self._doors[name].url for name in TWINS},
            "business_key": str(self._directory / KEY_FILE),
            LAND: {
                province: f"sqlite+aiosqlite:///{self._directory / land_file(province)}"
                f"?plugin={LAND_PLUGIN}"
                for province in self._world.land_provinces
            },
        }

    @property
    def _issuer_url(self) -> str:
        return f"{self._doors['control'].url}/issuer"

    def _registry(self, name: str) -> ASGIApp:
        twin = Twin(
            registry=name,
            url=self._doors[name].url,
            engine=self._engine,
            faults=self._faults,
            journal=self._journal,
            now=_now,
        )
        faulty = FaultyApp(TWINS[name](twin), name, self._faults, now=_now)
        return JournalledApp(faulty, name, self._journal)

    def _control(self) -> ASGIApp:
        provinces = [f"{LAND}-{province}" for province in self._world.land_provinces]
        control = Control(
            world=self._world,
            faults=self._faults,
            journal=self._journal,
            registries=(*TWINS, LAND, *provinces),
            obey=self.obey,
        )
        return Starlette(routes=[*control.routes(), *self._issuer.routes()])

    def _new_issuer(self) -> Issuer:
        return Issuer(
            self._issuer_url,
            f"{self._doors[ISSUER_TLS].url}/issuer",
            self._directory,
            self._world,
            now=_now,
            new_id=lambda: uuid.uuid4().hex,
        )


def take_doors(port: int) -> Mapping[str, Door] | Taken:
    """Take every port before anything else is done; 0 takes any free ones."""
    doors = {name: Door(name, tls=name == ISSUER_TLS) for name in DOORS}
    for offset, door in enumerate(doors.values()):
        if taken := door.take(port and port + offset):
            return taken
    return doors


async def serve(
    directory: Path, world: World, doors: Mapping[str, Door], parent: int | None
) -> None:
    """Serve until a signal comes or the process *parent* is gone."""
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    sandbox = Sandbox(directory, world, doors)
    await sandbox.open()
    sys.stdout.write(msgspec.json.encode(sandbox.addresses()).decode() + "\n")
    sys.stdout.flush()
    watch = asyncio.create_task(_stop_after(parent, stop)) if parent else None
    await stop.wait()
    if watch:
        watch.cancel()
    await sandbox.close()


async def _stop_after(parent: int, stop: asyncio.Event) -> None:
    await ended(parent)
    stop.set()


def _now() -> datetime:
    return datetime.now(UTC)
