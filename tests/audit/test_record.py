import json
import re
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.circumstances import OfficerStanding
from audit.entry import Entry, EntryKind, LostBoot, Read, SourceNote, Subject
from audit.forms import WITHHELD, code_or_withheld, reference_or_withheld
from audit.record import Record, from_bytes, to_bytes

PRINTABLE = st.text(st.sampled_from(string.printable[:94]), min_size=1, max_size=40)
words = st.from_regex(re.compile(r"[A-Z][A-Z0-9_]{0,20}", re.ASCII), fullmatch=True)
codes = PRINTABLE.map(code_or_withheld)
references = PRINTABLE.map(reference_or_withheld)
tags = st.text(
    st.sampled_from(string.ascii_letters + string.digits + "-_"), min_size=43, max_size=43
)
ids = st.uuids(version=4).map(lambda made: f"{str(made)[:14]}7{str(made)[15:]}")
counts = st.integers(min_value=0, max_value=10**8 - 1)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2500, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone


def tuples_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3).map(tuple)


reads = st.builds(
    Read,
    registry=words,
    operation=codes,
    subjects=st.lists(
        st.builds(Subject, tags=tuples_of(tags), roles=tuples_of(codes)), max_size=2
    ).map(tuple),
    fields=tuples_of(codes),
)
notes = st.builds(
    SourceNote,
    registry=words,
    state=words,
    upstream_request_ids=tuples_of(references),
    from_cache=st.booleans(),
    waited_ms=counts,
)
entries = st.builds(
    Entry,
    request_id=references,
    consumer_id=st.none() | codes,
    officer_tag=st.none() | tags,
    officer_standing=st.none() | st.sampled_from(OfficerStanding),
    grant_version=st.none() | counts,
    document_hash=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
    entry_id=ids,
    kind=st.sampled_from(EntryKind),
    at=moments,
    parent=tuples_of(ids),
    reads=st.lists(reads, max_size=2).map(tuple),
    states=st.dictionaries(codes, words, max_size=4),
    sources=st.lists(notes, max_size=2).map(tuple),
    detail=st.none() | st.binary(min_size=28, max_size=60),
    lost=st.none() | st.builds(LostBoot, boot_id=ids, last_counter=counts),
)
records = st.builds(
    Record,
    replica=st.just("a"),
    boot_id=ids,
    counter=st.integers(min_value=0, max_value=2**53 - 1),
    salt=st.binary(min_size=16, max_size=16),
    entry=entries,
)


@settings(max_examples=60, deadline=None)
@given(record=records)
def test_what_is_stored_reads_back_as_the_same_entry_and_the_same_bytes(record: Record) -> None:
    body = to_bytes(record)
    assert record == from_bytes(body)
    assert body == to_bytes(from_bytes(body))


@settings(max_examples=60, deadline=None)
@given(record=records)
def test_the_stored_bytes_are_canonical_json(record: Record) -> None:
    """RFC 8785, for what an entry can hold: ASCII text, whole numbers, no fractions."""
    body = to_bytes(record)
    canonical = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))
    assert canonical.encode() == body


def test_what_does_not_apply_takes_no_room() -> None:
    at = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    entry = Entry(
        request_id="r-1",
        entry_id="019aa5b3-0c40-7000-8000-000000000000",
        kind=EntryKind.BOOT_START,
        at=at,
    )
    boot_id = "019aa5b3-0c40-7000-8000-000000000001"
    record = Record(replica="a", boot_id=boot_id, counter=0, salt=bytes(16), entry=entry)
    expected = (
        b'{"boot_id":"019aa5b3-0c40-7000-8000-000000000001","counter":0,"entry":{'
        b'"at":"2026-11-21T09:30:00Z","entry_id":"019aa5b3-0c40-7000-8000-000000000000",'
        b'"kind":"BOOT_START","request_id":"r-1"},"replica":"a",'
        b'"salt":"AAAAAAAAAAAAAAAAAAAAAA==","v":1}'
    )
    assert expected == to_bytes(record)


def test_stored_bytes_with_a_personal_number_in_them_are_no_record() -> None:
    """The decoder obeys the forms too: nothing comes in by the back door."""
    body = (
        b'{"boot_id":"019aa5b3-0c40-7000-8000-000000000001","counter":0,"entry":{'
        b'"at":"2026-11-21T09:30:00Z","entry_id":"019aa5b3-0c40-7000-8000-000000000000",'
        b'"kind":"INTENT","request_id":"r-1","unit":"097203000001"},"replica":"a",'
        b'"salt":"AAAAAAAAAAAAAAAAAAAAAA==","v":1}'
    )
    with pytest.raises(ValueError, match="unit of an access-log entry") as refusal:
        from_bytes(body)
    assert "097203000001" not in str(refusal.value)


def test_the_word_for_what_is_withheld_is_itself_fit() -> None:
    assert (WITHHELD, WITHHELD) == (code_or_withheld(WITHHELD), reference_or_withheld(WITHHELD))
