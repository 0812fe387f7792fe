"""What becomes of what the population registry may do wrong."""

import httpx2
import pytest
import respx

from adapters.dates import PartialDate
from adapters.population.client import PopulationRegistry
from adapters.population.records import PersonKey
from adapters.registry import (
    Errand,
    Failure,
    Garbled,
    Maintenance,
    Refused,
    Unavailable,
)
from tests.adapters.population_wire import EMPTY, FOUND, envelope, fault

URL = "http://population.test/"
AN = PersonKey(
    number="097085000101", full_name="Nguyễn Văn An", birth_date=PartialDate(1985, 5, 12)
)
BARE = PersonKey(number="097085000101", full_name="NGUYEN VAN AN", birth_date=PartialDate(1985))


BOMB = b"""<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">
<!ENTITY z "&y;&y;&y;&y;&y;&y;&y;&y;">]>"""
FILE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (200, b"<html><body><h1>502 Bad Gateway</h1><br></body></html>", Garbled()),
        (200, b"<html><body/></html>", Garbled()),
        (200, b"", Garbled()),
        (200, FOUND[:-20], Garbled()),
        (200, envelope(""), Garbled()),
        (200, BOMB + FOUND.replace(b"AN<", b"&z;<"), Garbled()),
        (200, FILE + FOUND.replace(b"AN<", b"&x;<"), Garbled()),
        (200, (FILE + FOUND).decode().encode("utf-16"), Garbled()),
        (200, FOUND.replace(b"mic.gov.vn", b"example.test"), Garbled()),
        (200, FOUND.replace(b"CongDan>", b"Citizen>"), Garbled()),
        (200, FOUND.replace(b"<Nam>1985</Nam>", b"<Nam>85</Nam>"), Garbled()),
        (200, EMPTY + b" " * 1024 * 1024, Garbled()),
        (404, FOUND, Garbled()),
        (200, fault("Client", "MA_YEU_CAU"), Garbled()),
        (500, fault("Client", "ELEMENTS"), Garbled()),
        (500, fault("Client", "MA_CAN_BO"), Refused()),
        (500, fault("Client", "TIMESTAMP"), Refused()),
        (500, fault("Client.Authentication"), Refused()),
        (401, fault("Client", "UNAUTHORIZED"), Refused()),
        (200, fault("Server"), Unavailable()),
        (500, fault("Server"), Unavailable()),
        (500, b"java.lang.NullPointerException", Unavailable()),
        (429, b"", Refused()),
        (503, b"", Unavailable()),
    ],
)
async def test_what_is_not_the_agreed_answer_is_a_failure(
    population: PopulationRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    status: int,
    content: bytes,
    expected: Failure,
) -> None:
    respx_mock.post(URL).respond(status, content=content)

    assert [expected] == await population.fetch_many([BARE], errand)


async def test_maintenance_is_told_and_a_fault_of_the_call_is_not_illness(
    population: PopulationRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.post(URL).respond(500, content=fault("Client", "MA_CAN_BO"))
    refusals = [await population.fetch_many([BARE], errand) for _ in range(30)]
    route.respond(503, headers={"X-Maintenance-Until": "soon"})

    answer = await population.fetch_many([BARE], errand)

    assert [[Refused()]] * 30 == refusals
    assert [Maintenance()] == answer


@pytest.mark.parametrize(("trouble", "attempts"), [("ConnectError", 2), ("ReadTimeout", 1)])
async def test_no_answer_is_unavailable(
    population: PopulationRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    trouble: str,
    attempts: int,
) -> None:
    route = respx_mock.post(URL)
    route.side_effect = getattr(httpx2, trouble)

    assert [Unavailable()] == await population.fetch_many([AN], errand)
    assert route.call_count == attempts
