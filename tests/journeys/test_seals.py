"""What prefill told comes back with its seal: verify knows it, and asks nobody."""

import json
from typing import Any

import pytest

from tests.journeys.documents import officer, purpose
from tests.journeys.house import House
from tests.journeys.test_log import entries
from tests.journeys.test_papers import parcel

PREFILL = """
query Prefill($purpose: Purpose!, $subjects: [SubjectInput!]!) {
  dossier(purpose: $purpose) {
    prefill(subjects: $subjects) {
      fields { key role value display state sealed source { registry authority fetchedAt } }
    }
  }
}
"""
VERIFY = """
query Verify($purpose: Purpose!, $subjects: [SubjectInput!]!, $claims: [ClaimInput!]!) {
  dossier(purpose: $purpose) {
    verify(subjects: $subjects, claims: $claims) {
      outcome
      verdicts {
        role key verdict normalisation state attemptsLeft
        source { registry authority fetchedAt }
      }
      components { id outcome }
      notices { code severity role fields text }
      sources { registry state }
    }
  }
}
"""
BOTH = """
query Both($purpose: Purpose!, $subjects: [SubjectInput!]!, $claims: [ClaimInput!]!) {
  dossier(purpose: $purpose) {
    prefill(subjects: $subjects, dryRun: true) { sources { registry state } }
    verify(subjects: $subjects, claims: $claims) { outcome }
  }
}
"""
SEX, NAME = "nguoiKhai.gioiTinh", "nguoiKhai.hoTen"


def counter() -> dict[str, Any]:
    """Give the purpose of a new dossier, with an officer of its own."""
    return purpose(actor=officer())


def told(house: House, given: dict[str, Any], subjects: list[dict[str, Any]]) -> dict[str, Any]:
    """Prefill, and give the fields that have a value, by key."""
    answer = house.ask(PREFILL, {"purpose": given, "subjects": subjects})
    fields = answer["data"]["dossier"]["prefill"]["fields"]
    assert all((field["sealed"] is not None) == (field["state"] == "VALUE") for field in fields)
    return {field["key"]: field for field in fields if field["state"] == "VALUE"}


def back(field: dict[str, Any], value: object = None, **more: object) -> dict[str, Any]:
    """Send a field back as a portal does, or with another *value*."""
    sent = field["value"] if value is None else value
    text = sent if isinstance(sent, str) else json.dumps(sent)
    return {
        "role": field["role"], "key": field["key"], "value": text, "sealed": field["sealed"], **more
    }  # fmt: skip


def verify(
    house: House,
    given: dict[str, Any],
    subjects: list[dict[str, Any]],
    *claims: dict[str, Any],
    **more: str,
) -> dict[str, Any]:
    variables = {"purpose": given, "subjects": subjects, "claims": list(claims)}
    answer = house.ask(VERIFY, variables, **more)
    assert "errors" not in answer, answer["errors"]
    judged: dict[str, Any] = answer["data"]["dossier"]["verify"]
    return judged


def verdicts(judged: dict[str, Any]) -> list[str]:
    return [verdict["verdict"] for verdict in judged["verdicts"]]


def noticed(judged: dict[str, Any]) -> dict[str, Any]:
    return {notice["code"]: notice for notice in judged["notices"]}


def test_a_form_that_came_back_unchanged_is_confirmed_and_no_registry_hears_of_it(
    house: House,
) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    fields = told(house, given, subjects)
    assert {NAME, "nguoiKhai.ngaySinh", SEX, "thanhVien.hoTen[]"} <= set(fields)
    house.calm()
    judged = verify(house, given, subjects, *map(back, fields.values()))
    assert "CONFIRMED" == judged["outcome"]
    assert {("EXACT", "VALUE", ("SEALED",), None)} == {
        (v["verdict"], v["state"], tuple(v["normalisation"]), v["attemptsLeft"])
        for v in judged["verdicts"]
    }
    assert [f["source"] for f in fields.values()] == [v["source"] for v in judged["verdicts"]]
    assert [] == judged["notices"] == judged["sources"] == house.journal()


def test_the_log_names_the_subject_of_a_sealed_verdict_though_nobody_was_asked(
    house: House,
) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    fields = told(house, given, subjects)
    variables = {"purpose": given, "subjects": subjects}
    asked = house.post(PREFILL, variables)
    answer = house.post(VERIFY, {**variables, "claims": [back(f) for f in fields.values()]})
    (outcome,) = entries(house, answer.headers["x-request-id"])
    assert "OUTCOME" == outcome["kind"]
    assert {"EXACT"} == set(outcome["states"].values())
    assert "verify:applicant/fullName" in outcome["states"]
    (intent, *_) = entries(house, asked.headers["x-request-id"])
    reads = {read["registry"]: read for read in outcome["reads"]}
    assert {"POPULATION", "INSURANCE"} == set(reads)
    assert {"Sealed"} == {read["operation"] for read in outcome["reads"]}
    assert intent["reads"][0]["subjects"] == reads["POPULATION"]["subjects"]
    assert "applicant/fullName" in reads["POPULATION"]["fields"]


def test_what_was_told_can_be_verified_while_its_registry_is_down(house: House) -> None:
    given = counter()
    subjects = [
        house.subject("applicant", "an"),
        {"role": "home", "is": parcel("00004", "12", "7", "applicant")},
    ]
    fields = told(house, given, subjects)
    for registry in ("population", "insurance", "land-01"):
        house.fault(registry, "down")
    judged = verify(house, given, subjects, *map(back, fields.values()))
    assert "CONFIRMED" == judged["outcome"]
    assert {"choO.diaChi", "choO.soGCN[]"} <= {v["key"] for v in judged["verdicts"]}


def test_what_a_form_displays_comes_back_as_well(house: House) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    fields = told(house, given, subjects)
    shown = [back(fields[key], fields[key]["display"]) for key in ("nguoiKhai.ngaySinh", SEX)]
    assert ["12/05/1985", "Nam"] == [claim["value"] for claim in shown]
    assert [["SEALED"]] * 2 == [
        v["normalisation"] for v in verify(house, given, subjects, *shown)["verdicts"]
    ]


def test_a_changed_value_is_compared_and_the_notice_names_the_field(house: House) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    fields = told(house, given, subjects)
    claims = [back(fields[NAME]), back(fields[SEX], "FEMALE")]
    judged = verify(house, given, subjects, *claims)
    assert ["EXACT", "DIFFERENT"] == verdicts(judged)
    assert "CONTRADICTED" == judged["outcome"]
    broken = noticed(judged)["SEAL_BROKEN"]
    assert ("WARNING", "applicant", [SEX]) == (
        broken["severity"], broken["role"], broken["fields"],
    )  # fmt: skip
    assert "POPULATION" in {source["registry"] for source in judged["sources"]}


@pytest.mark.parametrize("sealed", ["", "none", "of another field", "of another dossier"])
def test_a_seal_that_does_not_fit_tells_and_costs_what_none_does(house: House, sealed: str) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    fields = told(house, given, subjects)
    if sealed == "of another field":
        sealed = fields["nguoiKhai.ngaySinh"]["sealed"]
    elif sealed == "of another dossier":
        sealed = told(house, purpose(), subjects)[NAME]["sealed"]
    told_of = []
    for seal in (None, sealed):
        asked = counter()
        for value in ("Nguyễn Văn Anh", "Nguyễn Văn An"):
            claim = {"role": "applicant", "key": NAME, "value": value, "sealed": seal}
            judged = verify(house, asked, subjects, claim)
            assert bool(seal) == ("SEAL_BROKEN" in noticed(judged))
            for verdict in judged["verdicts"]:
                del verdict["source"]["fetchedAt"]
            told_of.append(judged["verdicts"])
    assert told_of[:2] == told_of[2:]
    assert [4, 4] == [judged[0]["attemptsLeft"] for judged in told_of[:2]]


def test_a_seal_of_another_consumer_is_broken(house: House) -> None:
    given, subjects = purpose(), [house.subject("applicant", "an")]
    field = told(house, given, subjects)[NAME]
    judged = verify(house, given, subjects, back(field), persona="portal-lamdong")
    assert "SEAL_BROKEN" in noticed(judged)
    assert ["EXACT"] == verdicts(judged)


def test_a_draft_that_became_a_dossier_keeps_its_seals(house: House) -> None:
    subjects = [house.subject("applicant", "an")]
    given = counter()
    code = given["dossier"]["code"]
    draft = f"draft-of-{code}".replace(".", "-")
    as_draft = {**given, "dossier": {"draft": draft}}
    claims = [back(f) for f in told(house, as_draft, subjects).values()]
    house.calm()
    for dossier in ({"code": code, "draft": draft}, {"code": code}, {"draft": draft}):
        judged = verify(house, {**given, "dossier": dossier}, subjects, *claims)
        assert "CONFIRMED" == judged["outcome"]
    assert [] == house.journal()


def test_sealed_claims_are_told_when_the_number_is_locked_and_take_no_place(house: House) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    fields = told(house, given, subjects)
    for year in range(1990, 1996):
        typed = {"role": "applicant", "key": "nguoiKhai.ngaySinh", "value": str(year)}
        judged = verify(house, given, subjects, typed, back(fields[NAME]))
        assert "EXACT" == verdicts(judged)[1]
    assert "LOCKED" == verdicts(judged)[0]


def test_a_fact_of_few_values_is_told_by_its_seal_whatever_was_guessed(house: House) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    field = told(house, given, subjects)[SEX]
    guesses = [back(field), back(field, "FEMALE"), back(field) | {"sealed": None}, back(field)]
    judged = [verify(house, given, subjects, guess) for guess in guesses]
    assert ["EXACT", "DIFFERENT", "LOCKED", "EXACT"] == [v for j in judged for v in verdicts(j)]


def test_a_whole_list_whose_seal_does_not_count_is_compared_item_by_item(house: House) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    field = told(house, given, subjects)["thanhVien.hoTen[]"]
    assert 2 < len(field["value"])
    some = verify(house, given, subjects, back(field, field["value"][1:]))
    assert ["EXACT"] == verdicts(some)
    assert "SEAL_BROKEN" in noticed(some)
    stranger = verify(house, given, subjects, back(field, [*field["value"], "Lê Văn Lạ"]))
    assert ["EXACT"] != verdicts(stranger)


def test_an_objection_to_an_unchanged_value_is_recorded(house: House) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    field = told(house, given, subjects)[NAME]
    judged = verify(house, given, subjects, back(field, contested=True))
    assert ["EXACT"] == verdicts(judged)
    assert ["CONTESTED"] == list(noticed(judged))


def test_a_rehearsal_beside_sealed_claims_is_no_dry_run(house: House) -> None:
    given, subjects = counter(), [house.subject("applicant", "an")]
    claims = [back(told(house, given, subjects)[NAME])]
    answer = house.post(BOTH, {"purpose": given, "subjects": subjects, "claims": claims})
    assert ["OUTCOME"] == [e["kind"] for e in entries(house, answer.headers["x-request-id"])]


def test_papers_still_need_their_registries(house: House) -> None:
    given = counter()
    subjects = [house.subject("applicant", "an"), house.subject("owner", "an")]
    fields = told(house, given, subjects)
    judged = verify(house, given, subjects, back(fields[NAME]))
    assert ["SEALED"] == judged["verdicts"][0]["normalisation"]
    assert ["POPULATION"] == [source["registry"] for source in judged["sources"]]


@pytest.mark.parametrize(
    ("claim", "rule"),
    [
        ({"value": None, "sealed": "x"}, "seal-without-value"),
        ({"value": "An", "sealed": "x" * 301}, "text-too-long"),
        ({"value": "An" * 251}, "text-too-long"),
        ({"value": "A" * 10_001, "sealed": "x"}, "text-too-long"),
    ],
)
def test_a_claim_of_the_wrong_shape_is_refused(
    house: House, claim: dict[str, Any], rule: str
) -> None:
    variables = {
        "purpose": purpose(),
        "subjects": [house.subject("applicant", "an")],
        "claims": [{"role": "applicant", "key": NAME, **claim}],
    }
    for language, words in (("vi", "dài quá"), ("en", "longer than")):
        answer = house.post(VERIFY, variables, accept_language=language)
        (error,) = answer.json()["errors"]
        assert (400, rule) == (answer.status_code, error["extensions"]["rule"])
        assert rule != "text-too-long" or words in error["message"]
