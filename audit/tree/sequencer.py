"""The sequencer: gives stored entries their places in the tree, and signs how large it is.

STANDBY       another process has the seat; asked again every second
  + the seat is free, and the database holds what was signed last
SEQUENCING    each second: leaves, tiles and a checkpoint in one transaction, if anything is new
  + the database fails, or holds another past than was signed
a trouble     the seat is given back, and everything is looked at anew a second later

Nothing leaves before the commit: readers read the tables. A batch whose commit is in doubt needs
no settling, since all that this process knew is forgotten and read again.
Serving does not wait for the sequencer; entries wait in the queue.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.key_files import KeyUnusableError
from audit.stores.engine import DATABASE_ERRORS
from audit.tree.checkpoint import Checkpoint
from audit.tree.keyring import Keyring, KeyringBroken
from audit.tree.merkle import Edge, edge_tiles, leaf_hash
from audit.tree.rows import (
    Leaf,
    Origin,
    Published,
    leaf_count,
    newest_checkpoint,
    origins,
    read_tiles,
    root_at,
    write_growth,
    write_origin,
)
from audit.tree.seat import take_seat
from audit.tree.signing import parse_vkeys
from audit.tree.waiting import Waiting, waiting

log = structlog.get_logger()

_BATCH = 5_000
_BATCH_IN_FILE = 250
"""On SQLite, the transaction keeps the gateway from writing, and the loop from answering: a second
of 500 requests at once was 15 to 30 milliseconds, a quarter of it 3 to 8."""
_LAST_STEPS_S = 5.0
"""Seconds after which a stop begins no further batch; what is left waits for the next start."""


class Sequencing(StrEnum):
    """What the sequencer of this process is doing."""

    STANDBY = "STANDBY"
    """Another process sequences, or none yet."""
    SEQUENCING = "SEQUENCING"
    DATABASE = "DATABASE"
    """The database does not answer."""
    RESTORED = "RESTORED"
    """The database is older than what was signed: `lienthong log restore --declare`."""
    FORKED = "FORKED"
    """The database holds another tree than was signed: an alarm, not a fault."""
    KEYS = "KEYS"
    """The keys are not those of this log, or cannot be used."""


class _Stopped(Exception):  # noqa: N818 - ends a turn in the seat, inside this file
    def __init__(self, state: Sequencing) -> None:
        self.state = state
        super().__init__(state)


class Sequencer:
    """Sequences the log at *url* with the keys of *keyring*, under *origin* at first."""

    def __init__(
        self,
        url: str,
        keyring: Keyring,
        *,
        origin: str,
        clock: Callable[[], datetime],
        interval: float = 1.0,
        batch_size: int | None = None,
        last_steps_s: float = _LAST_STEPS_S,
    ) -> None:
        self._url = url
        self._keyring = keyring
        self._origin = origin
        self._clock = clock
        self._interval = interval
        self._last_steps_s = last_steps_s
        self._in_file = url.startswith("sqlite")
        self._batch_size = batch_size or (_BATCH_IN_FILE if self._in_file else _BATCH)
        self._state = Sequencing.STANDBY

    def state(self) -> Sequencing:
        """Say at once what it is doing."""
        return self._state

    async def run(self, stop: asyncio.Event) -> None:
        """Sequence whenever the seat is to be had, until *stop* is set."""
        while not stop.is_set():
            try:
                async with take_seat(self._url) as seat:
                    if seat is None:
                        self._turn(Sequencing.STANDBY)
                    else:
                        await self._sit(seat, stop)
            except _Stopped as stopped:
                self._turn(stopped.state)
            except (KeyringBroken, KeyUnusableError):
                self._turn(Sequencing.KEYS)
            except DATABASE_ERRORS:
                # Their messages stay behind: they may hold what is stored.
                self._turn(Sequencing.DATABASE)
            await _wait(stop, self._interval)

    async def _sit(self, seat: AsyncConnection, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        edge = await self._begin(seat)
        self._turn(Sequencing.SEQUENCING)
        while not stop.is_set():
            began = loop.time()
            taken = await self._step(seat, edge)
            took = loop.time() - began
            if taken < self._batch_size:
                await _wait(stop, self._interval - took)
            elif self._in_file:
                # The gateway waits for the file meanwhile, and looks for it now and then only.
                await _wait(stop, took)
        # What the log's own end has left waiting has nobody else to take it in. Where others go on
        # writing there is no end of it, and they have a sequencer of their own.
        ends = loop.time() + self._last_steps_s
        while await self._step(seat, edge) == self._batch_size and loop.time() < ends:
            pass

    async def _begin(self, seat: AsyncConnection) -> Edge:
        """Load the tree; stop unless it is the one that was signed last."""
        async with seat.begin():
            known = await origins(seat)
            newest = await newest_checkpoint(seat)
            count = await leaf_count(seat)
        size = newest.checkpoint.size if newest else 0
        # Whatever touches the folder of keys waits for a disk, and the gateway serves meanwhile.
        name = known[-1].origin if known else self._origin
        await asyncio.to_thread(self._keyring.load, name, new=size == 0)
        await self._check_past(seat, known, size)
        async with seat.begin():
            tiles = await read_tiles(seat, edge_tiles(size))
        try:
            edge = Edge(size, tiles)
        except KeyError:
            raise _Stopped(Sequencing.FORKED) from None
        if count != size or (newest and edge.root() != newest.checkpoint.root):
            raise _Stopped(Sequencing.FORKED)
        await write_origins(seat, self._keyring, self._clock())
        return edge

    async def _check_past(self, seat: AsyncConnection, known: list[Origin], size: int) -> None:
        listed = {tenure.key for each in known for tenure in parse_vkeys(each.vkeys)}
        if not listed <= {tenure.key for tenure in self._keyring.tenures}:
            raise _Stopped(Sequencing.KEYS)
        names = {each.origin for each in known}
        if size < self._keyring.first_size - 1 or (names and self._keyring.origin not in names):
            raise _Stopped(Sequencing.RESTORED)
        remembered = await asyncio.to_thread(self._keyring.remembered)
        if remembered is None:
            return
        signed = remembered.checkpoint
        if signed.size > size:
            raise _Stopped(Sequencing.RESTORED)
        async with seat.begin():
            if await root_at(seat, signed.origin, signed.size) != signed.root:
                raise _Stopped(Sequencing.FORKED)

    async def _step(self, seat: AsyncConnection, edge: Edge) -> int:
        """Take what waits, up to a batch, and publish the tree that holds it."""
        async with seat.begin():
            batch = await waiting(seat, self._batch_size)
        if not batch:
            return 0
        if len({each.entry_id for each in batch}) < len(batch):
            raise _Stopped(Sequencing.FORKED)  # one id under two times: no gateway writes that
        keyring = self._keyring
        if keyring.next_is_due():
            await asyncio.to_thread(
                keyring.appoint_next, keyring.origin, last=edge.size, first=edge.size + 1
            )
            await write_origins(seat, keyring, self._clock())
            log.info("a new key signs the access log from now on", entries=edge.size)
        leaves = [_grow(edge, each) for each in batch]
        at = self._clock()
        checkpoint = Checkpoint(origin=keyring.origin, size=edge.size, root=edge.root())
        note = keyring.signer.sign_checkpoint(checkpoint, at).write()
        async with seat.begin():
            await write_growth(
                seat,
                leaves=leaves,
                tiles=edge.take_tiles(),
                published=Published(checkpoint=checkpoint, at=at, note=note),
            )
        await asyncio.to_thread(keyring.remember, note)
        return len(batch)

    def _turn(self, state: Sequencing) -> None:
        if state is self._state:
            return
        self._state = state
        if state in {Sequencing.STANDBY, Sequencing.SEQUENCING}:
            log.info("the sequencer of the access log", state=state.value)
        else:
            log.error("the access log is not sequenced; entries wait", trouble=state.value)


async def write_origins(seat: AsyncConnection, keyring: Keyring, now: datetime) -> None:
    """Let the database know every origin of *keyring*, with its keys and statement."""
    names = list(dict.fromkeys(tenure.key.name for tenure in keyring.tenures))
    async with seat.begin():
        for number, name in enumerate(names, 1):
            given = Origin(
                origin=name,
                closed=number < len(names),
                vkeys=keyring.vkeys(name),
                statement=keyring.statement(number),
            )
            await write_origin(seat, given, opened_at=now)


def _grow(edge: Edge, entry: Waiting) -> Leaf:
    row = Leaf(seq=edge.size, entry_id=entry.entry_id, leaf_hash=leaf_hash(entry.body))
    edge.append(row["leaf_hash"])
    return row


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(max(seconds, 0)):
            await stop.wait()
    except TimeoutError:
        return
