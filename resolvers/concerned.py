"""Whom an entry of the access log concerns: who was asked about, or shown, or would have been."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

import msgspec

from adapters.population.records import HouseholdKey
from adapters.registry import RegistryName
from resolvers.parties import Subject
from resolvers.preflight import MOST_SUBJECTS
from resolvers.readings import Reading, Reply
from resolvers.subjects import Number, known_of, number_of_party, numbers_of, reached

ACCESS_LOG = "ACCESS_LOG"
"""What stands in place of a registry where the log itself was read."""

REFUSED = "Refused"
"""The operation under which an entry names whom a refused request was about."""

LONGEST_NUMBER = 100
"""Of a number that was not checked yet; ward, sheet and parcel together have fewer characters."""

MEMBERS = "/members/"
"""In a path: what follows is of a member of a household."""

_FIRST_ASKED: Mapping[str, RegistryName] = {
    "person": RegistryName.POPULATION,
    "business": RegistryName.BUSINESS,
    "parcel": RegistryName.LAND,
    "certificate": RegistryName.LAND,
}
"""By kind of subject."""


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
        known = roles.setdefault(reading.key, ())
        if reading.role not in known and not _of_a_member(reading.key, reading.fields[0]):
            roles[reading.key] = (*known, reading.role)
    return tuple(
        [Concerned(numbers=numbers_of(key), roles=of_key) for key, of_key in roles.items()]
    )


def _of_a_member(key: Hashable, path: str) -> bool:
    """Tell whether *key* is of a member of the household of whoever stands in the role of *path*.

    A member stands in no role: what was asked of the role is not the member's to know.
    """
    return MEMBERS in path and not isinstance(key, HouseholdKey)


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
        own = {p.partition("/")[0] for p in reply.fields if not _of_a_member(reply.key, p)}
        yield Concerned(numbers=known, roles=tuple(sorted(own)))
    for numbers in reached(reply.answer, reply.fields):
        yield Concerned(numbers=numbers)


def refused_about(subjects: Iterable[Subject], paths: Collection[str]) -> list[Concern]:
    """Name whom a request was about that is refused: the attempt is theirs to see as well.

    No registry was asked; what is named is the one that would have been, first of all.
    """
    persons: dict[RegistryName, list[Concerned]] = {}
    fit = (one for one in subjects if len(one.number) <= LONGEST_NUMBER)
    for one in islice(fit, MOST_SUBJECTS):
        person = Concerned(numbers=(number_of_party(one.kind, one.number),), roles=(one.role,))
        persons.setdefault(_FIRST_ASKED[one.kind], []).append(person)
    fields = tuple(sorted(paths))
    return [
        Concern(registry=str(registry), operation=REFUSED, persons=tuple(several), fields=fields)
        for registry, several in persons.items()
    ]
