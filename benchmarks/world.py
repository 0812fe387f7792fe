"""An in-memory world for the benchmarks: registries that answer at once, so that only we cost."""

import secrets
import time
from collections.abc import Hashable, Sequence
from datetime import UTC, date, datetime

import msgspec

from adapters.dates import PartialDate
from adapters.insurance.records import (
    HealthCardKey,
    HealthInsurance,
    SocialInsurance,
    SocialInsuranceKey,
)
from adapters.persons import PersonRef
from adapters.places import address
from adapters.population.records import (
    Household,
    HouseholdKey,
    HouseholdMember,
    Person,
    PersonKey,
    Sex,
)
from adapters.registry import Absent, Errand, RegistryName, Source
from audit.log import AccessLog, MemoryAccessLog
from audit.months import MonthKeys
from audit.receipt_keys import key_of_seed
from audit.receipts import Receipts
from auth.caller import Caller
from auth.grants import SANDBOX_GRANTS, load_grants
from auth.profile import Profile
from gateway.guards import open_guards
from resolvers.admission import Admission
from resolvers.answers import RESPONSE_JSON, Reply
from resolvers.catalogue import SHIPPED, load_catalogue
from resolvers.graph import Asked, Graph
from resolvers.schema import build_schema, graphql_schema

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BORN = PartialDate(1985, 5, 12)


def _source(name: RegistryName) -> Source:
    return Source(registry=name, authority="-", fetched_at=NOW, upstream_request_id="r-1")


class Instant:
    """A registry that answers every key at once from what it was given."""

    def __init__(self, name: RegistryName) -> None:
        self.name = name

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer each key."""
        del errand
        return [self._answer(key) for key in keys]

    async def aclose(self) -> None:
        """Nothing is open."""

    def _answer(self, key: Hashable) -> object:
        source = _source(self.name)
        if isinstance(key, PersonKey):
            return Person(
                source=source,
                personal_id=key.number,
                full_name=key.full_name,
                birth_date=key.birth_date,
                sex=Sex.MALE,
                permanent_residence=address("00004", recorded_on=date(2021, 4, 16)),
                head_of_household=PersonRef(full_name=key.full_name, personal_id=key.number),
                key=key,
            )
        if isinstance(key, HouseholdKey):
            return Household(source=source, relation_to_head="Chủ hộ", members=MEMBERS, key=key)
        if isinstance(key, HealthCardKey):
            return HealthInsurance(
                source=source, card_number="-", valid_to=date(2026, 12, 31), key=key
            )
        if isinstance(key, SocialInsuranceKey):
            return SocialInsurance(source=source, number="-", key=key)
        return Absent(source=source)


MEMBERS = tuple(
    HouseholdMember(
        full_name=f"Nguyễn Văn {letter}",
        personal_id=f"09708500000{number}",
        birth_date=BORN,
        relation_to_head="Con",
    )
    for number, letter in enumerate("ABCD")
)


def make_graph(log: AccessLog | None = None) -> Graph:
    """Build the graph on instant registries and, unless given, a log in memory."""
    schema = build_schema()
    grants = load_grants(SANDBOX_GRANTS, profile=Profile.SANDBOX)
    return Graph(
        schema=schema,
        catalogue=load_catalogue(graphql_schema(schema), [SHIPPED]),
        forms={},
        registries={name: Instant(name) for name in RegistryName},
        grants=lambda: grants,
        log=log or MemoryAccessLog(),
        months=MonthKeys(bytes(32)),
        receipts=Receipts([key_of_seed(bytes(32))], lambda: "example.vn/log"),
        now=lambda: NOW,
        randomness=secrets.token_bytes,
        admission=_admission(),
        deadline_s=5.0,
        profile=Profile.PRODUCTION,
    )


def _admission() -> Admission:
    """Count and bind in memory, as one process alone does."""
    guards = open_guards("memory://", bytes(32))
    return Admission(
        quotas=guards.quotas,
        attempts=guards.attempts,
        dossiers=guards.dossiers,
        consumers=dict,
        withdrawn=lambda *_: None,
        audience="bench",
        now=lambda: NOW,
    )


CALLER = Caller(
    consumer_id="portal-hanoi",
    scopes=frozenset({"prefill", "verify", "records"}),
    token_id="bench",  # noqa: S106 - an id, not a secret
    issuer="bench",
    expires_at=datetime(2099, 1, 1, tzinfo=UTC),
)
KEY = {
    "number": {"personalId": "097085000101"},
    "fullName": "Nguyễn Văn An",
    "birthDate": "1985-05-12",
}
PURPOSE = {"procedure": "1.004222", "dossier": {"code": "H26.12-261121-0001"}}

TYPED = """query T($purpose: Purpose!, $key: PersonKey!) { dossier(purpose: $purpose) {
  applicant: person(role: "applicant", key: $key) {
    fullName personalId birthDate sex
    permanentResidence { today { display } asRecorded { display } }
    headOfHousehold { fullName }
    household { relationToHead members { fullName birthDate relationToHead
      healthInsurance { validTo } } } } } }"""

PREFILL = """query P($purpose: Purpose!, $subjects: [SubjectInput!]!) {
  dossier(purpose: $purpose) { prefill(subjects: $subjects) {
    outcome formData fields { key label value display state source { registry } }
    components { id outcome say } sources { registry state } } } }"""


def asked(document: str, **variables: object) -> Asked:
    """Make the request of one benchmark."""
    return Asked(
        document=document,
        operation_name=None,
        variables={"purpose": PURPOSE, **variables},
        to=Reply(request_id="bench", language="vi", media=RESPONSE_JSON),
    )


class Measured(msgspec.Struct, frozen=True):
    """CPU of one workload, in microseconds a request."""

    name: str
    cpu_us: float


async def measure(name: str, graph: Graph, request: Asked, times: int) -> Measured:
    """Answer *request* *times* times after a warm-up; raise when an answer has errors."""
    for _ in range(20):
        answer = await graph.answer(request, CALLER)
    if b'"errors"' in answer.body:
        message = "a benchmark's answer has errors"
        raise RuntimeError(message)
    started = time.process_time()
    for _ in range(times):
        await graph.answer(request, CALLER)
    return Measured(name, (time.process_time() - started) / times * 1e6)
