"""How the population registry is asked: what is sent, how often, and what is not said aloud."""

import asyncio
import base64
import hashlib

import msgspec
import pytest
import respx
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters import names
from adapters.dates import PartialDate
from adapters.population.client import PopulationRegistry, proof_forms
from adapters.population.records import HouseholdKey, Person, PersonKey
from adapters.registry import (
    Absent,
    Errand,
    Garbled,
    Refused,
)
from tests.adapters.population_wire import EMPTY, FOUND, envelope, fault

URL = "http://population.test/"
AN = PersonKey(
    number="097085000101", full_name="Nguyễn Văn An", birth_date=PartialDate(1985, 5, 12)
)
BARE = PersonKey(number="097085000101", full_name="NGUYEN VAN AN", birth_date=PartialDate(1985))
REQUEST = "{http://dancuquocgia.bca}"


def asked(router: respx.MockRouter) -> list[dict[str, str]]:
    """Read what was sent: the fields of each call, in the order of the wire."""
    calls = []
    for call in router.calls:
        [body] = etree.fromstring(call.request.content)
        [operation] = body
        fields = {etree.QName(it).localname: it.text or "" for it in operation}
        [birth] = operation[-1]
        fields["NgayThangNamSinh"] = f"{etree.QName(birth).localname} {birth.text}"
        calls.append({"operation": operation.tag, **fields})
    return calls


async def test_a_call_has_its_elements_in_the_agreed_order(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).respond(200, content=FOUND)

    await population.fetch_many([AN], errand)

    expected = {
        "operation": f"{REQUEST}TraCuuThongTinCongDan",
        "MaYeuCau": "intent-1",
        "MaDVC": "1.004222",
        "MaTichHop": "037",
        "MaCanBo": "097080000001",
        "MaDonVi": "H26.12",
        "TaiKhoan": "lienthong",
        "SoDienThoai": "0240000000",
        "SoDinhDanh": "097085000101",
        "HoVaTen": "NGUYỄN VĂN AN",
        "NgayThangNamSinh": "NgayThangNam 19850512",
    }
    assert [list(expected.items())] == [list(call.items()) for call in asked(respx_mock)]


async def test_a_call_is_signed_over_address_account_moment_and_secret(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.post(URL).respond(200, content=FOUND)

    await population.fetch_many([AN], errand)

    headers = route.calls.last.request.headers
    moment = "1795222923456"
    digest = hashlib.sha256(f"{URL}lienthong{moment}sandbox-secret".encode()).hexdigest()
    assert moment == headers["Timestamp"]
    assert b"lienthong:" + digest.encode() == base64.b64decode(headers["Authorization"][6:])
    assert headers["Authorization"].startswith("Basic ")
    assert headers["X-Road-Client"] == "VN/GOV/H26"
    assert headers["ApiKey"] == "api-key"
    assert headers["SOAPAction"] == '""'
    assert headers["Content-Type"] == "text/xml; charset=utf-8"


async def test_markup_in_a_name_stays_a_name(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    """C37: the name cannot close its element and open another officer's."""
    respx_mock.post(URL).respond(200, content=EMPTY)
    name = "A & B <x></HoVaTen><MaCanBo>097080000009</MaCanBo> ]]> &amp;"
    key = msgspec.structs.replace(BARE, full_name=name)

    await population.fetch_many([key], errand)

    assert {name.upper()} == {call["HoVaTen"] for call in asked(respx_mock)}
    assert {"097080000001"} == {call["MaCanBo"] for call in asked(respx_mock)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=200).filter(lambda text: names.check_name(text) is None))
async def test_every_name_let_in_at_the_door_can_be_written(
    population: PopulationRegistry, errand: Errand, text: str
) -> None:
    key = msgspec.structs.replace(AN, full_name=text)
    for form in proof_forms(key):
        call = etree.fromstring(population._envelope("TraCuu", form, errand, "1"))

        assert form.name == call.findtext(f".//{REQUEST}HoVaTen")


@pytest.mark.parametrize(
    ("name", "birth", "forms"),
    [
        (
            "Nguyễn Văn  An",
            PartialDate(1985, 5, 12),
            [
                ("NGUYỄN VĂN AN", "NgayThangNam 19850512"),
                ("NGUYỄN VĂN AN", "Nam 1985"),
                ("NGUYEN VAN AN", "Nam 1985"),
            ],
        ),
        (
            "Nguyễn Văn An",
            PartialDate(1985),
            [("NGUYỄN VĂN AN", "Nam 1985"), ("NGUYEN VAN AN", "Nam 1985")],
        ),
        (
            "nguyen van an",
            PartialDate(1985, 5, 12),
            [("NGUYEN VAN AN", "NgayThangNam 19850512"), ("NGUYEN VAN AN", "Nam 1985")],
        ),
        ("NGUYEN VAN AN", PartialDate(1985, 5), [("NGUYEN VAN AN", "Nam 1985")]),
        ("H’Hen", PartialDate(1985), [("H’HEN", "Nam 1985"), ("H'HEN", "Nam 1985")]),
    ],
)
@pytest.mark.parametrize("household", [False, True])
async def test_the_forms_of_a_proof_are_tried_in_order(
    population: PopulationRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    name: str,
    birth: PartialDate,
    forms: list[tuple[str, str]],
    household: bool,
) -> None:
    respx_mock.post(URL).respond(200, content=envelope("<HoGiaDinh/>") if household else EMPTY)
    key = PersonKey(number="097085000101", full_name=name, birth_date=birth)

    answer = await population.fetch_many([HouseholdKey(person=key) if household else key], errand)

    calls = asked(respx_mock)
    assert forms == [(call["HoVaTen"], call["NgayThangNamSinh"]) for call in calls]
    assert [f"intent-{number}" for number in range(1, len(forms) + 1)] == [
        call["MaYeuCau"] for call in calls
    ]
    assert [Absent] == [type(it) for it in answer]


async def test_a_found_proof_is_not_tried_further_and_an_old_number_has_its_own_element(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    content = FOUND.replace(b"<HoVaTen>", b"<SoCMND>390000101</SoCMND><HoVaTen>")
    respx_mock.post(URL).respond(200, content=content)

    key = msgspec.structs.replace(AN, number="390000101")
    [person] = await population.fetch_many([key], errand)

    [call] = asked(respx_mock)
    assert call["SoCMND"] == "390000101"
    assert "SoDinhDanh" not in call
    assert isinstance(person, Person)
    assert person.number_superseded
    assert person.source.upstream_request_id == "intent-1"


async def test_a_second_attempt_has_a_request_id_of_its_own_which_the_source_names(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).side_effect = [
        respx.MockResponse(502),
        respx.MockResponse(200, content=FOUND),
    ]

    [person] = await population.fetch_many([AN], errand)

    assert ["intent-1", "intent-2"] == [call["MaYeuCau"] for call in asked(respx_mock)]
    assert isinstance(person, Person)
    assert person.source.upstream_request_id == "intent-2"


async def test_an_officer_without_a_number_is_refused_before_any_call(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    """C38."""
    nameless = msgspec.structs.replace(errand, officer_id="")

    assert [Refused()] == await population.fetch_many([AN], nameless)
    assert [] == list(respx_mock.calls)


async def test_all_keys_leave_together_and_equal_ones_once(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    waiting, everybody = 0, asyncio.Event()

    async def answer(_: object) -> respx.MockResponse:
        nonlocal waiting
        waiting += 1
        if waiting == 10:
            everybody.set()
        await everybody.wait()
        return respx.MockResponse(200, content=FOUND)

    respx_mock.post(URL).side_effect = answer
    keys = [msgspec.structs.replace(BARE, number=f"0970850001{number:02}") for number in range(10)]

    answers = await population.fetch_many([*keys, keys[1]], errand)

    assert waiting == 10
    expected: list[type] = [Garbled, Person, *[Garbled] * 8, Person]
    assert expected == [type(it) for it in answers]


async def test_more_keys_than_the_bulkhead_has_places_wait_for_their_turn(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    async def answer(_: object) -> respx.MockResponse:
        await asyncio.sleep(0.2)
        return respx.MockResponse(200, content=EMPTY)

    respx_mock.post(URL).side_effect = answer
    keys = [msgspec.structs.replace(BARE, number=f"0970850001{number:02}") for number in range(50)]

    answers = await population.fetch_many(keys, errand)

    assert {Absent} == {type(it) for it in answers}


async def test_nothing_that_is_printed_or_logged_names_the_person(
    population: PopulationRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
) -> None:
    route = respx_mock.post(URL).respond(500, content=fault("Client", "097085000101"))
    with structlog.testing.capture_logs() as lines:
        answers = await population.fetch_many([AN], errand)
        route.respond(200, content=FOUND.replace(b"000101", b"000102"))
        answers += await population.fetch_many([AN], errand)

    printed = repr((lines, answers, errand, AN, HouseholdKey(person=AN), proof_forms(AN)))
    assert [Garbled(), Garbled(another_person=True)] == answers
    assert "a registry answered about another person" in printed
    for secret in ("0970", "An'", "VĂN", "Văn", "1985", "sandbox-secret", "api-key"):
        assert secret not in printed
