"""Fault switches: one per registry, kept in a file that two processes read.

The land registry is a database, so its faults are played by a plugin in the asking process;
that plugin reads the same `faults.json`. The file is the only memory: no copy to go stale.
"""

import fcntl
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import msgspec


class Mode(StrEnum):
    """What a registry can be made to do wrong."""

    SLOW = "slow"
    """Answers rightly, after *ms* milliseconds."""
    DOWN = "down"
    """Its port is closed: a refused connection, and the open ones are cut."""
    HANG = "hang"
    """Does the work and never answers."""
    GARBLED = "garbled"
    """The right content type over a body that was cut short and hit by a flipped bit."""
    HTML = "html"
    """An error page of the bus, with status 200."""
    WRONG_PERSON = "wrong_person"
    """Answers about somebody who was not asked for."""
    DUPLICATED = "duplicated"
    """Two records where one was asked for."""
    MAINTENANCE = "maintenance"
    """An announced window, two hours long from the moment of asking."""


TRANSPORT = frozenset({Mode.SLOW, Mode.HANG, Mode.GARBLED, Mode.HTML, Mode.MAINTENANCE})
"""Played on any answer by `sandbox.faulty`, without knowing what is in it."""

ANSWER = frozenset({Mode.WRONG_PERSON, Mode.DUPLICATED})
"""Played by each twin, since only it knows what its records look like."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One switch: *ms* is the delay of `slow`; *times* counts down, and None stays until lifted."""

    mode: Mode
    ms: int = 3000
    times: int | None = None


class Faults:
    """The switches of one sandbox.

    A province's database has a name of its own (`land-01`); without a switch of its own it
    obeys the switch of its kind (`land`).
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def mode(self, registry: str) -> Fault | None:
        """Return the fault now set for *registry*, without counting a call."""
        return _set_for(registry, self.every())

    def take(self, registry: str, among: Collection[Mode]) -> Fault | None:
        """Return the fault to play on this call, if it is one *among* these; counts the call."""
        fault = self.mode(registry)
        if fault is None or fault.mode not in among:
            return None
        return fault if fault.times is None else self._count_down(registry, among)

    def every(self) -> dict[str, Fault]:
        """All switches that are set, by registry."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Fault])
        except FileNotFoundError:
            return {}

    def put(self, registry: str, fault: Fault) -> None:
        """Set the switch of *registry*."""
        self._change(lambda switches: switches | {registry: fault})

    def lift(self, registry: str) -> None:
        """Make *registry* healthy again."""
        self._change(lambda switches: {k: v for k, v in switches.items() if k != registry})

    def lift_all(self) -> None:
        """Make every registry healthy again."""
        self._change(lambda _: {})

    def _count_down(self, registry: str, among: Collection[Mode]) -> Fault | None:
        """Use up one counted call, unless another process has just used the last one."""
        with self._alone():
            switches = self.every()
            fault = _set_for(registry, switches)
            if fault is None or fault.mode not in among or fault.times is None:
                return None
            name = _switch(registry, switches)
            left = msgspec.structs.replace(fault, times=fault.times - 1)
            others = {other: it for other, it in switches.items() if other != name}
            self._write(others | ({name: left} if left.times else {}))
            return fault

    def _change(self, change: Callable[[dict[str, Fault]], dict[str, Fault]]) -> None:
        with self._alone():
            self._write(change(self.every()))

    def _write(self, switches: dict[str, Fault]) -> None:
        """Replace the file in one step, so that a reader never sees half of it."""
        draft = self._path.with_suffix(".draft")
        draft.write_bytes(msgspec.json.encode(switches))
        draft.replace(self._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep the other process from counting the same call."""
        lock = os.open(self._path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _switch(registry: str, switches: Collection[str]) -> str:
    return registry if registry in switches else registry.split("-", 1)[0]


def _set_for(registry: str, switches: dict[str, Fault]) -> Fault | None:
    return switches.get(_switch(registry, switches))
