from collections.abc import Mapping
from datetime import date

import msgspec
import pytest

from auth.actor import ActorKind
from auth.officer import Standing
from auth.policy import Granted
from auth.purpose import LegalBasis, Terms
from auth.refusal import Refused
from tests.auth.mint import CITIZEN
from tests.auth.request import (
    ACCOUNTABLE,
    CITIZEN_IN_TOKEN,
    COLLEAGUE,
    OFFICER_NO_NUMBER,
    PORTAL,
    RETIRED,
    SELF,
    TERMS,
    asserted,
    granted,
    judge,
    rule_of,
)


def test_a_citizen_online_goes_out_under_the_accountable_officer() -> None:
    expected = Granted(
        consumer_id="portal-hanoi",
        grant_id="hanoi",
        grant_version=7,
        procedure="1.004222",
        procedure_version="3",
        receiving_agency="H26",
        competent_agency="H36.7",
        officer_id=ACCOUNTABLE,
        officer_standing=Standing.ACCOUNTABLE,
        unit="H26",
        legal_basis=LegalBasis.LAW,
        ground="Nghị định 194/2025/NĐ-CP, Điều 16",
        attestation="ASSERTED",
        scopes=frozenset({"prefill", "verify"}),
        ungranted="restricted",
    )

    assert expected == judge(caller=CITIZEN_IN_TOKEN)


PROCEDURES: dict[str, tuple[Terms | None, Mapping[str, object], str, Mapping[str, str]]] = {
    "nobody knows it": (
        None,
        {"procedure": "9.999999"},
        "procedure-unknown",
        {"procedure": "9.999999"},
    ),
    "no code at all": (None, {"procedure": CITIZEN}, "procedure-malformed", {}),
    "retired, it names its successor": (
        RETIRED,
        {},
        "procedure-replaced",
        {"procedure": "2.002621", "valid_until": "2026-06-30", "successor": "3.000722"},
    ),
    "retired, it has no successor": (
        msgspec.structs.replace(RETIRED, superseded_by=None),
        {},
        "procedure-retired",
        {"procedure": "2.002621", "valid_until": "2026-06-30"},
    ),
    "retired, the dossier was opened the day after": (
        RETIRED,
        {"opened_on": date(2026, 7, 1)},
        "procedure-replaced",
        {"procedure": "2.002621", "valid_until": "2026-06-30", "successor": "3.000722"},
    ),
    "retired, the dossier was opened before it began": (
        RETIRED,
        {"opened_on": date(2024, 12, 31)},
        "procedure-replaced",
        {"procedure": "2.002621", "valid_until": "2026-06-30", "successor": "3.000722"},
    ),
    "of next year": (
        msgspec.structs.replace(TERMS, valid_from=date(2027, 1, 1)),
        {},
        "procedure-not-yet-in-force",
        {"procedure": "1.004222", "valid_from": "2027-01-01"},
    ),
    "opened tomorrow": (
        TERMS,
        {"opened_on": date(2026, 11, 21)},
        "opened-in-the-future",
        {"opened_on": "2026-11-21"},
    ),
    "not agreed on": (
        msgspec.structs.replace(TERMS, code="1.000894"),
        {},
        "procedure-not-granted",
        {"consumer": "portal-hanoi", "procedure": "1.000894"},
    ),
}


@pytest.mark.parametrize("case", PROCEDURES)
def test_a_procedure_that_does_not_apply_is_refused_with_its_facts(case: str) -> None:
    terms, ask, rule, facts = PROCEDURES[case]

    refused = judge(terms=terms, ask=ask)

    assert isinstance(refused, Refused)
    assert (rule, facts, 7) == (refused.rule, refused.facts, refused.grant_version)


@pytest.mark.parametrize("opened_on", [date(2025, 1, 1), date(2026, 6, 30)])
def test_a_retired_procedure_serves_the_dossiers_opened_in_its_time(opened_on: date) -> None:
    assert "2.002621" == granted(judge(terms=RETIRED, ask={"opened_on": opened_on})).procedure


def test_a_procedure_serves_to_the_end_of_its_last_day_in_vietnam() -> None:
    last = msgspec.structs.replace(TERMS, valid_until=date(2026, 11, 20))

    assert "granted" == rule_of(judge(terms=last))


LACKS: dict[str, tuple[dict[str, Mapping[str, object]], str]] = {
    "the scope": ({"caller": {"scopes": frozenset({"records"})}}, "scope-missing"),
    "any scope": ({"caller": {"scopes": frozenset()}}, "scope-missing"),
    "the scope in the grant": ({"grant": {"scopes": frozenset({"verify"})}}, "scope-not-granted"),
    "a dossier": ({"ask": {"dossier_code": None}}, "dossier-required"),
    "a dossier, it is empty": ({"ask": {"dossier_code": "", "draft": ""}}, "dossier-required"),
    "consent": ({"ask": {"legal_basis": LegalBasis.CONSENT}}, "consent-required"),
    "consent in words": (
        {"ask": {"legal_basis": LegalBasis.CONSENT, "consent": "  "}},
        "consent-required",
    ),
    "a grant": ({"caller": {"consumer_id": "portal-hue"}}, "consumer-without-grant"),
    "a grant in force": ({"grant": {"valid_until": date(2026, 1, 1)}}, "grant-not-in-force"),
    "an accountable officer": ({"grant": {"accountable": {}}}, "no-accountable-officer"),
    "the number of the token's officer": ({"caller": OFFICER_NO_NUMBER}, "officer-without-number"),
    "the number of its officer": ({"ask": asserted(ActorKind.OFFICER)}, "officer-without-number"),
    "the right to name an officer": (
        {"ask": asserted(ActorKind.OFFICER, COLLEAGUE), "grant": {"officers_by": "token"}},
        "officer-not-in-token",
    ),
    "the right to number the token's officer": (
        {
            "caller": OFFICER_NO_NUMBER,
            "ask": asserted(ActorKind.OFFICER, COLLEAGUE),
            "grant": {"officers_by": "token"},
        },
        "officer-not-in-token",
    ),
}


@pytest.mark.parametrize("case", LACKS)
def test_who_lacks_something_is_told_what(case: str) -> None:
    changes, rule = LACKS[case]

    refused = judge(changes.get("caller"), changes.get("ask"), changes.get("grant"))

    assert isinstance(refused, Refused)
    assert (rule, 7) == (refused.rule, refused.grant_version)


def test_a_draft_is_a_dossier_and_so_are_both() -> None:
    draft = {"draft": "draft-0123456789abcdef"}

    only = granted(judge(ask={"dossier_code": None, **draft}))
    both = granted(judge(ask=draft))

    assert (None, "H36.7") == (only.competent_agency, both.competent_agency)


def test_consent_in_words_is_a_ground() -> None:
    ask = {"legal_basis": LegalBasis.CONSENT, "consent": "Tôi đồng ý"}

    assert LegalBasis.CONSENT is granted(judge(ask=ask)).legal_basis


def test_a_scope_the_grant_does_not_name_is_not_carried_on() -> None:
    assert frozenset({"prefill", "verify"}) == granted(judge()).scopes
    assert PORTAL.scopes == granted(judge(grant={"scopes": None})).scopes


def test_self_access_is_for_citizens() -> None:
    assert "self-access-needs-a-citizen" == rule_of(judge(terms=SELF, needed_scope=None))
    assert "granted" == rule_of(judge(terms=SELF, needed_scope=None, caller=CITIZEN_IN_TOKEN))


def test_a_portal_cannot_vouch_for_the_citizen_who_reads_the_own_record() -> None:
    own_word = {**CITIZEN_IN_TOKEN, "own_word": True}

    assert "self-access-needs-an-issuer" == rule_of(
        judge(caller=own_word, terms=SELF, needed_scope=None)
    )


def test_who_needs_no_scope_is_not_asked_for_one() -> None:
    nothing = {"scopes": frozenset[str]()}

    assert "granted" == rule_of(judge(caller=nothing, needed_scope=None))
