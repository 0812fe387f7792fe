"""Bulk for the invented province: families, their insurance, their businesses, their land.

The same seed gives the same world, to the last digit.
"""

from datetime import date
from random import Random

import msgspec

from sandbox.families import Draft, Family, Numbers, Registrar
from sandbox.holdings import Surveyor
from sandbox.livelihoods import Livelihoods
from sandbox.named import MARITAL, SEX
from sandbox.names import happens, load_names
from sandbox.records import Citizen, Head, Household, Kin, Member, Place
from sandbox.wards import Ward, Wards, load_wards
from sandbox.world import World

# In per cent: the parents of grown-ups are on file by name alone, or not at all.
PARENTS_NAMED = 80
NAME_IN_ONE = 20
RELIGIONS = ("00", "01", "02")
RELIGION_WEIGHTS = (84, 8, 8)
BLOOD = ("00", "00", "00", "O", "A", "B", "AB")


def generate(world: World, people: int, seed: int) -> World:
    """Return *world* filled up to *people* citizens; unchanged when it has as many already."""
    rng = Random(seed)
    wards = load_wards()
    today = date.fromisoformat(world.as_of)
    numbers = Numbers(rng, _taken(world))
    registrar = Registrar(rng, load_names(), numbers, today)
    families = _families(registrar, wards.lines, people - len(world.citizens))
    livelihoods = Livelihoods(rng, numbers, wards, today)
    insured, cards = livelihoods.insurance(families)
    enterprises = livelihoods.enterprises(families)
    shops = livelihoods.household_businesses(families)
    parcels = Surveyor(rng, wards).parcels(families, enterprises, world.land_provinces)
    household_numbers = [
        f"HK{family.ward.province_code_now}{counter:08d}"
        for counter, family in enumerate(families, start=1000)
    ]
    numbered = list(zip(household_numbers, families, strict=True))
    return msgspec.structs.replace(
        world,
        citizens=(
            *world.citizens,
            *(
                _citizen(rng, wards, number, family, member)
                for number, family in numbered
                for member in family.members
            ),
        ),
        households=(*world.households, *(_household(*pair) for pair in numbered)),
        insured=(*world.insured, *insured),
        cards=(*world.cards, *cards),
        enterprises=(*world.enterprises, *enterprises),
        household_businesses=(*world.household_businesses, *shops),
        parcels=(*world.parcels, *parcels),
    )


def _taken(world: World) -> set[str]:
    return {
        *(it.number for it in world.citizens),
        *(person.key.number for person in world.people),
        *(number for it in world.citizens for number in it.old_numbers),
        *(code for it in world.insured for code in (it.code, *it.merged)),
    }


def _families(registrar: Registrar, wards: tuple[Ward, ...], people: int) -> list[Family]:
    families = []
    missing = people
    while missing > 0:
        family = registrar.family(wards, at_most=missing)
        families.append(family)
        missing -= len(family.members)
    return families


def _citizen(rng: Random, wards: Wards, household: str, family: Family, draft: Draft) -> Citizen:
    family_name, middle_name, given_name = _parts(rng, draft.name)
    recorded = f"{family.recorded:%Y%m%d}"
    place = family.place(wards, recorded)
    native = Place(
        province=place.province, district=place.district, ward=place.ward, country=place.country
    )
    return Citizen(
        number=draft.number,
        old_numbers=(draft.old_number,) if draft.old_number else (),
        family_name=family_name,
        middle_name=middle_name,
        given_name=given_name,
        full_name=draft.name.upper(),
        birth=draft.birth,
        sex=SEX[draft.sex],
        ethnic=draft.people.code,
        religion=rng.choices(RELIGIONS, RELIGION_WEIGHTS)[0],
        marital=MARITAL[draft.marital],
        blood=rng.choice(BLOOD),
        birth_registration=native,
        native_place=native,
        permanent=place,
        current=place,
        father=_parent(rng, draft, "male"),
        mother=_parent(rng, draft, "female"),
        spouse=_kin(draft.spouse),
        head=Head(
            relation=draft.relation,
            number=family.head.number,
            old_number=family.head.old_number,
            full_name=family.head.name.upper(),
        ),
        household=household,
        recorded=recorded,
    )


def _parts(rng: Random, name: str) -> tuple[str, str, str]:
    words = name.upper().split()
    if len(words) == 1 or happens(rng, NAME_IN_ONE):
        return "", "", " ".join(words)
    return words[0], " ".join(words[1:-1]), words[-1]


def _parent(rng: Random, draft: Draft, sex: str) -> Kin | None:
    parent = draft.father if sex == "male" else draft.mother
    if parent is not None:
        return _kin(parent)
    # A child's missing parent is missing on file; a grown-up's is on paper somewhere.
    if draft.relation == "Con" or not happens(rng, PARENTS_NAMED):
        return None
    people = draft.people
    hands_down = people.clan_from == ("father" if sex == "male" else "mother")
    clan = draft.clan if hands_down else people.clan(rng)
    return Kin(full_name=people.name(rng, clan, sex).upper())


def _kin(draft: Draft | None) -> Kin | None:
    if draft is None:
        return None
    return Kin(full_name=draft.name.upper(), number=draft.number, old_number=draft.old_number)


def _household(number: str, family: Family) -> Household:
    return Household(
        number=number,
        head=family.head.number,
        members=tuple(
            Member(
                number=draft.number,
                full_name=draft.name.upper(),
                birth=draft.birth,
                sex=SEX[draft.sex],
                relation=draft.relation,
            )
            for draft in family.members
        ),
    )
