"""Whom an answer is about: what names somebody else is discarded, and said aloud."""

from typing import Any

import pytest
import respx

from adapters.registry import Ambiguous, Garbled
from tests.adapters.business_wire import (
    AN,
    CAFE,
    DETAIL,
    DUC,
    HIS,
    HOA_SEN,
    SHOP,
    THEIRS,
    OpenChannel,
    ask,
    enterprise,
    grants_tokens,
    household_business,
    mine,
    person,
    registry_over,
    says,
)


@pytest.fixture
def registry(open_channel: OpenChannel, respx_mock: respx.MockRouter) -> Any:
    """Give a client with a token service that gives tokens."""
    grants_tokens(respx_mock)
    return registry_over(open_channel())


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


async def test_a_person_is_told_what_lists_them_and_nothing_else(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    both = [person(DUC), person(AN)]
    hoa_sen, ba_cay = enterprise(), enterprise("9900000023", Representatives=both)
    route = says(respx_mock, THEIRS, mine([hoa_sen, ba_cay], household_business()))
    whole, alarms = await ask(registry, HIS)
    assert ["9900000016", "9900000023", AN] == [it.code for it in whole.businesses]
    assert [] == alarms

    others = enterprise("9900000030", Representatives=person(DUC))
    route.respond(200, json=mine([others, hoa_sen, hoa_sen], [household_business(DUC, DUC)]))
    part, alarms = await ask(registry, HIS)
    assert (["9900000016"], 1) == ([it.code for it in part.businesses], len(alarms))


@pytest.mark.parametrize(
    "others",
    [
        mine(enterprise(Representatives=person(DUC))),
        mine(enterprise(Representatives=None)),
        mine(enterprise(Representatives=person(AN, PERS_DOC_NAME="Hộ chiếu"))),
        mine(None, household_business(DUC, DUC)),
    ],
)
async def test_an_answer_all_about_others_is_not_an_empty_one(
    registry: Any, respx_mock: respx.MockRouter, others: dict[str, Any]
) -> None:
    says(respx_mock, THEIRS, others)

    answer, alarms = await ask(registry, HIS)

    assert (Garbled(another_person=True), 1) == (answer, len(alarms))


async def test_two_records_under_one_code_are_ambiguous_for_a_person_too(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    says(respx_mock, THEIRS, mine([enterprise(), enterprise(HOAdress=None)]))

    answer, _ = await ask(registry, HIS)

    assert isinstance(answer, Ambiguous)


@pytest.mark.parametrize(
    "answer",
    [
        {"Data": {"Enterprises": []}},
        {"Data": {"HouseholdBusinesses": []}},
        {"Data": [{}, {}]},
        {"Data": {"Enterprises": [None], "HouseholdBusinesses": []}},
        {"Data": {"Enterprises": ["9900000016"], "HouseholdBusinesses": []}},
    ],
)
async def test_half_an_answer_about_a_person_is_garbled(
    registry: Any, respx_mock: respx.MockRouter, answer: dict[str, Any]
) -> None:
    says(respx_mock, THEIRS, answer)

    assert (Garbled(), []) == await ask(registry, HIS)
