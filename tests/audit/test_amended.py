"""The short way to make an entry and the long one: equal entries, and the same refusals."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.circumstances import Attestation, Circumstances, OfficerStanding, Standing
from audit.entry import Entry, EntryKind, Read, SourceNote, Subject, uuid7
from audit.forms import amended, codes_or_withheld
from audit.making import draft, intent, outcome
from audit.record import Record, to_bytes

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FIRST = uuid7(NOW, bytes(10))
TAG = "t" * 43
READ = Read(
    registry="POPULATION",
    operation="Person",
    subjects=(Subject(tags=(TAG,), roles=("applicant",)),),
    fields=("applicant/fullName",),
)
GIVEN = Circumstances(request_id="r-1", procedure="1.004222", dossier_tag=TAG)
BEGUN = Entry(request_id="r-1", entry_id=FIRST, kind=EntryKind.INTENT, at=NOW, wave=1)

# What is fit for some field and what is fit for none; 097 is a prefix that no real number has.
VALUES = [
    *("fit", "VALUE", "applicant/fullName", "", "H26.12", TAG, FIRST, "ab" * 32, "1\n"),
    *("097203000001", "097000001", "nguoi-097203000001", "0972030000011", "Trần Thị Bình"),
    *(None, True, False, 0, 1, -1, 200, 10**8, 2**53, 1.5, b"", bytes(28), NOW, "x" * 201),
    *((), (FIRST,), (TAG,), ("fit", "097203000001"), ("fit",), [READ], (READ,), ("VALUE",)),
    *({}, {"applicant/fullName": "VALUE"}, {"applicant/fullName": "a word"}, {"Tên": "VALUE"}),
    *(EntryKind.OUTCOME, "OUTCOME", OfficerStanding.CLAIM, Standing.CLAIM, Attestation.ASSERTED),
    *(datetime(2026, 11, 21, tzinfo=timezone(timedelta(hours=7))), SourceNote, GIVEN),
    (SourceNote(registry="LAND", state="VALUE"),),
]


def _said(make: object, *args: object, **fields: object) -> object:
    assert callable(make)
    try:
        return make(*args, **fields)
    except ValueError as refusal:
        return str(refusal)


@settings(max_examples=400, deadline=None)
@given(
    changes=st.dictionaries(
        st.sampled_from(Entry.__struct_fields__), st.sampled_from(VALUES), max_size=4
    )
)
def test_an_amended_entry_is_the_entry_that_is_made_anew_or_refused_as_it_is(
    changes: dict[str, object],
) -> None:
    anew = _said(msgspec.structs.replace, BEGUN, **changes)
    amends = _said(amended, BEGUN, changes)
    if isinstance(anew, str) and len(changes) > 1:
        # Of several that are unfit, each way names the first in its own order.
        each = [_said(amended, BEGUN, {name: changes[name]}) for name in changes]
        assert (True, True) == (anew in each, amends in each)
    else:
        assert anew == amends


@pytest.mark.parametrize("field", Entry.__struct_fields__)
def test_every_field_takes_and_refuses_the_same_on_both_ways(field: str) -> None:
    anew = [_said(msgspec.structs.replace, BEGUN, **{field: value}) for value in VALUES]
    assert anew == [_said(amended, BEGUN, {field: value}) for value in VALUES]


@pytest.mark.parametrize("field", ["request_id", "unit", "attestation", "dossier_tag"])
def test_what_is_learnt_of_a_request_is_checked_when_it_is_learnt(field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} of an access-log entry") as refusal:
        amended(GIVEN, {field: "097203000001"})
    assert "097203000001" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_what_belongs_to_an_entry_is_nothing_that_is_learnt_of_a_request() -> None:
    with pytest.raises(KeyError):
        amended(GIVEN, {"reads": (READ,)})


def test_a_part_stays_as_it_was_when_a_copy_of_it_is_amended() -> None:
    amended(GIVEN, {"unit": "H26.12"})
    assert Circumstances(request_id="r-1", procedure="1.004222", dossier_tag=TAG) == GIVEN


def test_entries_of_one_draft_have_nothing_of_each_other() -> None:
    begun = draft(GIVEN)
    first = intent(begun, entry_id=FIRST, at=NOW, wave=1, reads=[READ])
    last = outcome(
        begun,
        entry_id=uuid7(NOW, b"\1" * 10),
        at=NOW,
        intents=[FIRST],
        result="OK",
        http_status=200,
        states={"applicant/fullName": "VALUE"},
        answer_bytes=1,
        duration_ms=1,
    )
    assert (None, (), {}) == (first.outcome, first.parent, first.states)
    assert (None, ()) == (last.wave, last.reads)
    assert draft(GIVEN) == begun


def test_a_drafted_entry_is_stored_as_the_same_bytes() -> None:
    drafted = intent(draft(GIVEN), entry_id=FIRST, at=NOW, wave=1, reads=[READ])
    anew = Entry(
        **msgspec.structs.asdict(GIVEN),
        entry_id=FIRST,
        kind=EntryKind.INTENT,
        at=NOW,
        wave=1,
        reads=(READ,),
    )
    assert _stored(anew) == _stored(drafted)


def _stored(entry: Entry) -> bytes:
    return to_bytes(Record(replica="a", boot_id=FIRST, counter=0, salt=bytes(16), entry=entry))


def test_paths_are_kept_when_all_are_fit_and_else_one_by_one() -> None:
    fit = ("applicant/fullName", "child/fullName")
    assert fit == codes_or_withheld(fit)
    assert ("applicant/fullName", "WITHHELD") == codes_or_withheld(
        ("applicant/fullName", "097203000001")
    )
