"""Invented families: who lives together, who is whose child, and what each is called.

A family is drawn as *Draft* people who point at each other; `generator.py` writes them down as
citizens once everybody has a number, so that kin links agree from both sides.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import msgspec

from sandbox.names import NameBook, People, happens
from sandbox.records import Place
from sandbox.wards import TWO_TIERS_SINCE, Ward, Wards

PREFIXES = ("097", "098", "099")
SEXES = ("male", "female")
YEAR_ONLY_BEFORE = 1960
CMND_BEFORE = 2000
GROWN = 18


class Draft(msgspec.Struct, kw_only=True, eq=False):
    """A person being invented."""

    number: str
    old_number: str
    people: People
    clan: str
    name: str
    born: date
    year_only: bool
    sex: str
    marital: str = ""
    relation: str = "Chủ hộ"
    father: Draft | None = None
    mother: Draft | None = None
    spouse: Draft | None = None

    @property
    def birth(self) -> str:
        """The birth date as a registry keeps it: `YYYYMMDD` or `YYYY`."""
        return f"{self.born.year:04d}" if self.year_only else f"{self.born:%Y%m%d}"

    def age(self, today: date) -> int:
        """Return the age in whole years."""
        birthday_to_come = (today.month, today.day) < (self.born.month, self.born.day)
        return today.year - self.born.year - birthday_to_come


class Family(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """People who live together, the head first."""

    members: tuple[Draft, ...]
    ward: Ward
    detail: str
    recorded: date

    @property
    def head(self) -> Draft:
        """The head of the household."""
        return self.members[0]

    def place(self, wards: Wards, day: str) -> Place:
        """Return where the family lives, in the codes of *day* (`YYYYMMDD`)."""
        ward = self.ward.code_now if day >= TWO_TIERS_SINCE else self.ward.code
        return wards.place(ward, self.detail, day)


class Numbers:
    """Gives out personal ids and CMND that nobody has yet, in the ranges that belong to nobody."""

    def __init__(self, rng: Random, taken: set[str]) -> None:
        self._rng = rng
        self._taken = taken

    def personal_id(self, born: date, sex: str) -> str:
        """Return a free personal id whose digits agree with *born* and *sex*."""
        century = 2 * (born.year // 100 - 19) + SEXES.index(sex)
        head = f"{self._rng.choice(PREFIXES)}{century}{born.year % 100:02d}"
        return self._free(head, 6)

    def old_number(self) -> str:
        """Return a free CMND; 39 is no province's."""
        return self._free("39", 7)

    def insurance_code(self) -> str:
        """Return a free social-insurance code; 99 is no province's."""
        return self._free("99", 8)

    def _free(self, head: str, digits: int) -> str:
        while True:
            number = head + f"{self._rng.randrange(10**digits):0{digits}d}"
            if number not in self._taken:
                self._taken.add(number)
                return number


class Registrar:
    """Draws people and families; everything it decides comes from one random source."""

    def __init__(self, rng: Random, names: NameBook, numbers: Numbers, today: date) -> None:
        self.rng = rng
        self.names = names
        self.numbers = numbers
        self.today = today

    def family(self, wards: tuple[Ward, ...], at_most: int) -> Family:
        """Draw a family of one to *at_most* people in one of *wards*."""
        people = self.names.people(self.rng)
        draw = self.rng.choices(
            (self._couple, self._three_generations, self._single, self._lone_parent, self._elders),
            (52, 14, 14, 10, 10),
        )[0]
        members = _cut(draw(people), at_most)
        youngest = max(member.born for member in members)
        return Family(
            members=tuple(members),
            ward=self.rng.choice(wards),
            detail=self._detail(),
            recorded=self._between(max(youngest + timedelta(days=10), date(2017, 1, 1))),
        )

    def _couple(self, people: People) -> list[Draft]:
        husband = self._grown(people, "male", 24, 64)
        wife = self._grown(people, "female", 22, 60, near=husband)
        self._marry(husband, wife)
        head, other = (husband, wife) if happens(self.rng, 80) else (wife, husband)
        other.relation = "Vợ" if other is wife else "Chồng"
        return [head, other, *self._children(people, husband, wife)]

    def _three_generations(self, people: People) -> list[Draft]:
        husband = self._grown(people, "male", 24, 50)
        wife = self._grown(people, "female", 22, 48, near=husband)
        self._marry(husband, wife)
        wife.relation = "Vợ"
        mother = self._grown(
            people, "female", husband.age(self.today) + 19, husband.age(self.today) + 32
        )
        mother.marital, mother.relation = "widowed", "Mẹ"
        husband.mother = mother
        return [husband, wife, mother, *self._children(people, husband, wife)]

    def _single(self, people: People) -> list[Draft]:
        person = self._grown(people, self.rng.choice(SEXES), GROWN + 2, 45)
        person.marital = self.rng.choice(("single", "single", "single", "divorced"))
        return [person]

    def _lone_parent(self, people: People) -> list[Draft]:
        sex = self.rng.choice(("female", "female", "female", "male"))
        parent = self._grown(people, sex, 22, 55)
        parent.marital = self.rng.choice(("single", "divorced", "widowed"))
        if sex == "male":
            return [parent, *self._children(people, parent, None)]
        return [parent, *self._children(people, None, parent)]

    def _elders(self, people: People) -> list[Draft]:
        husband = self._grown(people, "male", 62, 92)
        wife = self._grown(people, "female", 60, 90, near=husband)
        self._marry(husband, wife)
        wife.relation = "Vợ"
        return [husband, wife]

    def _marry(self, husband: Draft, wife: Draft) -> None:
        husband.spouse, wife.spouse = wife, husband
        husband.marital = wife.marital = "married"

    def _children(self, people: People, father: Draft | None, mother: Draft | None) -> list[Draft]:
        parent = mother or father
        if parent is None:
            return []
        children = []
        for _ in range(self.rng.choices((0, 1, 2, 3, 4), (12, 33, 41, 11, 3))[0]):
            age = parent.age(self.today) - self.rng.randint(20, 36)
            if 0 <= age < GROWN + 7:
                children.append(self._child(people, age, father, mother))
        return sorted(children, key=lambda child: child.born)

    def _child(self, people: People, age: int, father: Draft | None, mother: Draft | None) -> Draft:
        clan = people.child_clan(
            self.rng, father.clan if father else "", mother.clan if mother else ""
        )
        child = self._person(people, self.rng.choice(SEXES), age, clan)
        child.father, child.mother, child.relation = father, mother, "Con"
        child.marital = "single" if age >= GROWN else ""
        return child

    def _grown(
        self, people: People, sex: str, youngest: int, oldest: int, near: Draft | None = None
    ) -> Draft:
        age = self.rng.randint(youngest, oldest)
        if near is not None:
            age = min(max(near.age(self.today) - self.rng.randint(-2, 7), youngest), oldest)
        return self._person(people, sex, age, people.clan(self.rng))

    def _person(self, people: People, sex: str, age: int, clan: str) -> Draft:
        born = self.today - timedelta(days=round(age * 365.25) + self.rng.randrange(1, 365))
        has_old = born.year < CMND_BEFORE and happens(self.rng, 60)
        return Draft(
            number=self.numbers.personal_id(born, sex),
            old_number=self.numbers.old_number() if has_old else "",
            people=people,
            clan=clan,
            name=people.name(self.rng, clan, sex),
            born=born,
            year_only=born.year < YEAR_ONLY_BEFORE and happens(self.rng, 30),
            sex=sex,
        )

    def _between(self, first: date) -> date:
        days = max((self.today - first).days, 0)
        return first + timedelta(days=self.rng.randint(0, days)) if days else self.today

    def _detail(self) -> str:
        house, lane = self.rng.randint(1, 320), self.rng.randint(1, 60)
        return self.rng.choice(
            (
                f"Số {house} đường {self.rng.choice(self.names.streets)}",
                f"Số {house}/{lane} đường {self.rng.choice(self.names.streets)}",
                f"Số {lane} ngõ {house} phố {self.rng.choice(self.names.streets)}",
                f"Tổ dân phố {lane % 20 + 1}",
                f"Thôn {lane % 12 + 1}",
                f"Xóm {lane % 9 + 1}",
            )
        )


def _cut(members: list[Draft], at_most: int) -> list[Draft]:
    """Return the first *at_most* members, none of whom points at one who was left out."""
    kept, left_out = members[:at_most], members[at_most:]
    for member in kept:
        if member.spouse in left_out:
            member.spouse, member.marital = None, "single"
        member.father = None if member.father in left_out else member.father
        member.mother = None if member.mother in left_out else member.mother
    return kept
