"""The land registry: what a key finds in the provinces, and what it does not."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from adapters.dates import PartialDate
from adapters.land import records
from adapters.land.client import LandRegistry
from adapters.land.records import (
    CertificateKey,
    Encumbrance,
    HolderCommunity,
    HolderCouple,
    HolderHousehold,
    HolderKey,
    HolderOrganisation,
    HolderPerson,
    Holdings,
    LandCertificate,
    LandUse,
    Parcel,
    ParcelKey,
)
from adapters.persons import PersonRef
from adapters.registry import Absent, Ambiguous, NotConnected
from sandbox.parcels import Certificate
from sandbox.world import load_world
from tests.adapters.land_office import (
    Office,
    errand,
    holder,
    like,
    one,
    open_land,
    source,
    world_of,
)

BEFORE = date(2024, 12, 31)
TRUC_BACH = "010000400120007"
OLD_NUMBER_PARCEL = "010016000210056"
HA_NOI, LAM_DONG = "Thành phố Hà Nội", "Tỉnh Lâm Đồng"
ALL = "các tỉnh, thành phố"


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"), load_world())


@pytest.fixture(name="land")
async def _land(office: Office) -> AsyncIterator[LandRegistry]:
    office.heal()
    land = open_land(office.urls)
    yield land
    await land.aclose()


async def ask(land: LandRegistry, key: records.ParcelKey | CertificateKey | HolderKey) -> object:
    [answer] = await land.fetch_many([key], errand())
    return answer


async def ask_once(directory: Path, key: object, *parcels: object) -> object:
    """Ask for *key* where only *parcels* lie."""
    made = [it for it in parcels if isinstance(it, type(like(TRUC_BACH)))]
    land = open_land(Office(directory, world_of(*made)).urls)
    try:
        assert isinstance(key, ParcelKey | CertificateKey | HolderKey)
        return await ask(land, key)
    finally:
        await land.aclose()


def held(answer: object) -> list[str | None]:
    assert isinstance(answer, Holdings)
    assert answer.silent_provinces == ()
    return [parcel.national_id for parcel in answer.parcels]


async def test_a_parcel_comes_whole(land: LandRegistry) -> None:
    """C17: a couple is one party of two."""
    parcel = await ask(land, ParcelKey(ward="00004", sheet="12", parcel="7", ward_as_of=BEFORE))

    assert isinstance(parcel, Parcel)
    ha_noi = source(HA_NOI, "intent-01")
    couple = HolderCouple(
        first=HolderPerson(
            person=PersonRef(
                full_name="Nguyễn Văn An",
                personal_id="097085000101",
                birth_date=PartialDate(1985, 5, 12),
            )
        ),
        second=HolderPerson(
            person=PersonRef(
                full_name="Trần Thị Bình",
                personal_id="097187000102",
                birth_date=PartialDate(1987, 10, 3),
            )
        ),
    )
    assert parcel.address is not None
    assert parcel.address.as_recorded is not None
    assert parcel.address.today is not None
    assert (
        "Số 12 phố Trúc Bạch, Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội"
        == parcel.address.as_recorded.display
    )
    assert "Số 12 phố Trúc Bạch, Phường Ba Đình, Thành phố Hà Nội" == parcel.address.today.display
    assert Parcel(
        source=ha_noi,
        national_id=TRUC_BACH,
        ward="00004",
        sheet="12",
        parcel="7",
        old_sheet="3",
        old_parcel="41",
        area=Decimal("64.5"),
        uses=(
            LandUse(
                code="ODT",
                name="Đất ở tại đô thị",
                area=Decimal("64.5"),
                term="Lâu dài",
                origin="Nhà nước giao đất có thu tiền sử dụng đất",
            ),
        ),
        holder=couple,
        certificates=(
            LandCertificate(
                source=msgspec.structs.replace(ha_noi, record_date=PartialDate(2014, 9, 15)),
                serial_number="SX 100101",
                register_number="CH00101",
                issued_on=date(2014, 9, 15),
                issued_by="UBND quận Ba Đình",
                holder=couple,
            ),
        ),
    ) == msgspec.structs.replace(parcel, address=None)


async def test_a_parcel_is_found_by_the_ward_of_today_and_by_that_of_its_survey(
    land: LandRegistry,
) -> None:
    today, then, undated = await land.fetch_many(
        [
            ParcelKey(ward="24781", sheet="8", parcel="210"),
            ParcelKey(ward="24784", sheet="8", parcel="210", ward_as_of=BEFORE),
            ParcelKey(ward="24784", sheet="8", parcel="210"),
        ],
        errand(),
    )

    assert isinstance(then, Parcel)
    assert "682478400080210" == then.national_id
    assert then == today == undated


async def test_the_old_pair_of_numbers_finds_where_the_present_pair_does_not(
    land: LandRegistry, tmp_path: Path
) -> None:
    by_old_pair = ParcelKey(ward="00004", sheet="3", parcel="41")

    assert await ask(land, by_old_pair) == await ask(
        land, ParcelKey(ward="00004", sheet="12", parcel="7")
    )

    another = like("010000400120008", sheet="3", number="41")
    parcel = await ask_once(tmp_path, by_old_pair, like(TRUC_BACH), another)
    assert isinstance(parcel, Parcel)
    assert "010000400120008" == parcel.national_id


async def test_namesakes_in_one_ward_of_today_are_told_apart_by_their_old_wards(
    land: LandRegistry,
) -> None:
    """C21: after a merger two parcels share ward, sheet and number."""
    both, first, second = await land.fetch_many(
        [
            ParcelKey(ward="24778", sheet="15", parcel="123"),
            ParcelKey(ward="24772", sheet="15", parcel="123", ward_as_of=BEFORE),
            ParcelKey(ward="24775", sheet="15", parcel="123", ward_as_of=BEFORE),
        ],
        errand(),
    )

    assert Ambiguous(source=source(LAM_DONG, "intent-68")) == both
    assert isinstance(first, Parcel)
    assert isinstance(second, Parcel)
    assert ("682477200150123", "682477500150123") == (first.national_id, second.national_id)


async def test_nothing_under_a_key_is_absent_and_another_province_is_not_connected(
    land: LandRegistry, office: Office
) -> None:
    answers = await land.fetch_many(
        [
            ParcelKey(ward="00004", sheet="12", parcel="70"),
            ParcelKey(ward="31117", sheet="12", parcel="7"),
            CertificateKey(number="SX 999999"),
        ],
        errand(),
    )

    assert [
        Absent(source=source(HA_NOI, "intent-01")),
        NotConnected(),
        Absent(source=source(ALL, "intent")),
    ] == answers
    assert ["empty", "empty"] == [call.outcome for call in office.calls()]


async def test_a_ward_that_nobody_knows_is_asked_for_everywhere(
    land: LandRegistry, office: Office
) -> None:
    answer = await ask(land, ParcelKey(ward="99999", sheet="12", parcel="7"))

    assert Absent(source=source(ALL, "intent")) == answer
    assert ["land-01", "land-68"] == [call.registry for call in office.calls()]


@pytest.mark.parametrize(
    ("number", "matched_by"),
    [
        ("SX 100104", "serialNumber"),
        (" sx100104", "serialNumber"),
        ("SX-100104", "serialNumber"),
        ("00104", "registerNumber"),
    ],
)
async def test_a_certificate_is_found_by_either_number_however_it_is_spelled(
    land: LandRegistry, number: str, matched_by: str
) -> None:
    certificate = await ask(land, CertificateKey(number=number))

    assert isinstance(certificate, LandCertificate)
    assert ("SX 100104", "00104", matched_by) == (
        certificate.serial_number,
        certificate.register_number,
        certificate.matched_by,
    )


async def test_a_number_of_two_certificates_is_ambiguous(tmp_path: Path) -> None:
    mixed = Certificate(serial="SX 200001", register="SX 100101", issued="2020-01-01", issuer="A")
    answer = await ask_once(
        tmp_path,
        CertificateKey(number="SX 100101"),
        like(TRUC_BACH),
        like("682478400080210", certificates=(mixed,)),
    )

    assert Ambiguous(source=source(ALL, "intent")) == answer


async def test_one_certificate_over_two_parcels_is_one(tmp_path: Path) -> None:
    answer = await ask_once(
        tmp_path,
        CertificateKey(number="CH00101"),
        like(TRUC_BACH),
        like(TRUC_BACH, number="9", national_id="010000400120009"),
    )

    assert isinstance(answer, LandCertificate)
    assert "registerNumber" == answer.matched_by


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


async def test_a_mortgage_in_force_is_told(land: LandRegistry) -> None:
    """C22."""
    parcel = await ask(land, ParcelKey(ward="00160", sheet="21", parcel="90", ward_as_of=BEFORE))

    assert isinstance(parcel, Parcel)
    assert (
        Encumbrance(
            kind="Thế chấp quyền sử dụng đất",
            registered_on=date(2024, 5, 6),
            secured="Hợp đồng tín dụng số 05/2024",
            beneficiary="Ngân hàng TMCP Giả Định",
        ),
    ) == parcel.encumbrances


async def test_a_mistyped_land_use_code_stays_as_it_is_without_a_name(land: LandRegistry) -> None:
    """C23."""
    parcel = await ask(land, ParcelKey(ward="24640", sheet="33", parcel="12", ward_as_of=BEFORE))

    assert isinstance(parcel, Parcel)
    assert [("OTD", None, Decimal(95))] == [(it.code, it.name, it.area) for it in parcel.uses]


async def test_organisations_and_communities_hold_land_too(land: LandRegistry) -> None:
    answers = await land.fetch_many(
        [
            ParcelKey(ward="00013", sheet="2", parcel="15", ward_as_of=BEFORE),
            ParcelKey(ward="24640", sheet="33", parcel="40", ward_as_of=BEFORE),
        ],
        errand(),
    )

    assert [
        HolderOrganisation(name="Công ty TNHH MTV Hoa Sen", code="9900000016"),
        HolderCommunity(name="Cộng đồng dân cư buôn U1"),
    ] == [it.holder for it in answers if isinstance(it, Parcel)]


async def test_a_line_that_came_twice_word_for_word_is_one_parcel(tmp_path: Path) -> None:
    parcels = [like(TRUC_BACH), like(TRUC_BACH)]
    key = ParcelKey(ward="00004", sheet="12", parcel="7")

    assert isinstance(await ask_once(tmp_path, key, *parcels), Parcel)
    assert [TRUC_BACH] == held(await ask_once(tmp_path, holder("an"), *parcels))


async def test_two_lines_that_contradict_each_other_are_ambiguous(tmp_path: Path) -> None:
    parcels = [like(TRUC_BACH), like(TRUC_BACH, area=65.0)]
    key = ParcelKey(ward="00004", sheet="12", parcel="7")

    assert Ambiguous(source=source(HA_NOI, "intent-01")) == await ask_once(tmp_path, key, *parcels)
    answer = await ask_once(tmp_path, holder("an"), *parcels)
    assert Ambiguous(source=source(ALL, "intent")) == answer


async def test_a_parcel_of_two_parties_is_ambiguous_to_all_but_themselves(tmp_path: Path) -> None:
    mine = like(TRUC_BACH, holder=one("Nguyễn Văn An", number="097085000101"))
    theirs = like(TRUC_BACH, holder=one("Nguyễn Thị Hòa", number="097185900001"))
    key = ParcelKey(ward="00004", sheet="12", parcel="7")

    assert Ambiguous(source=source(HA_NOI, "intent-01")) == await ask_once(
        tmp_path, key, mine, theirs
    )
    assert [TRUC_BACH] == held(await ask_once(tmp_path, holder("an"), mine, theirs))
