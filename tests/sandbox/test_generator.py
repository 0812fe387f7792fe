"""Bulk people: the same seed the same world, and a world that one could believe in."""

from collections import Counter

import pytest

from sandbox.generator import generate
from sandbox.records import Citizen, check_digit
from sandbox.wards import load_wards
from sandbox.world import World, load_world

PEOPLE = 2_000


@pytest.fixture(name="world", scope="module")
def _world() -> World:
    return generate(load_world(), people=PEOPLE, seed=7)


@pytest.fixture(name="by_number", scope="module")
def _by_number(world: World) -> dict[str, Citizen]:
    return {it.number: it for it in world.citizens}


def test_a_seed_gives_the_same_world_again(world: World) -> None:
    assert world == generate(load_world(), people=PEOPLE, seed=7)


def test_another_seed_gives_another_world(world: World) -> None:
    named = len(load_world().citizens)
    other = generate(load_world(), people=PEOPLE, seed=8)

    assert set() == {it.number for it in world.citizens[named:]} & {
        it.number for it in other.citizens[named:]
    }


def test_there_are_as_many_people_as_asked_for(world: World) -> None:
    assert len(world.citizens) == PEOPLE


def test_named_people_come_first_and_stay_as_they_are(world: World) -> None:
    named = load_world()

    assert named.citizens == world.citizens[: len(named.citizens)]
    assert named.people == world.people


def test_fewer_people_than_are_named_changes_nothing() -> None:
    assert load_world() == generate(load_world(), people=3, seed=1)


def test_numbers_are_unique_and_belong_to_nobody(world: World) -> None:
    numbers = [it.number for it in world.citizens]

    assert len(set(numbers)) == PEOPLE
    assert {"097", "098", "099"} == {number[:3] for number in numbers}
    assert {12} == {len(number) for number in numbers}


def test_the_digits_of_invented_numbers_agree_with_sex_and_year(world: World) -> None:
    invented = world.citizens[len(load_world().citizens) :]

    assert [it.number[3:6] for it in invented] == [
        f"{2 * (int(it.birth[:2]) - 19) + int(it.sex) - 1}{it.birth[2:4]}" for it in invented
    ]


def test_surnames_are_spread_as_in_life(world: World) -> None:
    surnames = Counter(it.full_name.split()[0] for it in world.citizens)

    assert surnames.most_common(1)[0][0] == "NGUYỄN"
    assert 0.25 < surnames["NGUYỄN"] / PEOPLE < 0.45
    assert 0.06 < surnames["TRẦN"] / PEOPLE < 0.16
    assert len(surnames) > 40


def test_about_one_in_seven_is_of_another_people(world: World) -> None:
    others = [it for it in world.citizens if it.ethnic != "01"]

    assert 0.08 < len(others) / PEOPLE < 0.23
    assert {"12", "16", "17", "05", "04", "02"} <= {it.ethnic for it in others}


def test_every_household_has_one_head_who_stands_first(world: World) -> None:
    heads = [
        [member.number for member in it.members if member.relation == "Chủ hộ"]
        for it in world.households
    ]

    assert [[it.head] for it in world.households] == heads
    assert [it.head for it in world.households] == [it.members[0].number for it in world.households]


def test_a_household_and_its_members_agree(world: World, by_number: dict[str, Citizen]) -> None:
    members = [(it, member) for it in world.households for member in it.members]

    assert len(members) == len({member.number for _, member in members})
    for it, member in members:
        citizen = by_number[member.number]
        assert citizen.head is not None
        assert (it.number, it.head, member.relation, member.full_name, member.birth) == (
            citizen.household,
            citizen.head.number,
            citizen.head.relation,
            citizen.full_name,
            citizen.birth,
        )


def test_spouses_name_each_other(world: World, by_number: dict[str, Citizen]) -> None:
    for it in world.citizens:
        if it.spouse is not None and it.spouse.number:
            other = by_number[it.spouse.number]
            assert other.spouse is not None
            assert (it.number, other.full_name) == (other.spouse.number, it.spouse.full_name)
            assert {"1", "2"} == {it.sex, other.sex}


def test_parents_are_on_file_of_the_right_sex_and_old_enough(
    world: World, by_number: dict[str, Citizen]
) -> None:
    for it in world.citizens:
        for parent, sex in ((it.father, "1"), (it.mother, "2")):
            if parent is not None and parent.number:
                on_file = by_number[parent.number]
                assert (sex, parent.full_name) == (on_file.sex, on_file.full_name)
                assert int(it.birth[:4]) - int(on_file.birth[:4]) >= 17


def test_every_ward_exists_on_the_day_of_the_record(world: World) -> None:
    wards = load_wards()
    places = [it.permanent for it in world.citizens if it.permanent is not None]

    assert len(places) == PEOPLE
    assert [place for place in places if not wards.exists(place)] == []
    assert {"01", "60", "67", "68"} == {place.province for place in places}


def test_both_old_and_new_addresses_occur(world: World) -> None:
    old = [it for it in world.citizens if it.permanent and it.permanent.district]

    assert 0.5 < len(old) / PEOPLE < 0.95
    assert {True} == {it.recorded < "20250701" for it in old}


def test_tax_codes_are_unique_and_valid(world: World) -> None:
    codes = [it.code for it in world.enterprises]

    assert len(codes) == len(set(codes))
    assert {"99"} == {code[:2] for code in codes}
    assert [code[9] for code in codes] == [check_digit(code[:9]) for code in codes]


def test_parcels_and_certificates_are_unique(world: World) -> None:
    places = [(it.ward, it.sheet, it.number) for it in world.parcels]
    serials = [certificate.serial for it in world.parcels for certificate in it.certificates]

    assert len(places) == len(set(places))
    assert len(serials) == len(set(serials))
    assert len({it.national_id for it in world.parcels}) == len(places)
    assert {"01", "68"} == {it.province for it in world.parcels}


def test_holders_and_representatives_are_citizens(
    world: World, by_number: dict[str, Citizen]
) -> None:
    holders = {
        one.number
        for it in world.parcels
        for one in (it.holder.first, it.holder.second, *it.holder.members)
        if one and one.number
    }
    people = {who.number for it in world.enterprises for who in it.representatives}
    owners = {it.code for it in world.household_businesses}

    assert set() == (holders | people | owners) - set(by_number)


def test_insurance_codes_and_cards_are_unique(world: World) -> None:
    cards = [it.card for it in world.cards]
    codes = [code for it in world.insured for code in (it.code, *it.merged)]

    assert len(cards) == len(set(cards))
    assert len(codes) == len(set(codes))
    assert [it.card[5:] for it in world.cards] == [it.code for it in world.cards]
    assert {"0", "1"} == {it.sex for it in world.insured}
    assert {"1", "2"} == {it.sex for it in world.cards}


def test_nobody_pays_contributions_as_a_child(world: World, by_number: dict[str, Citizen]) -> None:
    ages = [
        int(it.start[:4]) - int(by_number[it.cmnd].birth[:4])
        for it in world.insured
        if it.cmnd in by_number
    ]

    assert min(ages) >= 17


def test_a_business_is_in_the_codes_of_the_day_of_its_founding(world: World) -> None:
    wards = load_wards()
    named = load_world()
    businesses = [
        *((it.founded, it.address) for it in world.enterprises[len(named.enterprises) :]),
        *((it.founded, it.address) for it in world.household_businesses),
    ]

    assert {(True, True), (False, False)} == {
        (founded < "20250701", address.place.district != "") for founded, address in businesses
    }
    assert {True} == {wards.exists(address.place) for _, address in businesses}
