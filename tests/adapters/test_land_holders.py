"""The land registry: what a person holds, alone, as one of two, or in a household."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from adapters.dates import PartialDate
from adapters.land.client import LandRegistry
from adapters.land.records import (
    RECORDS,
    CertificateKey,
    HolderCouple,
    HolderHousehold,
    HolderPerson,
    Holdings,
    Parcel,
    ParcelKey,
    is_whole,
)
from adapters.registry import Ambiguous
from tests.adapters.land_office import (
    ALL,
    BEFORE,
    HA_NOI,
    TRUC_BACH,
    Office,
    ask,
    ask_once,
    errand,
    held,
    holder,
    like,
    one,
    open_land,
    source,
)

OLD_NUMBER_PARCEL = "010016000210056"


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(name="land")
async def _land(office: Office) -> AsyncIterator[LandRegistry]:
    office.heal()
    land = open_land(office.urls)
    yield land
    await land.aclose()


async def test_a_holder_is_found_in_every_province_in_whatever_part(land: LandRegistry) -> None:
    """C17: each of a couple; C18: a member of a household whose head has died."""
    answers = await land.fetch_many(
        [holder("an"), holder("binh"), holder("khai"), holder("hung")], errand()
    )

    assert [
        [TRUC_BACH, "682478400080210"],
        [TRUC_BACH],
        ["010957400090301"],
        [],
    ] == [held(answer) for answer in answers]


async def test_a_household_whose_head_has_died_says_so_and_counts_its_members(
    land: LandRegistry,
) -> None:
    """C18, and C15: the father's own parcel, whose holder is dead."""
    answer = await ask(land, holder("khai"))
    parcel = await ask(land, ParcelKey(ward="09574", sheet="4", parcel="18", ward_as_of=BEFORE))

    assert isinstance(answer, Holdings)
    [household] = [it.holder for it in answer.parcels]
    assert isinstance(household, HolderHousehold)
    assert household.head is not None
    assert (PartialDate(2019), 3) == (household.head.died_in, household.member_count)
    assert ["Vũ Đình Khoa", "Nguyễn Thị Mận", "Vũ Đình Khải"] == [
        it.full_name for it in household.members
    ]
    assert isinstance(parcel, Parcel)
    assert isinstance(parcel.holder, HolderPerson)
    assert PartialDate(2019) == parcel.holder.died_in


async def test_the_spouse_whom_the_certificate_prints_first_stands_first(
    land: LandRegistry,
) -> None:
    answer = await ask(land, holder("duc"))

    assert isinstance(answer, Holdings)
    [couple] = [it.holder for it in answer.parcels]
    assert isinstance(couple, HolderCouple)
    assert ["Vũ Thị Vân", "Đặng Văn Đức"] == [
        it.person.full_name for it in (couple.first, couple.second) if it and it.person
    ]


async def test_an_old_number_leads_to_the_parcel_only_with_its_name(land: LandRegistry) -> None:
    """C16: the certificate bears the CMND."""
    key = holder("cmnd", ["012345678"])
    answers = await land.fetch_many(
        [
            key,
            holder("cmnd"),
            msgspec.structs.replace(key, full_name="LÊ VĂN CHÍNH"),
            msgspec.structs.replace(key, full_name="Lê Văn Chinh"),
            msgspec.structs.replace(key, birth_date=PartialDate(1976)),
        ],
        errand(),
    )

    mine = [OLD_NUMBER_PARCEL]
    assert [mine, [], mine, [], []] == [held(answer) for answer in answers]


async def test_of_two_strangers_with_one_old_number_each_finds_their_own(tmp_path: Path) -> None:
    """C10, and a personal id on the certificate that is somebody else's settles it."""
    shared = "271000111"
    parcels = [
        like(TRUC_BACH, holder=one("Phạm Ngọc Tú", old_number=shared, birth_year=1985)),
        like(
            "010000400120008",
            holder=one("Phạm Ngọc Tú", number="098185999999", old_number=shared),
        ),
        like(OLD_NUMBER_PARCEL, holder=one("Lê Thị Tâm", old_number=shared)),
    ]
    answer = await ask_once(tmp_path, holder("tu", [shared]), *parcels)

    assert [TRUC_BACH] == held(answer)


async def test_a_line_that_came_twice_word_for_word_is_one_parcel(tmp_path: Path) -> None:
    parcels = [like(TRUC_BACH), like(TRUC_BACH)]
    key = ParcelKey(ward="00004", sheet="12", parcel="7")

    assert isinstance(await ask_once(tmp_path, key, *parcels), Parcel)
    assert [TRUC_BACH] == held(await ask_once(tmp_path, holder("an"), *parcels))


async def test_two_lines_that_contradict_each_other_are_ambiguous(tmp_path: Path) -> None:
    parcels = [like(TRUC_BACH), like(TRUC_BACH, area=65.0)]
    key = ParcelKey(ward="00004", sheet="12", parcel="7")

    answer = await ask_once(tmp_path, key, *parcels)
    assert isinstance(answer, Ambiguous)
    assert source(HA_NOI, "intent-01") == answer.source
    answer = await ask_once(tmp_path, holder("an"), *parcels)
    assert Ambiguous(source=source(ALL, "intent", "intent-01", "intent-68")) == answer


async def test_a_parcel_of_two_parties_is_ambiguous_to_all_but_themselves(tmp_path: Path) -> None:
    mine = like(TRUC_BACH, holder=one("Nguyễn Văn An", number="097085000101"))
    theirs = like(TRUC_BACH, holder=one("Nguyễn Thị Hòa", number="097185900001"))
    key = ParcelKey(ward="00004", sheet="12", parcel="7")

    answer = await ask_once(tmp_path, key, mine, theirs)
    assert isinstance(answer, Ambiguous)
    assert ["Nguyễn Văn An", "Nguyễn Thị Hòa"] == [it.full_name for it in answer.holders]
    assert [TRUC_BACH] == held(await ask_once(tmp_path, holder("an"), mine, theirs))


async def test_every_kind_of_record_survives_being_kept(land: LandRegistry) -> None:
    keys = [holder("an"), ParcelKey(ward="00013", sheet="2", parcel="15"), holder("khai")]
    answers = await land.fetch_many([*keys, CertificateKey(number="SX 100107")], errand())

    assert ["Holdings", "Parcel", "Holdings", "LandCertificate"] == [
        type(answer).__name__ for answer in answers
    ]
    for answer in answers:
        [kind] = [it for it in RECORDS if it is type(answer)]
        assert answer == msgspec.msgpack.decode(msgspec.msgpack.encode(answer), type=kind)
        assert is_whole(answer)
