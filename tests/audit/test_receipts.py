"""What a receipt says, who can check it, and what is not taken for one."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from audit.circumstances import Circumstances
from audit.entry import Entry, SourceNote
from audit.making import dry_run, outcome
from audit.receipt_keys import ReceiptKey, key_of_public, key_of_seed
from audit.receipts import Receipts, answer_hmac

AT = datetime(2026, 11, 21, 9, 30, 0, 250_000, tzinfo=UTC)
ID = "01a1fd70-f1c0-7000-8000-000000000000"
OLD, NEW, STRANGE = (key_of_seed(bytes([number]) * 32) for number in (1, 2, 3))
STORED = b'{"what":"the log holds"}'
ORIGIN = "example.vn/log"


def receipts(*keys: ReceiptKey) -> Receipts:
    return Receipts(keys or (NEW, key_of_public(OLD.public.public_bytes_raw())), lambda: ORIGIN)


def an_outcome() -> Entry:
    return outcome(
        Circumstances(
            request_id="r-1",
            procedure="1.004222",
            procedure_version="2025-07-01",
            grant_id="hanoi-1",
            grant_version=7,
        ),
        entry_id=ID,
        at=AT,
        intents=[],
        result="OK",
        http_status=200,
        states={"applicant/fullName": "VALUE"},
        answer_bytes=10,
        duration_ms=3,
        sources=[SourceNote(registry="POPULATION", state="VALUE", from_cache=True, waited_ms=9)],
        answer_hmac=answer_hmac(bytes(32), b"{}", b""),
    )


def opened(receipt: str, *keys: ReceiptKey) -> tuple[dict[str, Any], dict[str, Any]]:
    """Verify as a stranger would, with a library; give header and payload."""
    known = KeySet.import_key_set(json.loads(receipts(*keys).jwks))
    read = jws.deserialize_compact(receipt, known, algorithms=["Ed25519"])
    return dict(read.headers()), json.loads(read.payload)


def test_a_receipt_says_what_the_page_says_and_a_library_verifies_it() -> None:
    header, payload = opened(receipts().sign(an_outcome(), STORED))
    assert {"alg": "Ed25519", "kid": NEW.kid, "typ": "lienthong-receipt+jwt"} == header
    assert {
        "entry": ID,
        "leaf": hashlib.sha256(b"\0" + STORED).hexdigest(),
        "at": "2026-11-21T09:30:00.250000Z",
        "origin": ORIGIN,
        "mmd": 60,
        "grant": {"id": "hanoi-1", "version": 7},
        "procedure": {"code": "1.004222", "version": "2025-07-01"},
        "sources": [{"registry": "POPULATION", "state": "VALUE", "cached": True}],
        "answer_hmac": an_outcome().answer_hmac,
    } == payload


def test_what_does_not_apply_is_absent() -> None:
    entry = dry_run(Circumstances(request_id="r-1"), entry_id=ID, at=AT, reads=())
    _, payload = opened(receipts().sign(entry, STORED))
    assert {"entry", "leaf", "at", "origin", "mmd"} == set(payload)


def test_the_log_is_named_as_it_is_called_when_the_receipt_is_signed() -> None:
    names = iter(["example.vn/log", "example.vn/log/2"])
    changing = Receipts([NEW], lambda: next(names))
    origins = [opened(changing.sign(an_outcome(), STORED))[1]["origin"] for _ in range(2)]
    assert ["example.vn/log", "example.vn/log/2"] == origins


def test_a_receipt_of_a_retired_key_is_still_ours() -> None:
    before = receipts(OLD).sign(an_outcome(), STORED)
    read = receipts().read(before)
    assert read
    assert (ID, AT, ORIGIN) == (read.entry, read.at, read.origin)
    assert OLD.kid == opened(before)[0]["kid"]


def test_a_rotation_at_work_changes_who_signs_and_forgets_nobody() -> None:
    mine = receipts(OLD)
    before = mine.sign(an_outcome(), STORED)
    mine.use([NEW, OLD])
    after = mine.sign(an_outcome(), STORED)
    assert NEW.kid == opened(after)[0]["kid"]
    assert mine.read(before)
    assert mine.read(after)


def test_keys_without_the_newest_seed_cannot_sign() -> None:
    with pytest.raises(ValueError, match="has no seed"):
        receipts(key_of_public(OLD.public.public_bytes_raw()))


def test_a_receipt_of_somebody_elses_is_not_ours() -> None:
    assert None is receipts().read(receipts(STRANGE).sign(an_outcome(), STORED))


def test_a_receipt_changed_in_any_character_is_not_ours() -> None:
    mine = receipts()
    good = mine.sign(an_outcome(), STORED)
    # The last character also carries bits that belong to no byte.
    for place in range(len(good) - 1):
        other = "A" if good[place] != "A" else "B"
        assert None is mine.read(good[:place] + other + good[place + 1 :])


def test_our_signature_under_another_header_is_not_ours() -> None:
    mine = receipts()
    header, payload, signature = mine.sign(an_outcome(), STORED).split(".")
    for changed in ({"alg": "none"}, {"alg": "EdDSA"}, {"typ": "at+jwt"}, {"crit": ["b64"]}):
        said = json.loads(base64.urlsafe_b64decode(header + "==")) | changed
        other = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
        assert None is mine.read(f"{other}.{payload}.{signature}")


@given(st.text(max_size=60) | st.from_regex(r"[\w-]+\.[\w-]*\.[\w-]*", fullmatch=True))
def test_anything_else_is_not_ours_and_does_no_harm(text: str) -> None:
    header = receipts().sign(an_outcome(), STORED).partition(".")[0]
    assert None is receipts().read(text)
    assert None is receipts().read(f"{header}.{text}")


def test_a_very_long_header_is_not_even_looked_at() -> None:
    good = receipts().sign(an_outcome(), STORED)
    assert None is receipts().read(good + "A" * 20_000)


def test_a_library_refuses_a_changed_receipt_too() -> None:
    header, _, signature = receipts().sign(an_outcome(), STORED).split(".")
    payload = receipts().sign(an_outcome(), STORED + b" ").split(".")[1]
    with pytest.raises(BadSignatureError):
        opened(f"{header}.{payload}.{signature}")


@given(st.binary(max_size=20), st.binary(max_size=20), st.integers(0, 39))
def test_a_changed_byte_does_not_fit_the_hash_of_an_answer(
    data: bytes, errors: bytes, place: int
) -> None:
    kept = answer_hmac(b"k" * 32, data, errors)
    both = bytearray(data + errors)
    if both:
        both[place % len(both)] ^= 1
        changed = bytes(both[: len(data)]), bytes(both[len(data) :])
        assert kept != answer_hmac(b"k" * 32, *changed)
    assert kept != answer_hmac(b"l" * 32, data, errors)


def test_data_and_errors_are_not_taken_for_each_other() -> None:
    assert answer_hmac(bytes(32), b"[]", b"") != answer_hmac(bytes(32), b"", b"[]")
    assert 43 == len(answer_hmac(bytes(32), b"null", b"[]"))
