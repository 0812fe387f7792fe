"""What the guard decides once, and what a field outside the grant answers."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from audit.log import MemoryAccessLog
from auth.policy import Granted, decide
from auth.profile import Profile
from auth.refusal import Refused
from resolvers.catalogue import Catalogue
from resolvers.documents import Documents, Operation
from resolvers.guard import Decision, Guard
from resolvers.procedure import Procedure
from resolvers.purposes import purpose_of, terms_of
from resolvers.schema import graphql_schema
from tests.resolvers import indoors

TWO_ROLES = """query Q($purpose: Purpose!, $key: PersonKey!) { dossier(purpose: $purpose) {
  mother: person(role: "mother", key: $key) { ...name healthInsurance { cardNumber } }
  father: person(role: "father", key: $key) { ...name }
} } fragment name on Person { fullName }"""
PREFILL = """query P(
  $purpose: Purpose!, $subjects: [SubjectInput!]!, $only: [String!], $dry: Boolean
) { dossier(purpose: $purpose) { prefill(subjects: $subjects, only: $only, dryRun: $dry) {
  fields { key state value } components { id outcome say because { code } }
  sources { registry } } } }"""
LINKED = "3.000722"
INSURANCE = frozenset({"0.000000"})
SUBJECTS = [{"role": role, "is": {"person": indoors.AN_KEY}} for role in ("requester", "mother")]


def operation_of(text: str) -> Operation:
    prepared = Documents(graphql_schema(indoors.SCHEMA)).prepare(text, None)
    assert isinstance(prepared, Operation)
    return prepared


def procedure_of(code: str) -> Procedure:
    found = indoors.CATALOGUE.find(code)
    assert found is not None
    return found


def granted_to(**terms: object) -> Granted:
    """Give what the sandbox grants Hà Nội's portal for the linked procedure, on other terms."""
    given = {**indoors.purpose(LINKED), "step": "OPEN_FORM", "legalBasis": "LAW"}
    ask = purpose_of(given, indoors.CATALOGUE)
    terms_known = terms_of(ask, indoors.CATALOGUE)
    agreed = indoors.grants(**terms)
    found = decide(
        indoors.PORTAL, agreed, terms_known, ask, needed_scope="records", now=indoors.NOW
    )
    assert isinstance(found, Granted)
    return found


def restricted(*, parts: frozenset[str] | None = None, log: MemoryAccessLog | None = None) -> Any:
    return indoors.graph(indoors.grants(parts=parts, ungranted="restricted"), log=log)


def keeping(*paths: str) -> Any:
    """Build the graph where 1.004222 grants these paths alone, and answers null to all others."""
    kept = frozenset(
        "/".join(path.split("/")[:length])
        for path in paths
        for length in range(1, len(path.split("/")) + 1)
    )
    procedure = msgspec.structs.replace(procedure_of("1.004222"), paths=kept)
    return indoors.graph(indoors.grants(ungranted="restricted"), catalogue=Catalogue([procedure]))


async def two_roles(graph: Any) -> Mapping[str, Any]:
    return await indoors.told(graph, TWO_ROLES, purpose=indoors.purpose(LINKED), key=indoors.AN_KEY)


def test_a_decision_is_made_once_for_a_document_a_procedure_and_a_grant() -> None:
    guard, operation = Guard(), operation_of(TWO_ROLES)
    granted, procedure = granted_to(), procedure_of(LINKED)
    first = guard.decide(operation, procedure, granted)
    assert first is guard.decide(operation, procedure, msgspec.structs.replace(granted))


@pytest.mark.parametrize("changed", [{"parts": INSURANCE}, {"parts": frozenset()}])
def test_a_grant_that_gives_less_is_decided_anew(changed: dict[str, Any]) -> None:
    guard, operation = Guard(), operation_of(TWO_ROLES)
    granted, procedure = granted_to(), procedure_of(LINKED)
    assert isinstance(guard.decide(operation, procedure, granted), Decision)
    less = msgspec.structs.replace(granted, **changed)
    assert isinstance(guard.decide(operation, procedure, less), Refused)
    answering = msgspec.structs.replace(less, ungranted="restricted")
    assert isinstance(guard.decide(operation, procedure, answering), Decision)


def test_a_new_version_of_the_procedure_is_decided_anew() -> None:
    guard, operation = Guard(), operation_of(TWO_ROLES)
    granted, procedure = granted_to(), procedure_of(LINKED)
    newer = msgspec.structs.replace(procedure, version="1" * 16, paths=frozenset({"mother"}))
    assert isinstance(guard.decide(operation, procedure, granted), Decision)
    assert isinstance(guard.decide(operation, newer, granted), Refused)


def test_no_more_decisions_are_remembered_than_was_said() -> None:
    guard, granted = Guard(most=2), granted_to()
    texts = [TWO_ROLES.replace("query Q", f"query Q{number}") for number in range(5)]
    for text in texts:
        guard.decide(operation_of(text), procedure_of(LINKED), granted)
    assert 2 == len(guard._decided)


def test_a_part_that_was_not_agreed_on_is_refused_by_its_paths() -> None:
    decided = Guard().decide(
        operation_of(TWO_ROLES), procedure_of(LINKED), granted_to(parts=INSURANCE)
    )
    assert isinstance(decided, Refused)
    assert "path-of-another-part" == decided.rule
    assert {"paths": "father/fullName, mother/fullName"} == decided.facts


def test_the_desk_may_read_exactly_what_the_decision_gives() -> None:
    terms = granted_to(parts=INSURANCE, ungranted="restricted")
    decided = Guard().decide(operation_of(TWO_ROLES), procedure_of(LINKED), terms)
    assert isinstance(decided, Decision)
    assert frozenset({"mother/healthInsurance/cardNumber"}) == decided.operation.paths
    mothers = {path for path in decided.procedure.paths if path.startswith("mother")}
    card = "mother/healthInsurance"
    assert {"mother", card, f"{card}/cardNumber", f"{card}/firstClinic"} == mothers


async def test_one_fragment_is_answered_for_the_role_that_has_the_field() -> None:
    answer = await two_roles(restricted(parts=frozenset({"1.001193"})))
    assert {
        "mother": {"fullName": "Nguyễn Văn An", "healthInsurance": None},
        "father": {"fullName": "Nguyễn Văn An"},
    } == answer["data"]["dossier"]
    assert {"dossier.mother.healthInsurance": "RESTRICTED"} == answer["extensions"]["states"]


async def test_the_error_says_that_the_grant_answers_null() -> None:
    answer = await two_roles(restricted(parts=INSURANCE))
    of_father = next(e for e in answer["errors"] if e["path"] == ["dossier", "father"])
    assert {
        "code": "RESTRICTED",
        "origin": "POLICY",
        "registry": "POPULATION",
        "retryable": False,
        "retryAfter": None,
        "requestId": "a-request",
    } == of_father["extensions"]


async def test_a_role_of_which_nothing_is_granted_is_not_looked_up() -> None:
    log = MemoryAccessLog()
    answer = await two_roles(restricted(parts=frozenset({"1.014062"}), log=log))
    assert {"mother": None, "father": None} == answer["data"]["dossier"]
    assert ["OUTCOME"] == [entry.kind for entry in log.entries]


async def test_the_outcome_says_of_each_path_that_it_was_restricted() -> None:
    log = MemoryAccessLog()
    await two_roles(restricted(parts=INSURANCE, log=log))
    outcome = log.entries[-1]
    assert {
        "mother/fullName": "RESTRICTED",
        "father/fullName": "RESTRICTED",
        "mother/healthInsurance/cardNumber": "VALUE",
    } == dict(outcome.states)
    fields = {
        f for entry in log.entries if entry.kind == "INTENT" for r in entry.reads for f in r.fields
    }
    assert {"mother", "mother/healthInsurance/cardNumber"} == fields


HOUSEHOLD = """query H($purpose: Purpose!, $key: PersonKey!) { dossier(purpose: $purpose) {
  person(role: "applicant", key: $key) { household { members { relationToHead fullName } } } } }"""


async def test_every_item_of_a_list_has_its_own_null_and_state() -> None:
    graph = keeping("applicant/household/members/relationToHead")
    answer = await indoors.told(graph, HOUSEHOLD, purpose=indoors.purpose(), key=indoors.AN_KEY)
    (member,) = answer["data"]["dossier"]["person"]["household"]["members"]
    assert {"relationToHead": "text", "fullName": None} == member
    where = "dossier.person.household.members.0.fullName"
    assert {where: "RESTRICTED"} == answer["extensions"]["states"]


LAND = """query L($purpose: Purpose!, $key: PersonKey!, $home: ParcelKey!) {
  dossier(purpose: $purpose) {
    person(role: "applicant", key: $key) { fullName }
    parcel(role: "home", key: $home) { sheet uses { area code } } } }"""


async def test_a_field_that_cannot_be_null_takes_the_nearest_record_that_can() -> None:
    graph = keeping("applicant/fullName", "home/sheet", "home/uses/area")
    variables = {"purpose": indoors.purpose(), "key": indoors.AN_KEY, "home": indoors.HOME_KEY}
    answer = await indoors.told(graph, LAND, **variables)
    assert {"sheet": "text", "uses": None} == answer["data"]["dossier"]["parcel"]
    assert {"dossier.parcel.uses": "RESTRICTED"} == answer["extensions"]["states"]


async def prefilled(graph: Any, **variables: object) -> Any:
    asked = {"purpose": indoors.purpose(LINKED), "subjects": SUBJECTS, "only": None, "dry": False}
    return await indoors.told(graph, PREFILL, **{**asked, **variables})


async def test_a_prefill_leaves_out_other_parts_and_asks_for_their_papers() -> None:
    told = (await prefilled(restricted(parts=INSURANCE)))["data"]["dossier"]["prefill"]
    states = {field["key"]: field["state"] for field in told["fields"]}
    assert "VALUE" == states["bhyt.maTheCuaMe"]
    assert "VALUE" == states["nguoiYeuCau.hoTen"]
    assert "RESTRICTED" == states["me.hoTen"]
    assert "NOT_ASKED" == states["cha.hoTen"]
    paper = next(c for c in told["components"] if c["id"] == "cccd-me")
    assert "MUST_UPLOAD" == paper["outcome"]
    assert [{"code": "RESTRICTED"}] == paper["because"]
    assert "không được cấp quyền khai thác" in paper["say"]


async def test_a_dry_run_says_what_the_grant_lacks() -> None:
    graph = restricted(parts=INSURANCE)
    told = (await prefilled(graph, dry=True))["data"]["dossier"]["prefill"]
    states = {field["key"]: field["state"] for field in told["fields"]}
    assert ("NOT_ASKED", "RESTRICTED") == (states["bhyt.maTheCuaMe"], states["me.hoTen"])
    assert [{"registry": "POPULATION"}, {"registry": "INSURANCE"}] == told["sources"]


async def test_a_grant_that_refuses_is_asked_by_only_for_what_it_gives() -> None:
    graph = indoors.graph(indoors.grants(parts=INSURANCE, ungranted="refuse"))
    whole = await prefilled(graph)
    assert "path-of-another-part" == whole["errors"][0]["extensions"]["rule"]
    told = (await prefilled(graph, only=["bhyt.maTheCuaMe"]))["data"]["dossier"]["prefill"]
    states = {field["key"]: field["state"] for field in told["fields"]}
    assert ("VALUE", "NOT_ASKED") == (states["bhyt.maTheCuaMe"], states["me.hoTen"])


async def test_introspection_and_catalogue_beside_a_restricted_field_are_answered() -> None:
    text = """query Q($purpose: Purpose!, $key: PersonKey!) {
      s: __schema { queryType { name } } registries { __typename name } __typename
      dossier(purpose: $purpose) { person(role: "father", key: $key) { fullName } } }"""
    graph = indoors.graph(
        indoors.grants(parts=INSURANCE, ungranted="restricted"), profile=Profile.SANDBOX
    )
    answer = await indoors.told(graph, text, purpose=indoors.purpose(LINKED), key=indoors.AN_KEY)
    assert {"queryType": {"name": "Query"}} == answer["data"]["s"]
    assert 4 == len(answer["data"]["registries"])
    assert {"person": None} == answer["data"]["dossier"]
