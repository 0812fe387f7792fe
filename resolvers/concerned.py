"""Whom an entry of the access log concerns: each data subject that was asked about, or shown."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from adapters.registry import RegistryName
from resolvers.readings import Reading, Reply
from resolvers.subjects import Number, known_of, numbers_of, reached


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """One data subject, by the numbers that are known; a name proposed for a business has none."""

    numbers: tuple[Number, ...]
    roles: tuple[str, ...] = ()


class Concern(msgspec.Struct, frozen=True, kw_only=True):
    """What one registry is asked about whom, or what its answer showed of whom."""

    registry: str
    operation: str
    persons: tuple[Concerned, ...]
    fields: tuple[str, ...]


def asked_about(readings: Sequence[Reading]) -> list[Concern]:
    """Put the readings of one registry and operation together, each subject once."""
    grouped: dict[tuple[RegistryName, type], list[Reading]] = {}
    for reading in readings:
        grouped.setdefault((reading.registry, type(reading.key)), []).append(reading)
    return [
        Concern(
            registry=str(registry),
            operation=kind.__name__.removesuffix("Key"),
            persons=_each_once(group),
            fields=_distinct([each.fields for each in group]),
        )
        for (registry, kind), group in grouped.items()
    ]


def _each_once(group: Sequence[Reading]) -> tuple[Concerned, ...]:
    roles: dict[Hashable, tuple[str, ...]] = {}
    for reading in group:
        known = roles.get(reading.key, ())
        if reading.role not in known:
            roles[reading.key] = (*known, reading.role)
    return tuple(
        [Concerned(numbers=numbers_of(key), roles=of_key) for key, of_key in roles.items()]
    )


def _distinct(fields: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(fields) == 1:
        return fields[0]  # most often; a reading names each of its fields once
    return tuple(dict.fromkeys(chain.from_iterable(fields)))


def shown_by(replies: Iterable[Reply]) -> list[Concern]:
    """Name the other people whom the answers showed, and the subjects whose records told more.

    A record states numbers that were not asked with: by them, too, its subject is found later.
    """
    found = []
    for reply in replies:
        fields = tuple(sorted(reply.fields))
        if persons := tuple(_shown(reply)):
            found.append(
                Concern(
                    registry=str(reply.registry),
                    operation="Reached",
                    persons=persons,
                    fields=fields,
                )
            )
    return found


def _shown(reply: Reply) -> Iterator[Concerned]:
    asked, known = numbers_of(reply.key), known_of(reply.key, reply.answer)
    if len(known) > len(asked):
        yield Concerned(numbers=known, roles=tuple(sorted(reply.roles)))
    for numbers in reached(reply.answer, reply.fields):
        yield Concerned(numbers=numbers)
