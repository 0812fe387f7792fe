"""The named people: each of the 45 cases has its carrier, and the carrier really shows it."""

from collections.abc import Callable

import pytest

from sandbox.named import MARITAL
from sandbox.parcels import HolderKind, Parcel
from sandbox.records import Citizen, Enterprise, HealthCard, check_digit
from sandbox.wards import load_wards
from sandbox.world import World, load_world

CASES = [f"C{number:02d}" for number in range(1, 46)]
SAFE_PREFIXES = ("097", "098", "099")


@pytest.fixture(name="world", scope="module")
def _world() -> World:
    return load_world()


def citizen(world: World, short_name: str) -> Citizen:
    number = world.person(short_name).key.number
    return next(it for it in world.citizens if it.number == number)


def held_by(world: World, short_name: str) -> list[Parcel]:
    """Return the parcels of a person, however the certificate names them."""
    person = citizen(world, short_name)
    numbers = {person.number, *person.old_numbers}
    return [
        parcel
        for parcel in world.parcels
        for one in (parcel.holder.first, parcel.holder.second, *parcel.holder.members)
        if one and numbers & {one.number, one.old_number}
    ]


def represented_by(world: World, short_name: str) -> Enterprise:
    number = world.person(short_name).key.number
    return next(
        it for it in world.enterprises if number in {who.number for who in it.representatives}
    )


def card_of(world: World, short_name: str) -> HealthCard:
    number = world.person(short_name).key.number
    return next(card for card in world.cards if card.personal_id == number)


def sharing(world: World, old_number: str) -> int:
    return len([it for it in world.citizens if old_number in it.old_numbers])


def kinds(world: World, short_name: str) -> set[HolderKind]:
    return {parcel.holder.kind for parcel in held_by(world, short_name)}


def same_place_twice(world: World) -> bool:
    """Say whether one of quan's parcels has a namesake in the same ward of today."""
    wards = load_wards()

    def key(parcel: Parcel) -> tuple[str, str, str]:
        return wards.now(parcel.ward)[0].code_now, parcel.sheet, parcel.number

    others = [it for it in world.parcels if it not in held_by(world, "quan")]
    mine = {key(parcel) for parcel in held_by(world, "quan")}
    return bool(mine & {key(parcel) for parcel in others})


SHOWN: dict[str, Callable[[World], bool]] = {
    "C01": lambda w: citizen(w, "hoa").full_name == "NGUYỄN THỊ HÒA",
    "C02": lambda w: citizen(w, "hoa").birth == "19850512",
    "C03": lambda w: citizen(w, "duc").full_name == "ĐẶNG VĂN ĐỨC",
    "C04": lambda w: citizen(w, "hung").full_name == "NGUYỄN VĂN HÙNG",
    "C05": lambda w: citizen(w, "hung").full_name == "NGUYỄN VĂN HÙNG",
    "C06": lambda w: citizen(w, "ly").full_name == "TRẦN VĂN LÝ",
    "C07": lambda w: citizen(w, "cu").birth == "1945",
    "C08": lambda w: citizen(w, "cu").birth == "1945",
    "C09": lambda w: citizen(w, "cmnd").old_numbers == ("012345678",),
    "C10": lambda w: sharing(w, citizen(w, "tu").old_numbers[0]) == 2,
    "C12": lambda w: citizen(w, "tu").number[3] == "1" and citizen(w, "tu").sex == "1",
    "C13": lambda w: citizen(w, "ngoc").father is None and citizen(w, "ngoc").mother is not None,
    "C14": lambda w: (
        [(it.nationality, it.number) for it in [citizen(w, "han").mother] if it is not None]
        == [("KR", "")]
    ),
    "C15": lambda w: (
        [
            it.holder.first.died
            for it in w.parcels
            if it.holder.kind == HolderKind.PERSON and it.holder.first and it.holder.first.died
        ]
        == [2019]
    ),
    "C16": lambda w: (
        [
            (it.holder.first.number, it.holder.first.old_number)
            for it in held_by(w, "cmnd")
            if it.holder.first
        ]
        == [("", "012345678")]
    ),
    "C17": lambda w: HolderKind.COUPLE in kinds(w, "an") and HolderKind.COUPLE in kinds(w, "binh"),
    "C18": lambda w: (
        [it.holder.first.died for it in held_by(w, "khai") if it.holder.first is not None] == [2019]
    ),
    "C19": lambda w: (
        [len(load_wards().now(it.ward)) for it in [citizen(w, "mai").permanent] if it] == [5]
    ),
    "C20": lambda w: (
        [(it.ward, it.district) for it in [citizen(w, "an").permanent] if it is not None]
        == [("00004", "001")]
    ),
    "C21": same_place_twice,
    "C22": lambda w: [len(it.burdens) for it in held_by(w, "ly")] == [1],
    "C23": lambda w: "OTD" in {use.code for it in held_by(w, "quan") for use in it.uses},
    "C24": lambda w: (
        represented_by(w, "an").code == "9900000016"
        and len(represented_by(w, "an").representatives) == 1
    ),
    "C25": lambda w: len(represented_by(w, "duc").representatives) == 3,
    "C26": lambda w: [it.code for it in represented_by(w, "an").branches] == ["9900000016-001"],
    "C27": lambda w: [it.code for it in w.household_businesses] == [citizen(w, "quan").number],
    "C28": lambda w: represented_by(w, "hung").statuses[-1].text == "Tạm ngừng kinh doanh",
    "C29": lambda w: represented_by(w, "ly").statuses[-1].text == "Đã giải thể",
    "C30": lambda w: card_of(w, "an").card == "DN4019700000101",
    "C31": lambda w: card_of(w, "cu").birth == "1945",
    "C32": lambda w: (
        [it.merged for it in w.insured if it.code == "9700000122"] == [("9700000922",)]
    ),
    "C33": lambda w: [it.sex for it in w.insured if it.cmnd == citizen(w, "binh").number] == ["0"],
    "C37": lambda w: citizen(w, "ab").full_name == "A & B <X>",
    "C42": lambda w: (
        [citizen(w, child).birth for child in ("khoi", "nhien")] == ["20140820", "20210903"]
    ),
    "C43": lambda w: w.person("an").key.birth_date == "1985-05-12",
    "C44": lambda w: [it.ward for it in held_by(w, "hoa")] == ["00004"],
}


def test_every_case_has_a_carrier_or_is_a_rule(world: World) -> None:
    carried = {case for person in world.people for case in person.cases}

    assert sorted(carried | set(world.rules)) == CASES
    assert set() == carried & set(world.rules)
    assert carried == set(SHOWN)


@pytest.mark.parametrize("case", sorted(SHOWN))
def test_a_carrier_shows_its_case(world: World, case: str) -> None:
    assert SHOWN[case](world)


def test_cases_that_no_person_carries_are_named_as_rules(world: World) -> None:
    assert sorted(world.rules) == ["C11", "C34", "C35", "C36", "C38", "C39", "C40", "C41", "C45"]


def test_personal_ids_belong_to_nobody(world: World) -> None:
    numbers = [
        *(it.number for it in world.citizens),
        *(it.key.number for it in world.people),
        *(it.code for it in world.household_businesses),
    ]

    assert [it for it in numbers if not it.startswith(SAFE_PREFIXES) or len(it) != 12] == []


def test_tax_codes_have_the_test_prefix_and_a_valid_check_digit(world: World) -> None:
    codes = [it.code for it in world.enterprises]

    assert [code[:2] for code in codes] == ["99"] * 4
    assert [code[9] for code in codes] == [check_digit(code[:9]) for code in codes]


def test_a_tax_code_body_without_check_digit_is_known_as_such() -> None:
    assert check_digit("990000001") == "6"
    assert check_digit("010010910") == "6"
    assert None is check_digit("000000000")


def test_a_key_finds_its_person_on_file(world: World) -> None:
    """What a visitor copies is what the population registry holds; one key finds nobody."""
    on_file = {(it.number, it.full_name, it.birth) for it in world.citizens}
    keys = {
        it.short_name: (it.key.number, it.key.full_name.upper(), it.key.birth_date.replace("-", ""))
        for it in world.people
    }

    assert [name for name, key in keys.items() if key not in on_file] == ["khong"]


def test_the_digits_of_a_number_agree_with_the_record_but_for_one(world: World) -> None:
    def plausible(it: Citizen) -> bool:
        century_and_sex = str(2 * (int(it.birth[:2]) - 19) + int(it.sex) - 1)
        return it.number[3:6] == century_and_sex + it.birth[2:4]

    assert [world.person("tu").key.number] == [
        it.number for it in world.citizens if not plausible(it)
    ]


def test_every_named_person_has_a_story_in_two_languages_and_a_procedure(world: World) -> None:
    assert [
        it.short_name for it in world.people if not (it.story and it.story_en and it.procedure)
    ] == []


def test_the_young_parents_are_married_to_each_other(world: World) -> None:
    mai, nam = citizen(world, "mai"), citizen(world, "nam")

    assert mai.spouse is not None
    assert nam.spouse is not None
    assert (nam.number, mai.number) == (mai.spouse.number, nam.spouse.number)


def test_one_couple_is_not_married_to_each_other(world: World) -> None:
    thao, duc = citizen(world, "thao"), citizen(world, "duc")

    assert None is thao.spouse
    assert MARITAL["single"] == thao.marital
    assert duc.spouse is not None
    assert duc.spouse.full_name == "VŨ THỊ VÂN"


def test_every_kind_of_holder_holds_something(world: World) -> None:
    assert set(HolderKind) == {parcel.holder.kind for parcel in world.parcels}


def test_the_head_of_the_household_of_four_holds_land_in_two_provinces(world: World) -> None:
    assert sorted(parcel.province for parcel in held_by(world, "an")) == ["01", "68"]


def test_places_are_in_the_codes_of_their_day(world: World) -> None:
    """Before 2025-07-01 a record has a district; since then it has none."""
    wards = load_wards()
    places = [(it.recorded, it.permanent) for it in world.citizens if it.permanent is not None]

    assert [place for _, place in places if not wards.exists(place)] == []
    assert [recorded < "20250701" for recorded, _ in places] == [
        place.district != "" for _, place in places
    ]
