"""The shape of a registry: keys in, one answer per key out, failures as values.

Answer
  + a record            (a msgspec Struct with a *source*)
  + Absent              (the registry answered: nothing under this key)
  + Ambiguous           (more than one record; none is shown)
  + Failure
      + NotConnected    (this installation has no such registry)
      + Unavailable     (no answer in time, or the line is down; try again)
      + Maintenance     (an announced window)
      + Refused         (the registry refused us: our agreement or credentials)
      + Garbled         (not the agreed form, or another person than asked)
"""

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from adapters.dates import PartialDate
from adapters.persons import PersonRef


class RegistryName(StrEnum):
    """The four registries, as the schema and the settings name them."""

    POPULATION = "POPULATION"
    BUSINESS = "BUSINESS"
    INSURANCE = "INSURANCE"
    LAND = "LAND"


class NotConnected(msgspec.Struct, frozen=True, tag=True):
    """This installation has no such registry (or no such province)."""


class Unavailable(msgspec.Struct, frozen=True, tag=True):
    """No answer in time, or the line is down; *retry_after* in seconds, when known."""

    retry_after: int | None = None


class Maintenance(msgspec.Struct, frozen=True, tag=True):
    """The registry announced a window; *until* when it said so."""

    until: datetime | None = None


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The registry refused *us*: agreement, credentials, officer or quota."""

    retry_after: int | None = None


class Garbled(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Not the agreed form; *another_person* when the answer was about somebody not asked for."""

    another_person: bool = False


Failure = NotConnected | Unavailable | Maintenance | Refused | Garbled


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a record came from: without it a value is not usable (R2)."""

    registry: RegistryName
    authority: str
    """The owner in words, as an officer would name it."""
    fetched_at: datetime
    """When the registry answered us, UTC."""
    record_date: PartialDate | None = None
    """When the registry made or last changed the record."""
    digitised_from: str | None = None
    """The paper the record was typed from, when the registry says so."""
    as_of: date | None = None
    """The day for which the registry says that it holds."""
    from_cache: bool = False
    stale: bool = False
    upstream_request_id: str | None = None
    """The id under which the registry's own journal knows the call."""
    calls: tuple[str, ...] = ()
    """The ids of all calls that were answered, where several databases were asked: whoever may not
    see the record must not learn which of them has it."""
    unheard: Failure | None = None
    """How a database failed that was asked too, so that only this much was found."""


class Absent(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The registry answered and has nothing under this key.

    *digitised* is False when the owner says that records of this kind and year are on paper.
    *superseded_by* is kept out of here on purpose: an absent key says nothing more.
    """

    source: Source
    digitised: bool = True


class Ambiguous(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """More than one record answers to the key; none of them is shown."""

    source: Source
    holders: tuple[PersonRef, ...] = ()
    """Whom those records name; for matching only: it is said to one of them, and never shown."""

    def __repr__(self) -> str:
        """Name the answer without the people."""
        return f"Ambiguous(source={self.source!r}, holders={len(self.holders)})"


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What a registry is told about the call: verified values, never the deployment's settings.

    The wire names of the population service are MaDVC (*procedure*), MaCanBo (*officer_id*),
    MaDonVi (*agency*); MaYeuCau is *request_id* plus a counter that the client adds.
    """

    procedure: str
    officer_id: str
    agency: str
    request_id: str
    """The access-log intent under which the call is made: journals can be reconciled."""
    deadline: float
    """The moment by which the answer must be there, on the clock of time.monotonic()."""
    scope: str
    """Consumer and dossier in one opaque word: within it, and never across, an answer is kept."""

    def __repr__(self) -> str:
        """Name the errand without the officer's number."""
        return f"Errand(procedure={self.procedure!r}, request_id={self.request_id!r})"


class Registry(Protocol):
    """One registry. A client is created once, at start, and closed once, at the end."""

    name: RegistryName

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer each key: a record, Absent, Ambiguous or a Failure, in the order asked.

        All keys leave together: one call where the wire takes a list, else one per key at the
        same time, within the registry's bulkhead. It never raises for what a registry does,
        and an answer about another person than asked is Garbled(another_person=True).
        """
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...
