"""Each kind of entry says what belongs to it, and what all entries of a request say."""

from datetime import UTC, datetime

from audit.circumstances import Circumstances
from audit.entry import Entry, EntryKind, Read, SourceNote, Subject, uuid7
from audit.making import denied, dry_run, intent, not_delivered, outcome

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FIRST = uuid7(NOW, bytes(10))
SECOND = uuid7(NOW, b"\1" * 10)
TAG = "t" * 43
GIVEN = Circumstances(request_id="r-1", procedure="1.004222", dossier_tag=TAG)
READ = Read(
    registry="POPULATION",
    operation="TraCuuThongTinCongDan",
    subjects=(Subject(tags=(TAG,), roles=("applicant",)),),
    fields=("applicant/fullName",),
)


def test_an_intent_names_its_wave_and_what_is_about_to_be_read() -> None:
    entry = intent(GIVEN, entry_id=FIRST, at=NOW, wave=2, reads=[READ])
    expected = Entry(
        request_id="r-1",
        procedure="1.004222",
        dossier_tag=TAG,
        entry_id=FIRST,
        kind=EntryKind.INTENT,
        at=NOW,
        wave=2,
        reads=(READ,),
    )
    assert expected == entry


def test_an_outcome_names_the_intents_it_closes_and_a_state_for_each_field() -> None:
    note = SourceNote(registry="POPULATION", state="VALUE", waited_ms=12)
    entry = outcome(
        GIVEN,
        entry_id=SECOND,
        at=NOW,
        intents=[FIRST],
        result="COMPLETE",
        http_status=200,
        states={"applicant/fullName": "VALUE"},
        components={"to-khai": "FORM"},
        sources=[note],
        answer_bytes=1943,
        duration_ms=41,
    )
    expected = Entry(
        request_id="r-1",
        procedure="1.004222",
        dossier_tag=TAG,
        entry_id=SECOND,
        kind=EntryKind.OUTCOME,
        at=NOW,
        parent=(FIRST,),
        outcome="COMPLETE",
        http_status=200,
        states={"applicant/fullName": "VALUE"},
        components={"to-khai": "FORM"},
        sources=(note,),
        answer_bytes=1943,
        duration_ms=41,
    )
    assert expected == entry


def test_a_denial_names_the_code_the_rule_and_the_paths() -> None:
    entry = denied(
        GIVEN,
        entry_id=FIRST,
        at=NOW,
        code="FIELD_OUTSIDE_PROCEDURE",
        rule="path-outside-procedure",
        http_status=400,
        refused_paths=["owner/religion"],
    )
    said = (entry.kind, entry.code, entry.rule, entry.http_status, entry.refused_paths)
    expected = (
        EntryKind.DENIED,
        "FIELD_OUTSIDE_PROCEDURE",
        "path-outside-procedure",
        400,
        ("owner/religion",),
    )
    assert expected == said


def test_a_dry_run_names_what_would_have_been_read() -> None:
    entry = dry_run(GIVEN, entry_id=FIRST, at=NOW, reads=[READ])
    assert (EntryKind.DRY_RUN, (READ,)) == (entry.kind, entry.reads)


def test_an_answer_that_reached_nobody_names_the_intents_it_was_for() -> None:
    entry = not_delivered(GIVEN, entry_id=SECOND, at=NOW, intents=[FIRST], duration_ms=9)
    assert (EntryKind.NOT_DELIVERED, (FIRST,)) == (entry.kind, entry.parent)
