"""Every value that prefill tells comes back under its seal, and the log says about whom it was."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from audit.entry import EntryKind
from audit.log import MemoryAccessLog
from audit.tags import TagDomain
from auth.profile import Profile
from resolvers import inputs
from resolvers.enums import DeclaredReason
from resolvers.graph import Graph
from resolvers.returned import _key
from resolvers.scalars import EnterpriseCode
from resolvers.subjects import numbers_of
from resolvers.verify import _items
from tests.admitting import admission
from tests.resolvers.indoors import AN_KEY, CATALOGUE, HOME_KEY, NOW, grants, graph, purpose, told
from tests.resolvers.invented import BINH

PREFILL = """query P($purpose: Purpose!, $subjects: [SubjectInput!]!) {
  dossier(purpose: $purpose) {
    prefill(subjects: $subjects) { fields { key role value display state sealed } } } }"""
WITHOUT = PREFILL.replace(" sealed", "")
VERIFY = """query V($purpose: Purpose!, $subjects: [SubjectInput!]!, $claims: [ClaimInput!]!) {
  dossier(purpose: $purpose) {
    verify(subjects: $subjects, claims: $claims) {
      outcome verdicts { role key verdict normalisation } notices { code fields } } } }"""

AN = {"person": AN_KEY}
ANOTHER = {
    "person": {
        "number": {"personalId": BINH.personal_id},
        "fullName": BINH.full_name,
        "birthDate": "1987-10-03",
    }
}
LAND = {**HOME_KEY, "holder": ["holder"]}
CASES: Mapping[str, Mapping[str, Any]] = {
    "3.000722": {"requester": AN, "father": AN, "mother": ANOTHER, "child": ANOTHER},
    "1.001193": {"requester": AN, "father": AN, "mother": ANOTHER, "child": ANOTHER},
    "1.001612": {"owner": AN, "place": {"parcel": {**HOME_KEY, "holder": ["owner"]}}},
    "1.004222": {"applicant": AN, "owner": ANOTHER, "home": {"parcel": HOME_KEY}},
    "1.012783": {
        "holder": AN,
        "parcel": {"parcel": LAND},
        "certificate": {"certificate": {"number": "SX 100101", "holder": ["holder"]}},
    },
}
LINKED = "3.000722"


def house(log: MemoryAccessLog | None = None) -> Graph:
    return graph(grants(), profile=Profile.SANDBOX, log=log)


def subjects(code: str) -> list[dict[str, Any]]:
    return [{"role": role, "is": key} for role, key in CASES[code].items()]


def back(field: Mapping[str, Any]) -> dict[str, Any]:
    value = field["value"]
    text = value if isinstance(value, str) else json.dumps(value)
    return {**{n: field[n] for n in ("role", "key", "sealed")}, "value": text}


async def prefilled(of: Graph, code: str, document: str = PREFILL) -> list[dict[str, Any]]:
    answer = await told(of, document, purpose=purpose(code), subjects=subjects(code))
    fields = answer["data"]["dossier"]["prefill"]["fields"]
    return [field for field in fields if field["state"] == "VALUE"]


@pytest.mark.parametrize("code", CASES)
async def test_every_field_of_every_procedure_comes_back_as_json(code: str) -> None:
    graph = house()
    fields = await prefilled(graph, code)
    expected = {f.key for f in _procedure(code).fields if f.role in CASES[code]}
    assert expected == {field["key"] for field in fields}
    answer = await told(
        graph, VERIFY, purpose=purpose(code), subjects=subjects(code), claims=[*map(back, fields)]
    )
    judged = answer["data"]["dossier"]["verify"]
    assert "CONFIRMED" == judged["outcome"]
    assert [
        {"role": f["role"], "key": f["key"], "verdict": "EXACT", "normalisation": ["SEALED"]}
        for f in fields
    ] == judged["verdicts"]
    assert not {"SEAL_BROKEN", "SEAL_EXPIRED"} & {n["code"] for n in judged["notices"]}


@pytest.mark.parametrize("code", CASES)
async def test_the_log_finds_the_subjects_of_seals_by_the_tags_they_were_asked_with(
    code: str,
) -> None:
    log = MemoryAccessLog()
    graph = house(log)
    fields = await prefilled(graph, code)
    asked = {
        subject.tags
        for entry in log.entries
        if entry.kind is EntryKind.INTENT
        for read in entry.reads
        if read.operation in {"Person", "Parcel", "Certificate"}
        for subject in read.subjects
    }
    log.entries.clear()
    claims = [*map(back, fields)]
    await told(graph, VERIFY, purpose=purpose(code), subjects=subjects(code), claims=claims)
    sealed = [read for read in log.entries[-1].reads if read.operation == "Sealed"]
    assert asked == {subject.tags for read in sealed for subject in read.subjects}
    assert set(CASES[code]) == {
        role for read in sealed for subject in read.subjects for role in subject.roles
    }
    paths = {f.key: f.selection.path for f in _procedure(code).fields}
    assert {paths[f["key"]] for f in fields} == {path for read in sealed for path in read.fields}


async def test_who_does_not_select_seals_gets_none_made() -> None:
    fields = await prefilled(house(), "1.004222", WITHOUT)
    assert fields
    assert all("sealed" not in field for field in fields)


async def test_a_field_that_the_grant_no_longer_gives_is_not_told_by_its_seal() -> None:
    fields = await prefilled(house(), LINKED)
    claims = [back(f) for f in fields if f["key"] in {"me.hoTen", "bhyt.maTheCuaMe"}]
    narrow = graph(
        grants(parts=frozenset({"0.000000"}), ungranted="restricted"), profile=Profile.SANDBOX
    )
    answer = await told(
        narrow, VERIFY, purpose=purpose(LINKED), subjects=subjects(LINKED), claims=claims
    )
    judged = answer["data"]["dossier"]["verify"]
    expected = {"me.hoTen": ("CANNOT_DECIDE", []), "bhyt.maTheCuaMe": ("EXACT", ["SEALED"])}
    assert expected == {v["key"]: (v["verdict"], v["normalisation"]) for v in judged["verdicts"]}
    assert [] == judged["notices"]


async def test_what_the_owner_has_withheld_since_is_not_told_by_its_seal() -> None:
    withdrawn: list[str] = []
    admitting = admission(lambda: NOW, lambda *_: next(iter(withdrawn), None))
    of = graph(grants(), profile=Profile.SANDBOX, admitting=admitting)
    claims = [back(f) for f in await prefilled(of, LINKED) if f["role"] == "mother"]
    given = {"purpose": purpose(LINKED), "subjects": subjects(LINKED), "claims": claims}
    before = await told(of, VERIFY, **given)
    assert "CONFIRMED" == before["data"]["dossier"]["verify"]["outcome"]
    withdrawn.append("Công văn 12/BCA")
    judged = (await told(of, VERIFY, **given))["data"]["dossier"]["verify"]
    assert {("CANNOT_DECIDE", ())} == {
        (v["verdict"], tuple(v["normalisation"])) for v in judged["verdicts"]
    }
    assert not {"SEAL_BROKEN", "SEAL_EXPIRED"} & {n["code"] for n in judged["notices"]}


@pytest.mark.parametrize(
    ("code", "domain"),
    [("9900000011", TagDomain.BUSINESS), ("097085000101", TagDomain.PERSON)],
)
def test_a_business_is_found_by_its_code_or_its_owners_number(code: str, domain: TagDomain) -> None:
    business = inputs.BusinessKey(code=EnterpriseCode(code), owner_name=BINH.full_name)
    assert ((domain, code),) == numbers_of(_key(subject(business=business)))


def test_a_declared_person_has_no_number() -> None:
    newborn = inputs.DeclaredPerson(
        reason=DeclaredReason.NEWBORN, full_name=None, birth_date=None, nationality=None
    )
    assert _key(subject(declared=newborn)) is None


def subject(**given: Any) -> inputs.SubjectKey:
    kinds = ("person", "business", "parcel", "certificate", "declared")
    return inputs.SubjectKey(**{**dict.fromkeys(kinds), **given})


def _procedure(code: str) -> Any:
    return CATALOGUE.find(code)


@pytest.mark.parametrize(
    ("claim", "items"),
    [
        ("Nguyễn Văn An", ["Nguyễn Văn An"]),
        ('["a", null, "b", "a"]', ["a", "b"]),
        ("[true, 12]", ["true", "12"]),
        ('[["a"], "b"]', ['["a"]', "b"]),
        ("[]", ["[]"]),
        ("[null]", ["[null]"]),
        ("[a", ["[a"]),
        (json.dumps(["a"] * 51), [json.dumps(["a"] * 51)]),
    ],
)
def test_a_whole_list_is_compared_item_by_item_within_limits(claim: str, items: list[str]) -> None:
    assert items == _items(claim)
