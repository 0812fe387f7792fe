"""A reading of the log through the graph: refused, failed, logged, and what it hands on."""

from typing import Any

import msgspec
import pytest

from audit.log import MemoryAccessLog
from audit.reading.asking import QuestionTooLong
from audit.tree.proofs import LogUnreadable
from tests.resolvers import indoors
from tests.resolvers.readable import ME, Found, access, entry, page, readers

AUDITOR = msgspec.structs.replace(
    indoors.PORTAL, consumer_id="auditor", scopes=frozenset({"audit:read"})
)
CITIZEN = msgspec.structs.replace(
    indoors.PORTAL, subject=ME, subject_name="Nguyễn Văn An", subject_birth="1985-05-12"
)
SEARCH = """query S($filter: AccessLogFilter!, $case: CaseRef!) {
  accessLog(filter: $filter, case: $case) { logSize edges { node { entryId } } } }"""
OWN = "{ me { accessLog { edges { node { entryId } } } } }"
STATISTICS = '{ accessStatistics(filter: {since: "2026-01", until: "2026-02"}) { note } }'
CASE = {"number": "17", "ground": "COURT"}


async def told(
    found: Found | None, text: str, caller: Any = AUDITOR, **variables: object
) -> tuple[Any, MemoryAccessLog]:
    log = MemoryAccessLog()
    graph = indoors.graph(indoors.grants(), log=log, readers=readers(found) if found else None)
    given = {"filter": {}, "case": CASE, **variables} if text == SEARCH else {}
    return await indoors.told(graph, text, caller, **given), log


READINGS = pytest.mark.parametrize(
    ("text", "caller"), [(SEARCH, AUDITOR), (STATISTICS, AUDITOR), (OWN, CITIZEN)]
)


@READINGS
async def test_where_no_reader_is_set_up_the_answer_says_which_setting(
    text: str, caller: Any
) -> None:
    answer, log = await told(None, text, caller)
    (error,) = answer["errors"]
    assert "access-log-not-read-here" == error["extensions"]["rule"]
    assert error["extensions"]["retryable"] is False
    assert "LIENTHONG_ACCESS_LOG_READER_URL" in error["message"]
    assert ["DENIED"] == [each.kind for each in log.entries]


@READINGS
@pytest.mark.parametrize(
    ("why", "rule", "again"),
    [
        (LogUnreadable(), "access-log-unreadable", True),
        (QuestionTooLong(), "access-log-question-too-long", False),
    ],
    ids=["a-database-that-is-away", "a-question-that-takes-too-long"],
)
async def test_what_cannot_be_read_is_an_error_and_an_entry(
    text: str, caller: Any, why: LogUnreadable, rule: str, again: bool
) -> None:
    answer, log = await told(Found(why), text, caller)
    assert {"errors"} == set(answer)
    told_of = answer["errors"][0]["extensions"]
    assert ("ACCESS_LOG_UNAVAILABLE", rule, again) == (
        told_of["code"], told_of["rule"], told_of["retryable"],
    )  # fmt: skip
    assert [(rule, ["ACCESS_LOG"])] == [
        (each.rule, [read.registry for read in each.reads]) for each in log.entries
    ]


@READINGS
async def test_each_reading_is_one_entry(text: str, caller: Any) -> None:
    answer, log = await told(Found(page(access(entry()))), text, caller)
    assert "errors" not in answer, answer
    assert ["AUDIT_READ"] == [each.kind for each in log.entries]
    assert answer["extensions"]["receipt"]


@READINGS
async def test_where_the_entry_cannot_be_written_nothing_is_shown(text: str, caller: Any) -> None:
    log = MemoryAccessLog(fail=True)
    graph = indoors.graph(indoors.grants(), log=log, readers=readers(Found(page(access(entry())))))
    given = {"filter": {}, "case": CASE} if text == SEARCH else {}
    answer = await indoors.told(graph, text, caller, **given)
    assert {"errors"} == set(answer)
    assert "access-log-unavailable" == answer["errors"][0]["extensions"]["rule"]


@pytest.mark.parametrize("text", [SEARCH, STATISTICS, OWN])
async def test_a_token_that_the_consumer_signed_itself_opens_nothing(text: str) -> None:
    caller = msgspec.structs.replace(CITIZEN if text == OWN else AUDITOR, own_word=True)
    found = Found(page(access(entry())))
    answer, log = await told(found, text, caller)
    assert answer["errors"][0]["extensions"]["rule"] in {
        "log-needs-an-issuer",
        "self-access-needs-an-issuer",
    }
    assert [] == found.asked
    assert ["DENIED"] == [each.kind for each in log.entries]


async def test_the_own_list_needs_no_proof_for_a_registry() -> None:
    caller = msgspec.structs.replace(CITIZEN, subject_name=None, subject_birth=None)
    answer, _ = await told(Found(page(access(entry()))), OWN, caller)
    assert "errors" not in answer, answer
    refused, _ = await told(Found(page()), "{ me { person { fullName } } }", caller)
    assert "citizen-claims-missing" == refused["errors"][0]["extensions"]["rule"]


async def test_a_reading_left_out_by_a_condition_is_none() -> None:
    text = """query S($filter: AccessLogFilter!, $case: CaseRef!, $no: Boolean!) {
      registries { name } accessLog(filter: $filter, case: $case) @include(if: $no) { logSize } }"""
    found = Found(page())
    log = MemoryAccessLog()
    graph = indoors.graph(indoors.grants(), log=log, readers=readers(found))
    answer = await indoors.told(graph, text, AUDITOR, filter={}, case=CASE, no=False)
    assert "accessLog" not in answer["data"]
    assert ([], []) == (found.asked, log.entries)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("personalId", ME, ("person", ME)),
        ("oldIdNumber", "012345678", ("old-number", "012345678")),
        ("socialInsuranceNumber", "9900000001", ("insurance", "9900000001")),
        ("healthCardNumber", "DN4019900000001", ("card", "DN4019900000001")),
        ("healthCardNumber", "9900000001", ("insurance", "9900000001")),
        ("enterpriseCode", "9900000016", ("business", "9900000016")),
        ("enterpriseCode", ME, ("person", ME)),
        ("certificateNumber", "ab 123456", ("certificate", "AB 123456")),
        (
            "parcel",
            {"ward": "00004", "sheet": "12", "parcel": "7"},
            ("parcel", "00004/12/7"),
        ),
    ],
)
async def test_a_number_is_looked_for_in_the_form_in_which_it_was_tagged(
    kind: str, given: object, expected: tuple[str, str]
) -> None:
    found = Found(page())
    await told(found, SEARCH, filter={"subject": {kind: given}})
    assert [(expected,)] == [question.subjects for question in found.asked]


async def test_filters_arrive_in_the_form_in_which_entries_hold_them() -> None:
    found = Found(page())
    await told(
        found,
        SEARCH,
        filter={
            "agency": "000.00.12.H26",
            "procedure": "1.004222.H26",
            "outcome": "UNFINISHED",
            "registry": "LAND",
            "since": "2026-11-01T07:00:00+07:00",
        },
    )
    (question,) = found.asked
    assert ("H26.12", "1.004222", "INTENT", "LAND", "2026-11-01T00:00:00+00:00") == (
        question.agency, question.procedure, question.outcome, question.registry,
        question.since.isoformat() if question.since else None,
    )  # fmt: skip


async def test_whom_a_reading_asked_about_are_its_subjects() -> None:
    united = (("person", ME), ("old-number", "012345678"))
    _, log = await told(
        Found(page(united=united)),
        SEARCH,
        filter={"subject": {"personalId": ME}, "officer": "097188000171"},
    )
    ((read,),) = [each.reads for each in log.entries]
    assert [(2, ("subject",)), (1, ("officer",))] == [
        (len(one.tags), one.roles) for one in read.subjects
    ]
