"""From `world.toml`, written for people, to citizens and households, kept as a registry keeps them.

In the script people call each other by short names; here each name becomes the relative's number
and name, as the registry prints them.
"""

from collections.abc import Iterator

from sandbox.records import Citizen, Head, Household, Kin, Member, Place
from sandbox.script import Home, PersonEntry, Script, Stranger, compact
from sandbox.wards import Wards

MARITAL = {"": "", "single": "1", "married": "2", "divorced": "3", "widowed": "4"}
SEX = {"male": "1", "female": "2"}
HEAD = "Chủ hộ"


def citizens(script: Script, wards: Wards) -> tuple[Citizen, ...]:
    """Return the citizens of the script."""
    heads = _heads(script)
    return tuple(
        _citizen(script, wards, person, *heads.get(name, ("", None)))
        for name, person in script.people.items()
        if not person.unknown
    )


def households(script: Script) -> tuple[Household, ...]:
    """Return the households of the script."""
    return tuple(
        Household(
            number=number,
            head=script.people[entry.head].number,
            members=tuple(
                _member(script.people[name], relation)
                for name, relation in [(entry.head, HEAD), *entry.members.items()]
            ),
        )
        for number, entry in script.households.items()
    )


def _heads(script: Script) -> dict[str, tuple[str, Head]]:
    def lines() -> Iterator[tuple[str, tuple[str, Head]]]:
        for number, entry in script.households.items():
            head = script.people[entry.head]
            for name, relation in [(entry.head, HEAD), *entry.members.items()]:
                yield (
                    name,
                    (
                        number,
                        Head(relation=relation, number=head.number, full_name=head.name.upper()),
                    ),
                )

    return dict(lines())


def _citizen(
    script: Script, wards: Wards, person: PersonEntry, household: str, head: Head | None
) -> Citizen:
    recorded = compact(person.recorded)
    family, middle, given = _parts(person)

    def place(home: Home | None) -> Place | None:
        return wards.place(home.ward, home.detail, recorded) if home else None

    def kin(who: str | Stranger | None) -> Kin | None:
        return _kin(script, who)

    native = Home(ward=person.native) if person.native else None
    return Citizen(
        number=person.number,
        old_numbers=person.old_numbers,
        family_name=family,
        middle_name=middle,
        given_name=given,
        full_name=person.name.upper(),
        birth=compact(person.born),
        sex=SEX[person.sex],
        ethnic=person.ethnic,
        religion=person.religion,
        marital=MARITAL[person.marital],
        birth_registration=place(native),
        native_place=place(native),
        permanent=place(person.home),
        temporary=place(person.temporary),
        current=place(person.temporary or person.home),
        father=kin(person.father),
        mother=kin(person.mother),
        spouse=kin(person.spouse),
        representative=kin(person.representative),
        head=head,
        household=household,
        died=compact(person.died),
        recorded=recorded,
    )


def _parts(person: PersonEntry) -> tuple[str, str, str]:
    words = person.name.upper().split()
    if person.name_in_one or len(words) == 1:
        return "", "", " ".join(words)
    return words[0], " ".join(words[1:-1]), words[-1]


def _kin(script: Script, who: str | Stranger | None) -> Kin | None:
    if who is None:
        return None
    if isinstance(who, Stranger):
        return Kin(full_name=who.name.upper(), nationality=who.nationality)
    relative = script.people[who]
    return Kin(
        full_name=relative.name.upper(),
        number=relative.number,
        old_number=relative.old_numbers[0] if relative.old_numbers else "",
    )


def _member(person: PersonEntry, relation: str) -> Member:
    return Member(
        number=person.number,
        full_name=person.name.upper(),
        birth=compact(person.born),
        sex=SEX[person.sex],
        relation=relation,
    )
