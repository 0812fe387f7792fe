import typing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from audit.circumstances import Attestation, Circumstances, OfficerStanding, Standing
from audit.entry import (
    Action,
    Entry,
    EntryKind,
    LostBoot,
    Read,
    Retired,
    SourceNote,
    Subject,
    uuid7,
)
from audit.forms import (
    Ciphertext,
    Code,
    Count,
    Counter,
    Digest,
    EntryId,
    Reference,
    Tag,
    Word,
    code_or_withheld,
    reference_or_withheld,
)
from audit.making import intent

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

# 097 is a prefix that no real number has; the old number is from the same invented world.
PERSONAL = ["097203000001", "097000001", "nguoi-097203000001", "0972030000011", "Trần Thị Bình"]


def _parts_with(text: str) -> dict[str, Callable[[], object]]:
    """Every place of an entry that takes text, as a way to make a part with *text* in it."""
    circumstances = {
        f"Circumstances.{name}": lambda name=name: Circumstances(
            **({"request_id": "r-1"} | {name: text})
        )
        for name in _text_fields(Circumstances)
    }
    own = {
        f"Entry.{name}": lambda name=name: Entry(
            **({"request_id": "r-1", "entry_id": FIRST, "kind": EntryKind.INTENT, "at": NOW})
            | {name: text}
        )
        for name in (
            "entry_id",
            "outcome",
            "code",
            "rule",
            "answer_hmac",
            "case_ground",
            "case_tag",
        )
    }
    lists: dict[str, Callable[[], object]] = {
        "Read.registry": lambda: msgspec.structs.replace(READ, registry=text),
        "Read.operation": lambda: msgspec.structs.replace(READ, operation=text),
        "Subject.tags": lambda: Subject(tags=(text,)),
        "Subject.roles": lambda: Subject(tags=(), roles=(text,)),
        "Read.fields": lambda: msgspec.structs.replace(READ, fields=("applicant/sex", text)),
        "SourceNote.state": lambda: SourceNote(registry="LAND", state=text),
        "SourceNote.upstream_request_ids": lambda: SourceNote(
            registry="LAND", state="VALUE", upstream_request_ids=(text,)
        ),
        "LostBoot.boot_id": lambda: LostBoot(boot_id=text, last_counter=1),
        "Entry.parent": lambda: _entry(parent=(text,)),
        "Entry.refused_paths": lambda: _entry(refused_paths=(text,)),
        "Entry.states key": lambda: _entry(states={text: "VALUE"}),
        "Entry.states value": lambda: _entry(states={"applicant/fullName": text}),
        "Entry.components key": lambda: _entry(components={text: "FORM"}),
        "Entry.components value": lambda: _entry(components={"to-khai": text}),
    }
    return circumstances | own | lists


def _text_fields(kind: type[Circumstances]) -> list[str]:
    enums = {"officer_standing", "attestation", "grant_version"}
    return [name for name in kind.__struct_fields__ if name not in enums]


def _entry(**changes: object) -> Entry:
    entry = intent(GIVEN, entry_id=FIRST, at=NOW, wave=1, reads=[READ])
    return msgspec.structs.replace(entry, **changes)


PLACES = list(_parts_with("fit"))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", range(len(PERSONAL)))
def test_no_place_of_an_entry_takes_a_number_or_a_name_of_a_person(place: str, kind: int) -> None:
    text = PERSONAL[kind]
    made_up = place.rpartition(".")[2] in {
        "request_id",
        "token_id",
        "grant_id",
        "procedure_version",
        "upstream_request_ids",
    }
    if made_up and text == "0972030000011":
        # Thirteen digits: a registry's running number has the right to look like that.
        assert reference_or_withheld(text) == text
        return
    with pytest.raises(ValueError, match="does not have the form it must have") as refusal:
        _parts_with(text)[place]()
    assert text not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_refusal_names_the_field() -> None:
    with pytest.raises(ValueError, match=r"^operation_name of an access-log entry "):
        Circumstances(request_id="r-1", operation_name="097203000001")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("http_status", 97203000001),
        ("answer_bytes", -1),
        ("duration_ms", True),
        ("wave", 1.5),
        ("kind", "INTENT"),
        ("at", datetime(2026, 11, 21, tzinfo=timezone(timedelta(hours=7)))),
        ("at", "2026-11-21"),
        ("reads", [READ]),
        ("reads", ("POPULATION",)),
        ("states", ("applicant/fullName", "VALUE")),
    ],
)
def test_what_is_of_another_type_is_refused_at_construction(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"^{field} of an access-log entry"):
        _entry(**{field: value})


def test_ids_that_are_random_are_not_taken_for_a_persons() -> None:
    request = "01939a2e-7c3b-7123-8456-097203000001"
    version = "9720300000109720"
    given = Circumstances(request_id=request, procedure_version=version)
    assert (request, version) == (given.request_id, given.procedure_version)


def test_foreign_text_is_kept_when_fit_and_withheld_when_not() -> None:
    assert ["Prefill", "WITHHELD", "WITHHELD"] == [
        code_or_withheld(text) for text in ("Prefill", "Prefill097203000001", "Mở đơn")
    ]
    assert ["20261121093000123", "WITHHELD", "WITHHELD", "WITHHELD"] == [
        reference_or_withheld(text)
        for text in ("20261121093000123", "id-097203000001", "097000001/2", "")
    ]


ALLOWED = {
    Word,
    Code,
    Reference,
    Tag,
    EntryId,
    Digest,
    Count,
    Counter,
    Ciphertext,
    EntryKind,
    Action,
    OfficerStanding,
    Attestation,
    datetime,
    bool,
    Read,
    Subject,
    SourceNote,
    LostBoot,
    Retired,
    Standing,
}


def _leaves(kind: object) -> set[object]:
    if kind in ALLOWED:
        return {kind}
    inner = [each for each in typing.get_args(kind) if each not in (type(None), Ellipsis)]
    return set().union(*map(_leaves, inner)) if inner else {kind}


@pytest.mark.parametrize(
    "part", [Circumstances, Entry, Read, Subject, SourceNote, LostBoot, Retired]
)
def test_no_field_is_of_a_type_that_could_hold_a_value(part: type) -> None:
    hints = typing.get_type_hints(part, include_extras=True)
    other = {name: kind for name, kind in hints.items() if not _leaves(kind) <= ALLOWED}
    assert {} == other


def test_the_fields_of_an_entry_are_these_and_no_others() -> None:
    """Whoever adds a field thinks here first: does it name, tag or count, or could it tell."""
    about_the_request = [
        *("request_id", "consumer_id", "token_id", "receiving_agency", "competent_agency"),
        *("unit", "officer_tag", "officer_standing", "acting_for_kind", "acting_for_role"),
        *("actor_kind", "actor_standing", "actor_tag", "actor_unit", "actor_employer"),
        *("assisted_by_kind", "assisted_by_tag", "assisted_by_unit", "assisted_by_employer"),
        *("procedure", "procedure_raw", "procedure_version"),
        *("dossier_tag", "draft_tag", "step", "legal_basis", "grant_id", "grant_version"),
        *("attestation", "document_hash", "operation_name"),
    ]
    about_what_happened = [
        *("entry_id", "kind", "at", "parent", "wave", "reads", "outcome", "http_status"),
        *("states", "components", "sources", "code", "rule", "refused_paths"),
        *("answer_bytes", "answer_hmac", "duration_ms", "lost", "retired"),
        *("action", "case_ground", "case_tag", "found", "detail"),
    ]
    assert sorted(about_the_request + about_what_happened) == sorted(Entry.__struct_fields__)


def test_an_entry_id_is_a_uuid_of_version_seven_in_the_order_of_time() -> None:
    assert "01a1fd70-f1c0-7000-8000-000000000000" == uuid7(NOW, bytes(10))
    assert "01a1fd70-f1c0-7fff-bfff-ffffffffffff" == uuid7(NOW, b"\xff" * 10)
    assert uuid7(NOW, b"\xff" * 10) < uuid7(NOW + timedelta(milliseconds=1), bytes(10))
