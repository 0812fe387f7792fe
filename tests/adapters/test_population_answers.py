"""What the population registry's answers become, and when they are dropped."""

from datetime import UTC, datetime

import msgspec
import pytest
import respx
import structlog

from adapters.cache import Cache, CachedRegistry
from adapters.dates import PartialDate
from adapters.grades import Grade
from adapters.persons import PersonRef
from adapters.population import records
from adapters.population.client import AUTHORITY, PopulationRegistry
from adapters.population.records import (
    MaritalStatus,
    Person,
    PersonKey,
    Sex,
)
from adapters.registry import Absent, Ambiguous, Errand, Garbled, RegistryName, Source
from tests.adapters.population_wire import (
    ID,
    OLD,
    OTHER_ID,
    citizen,
    citizens,
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


async def test_a_whole_record_is_translated(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    split = "<Ho>NGUYỄN</Ho><ChuDem>VĂN</ChuDem><Ten>BÌNH</Ten>"
    more = (
        "<GioiTinh>1</GioiTinh><DanToc>12</DanToc><TonGiao>05</TonGiao><NhomMau>00</NhomMau>"
        "<TinhTrangHonNhan>2</TinhTrangHonNhan><QuocTich>VN</QuocTich>"
        "<ThuongTru><MaTinhThanh>01</MaTinhThanh><MaQuanHuyen/><MaPhuongXa>00004</MaPhuongXa>"
        "<ChiTiet>Số 12</ChiTiet><QuocGia>VN</QuocGia></ThuongTru>"
        "<NoiOHienTai><ChiTiet>Seoul</ChiTiet><QuocGia>KR</QuocGia></NoiOHienTai><QueQuan/>"
        f"<Cha><HoVaTen>{split}</HoVaTen><SoCMND>390000001</SoCMND></Cha>"
        "<Me><HoVaTen><Ten>KIM MIN JI</Ten></HoVaTen><QuocTich>KR</QuocTich><SoDinhDanh/></Me>"
        "<VoChong/>"
        f"<ChuHo><QuanHe>Con</QuanHe><SoDinhDanh>{OTHER_ID}</SoDinhDanh>"
        "<HoVaTen>NGUYỄN VĂN BÌNH</HoVaTen></ChuHo>"
    )
    respx_mock.post(URL).respond(200, content=citizens(citizen(old=OLD, more=more)))

    [person] = await population.fetch_many([AN], errand)

    assert isinstance(person, Person)
    residence, abroad = person.permanent_residence, person.current_residence
    assert residence is not None
    assert residence.today is not None
    assert residence.today.display == "Số 12, Phường Ba Đình, Thành phố Hà Nội"
    assert abroad is not None
    assert abroad.as_recorded is not None
    assert abroad.as_recorded.display == "Seoul, KR"
    assert (
        Person(
            source=SOURCE,
            personal_id=ID,
            old_id_numbers=(OLD,),
            full_name="Nguyễn Văn An",
            birth_date=PartialDate(1985, 5, 12),
            sex=Sex.MALE,
            nationality="VN",
            ethnic_group="Ê Đê",
            religion="05",
            marital_status=MaritalStatus.MARRIED,
            permanent_residence=residence,
            current_residence=abroad,
            father=PersonRef(full_name="Nguyễn Văn Bình", old_id_number="390000001"),
            mother=PersonRef(full_name="Kim Min Ji", nationality="KR"),
            head_of_household=PersonRef(full_name="Nguyễn Văn Bình", personal_id=OTHER_ID),
            relation_to_head="Con",
            key=AN,
        )
        == person
    )


async def test_codes_that_say_nothing_are_not_recorded_and_unknown_ones_stay_text(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    more = (
        "<GioiTinh>9</GioiTinh><DanToc>77</DanToc><TonGiao>00</TonGiao>"
        "<TinhTrangHonNhan>0</TinhTrangHonNhan>"
    )
    respx_mock.post(URL).respond(200, content=citizens(citizen(more=more)))

    [person] = await population.fetch_many([AN], errand)

    assert isinstance(person, Person)
    assert (None, "77", None, None) == (
        person.sex,
        person.ethnic_group,
        person.religion,
        person.marital_status,
    )


@pytest.mark.parametrize(
    ("name", "born", "recorded_name", "recorded_birth", "grades"),
    [
        ("Nguyễn Thị Hoà", "1985-05-12", "NGUYỄN THỊ HÒA", "19850512", ("EXACT", "EXACT")),
        ("Ðặng Văn Ðức", "1985-05-12", "ĐẶNG VĂN ĐỨC", "19850512", ("EQUIVALENT", "EXACT")),
        (
            "NGUYEN VAN HUNG",
            "1985",
            "NGUYỄN VĂN HÙNG",
            "19850512",
            ("UNACCENTED_ONLY", "COMPATIBLE"),
        ),
        ("Nguyễn Văn Hùng", "1985", "NGUYEN VAN HUNG", "1985", ("UNACCENTED_ONLY", "EXACT")),
        ("Lê Thị Bảy", "1945-01-01", "LÊ THỊ BẢY", "1945", ("EXACT", "COMPATIBLE")),
        ("Lê Thị Bảy", "1945-01-01", "LÊ THỊ BẢY", "19450000", ("EXACT", "COMPATIBLE")),
        ("Nguyễn Văn Hưng", "1985-05-12", "NGUYỄN VĂN HÙNG", "19850512", None),
        ("Trần Văn Lí", "1985-05-12", "TRẦN VĂN LÝ", "19850512", None),
        ("Lê Thị Bảy", "1985-05-12", "LÊ THỊ BẢY", "19850513", None),
        ("Lê Thị Bảy", "1946", "LÊ THỊ BẢY", "1945", None),
    ],
)
async def test_a_record_is_graded_and_one_that_contradicts_the_claim_is_dropped(
    population: PopulationRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    name: str,
    born: str,
    recorded_name: str,
    recorded_birth: str,
    grades: tuple[str, str] | None,
) -> None:
    """The year and the bare letters find a record; they are no way round the proof."""
    respx_mock.post(URL).respond(200, content=citizens(citizen(recorded_name, recorded_birth)))

    key = claim(name, PartialDate(*map(int, born.split("-"))))
    [answer] = await population.fetch_many([key], errand)

    if grades is None:
        assert isinstance(answer, Absent)
    else:
        assert isinstance(answer, Person)
        assert tuple(map(Grade, grades)) == (answer.name_grade, answer.birth_grade)


@pytest.mark.parametrize(
    "content",
    ["", "<CongDan/>", "<CongDan><SoDinhDanh/><HoVaTen><Ten/></HoVaTen></CongDan>"],
)
async def test_an_empty_answer_is_absent_with_the_source_that_said_so(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter, content: str
) -> None:
    respx_mock.post(URL).respond(200, content=citizens(content))

    answer = await population.fetch_many([claim("NGUYEN", PartialDate(1985))], errand)

    assert [Absent(source=SOURCE)] == answer


async def test_a_record_without_a_given_name_is_no_record(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).respond(200, content=citizens(citizen(name="")))

    [answer] = await population.fetch_many([AN], errand)

    assert isinstance(answer, Absent)


async def test_an_answer_about_another_person_is_discarded_and_raised_as_an_alarm(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).respond(200, content=citizens(citizen(number=OTHER_ID)))

    with structlog.testing.capture_logs() as lines:
        answer = await population.fetch_many([AN], errand)

    assert [Garbled(another_person=True)] == answer
    alarms = [line for line in lines if line["log_level"] == "error"]
    assert [{"event", "log_level", "request_id"}] == [set(alarm) for alarm in alarms]
    assert ["intent-1"] == [alarm["request_id"] for alarm in alarms]


@pytest.mark.parametrize("second", [ID, OTHER_ID])
async def test_two_records_for_one_number_show_none(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter, second: str
) -> None:
    content = citizens(citizen(), citizen(number=second))
    respx_mock.post(URL).respond(200, content=content)

    assert [Ambiguous(source=SOURCE)] == await population.fetch_many([AN], errand)


@pytest.mark.parametrize(
    ("other", "expected"), [("LÊ THỊ BẢY", Person), ("NGUYEN VAN AN", Ambiguous)]
)
async def test_where_two_people_share_an_old_number_the_name_decides(
    population: PopulationRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    other: str,
    expected: type,
) -> None:
    """C10, though a registry should not have answered with the other one."""
    content = citizens(citizen(old=OLD), citizen(other, number=OTHER_ID, old=OLD))
    respx_mock.post(URL).respond(200, content=content)

    [answer] = await population.fetch_many([msgspec.structs.replace(AN, number=OLD)], errand)

    assert expected is type(answer)
    if isinstance(answer, Person):
        assert answer.personal_id == ID
        assert answer.number_superseded


async def test_a_record_survives_the_cache_whole(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    residence = "<ThuongTru><MaPhuongXa>00004</MaPhuongXa></ThuongTru>"
    route = respx_mock.post(URL).respond(200, content=citizens(citizen(more=residence)))
    cache = Cache("memory://", b"k" * 32, lambda: 0.0)
    registry = CachedRegistry(population, cache, records=records.RECORDS)

    [fresh] = await registry.fetch_many([AN], errand)
    [kept] = await registry.fetch_many([AN], errand)

    assert route.call_count == 1
    assert isinstance(fresh, Person)
    mark = msgspec.structs.replace(fresh.source, from_cache=True)
    assert msgspec.structs.replace(fresh, source=mark) == kept
