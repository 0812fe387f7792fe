"""The bytes that the log hashes are the bytes that leave."""

import base64
import json
from typing import Any

import msgspec
from graphql import ExecutionResult, GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from audit.log import MemoryAccessLog
from audit.months import MonthKeys
from audit.receipts import answer_hmac
from auth.profile import Profile
from resolvers.answers import RESPONSE_JSON, Reply, answered
from resolvers.graph import Asked
from tests.resolvers.indoors import AN_KEY, NOW, PORTAL, grants, graph, purpose

TO = Reply(request_id="a-request", language="vi", media=RESPONSE_JSON)
PERSON = """
query P($purpose: Purpose!, $key: PersonKey!) {
  dossier(purpose: $purpose) { person(role: "applicant", key: $key) { fullName } }
}
"""
PREFILL = """
query F($purpose: Purpose!, $subjects: [SubjectInput!]!) {
  dossier(purpose: $purpose) { prefill(subjects: $subjects, dryRun: true) { outcome } }
}
"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Sent(msgspec.Struct):
    """An answer as its receiver cuts it: each member's own bytes."""

    extensions: dict[str, Any]
    data: msgspec.Raw = msgspec.Raw(b"")
    errors: msgspec.Raw = msgspec.Raw(b"")


def cut(body: bytes) -> Sent:
    return msgspec.json.decode(body, type=Sent)


@given(
    st.none() | st.dictionaries(st.text(), JSON, max_size=4), st.lists(st.text(), max_size=3),
    st.none() | st.text(alphabet="abc._-", min_size=1),
)  # fmt: skip
def test_the_bytes_that_are_hashed_are_the_bytes_that_are_sent(
    data: dict[str, Any] | None, messages: list[str], receipt: str | None
) -> None:
    result = ExecutionResult(data, [GraphQLError(each) for each in messages] or None)
    written = answered(result, {"dossier.applicant": "NOT_ASKED"}, TO)
    body = written.sent(receipt).body
    sent = cut(body)
    assert (written.data, written.errors) == (bytes(sent.data), bytes(sent.errors))
    assert b"\n" not in written.data + written.errors
    assert data == json.loads(body)["data"]
    assert messages == [each["message"] for each in json.loads(body).get("errors", [])]
    assert receipt == sent.extensions.get("receipt")


def test_an_answer_has_the_same_bytes_with_a_receipt_and_without() -> None:
    written = answered(ExecutionResult({"a": [1, "á"]}, None), {}, TO)
    with_one, without = cut(written.sent("a.b.c").body), cut(written.sent().body)
    assert bytes(without.data) == bytes(with_one.data)
    assert b"" == bytes(with_one.errors)


async def asked(log: MemoryAccessLog, document: str, **variables: object) -> bytes:
    made = Asked(document=document, operation_name=None, variables=variables, to=TO)
    house = graph(grants(), log=log, profile=Profile.SANDBOX)
    return (await house.answer(made, PORTAL)).body


def payload_of(sent: Sent) -> dict[str, Any]:
    part = sent.extensions["receipt"].split(".")[1]
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return payload


async def test_entry_and_receipt_hold_the_hash_of_what_was_sent() -> None:
    log = MemoryAccessLog()
    sent = cut(await asked(log, PERSON, purpose=purpose(), key=AN_KEY))
    outcome = log.entries[-1]
    month = MonthKeys(bytes(32)).of(NOW)
    assert answer_hmac(month, bytes(sent.data), bytes(sent.errors)) == outcome.answer_hmac
    assert outcome.answer_hmac == payload_of(sent)["answer_hmac"]
    assert outcome.entry_id == payload_of(sent)["entry"]
    assert len(bytes(sent.data)) + len(bytes(sent.errors)) == outcome.answer_bytes


async def test_a_dry_run_has_a_receipt_of_its_own_entry() -> None:
    log = MemoryAccessLog()
    subjects = [{"role": "applicant", "is": {"person": AN_KEY}}]
    sent = cut(await asked(log, PREFILL, purpose=purpose(), subjects=subjects))
    assert ["DRY_RUN"] == [entry.kind for entry in log.entries]
    assert log.entries[0].entry_id == payload_of(sent)["entry"]


async def test_what_reads_nobody_has_no_receipt() -> None:
    log = MemoryAccessLog()
    sent = cut(await asked(log, "{ registries { name } }"))
    assert {"requestId": "a-request"} == sent.extensions
    assert [] == log.entries


async def test_a_refusal_has_no_receipt() -> None:
    log = MemoryAccessLog()
    body = await asked(log, PERSON, purpose={"procedure": "9.999999"}, key=AN_KEY)
    assert ["DENIED"] == [entry.kind for entry in log.entries]
    assert {"errors"} == set(json.loads(body))
    assert b"receipt" not in body
