from itertools import count

import msgspec
import pytest

from auth.opaque import Opaque
from auth.policy import Granted
from auth.quotas import Allowance, Quotas
from auth.refusal import Refused
from auth.shared import Shared
from tests.auth.mint import CITIZEN, OFFICER, Clock
from tests.auth.request import granted, judge

ALLOWANCE = Allowance(subjects_per_minute=60, subjects_per_hour=100, requests_per_minute=3)
OF_OFFICER = granted(judge())
COLLEAGUE = "097188000172"


def people(first: int, last: int) -> list[str]:
    return [f"person:097085{number:06}" for number in range(first, last)]


@pytest.fixture
def quotas(store: Shared, opaque: Opaque) -> Quotas:
    numbers = count()
    return Quotas(store, opaque, lambda size: next(numbers).to_bytes(size))


async def spent(
    quotas: Quotas, subjects: list[str], by: Granted | None = None, citizen: str | None = None
) -> Refused | None:
    return await quotas.spend(by or OF_OFFICER, subjects, ALLOWANCE, citizen=citizen)


async def test_sixty_people_a_minute_and_not_one_more(quotas: Quotas, clock: Clock) -> None:
    assert await spent(quotas, people(0, 40)) is None
    clock.now += 20
    assert await spent(quotas, people(20, 60)) is None
    refused = await spent(quotas, people(60, 61))

    assert refused == Refused(
        code="QUOTA_EXCEEDED",
        rule="quota-of-subjects",
        facts={"limit": "60", "window": "60"},
        status=429,
        retry_after=40,
    )
    assert await spent(quotas, people(0, 60)) is None
    assert await spent(quotas, []) is None


async def test_a_hundred_people_an_hour(quotas: Quotas, clock: Clock) -> None:
    assert await spent(quotas, people(0, 60)) is None
    clock.now += 60
    assert await spent(quotas, people(60, 100)) is None
    clock.now += 60
    refused = await spent(quotas, people(100, 101))

    assert refused is not None
    assert {"limit": "100", "window": "3600"} == refused.facts
    assert 3480 == refused.retry_after


async def test_each_officer_and_each_citizen_has_a_quota(quotas: Quotas) -> None:
    assert await spent(quotas, people(0, 60)) is None
    assert (
        await spent(
            quotas, people(60, 61), msgspec.structs.replace(OF_OFFICER, officer_id=COLLEAGUE)
        )
        is None
    )
    assert (
        await spent(
            quotas,
            people(60, 61),
            msgspec.structs.replace(OF_OFFICER, consumer_id="portal-lamdong"),
        )
        is None
    )
    assert await spent(quotas, people(60, 61), citizen=CITIZEN) is None
    assert await spent(quotas, people(60, 61), citizen=OFFICER) is None
    assert await spent(quotas, people(60, 61)) is not None


async def test_requests_are_counted_for_the_whole_consumer(quotas: Quotas, clock: Clock) -> None:
    for _ in range(3):
        assert await quotas.request("portal-hanoi", ALLOWANCE) is None
    refused = await quotas.request("portal-hanoi", ALLOWANCE)

    assert refused == Refused(
        code="QUOTA_EXCEEDED",
        rule="quota-of-requests",
        facts={"limit": "3", "window": "60"},
        status=429,
        retry_after=60,
    )
    assert await quotas.request("portal-lamdong", ALLOWANCE) is None
    clock.now += 60
    assert await quotas.request("portal-hanoi", ALLOWANCE) is None
