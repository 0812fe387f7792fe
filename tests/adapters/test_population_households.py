"""The household of a proven citizen (INVENTED after the two real operations)."""

from datetime import UTC, datetime

import pytest
import respx

from adapters.dates import PartialDate
from adapters.population.client import AUTHORITY, PopulationRegistry
from adapters.population.records import (
    Household,
    HouseholdKey,
    HouseholdMember,
    PersonKey,
    Sex,
)
from adapters.registry import Absent, Ambiguous, Errand, Garbled, RegistryName, Source
from tests.adapters.population_wire import (
    ID,
    OLD,
    OTHER_ID,
    element,
    envelope,
    member,
)

URL = "http://population.test/"
SOURCE = Source(
    registry=RegistryName.POPULATION,
    authority=AUTHORITY,
    fetched_at=datetime(2026, 11, 21, 1, 2, 3, 456000, tzinfo=UTC),
    upstream_request_id="intent-1",
)


def claim(name: str, born: PartialDate, number: str = ID) -> PersonKey:
    return PersonKey(number=number, full_name=name, birth_date=born)


AN = claim("Nguyễn Văn An", PartialDate(1985, 5, 12))


FAMILY = member("NGUYỄN VĂN AN", "19850512", ID, "Chủ hộ") + member(
    "TRẦN THỊ BÌNH", "1987", OTHER_ID, "Vợ"
)


async def test_a_household_names_its_members_and_what_the_asked_one_is_in_it(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).respond(200, content=envelope(element("HoGiaDinh", FAMILY)))
    key = HouseholdKey(person=claim("Trần Thị Bình", PartialDate(1987, 10, 3), OTHER_ID))

    answer = await population.fetch_many([key], errand)

    an = HouseholdMember(
        full_name="Nguyễn Văn An",
        personal_id=ID,
        birth_date=PartialDate(1985, 5, 12),
        sex=Sex.MALE,
        relation_to_head="Chủ hộ",
    )
    binh = HouseholdMember(
        full_name="Trần Thị Bình",
        personal_id=OTHER_ID,
        birth_date=PartialDate(1987),
        sex=Sex.MALE,
        relation_to_head="Vợ",
    )
    expected = Household(source=SOURCE, relation_to_head="Vợ", members=(an, binh), key=key)
    assert [expected] == answer


@pytest.mark.parametrize(
    ("person", "content", "expected"),
    [
        (AN, "<HoGiaDinh/>", Absent),
        (claim("Nguyễn Văn Ân", PartialDate(1985, 5, 12)), FAMILY, Absent),
        (claim("Nguyễn Văn An", PartialDate(1985, 5, 13)), FAMILY, Absent),
        (claim("Nguyễn Văn An", PartialDate(1985, 5, 12), "097085000109"), FAMILY, Garbled),
        (claim("Nguyễn Văn An", PartialDate(1985, 5, 12), OLD), FAMILY, Household),
        (claim("Lê Thị Bảy", PartialDate(1985, 5, 12), OLD), FAMILY, Absent),
        (AN, FAMILY + "<ThanhVien xmlns=''/>", Garbled),
        (AN, FAMILY.replace("ThanhVien", "NguoiLa"), Garbled),
        (AN, FAMILY.replace("19850512", "19851312"), Garbled),
        (AN, FAMILY + "</HoGiaDinh><HoGiaDinh>" + FAMILY, Ambiguous),
    ],
)
async def test_a_household_is_given_only_for_the_person_proven(
    population: PopulationRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    person: PersonKey,
    content: str,
    expected: type,
) -> None:
    written = content if content.startswith("<HoGiaDinh") else element("HoGiaDinh", content)
    respx_mock.post(URL).respond(200, content=envelope(written))

    [answer] = await population.fetch_many([HouseholdKey(person=person)], errand)

    assert expected is type(answer)
