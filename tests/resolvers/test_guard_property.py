"""For random documents and random grants, nothing outside the grant is read or answered.

Counted at the desk, and looked up in the answer. What the grant gives is told here anew, from the
procedure's own notes and from the tree that the document was drawn from.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from auth.grants import Grants
from resolvers import errands as composed
from resolvers.catalogue import Catalogue
from resolvers.procedure import Procedure
from tests.resolvers import indoors
from tests.resolvers.questions import Drawn, Question, questions

LINKED = "3.000722"
FORM = """query F($purpose: Purpose!, $subjects: [SubjectInput!]!, $only: [String!],
    $claims: [ClaimInput!]!) { dossier(purpose: $purpose) {
  prefill(subjects: $subjects, only: $only) {
    fields { key role part value state } components { id part outcome because { code } } }
  verify(subjects: $subjects, claims: $claims) {
    verdicts { role key verdict state } components { id outcome } } } }"""
WITHOUT_PAPER = {"FORM", "NOT_REQUIRED"}


def procedure_of(code: str) -> Procedure:
    """Give a shipped procedure."""
    found = indoors.CATALOGUE.find(code)
    assert found is not None
    return found


KEYS = sorted({field.key for field in procedure_of(LINKED).fields})


def granted_of(question: Question) -> frozenset[str]:
    """Give the leaves that the grant opens, and what lies between them and their roles."""
    if question.kept is not None:
        return question.kept
    if question.parts is None:
        return question.procedure.paths
    return frozenset(_of_parts(question.procedure, question.parts))


def _of_parts(procedure: Procedure, parts: frozenset[str]) -> Iterator[str]:
    """Give the paths of parts: what has a note goes by it, all else with its nearest neighbours."""
    paper = {c.id: c.part for c in procedure.components}
    notes: dict[str, list[str | None]] = {}
    for field in procedure.fields:
        notes.setdefault(field.selection.path, []).append(field.part)
    for evidence in procedure.evidences:
        notes.setdefault(evidence.selection.path, []).append(paper[evidence.component])
    inner = {path.rpartition("/")[0] for path in procedure.paths}
    for leaf in procedure.paths - inner:
        steps = leaf.split("/")
        above = ["/".join(steps[:length]) for length in range(len(steps), 0, -1)]
        near = next((n for at in above if (n := _noted_below(notes, at))), [None])
        if any(part is None or part in parts for part in near):
            yield from above


def _noted_below(notes: Mapping[str, list[str | None]], at: str) -> list[str | None]:
    """Give the parts of everything that is noted at or below a path."""
    below = (parts for path, parts in notes.items() if f"{path}/".startswith(f"{at}/"))
    return [part for parts in below for part in parts]


def variables_of(question: Question) -> Mapping[str, object]:
    """Give a key for every kind of role; land only where somebody can be claimed to hold it."""
    holder = question.roles[:1]
    land = {"ward": "00004", "sheet": "12", "parcel": "7", "holder": holder}
    return {
        "purpose": indoors.purpose(question.procedure.code),
        "person": indoors.AN_KEY,
        "persons": [indoors.AN_KEY],
        "business": {"code": "0109876543"},
        "parcel": land if holder else None,
        "landCertificate": {"number": "SX 100101", "holder": holder} if holder else None,
        "yes": True,
    }


def values_at(data: object, fields: Sequence[Drawn]) -> Iterator[tuple[str, object]]:
    """Give the path and the value of every leaf in an answer; a type's name discloses nothing."""
    if isinstance(data, list):
        for item in data:
            yield from values_at(item, fields)
    elif isinstance(data, Mapping):
        for field in fields:
            if field.below:
                yield from values_at(data.get(field.key), field.below)
            elif field.name != "__typename":
                yield field.path, data.get(field.key)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions())
def test_no_path_outside_the_grant_is_ever_resolved(question: Question) -> None:
    granted = granted_of(question)
    outside = {leaf.path for leaf in question.leaves()} - granted
    answer, read = asyncio.run(asked(question))
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    assume("DOCUMENT_TOO_LARGE" not in codes)
    assert read <= granted
    if outside and not question.restricted:
        event("refused")
        assert ["FIELD_OUTSIDE_PROCEDURE"] == codes
        assert set() == read
        assert "data" not in answer
        return
    event("restricted" if outside else "inside")
    assert {"RESTRICTED"} >= set(codes) - {"OWNER_CONSENT_REQUIRED"}
    assert bool(outside) or "RESTRICTED" not in codes
    told = dict.fromkeys(answer["data"]["dossier"])
    assert {field.key for field in question.dossier} == set(told)
    shown = list(values_at(answer["data"]["dossier"], question.dossier))
    assert [] == [path for path, value in shown if path in outside and value is not None]


async def asked(question: Question) -> tuple[Mapping[str, Any], set[str]]:
    """Ask the question, and give the answer and the paths that the desk was asked for."""
    procedure = question.procedure
    if question.kept is not None:
        procedure = replace(procedure, paths=question.kept)
    agreed = indoors.grants(
        parts=question.parts, ungranted="restricted" if question.restricted else "refuse"
    )
    text = question.text()
    used = {n: v for n, v in variables_of(question).items() if f"${n}" in text}
    return await put(procedure, agreed, text, **used)


async def put(
    procedure: Procedure, agreed: Grants, text: str, **variables: object
) -> tuple[Mapping[str, Any], set[str]]:
    """Ask, and give the answer and the paths that the desk was asked for."""
    indoors.Counted.paths = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composed, "Reads", indoors.Counted)
        graph = indoors.graph(agreed, catalogue=Catalogue([procedure]))
        answer = await indoors.told(graph, text, **variables)
    return answer, indoors.Counted.paths


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    parts=st.none() | st.frozensets(st.sampled_from(sorted(procedure_of(LINKED).parts))),
    roles=st.sets(st.just("father")),
    keys=st.none() | st.lists(st.sampled_from(KEYS), min_size=1, max_size=5),
    claimed=st.sets(st.sampled_from(KEYS), min_size=1, max_size=5),
    restricted=st.booleans(),
)
def test_no_form_field_of_another_part_is_ever_filled_or_judged(
    parts: frozenset[str] | None,
    roles: set[str],
    keys: list[str] | None,
    claimed: set[str],
    restricted: bool,
) -> None:
    procedure = procedure_of(LINKED)
    granted = frozenset(_of_parts(procedure, parts)) if parts is not None else procedure.paths
    open_keys = {f.key for f in procedure.fields if parts is None or f.part in {None, *parts}}
    subjects = [
        {"role": role, "is": {"person": indoors.AN_KEY}}
        for role in sorted({"requester", "mother", "child", *roles})
    ]
    claims = [
        {"role": f.role, "key": f.key, "value": "x"} for f in procedure.fields if f.key in claimed
    ]
    answer, read = asyncio.run(
        put(
            procedure,
            indoors.grants(parts=parts, ungranted="restricted" if restricted else "refuse"),
            FORM,
            purpose=indoors.purpose(LINKED),
            subjects=subjects,
            only=keys,
            claims=claims,
        )
    )
    assert read <= granted
    if not restricted and not {*(KEYS if keys is None else keys), *claimed} <= open_keys:
        assert "path-of-another-part" == answer["errors"][0]["extensions"]["rule"]
        assert set() == read
        return
    told, judged = answer["data"]["dossier"]["prefill"], answer["data"]["dossier"]["verify"]
    supplied = {subject["role"] for subject in subjects}
    for field in told["fields"]:
        shut = field["key"] not in open_keys and field["role"] in supplied
        wanted = keys is None or field["key"] in keys
        assert (shut and wanted) == ("RESTRICTED" == field["state"])
        assert field["key"] in open_keys or field["value"] is None
    for verdict in judged["verdicts"]:
        shut = verdict["key"] not in open_keys
        assert shut == ("RESTRICTED" == verdict["state"])
        assert not shut or "CANNOT_DECIDE" == verdict["verdict"]
    for paper in told["components"]:
        shut = paper["part"] is not None and parts is not None and paper["part"] not in parts
        if shut and paper["outcome"] not in WITHOUT_PAPER:
            assert "MUST_UPLOAD" == paper["outcome"]
