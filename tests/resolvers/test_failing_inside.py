"""Failures inside the gateway: what the log says of them, and what nobody hears."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLError

from adapters.business.records import BusinessStatus, HouseholdBusiness
from adapters.registry import RegistryName, Source
from audit import making
from audit.circumstances import Circumstances
from audit.entry import Entry, uuid7
from audit.log import AccessLogUnavailable, MemoryAccessLog
from audit.months import MonthKeys
from audit.receipt_keys import key_of_seed
from audit.receipts import Receipts
from auth.caller import Caller
from auth.grants import SANDBOX_GRANTS, Grants, load_grants
from auth.profile import Profile
from resolvers.answers import Answer, Reply, failure
from resolvers.catalogue import SHIPPED, Catalogue, load_catalogue
from resolvers.documents import Documents, Operation
from resolvers.enums import FieldState
from resolvers.graph import Asked, Graph
from resolvers.nulls import complete_states
from resolvers.schema import build_schema, graphql_schema
from resolvers.undelivered import Undelivered
from resolvers.visit import Public, Visit
from tests.admitting import admission
from tests.journeys.documents import purpose

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CALLER = Caller(
    consumer_id="portal-hanoi",
    scopes=frozenset({"prefill"}),
    token_id="a-token",
    issuer="https://issuer.invalid",
    expires_at=NOW,
)

DRY = """query D($purpose: Purpose!, $subjects: [SubjectInput!]!, $d: Boolean = true) {
  dossier(purpose: $purpose) { prefill(subjects: $subjects, dryRun: $d) { outcome } } }"""
ON_TYPES = """query T($purpose: Purpose!, $k: BusinessKey!) { dossier(purpose: $purpose) {
  business(role: "firm", key: $k) {
    ... on Enterprise { x: industries { name } }
    ... on HouseholdBusiness { x: statuses { name: text } } } } }"""


def test_a_null_is_looked_for_on_the_type_of_the_record() -> None:
    schema = graphql_schema(build_schema())
    operation = Documents(schema).prepare(ON_TYPES, None)
    assert isinstance(operation, Operation)
    assert operation.dossier
    visit = blank_visit(operation)
    source = Source(registry=RegistryName.BUSINESS, authority="-", fetched_at=NOW)
    firm = HouseholdBusiness(source=source, statuses=(BusinessStatus(),))
    visit.records["dossier", "business"] = operation.dossier.children[0], firm
    complete_states(visit, {"dossier": {"business": {"x": [{"name": None}]}}})
    where = ("dossier", "business", "x", 0, "name")
    assert {where: FieldState.NOT_RECORDED} == visit.states
    assert {"firm/statuses/text": FieldState.NOT_RECORDED} == visit.noted


def blank_visit(operation: Operation) -> Visit:
    return Visit(
        operation=operation,
        variables={},
        caller=CALLER,
        public=Public(
            catalogue=Catalogue([]),
            grants=Grants(version=1, issued=NOW.date(), expires=NOW.date(), grants=()),
            forms={},
            registries=(),
            withdrawn=lambda *_: None,
        ),
        errand=None,
        language="vi",
        now=lambda: NOW,
    )


class BrokenError(Exception):
    """What no gateway foresees."""


class BrokenAtTheEnd(Graph):
    """Fails when everything was read and nothing was said."""

    async def _conclude(self, *_: object) -> Answer:
        raise BrokenError


def graph_of(kind: type[Graph], grants: Callable[[], Grants], log: MemoryAccessLog) -> Graph:
    schema = build_schema()
    return kind(
        schema=schema,
        catalogue=load_catalogue(graphql_schema(schema), [SHIPPED]),
        forms={},
        registries={},
        grants=grants,
        log=log,
        months=MonthKeys(b"k" * 32),
        receipts=Receipts([key_of_seed(bytes(32))], lambda: "example.vn/log"),
        now=lambda: NOW,
        randomness=secrets.token_bytes,
        admission=admission(lambda: NOW),
        deadline_s=1,
        profile=Profile.PRODUCTION,
    )


def asked(*subjects: dict[str, Any]) -> Asked:
    return Asked(
        document=DRY,
        operation_name=None,
        variables={"purpose": purpose(), "subjects": list(subjects), "d": False},
        to=Reply(request_id="a-request", language="vi", media="application/json"),
    )


async def test_a_failure_before_the_first_read_is_an_entry() -> None:
    def grants() -> Grants:
        raise BrokenError

    log = MemoryAccessLog()
    with pytest.raises(BrokenError):
        await graph_of(Graph, grants, log).answer(asked(), CALLER)
    assert [("DENIED", "INTERNAL")] == [(e.kind, e.code) for e in log.entries]


async def test_a_failure_after_the_first_read_says_that_nobody_got_the_answer() -> None:
    grants = load_grants(SANDBOX_GRANTS, profile=Profile.SANDBOX)
    key = {"number": {"personalId": "097085000101"}, "fullName": "An", "birthDate": "1985"}
    log = MemoryAccessLog()
    graph = graph_of(BrokenAtTheEnd, lambda: grants, log)
    with pytest.raises(BrokenError):
        await graph.answer(asked({"role": "applicant", "is": {"person": key}}), CALLER)
    *intents, last = log.entries
    assert {"INTENT"} == {e.kind for e in intents}
    assert "NOT_DELIVERED" == last.kind
    assert tuple(e.entry_id for e in intents) == last.parent


def test_a_message_of_a_library_never_leaves() -> None:
    result = ExecutionResult({"a": None}, [GraphQLError("Argument 'x' has invalid value 097…")])
    refused = failure(result)
    assert refused
    assert "internal" == refused.rule


async def test_what_is_owed_is_said_once_before_the_next_entry_and_never_under_one_id() -> None:
    log = MemoryAccessLog(fail=True)
    undelivered = Undelivered(log)
    await undelivered.say(lambda: denied("owed"))
    with pytest.raises(AccessLogUnavailable):
        await undelivered.append([denied("next")])
    log.fail = False
    await undelivered.append([denied("next")])
    await undelivered.close()
    assert ["owed", "next"] == [e.request_id for e in log.entries]


class SlowLog(MemoryAccessLog):
    """Stores what it was handed, and says so a moment later."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self.said = 0
        """How many entries it has said to be stored."""

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Store, then wait, whoever waits for us."""
        stored = await super().append(entries)
        self.reached.set()
        await asyncio.sleep(0.01)
        self.said += len(entries)
        return stored


async def test_what_is_owed_is_said_once_though_the_request_that_carried_it_was_cancelled() -> None:
    log = SlowLog()
    log.fail = True
    undelivered = Undelivered(log)
    await undelivered.say(lambda: denied("owed"))
    log.fail = False
    carrying = asyncio.create_task(undelivered.append([denied("next")]))
    await log.reached.wait()
    carrying.cancel()
    await asyncio.wait({carrying})
    assert carrying.cancelled()
    await undelivered.close()
    assert ["owed", "next"] == [e.request_id for e in log.entries]


async def test_what_is_being_said_when_the_house_closes_is_waited_for() -> None:
    log = SlowLog()
    undelivered = Undelivered(log)
    saying = asyncio.create_task(undelivered.say(lambda: denied("said")))
    await log.reached.wait()
    saying.cancel()
    await undelivered.close()
    assert 1 == log.said


async def test_what_is_owed_when_the_house_closes_is_said_once_the_log_writes_again() -> None:
    log = MemoryAccessLog(fail=True)
    undelivered = Undelivered(log)
    await undelivered.say(lambda: denied("owed"))
    asyncio.get_running_loop().call_later(0.15, setattr, log, "fail", False)
    await undelivered.close()
    assert ["owed"] == [e.request_id for e in log.entries]


async def test_a_log_that_stays_away_does_not_keep_the_house_open() -> None:
    undelivered = Undelivered(MemoryAccessLog(fail=True), patience_s=0.2)
    await undelivered.say(lambda: denied("owed"))
    async with asyncio.timeout(5):
        await undelivered.close()


class BrokenLog(MemoryAccessLog):
    """Fails as no log says it may."""

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Fail."""
        del entries
        raise BrokenError


async def test_an_unforeseen_failure_to_note_ends_the_answer_at_once_and_asks_nobody() -> None:
    grants = load_grants(SANDBOX_GRANTS, profile=Profile.SANDBOX)
    key = {"number": {"personalId": "097085000101"}, "fullName": "An", "birthDate": "1985"}
    graph = graph_of(Graph, lambda: grants, BrokenLog())
    async with asyncio.timeout(5):
        answer = await graph.answer(asked({"role": "applicant", "is": {"person": key}}), CALLER)
    assert (500, "internal") == (answer.status, answer.refused and answer.refused.rule)


def denied(request_id: str) -> Entry:
    return making.denied(
        Circumstances(request_id=request_id),
        entry_id=uuid7(NOW, secrets.token_bytes(10)),
        at=NOW,
        code="INTERNAL",
        rule="internal",
        http_status=500,
    )
