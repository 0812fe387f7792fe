"""The land registry: what the key of a parcel or of a certificate finds."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from adapters.dates import PartialDate
from adapters.land.client import LandRegistry
from adapters.land.records import (
    CertificateKey,
    Encumbrance,
    HolderCommunity,
    HolderCouple,
    HolderOrganisation,
    HolderPerson,
    LandCertificate,
    LandUse,
    Parcel,
    ParcelKey,
)
from adapters.persons import PersonRef
from adapters.registry import Absent, Ambiguous, NotConnected
from sandbox.parcels import Certificate
from tests.adapters.land_office import (
    ALL,
    BEFORE,
    HA_NOI,
    LAM_DONG,
    TRUC_BACH,
    Office,
    ask,
    ask_once,
    errand,
    like,
    open_land,
    source,
)


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(name="land")
async def _land(office: Office) -> AsyncIterator[LandRegistry]:
    office.heal()
    land = open_land(office.urls)
    yield land
    await land.aclose()


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

    assert isinstance(both, Ambiguous)
    assert source(LAM_DONG, "intent-68") == both.source
    assert ["H'Liêng Niê", "K'Brèo"] == [it.full_name for it in both.holders]
    assert "Brèo" not in repr(both)
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
        Absent(source=source(ALL, "intent", "intent-01", "intent-68")),
    ] == answers
    assert ["empty", "empty"] == [call.outcome for call in office.calls()]


async def test_a_ward_that_nobody_knows_is_asked_for_everywhere(
    land: LandRegistry, office: Office
) -> None:
    answer = await ask(land, ParcelKey(ward="99999", sheet="12", parcel="7"))

    assert Absent(source=source(ALL, "intent", "intent-01", "intent-68")) == answer
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

    assert isinstance(answer, Ambiguous)
    assert source(ALL, "intent", "intent-01", "intent-68") == answer.source
    assert {"Nguyễn Văn An", "Trần Thị Bình"} <= {it.full_name for it in answer.holders}


async def test_a_certificate_names_its_province_and_every_call_that_was_made_for_it(
    land: LandRegistry,
) -> None:
    """The calls are those of a certificate that is nowhere: they tell nobody where it is."""
    for number, province in (("SX 100101", "01"), ("SX 00000102", "68")):
        certificate = await ask(land, CertificateKey(number=number))
        assert isinstance(certificate, LandCertificate)
        assert f"intent-{province}" == certificate.source.upstream_request_id
        assert ("intent-01", "intent-68") == certificate.source.calls


async def test_one_certificate_over_two_parcels_is_one(tmp_path: Path) -> None:
    answer = await ask_once(
        tmp_path,
        CertificateKey(number="CH00101"),
        like(TRUC_BACH),
        like(TRUC_BACH, number="9"),
    )

    assert isinstance(answer, LandCertificate)
    assert "registerNumber" == answer.matched_by


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
