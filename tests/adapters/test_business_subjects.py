"""Whom an answer is about: what names somebody else is discarded, and said aloud."""

from typing import Any

import pytest
import respx

from adapters.registry import Ambiguous, Garbled
from tests.adapters.business_office import *


async def test_another_enterprise_than_asked_is_discarded_with_an_alarm(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    says(respx_mock, DETAIL, {"Data": enterprise("9900000023")})

    answer, [alarm] = await ask(registry, HOA_SEN)

    assert Garbled(another_person=True) == answer
    expected = {
        "event": "a registry answered about another person",
        "log_level": "error",
        "registry": "BUSINESS",
        "request_id": "entry-7-1",
    }
    assert expected == alarm


async def test_two_records_are_ambiguous_and_one_told_twice_is_one(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    route = says(respx_mock, DETAIL, {"Data": [enterprise(), enterprise()]})
    assert "9900000016" == (await ask(registry, HOA_SEN))[0].code
    route.respond(200, json={"Data": [enterprise(), enterprise(Representatives=person(DUC))]})
    answer, alarms = await ask(registry, HOA_SEN)
    assert (Ambiguous, []) == (type(answer), alarms)
    route.respond(200, json={"Data": [enterprise(), enterprise("9900000023")]})
    answer, alarms = await ask(registry, HOA_SEN)
    assert (Ambiguous, 1) == (type(answer), len(alarms))


@pytest.mark.parametrize(
    "shop",
    [household_business(owner=DUC), household_business(code=DUC), household_business(DUC, DUC)],
)
async def test_a_household_business_of_another_owner_is_discarded_with_an_alarm(
    registry: Any, respx_mock: respx.MockRouter, shop: dict[str, Any]
) -> None:
    says(respx_mock, SHOP, {"Data": shop})

    answer, alarms = await ask(registry, CAFE)

    assert (Garbled(another_person=True), 1) == (answer, len(alarms))


async def test_a_household_business_is_its_owners(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    says(respx_mock, SHOP, {"Data": household_business()})

    found, alarms = await ask(registry, CAFE)

    assert (AN, AN, []) == (found.code, found.owner.personal_id, alarms)
