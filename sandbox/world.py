"""The invented province as its registries hold it, with the people whom visitors may meet.

World
  + people                (named persons, from world.toml: whom to try, and what they show)
  + citizens, households  (population registry)
  + insured, cards        (insurance registry)
  + enterprises, household_businesses  (business registry)
  + parcels               (land registry, one database per province)

`generator.py` adds bulk; `database.py` writes all of it to disk, from where the twins read.
"""

from pathlib import Path

import msgspec

from sandbox import named, named_things
from sandbox.parcels import Parcel
from sandbox.records import (
    Citizen,
    Enterprise,
    HealthCard,
    Household,
    HouseholdBusiness,
    Record,
    SocialInsured,
)
from sandbox.script import PersonEntry, Script, compact
from sandbox.wards import load_wards

WORLD_FILE = Path(__file__).with_name("world.toml")


class PersonProof(Record, frozen=True, kw_only=True):
    """What a portal types to find a person, in the schema's own names."""

    number: str
    full_name: str = msgspec.field(name="fullName")
    birth_date: str = msgspec.field(name="birthDate")
    """`1985-05-12` or `1945`."""


class NamedPerson(Record, frozen=True, kw_only=True):
    """Somebody to try: `lienthong prefill --person an`."""

    short_name: str
    full_name: str
    story: str
    """One sentence in Vietnamese."""
    story_en: str
    key: PersonProof
    cases: tuple[str, ...] = ()
    """Which of the cases C01 to C45 they carry."""
    procedure: str
    """The code of a procedure that shows what is special about them."""


class World(Record, frozen=True, kw_only=True):
    """Everything that exists, as of a day."""

    as_of: str
    """`YYYYMMDD`: the day on which the world was invented; ages count from it."""
    land_provinces: tuple[str, ...]
    """Provinces with a land database, today's codes."""
    people: tuple[NamedPerson, ...]
    rules: dict[str, str]
    """Cases that no person or thing carries, and which rule shows each."""
    citizens: tuple[Citizen, ...]
    households: tuple[Household, ...]
    insured: tuple[SocialInsured, ...]
    cards: tuple[HealthCard, ...]
    enterprises: tuple[Enterprise, ...]
    household_businesses: tuple[HouseholdBusiness, ...]
    parcels: tuple[Parcel, ...]

    def person(self, short_name: str) -> NamedPerson:
        """Return the named person; KeyError when there is none of that name."""
        for person in self.people:
            if person.short_name == short_name:
                return person
        raise KeyError(short_name)


def load_world(path: Path = WORLD_FILE) -> World:
    """Read the named people and what they own."""
    script = msgspec.toml.decode(path.read_bytes(), type=Script)
    wards = load_wards()
    return World(
        as_of=compact(script.as_of),
        land_provinces=script.land_provinces,
        people=tuple(_named(name, entry) for name, entry in script.people.items() if entry.story),
        rules=script.rules,
        citizens=named.citizens(script, wards),
        households=named.households(script),
        insured=named_things.insured(script, wards),
        cards=named_things.cards(script, wards),
        enterprises=named_things.enterprises(script, wards),
        household_businesses=named_things.household_businesses(script, wards),
        parcels=named_things.parcels(script, wards),
    )


def _named(short_name: str, entry: PersonEntry) -> NamedPerson:
    return NamedPerson(
        short_name=short_name,
        full_name=entry.name,
        story=entry.story,
        story_en=entry.story_en,
        key=PersonProof(number=entry.number, full_name=entry.name, birth_date=entry.born),
        cases=entry.cases,
        procedure=entry.procedure,
    )
