from collections.abc import Mapping

import pytest

from auth.actor import ActorKind, TokenActor
from auth.officer import Standing
from auth.refusal import Refused
from tests.auth.mint import CITIZEN, OFFICER
from tests.auth.request import (
    ACCOUNTABLE,
    CITIZEN_IN_TOKEN,
    COLLEAGUE,
    OFFICER_IN_TOKEN,
    OFFICER_NO_NUMBER,
    asserted,
    granted,
    judge,
    rule_of,
)

AGENCIES: dict[str, tuple[Mapping[str, object], Mapping[str, object], tuple[str, str]]] = {
    "nothing said": ({}, {}, ("H26", "H26")),
    "the request names a unit": ({}, {"received_by": "H26.12"}, ("H26.12", "H26.12")),
    "in the old way": ({}, {"received_by": "000.00.12.H26"}, ("H26.12", "H26.12")),
    "the token's unit": (OFFICER_IN_TOKEN, {}, ("H26.12", "H26.12")),
    "another unit receives": (OFFICER_IN_TOKEN, {"received_by": "H26.13"}, ("H26.13", "H26.12")),
    "the actor's unit": ({}, asserted(ActorKind.HELPER, unit="H26.12"), ("H26.12", "H26.12")),
    "a unit under the token's": (
        OFFICER_IN_TOKEN,
        asserted(ActorKind.OFFICER, unit="H26.12.3"),
        ("H26.12", "H26.12"),
    ),
}


@pytest.mark.parametrize("case", AGENCIES)
def test_the_receiving_agency_is_one_the_consumer_speaks_for(case: str) -> None:
    caller, ask, expected = AGENCIES[case]

    decision = granted(judge(caller=caller, ask=ask))

    assert expected == (decision.receiving_agency, decision.unit)


FOREIGN: dict[str, tuple[Mapping[str, object], Mapping[str, object], str, Mapping[str, str]]] = {
    "another province receives": (
        {},
        {"received_by": "H36"},
        "agency-not-yours",
        {"agency": "H36"},
    ),
    "a code that begins alike": ({}, {"received_by": "H26.1"}, "granted", {}),
    "the officer is of another province": (
        {"actor": TokenActor(kind=ActorKind.OFFICER, personal_id=OFFICER, unit="H36.1")},
        {"received_by": "H26"},
        "unit-not-yours",
        {"agency": "H36.1"},
    ),
    "the actor is of another province": (
        {},
        asserted(ActorKind.OFFICER, COLLEAGUE, "H36.1"),
        "unit-not-yours",
        {"agency": "H36.1"},
    ),
    "no agency": (
        {},
        {"received_by": "Hà Nội"},
        "agency-malformed",
        {"field": "receivedBy"},
    ),
    "a number for an agency": (
        {},
        {"received_by": CITIZEN},
        "agency-malformed",
        {"field": "receivedBy"},
    ),
    "no unit": (
        OFFICER_IN_TOKEN,
        asserted(ActorKind.OFFICER, unit="một cửa"),
        "agency-malformed",
        {"field": "actor.unit"},
    ),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_a_foreign_agency_is_refused_by_its_code(case: str) -> None:
    caller, ask, rule, facts = FOREIGN[case]

    decision = judge(caller=caller, ask=ask)

    assert rule == rule_of(decision)
    assert facts == (decision.facts if isinstance(decision, Refused) else {})


def test_a_narrow_grant_does_not_reach_the_neighbour_or_the_whole() -> None:
    narrow = {"agencies": ("H26.1",), "accountable": {"H26.1": ACCOUNTABLE}}

    rules = [
        rule_of(judge(grant=narrow, ask={"received_by": agency}))
        for agency in ("H26.1", "H26.1.2", "H26.12", "H26")
    ]

    assert ["granted", "granted", "agency-not-yours", "agency-not-yours"] == rules


OFFICERS: dict[str, tuple[Mapping[str, object], Mapping[str, object], str, Standing]] = {
    "of the token": (OFFICER_IN_TOKEN, {}, OFFICER, Standing.CLAIM),
    "of both, the same": (
        OFFICER_IN_TOKEN,
        asserted(ActorKind.OFFICER, OFFICER, "H26.12"),
        OFFICER,
        Standing.CLAIM,
    ),
    "of the request": ({}, asserted(ActorKind.OFFICER, COLLEAGUE), COLLEAGUE, Standing.ASSERTED),
    "of the token, numbered by the request": (
        OFFICER_NO_NUMBER,
        asserted(ActorKind.OFFICER, COLLEAGUE),
        COLLEAGUE,
        Standing.ASSERTED,
    ),
    "none, a citizen": (CITIZEN_IN_TOKEN, {}, ACCOUNTABLE, Standing.ACCOUNTABLE),
    "none, the citizen says so too": (
        CITIZEN_IN_TOKEN,
        asserted(ActorKind.CITIZEN, CITIZEN),
        ACCOUNTABLE,
        Standing.ACCOUNTABLE,
    ),
    "none, a system": ({}, asserted(ActorKind.SYSTEM), ACCOUNTABLE, Standing.ACCOUNTABLE),
    "none, a system's token": (
        {"actor": TokenActor(kind=ActorKind.SYSTEM)},
        {},
        ACCOUNTABLE,
        Standing.ACCOUNTABLE,
    ),
    "none, a post employee": (
        {},
        asserted(ActorKind.POST_EMPLOYEE, COLLEAGUE),
        ACCOUNTABLE,
        Standing.ACCOUNTABLE,
    ),
    "none, a unit below has none of its own": (
        {},
        {"received_by": "H26.12.3"},
        ACCOUNTABLE,
        Standing.ACCOUNTABLE,
    ),
}


@pytest.mark.parametrize("case", OFFICERS)
def test_the_officer_who_goes_to_the_registry_is_known_by_standing(case: str) -> None:
    caller, ask, number, standing = OFFICERS[case]

    decision = granted(judge(caller=caller, ask=ask))

    assert (number, standing) == (decision.officer_id, decision.officer_standing)


CONTRADICTIONS: dict[str, tuple[Mapping[str, object], Mapping[str, object], str]] = {
    "another officer": (OFFICER_IN_TOKEN, asserted(ActorKind.OFFICER, COLLEAGUE), "personalId"),
    "another kind": (OFFICER_IN_TOKEN, asserted(ActorKind.HELPER), "kind"),
    "another unit": (OFFICER_IN_TOKEN, asserted(ActorKind.OFFICER, OFFICER, "H26.13"), "unit"),
    "a wider unit": (OFFICER_IN_TOKEN, asserted(ActorKind.OFFICER, OFFICER, "H26"), "unit"),
    "a citizen as officer": (CITIZEN_IN_TOKEN, asserted(ActorKind.OFFICER, COLLEAGUE), "kind"),
    "a citizen as oneself, the officer": (
        CITIZEN_IN_TOKEN,
        asserted(ActorKind.OFFICER, CITIZEN),
        "kind",
    ),
    "a citizen as a system": (CITIZEN_IN_TOKEN, asserted(ActorKind.SYSTEM), "kind"),
    "another citizen": (CITIZEN_IN_TOKEN, asserted(ActorKind.CITIZEN, COLLEAGUE), "personalId"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_an_actor_whom_the_token_contradicts_is_refused_by_the_field(case: str) -> None:
    caller, ask, field = CONTRADICTIONS[case]

    refused = judge(caller=caller, ask=ask)

    expected = Refused(
        code="ACTOR_MISMATCH",
        rule="actor-contradicts-token",
        facts={"field": field},
        status=403,
        grant_version=7,
    )
    assert expected == refused
