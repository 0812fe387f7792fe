"""The population client against the sandbox's own population registry, over real sockets."""

import itertools
import random
import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from adapters.channel import Channel, open_client
from adapters.circuit import Circuit
from adapters.dates import PartialDate, parse
from adapters.grades import Grade
from adapters.population.client import PopulationRegistry
from adapters.population.records import Household, HouseholdKey, Person, PersonKey
from adapters.registry import (
    Absent,
    Ambiguous,
    Errand,
    Garbled,
    Maintenance,
    RegistryName,
    Unavailable,
)
from tests.sandbox.visitor import Running

_intents = itertools.count(1)


@pytest_asyncio.fixture
async def registry(sandbox: Running) -> AsyncIterator[PopulationRegistry]:
    channel = Channel(
        RegistryName.POPULATION,
        open_client(tls=ssl.create_default_context()),
        circuit=Circuit(clock=time.monotonic, random=random.random),
    )
    client = PopulationRegistry(
        channel,
        url=sandbox.addresses["population"],
        account="lienthong",
        secret="sandbox-secret",
        api_key="sandbox",
        member_code="VN:GOV:SANDBOX",
        clock=lambda: datetime.now(UTC),
    )
    yield client
    await client.aclose()


def errand() -> Errand:
    return Errand(
        procedure="1.004222",
        officer_id="097185009001",
        agency="H26",
        request_id=f"live-{time.monotonic_ns()}-{next(_intents)}",
        deadline=time.monotonic() + 30,
        scope="test",
    )


def key(sandbox: Running, name: str) -> PersonKey:
    people = sandbox.http.get(f"{sandbox.addresses['control']}/people").json()
    found = next(p for p in people if p["name"] == name)["key"]
    birth = parse(found["birthDate"])
    assert birth
    return PersonKey(number=found["number"], full_name=found["fullName"], birth_date=birth)


def changed(asked: PersonKey, **more: object) -> PersonKey:
    fields = {"number": asked.number, "full_name": asked.full_name, "birth_date": asked.birth_date}
    return PersonKey(**(fields | more))  # type: ignore[arg-type]


async def test_a_person_is_found_by_the_whole_proof(
    sandbox: Running, registry: PopulationRegistry
) -> None:
    (person,) = await registry.fetch_many([key(sandbox, "an")], errand())
    assert isinstance(person, Person)
    assert "Nguyễn Văn An" == person.full_name
    assert Grade.EXACT is person.name_grade
    assert person.permanent_residence
    assert person.permanent_residence.today
    assert "00004" == person.permanent_residence.today.ward_code


async def test_a_tone_placed_the_other_way_is_found_by_the_third_form(
    sandbox: Running, registry: PopulationRegistry
) -> None:
    asked = changed(key(sandbox, "hoa"), full_name="Nguyễn Thị Hoà")
    (person,) = await registry.fetch_many([asked], errand())
    assert isinstance(person, Person)
    assert 3 == len([r for r in sandbox.journal() if r["registry"] == "population"])


async def test_a_wrong_mark_or_year_is_absent(
    sandbox: Running, registry: PopulationRegistry
) -> None:
    asked = key(sandbox, "hung")
    wrong = [
        changed(asked, full_name="Nguyễn Văn Hưng"),
        changed(asked, birth_date=PartialDate(1901)),
        key(sandbox, "khong"),
    ]
    answers = await registry.fetch_many(wrong, errand())
    assert [Absent] * 3 == [type(a) for a in answers]


async def test_a_household_of_four_is_given_for_a_proven_person(
    sandbox: Running, registry: PopulationRegistry
) -> None:
    asked = HouseholdKey(person=key(sandbox, "an"))
    (household,) = await registry.fetch_many([asked], errand())
    assert isinstance(household, Household)
    assert 4 == len(household.members)


async def test_equal_keys_are_one_call_and_all_leave_together(
    sandbox: Running, registry: PopulationRegistry
) -> None:
    sandbox.fault("population", "slow", ms=200)
    an, binh = key(sandbox, "an"), key(sandbox, "binh")
    await registry.fetch_many([an, binh, an], errand())
    rows = [r for r in sandbox.journal() if r["registry"] == "population"]
    assert 2 == len(rows)
    assert max(r["started"] for r in rows) < min(r["ended"] for r in rows)


@pytest.mark.parametrize(
    ("mode", "answer"),
    [
        ("down", Unavailable),
        ("hang", Unavailable),
        ("garbled", Garbled),
        ("html", Garbled),
        ("wrong_person", Garbled),
        ("duplicated", Ambiguous),
        ("maintenance", Maintenance),
    ],
)
async def test_each_fault_of_the_registry_is_a_value(
    sandbox: Running, registry: PopulationRegistry, mode: str, answer: type
) -> None:
    sandbox.fault("population", mode)
    (found,) = await registry.fetch_many([key(sandbox, "an")], errand())
    assert answer is type(found)
