from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec
import pytest

from auth.actor import ActorKind, AssertedActor, TokenActor
from auth.caller import Caller
from auth.grant import Grant
from auth.grants import Grants
from auth.officer import Standing
from auth.policy import Granted, check_subjects, decide
from auth.purpose import Ask, LegalBasis, Terms
from auth.refusal import Refused
from tests.auth.mint import CITIZEN, HANOI, OFFICER

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ACCOUNTABLE = "097185009001"
COLLEAGUE = "098188000172"

GRANT = Grant(
    grant_id="hanoi",
    consumer_id="portal-hanoi",
    agencies=("H26", "H26.9"),
    procedures=frozenset({"1.004222", "2.002621", "1.001612", "self-access"}),
    scopes=frozenset({"prefill", "verify"}),
    accountable={"H26": ACCOUNTABLE},
    officers_by="request",
    ungranted="restricted",
    attestation="ASSERTED",
    legal_basis="Nghị định 194/2025/NĐ-CP, Điều 16",
    valid_from=date(2025, 7, 1),
    valid_until=date(2027, 12, 31),
)
PORTAL = Caller(
    consumer_id="portal-hanoi",
    scopes=frozenset({"prefill", "verify", "records"}),
    token_id="token-1",
    issuer=HANOI.issuer,
    expires_at=NOW,
)
TERMS = Terms(code="1.004222", name="Đăng ký thường trú", version="3", valid_from=date(2025, 7, 1))
RETIRED = Terms(
    code="2.002621",
    name="Liên thông khai sinh",
    version="1",
    valid_from=date(2025, 1, 1),
    valid_until=date(2026, 6, 30),
    superseded_by="3.000722",
)
SELF = Terms(code="self-access", name="Xem dữ liệu", version="1", valid_from=date(2025, 7, 1))
ASK = Ask(procedure_raw="1.004222.H26", procedure="1.004222", dossier_code="H36.7-261101-0001")

OFFICER_IN_TOKEN = {"actor": TokenActor(kind=ActorKind.OFFICER, personal_id=OFFICER, unit="H26.12")}
OFFICER_NO_NUMBER = {"actor": TokenActor(kind=ActorKind.OFFICER, unit="H26.12")}
CITIZEN_IN_TOKEN = {"subject": CITIZEN}


def asserted(
    kind: ActorKind, personal_id: str | None = None, unit: str | None = None
) -> dict[str, object]:
    return {"actor": AssertedActor(kind=kind, personal_id=personal_id, unit=unit)}


def judge(
    caller: Mapping[str, object] | None = None,
    ask: Mapping[str, object] | None = None,
    grant: Mapping[str, object] | None = None,
    terms: Terms | None = TERMS,
    needed_scope: str | None = "prefill",
) -> Granted | Refused:
    """Decide about a good request, changed where a test says so."""
    changed = msgspec.structs.replace(GRANT, **(grant or {}))
    return decide(
        msgspec.structs.replace(PORTAL, **(caller or {})),
        Grants(version=7, issued=NOW.date(), expires=date(2027, 12, 31), grants=(changed,)),
        terms,
        msgspec.structs.replace(ASK, **(ask or {})),
        needed_scope=needed_scope,
        now=NOW,
    )


def rule_of(decision: Granted | Refused) -> str:
    return decision.rule if isinstance(decision, Refused) else "granted"


def granted(decision: Granted | Refused) -> Granted:
    assert isinstance(decision, Granted)
    return decision


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


# ---- which procedure ----

YESTERDAY_OF_RETIREMENT = date(2026, 6, 30)

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


# ---- what the request lacks, what the agreement lacks ----

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
    "what an attested grant asks for": (
        {"grant": {"attestation": "ATTESTED"}},
        "attestation-required",
    ),
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


# ---- in whose name ----

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


# ---- about whom ----


def test_self_access_is_for_citizens() -> None:
    assert "self-access-needs-a-citizen" == rule_of(judge(terms=SELF, needed_scope=None))
    assert "granted" == rule_of(judge(terms=SELF, needed_scope=None, caller=CITIZEN_IN_TOKEN))


def test_who_needs_no_scope_is_not_asked_for_one() -> None:
    nothing = {"scopes": frozenset[str]()}

    assert "granted" == rule_of(judge(caller=nothing, needed_scope=None))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], None),
        ([CITIZEN], None),
        ([CITIZEN, CITIZEN], None),
        ([OFFICER], "subject-is-another"),
        ([CITIZEN, OFFICER], "subject-is-another"),
        ([OFFICER, CITIZEN], "subject-is-another"),
        (["012345678"], "subject-is-another"),
        (["Nguyễn Văn An"], "subject-is-another"),
        ([""], "subject-is-another"),
    ],
)
def test_a_citizen_asks_about_nobody_else(numbers: list[str], expected: str | None) -> None:
    citizen = msgspec.structs.replace(PORTAL, subject=CITIZEN)

    refused = check_subjects(citizen, numbers)

    assert expected == (refused.rule if refused is not None else None)


def test_a_portal_is_not_held_to_one_number() -> None:
    assert check_subjects(PORTAL, [CITIZEN, OFFICER]) is None
