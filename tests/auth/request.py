"""A good request of a portal with a good grant, and how it is decided when a test changes it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec

from auth.actor import ActorKind, AssertedActor, TokenActor
from auth.caller import Caller
from auth.grant import Grant
from auth.grants import Grants
from auth.policy import Granted, decide
from auth.purpose import Ask, Terms
from auth.refusal import Refused
from tests.auth.mint import CITIZEN, HANOI, OFFICER

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ACCOUNTABLE = "097185009001"
COLLEAGUE = "098188000172"

GRANT = Grant(
    grant_id="hanoi",
    consumer_id="portal-hanoi",
    agencies=("H26", "H26.9"),
    procedures=frozenset({"1.004222", "2.002621", "1.001612", "self-access"}),
    scopes=frozenset({"prefill", "verify"}),
    accountable={"H26": ACCOUNTABLE},
    officers_by="request",
    ungranted="restricted",
    attestation="ASSERTED",
    legal_basis="Nghị định 194/2025/NĐ-CP, Điều 16",
    valid_from=date(2025, 7, 1),
    valid_until=date(2027, 12, 31),
)
PORTAL = Caller(
    consumer_id="portal-hanoi",
    scopes=frozenset({"prefill", "verify", "records"}),
    token_id="token-1",
    issuer=HANOI.issuer,
    expires_at=NOW,
)
TERMS = Terms(code="1.004222", name="Đăng ký thường trú", version="3", valid_from=date(2025, 7, 1))
RETIRED = Terms(
    code="2.002621",
    name="Liên thông khai sinh",
    version="1",
    valid_from=date(2025, 1, 1),
    valid_until=date(2026, 6, 30),
    superseded_by="3.000722",
)
SELF = Terms(code="self-access", name="Xem dữ liệu", version="1", valid_from=date(2025, 7, 1))
ASK = Ask(procedure_raw="1.004222.H26", procedure="1.004222", dossier_code="H36.7-261101-0001")

OFFICER_IN_TOKEN = {"actor": TokenActor(kind=ActorKind.OFFICER, personal_id=OFFICER, unit="H26.12")}
OFFICER_NO_NUMBER = {"actor": TokenActor(kind=ActorKind.OFFICER, unit="H26.12")}
CITIZEN_IN_TOKEN = {"subject": CITIZEN}


def asserted(
    kind: ActorKind, personal_id: str | None = None, unit: str | None = None
) -> dict[str, object]:
    return {"actor": AssertedActor(kind=kind, personal_id=personal_id, unit=unit)}


def judge(
    caller: Mapping[str, object] | None = None,
    ask: Mapping[str, object] | None = None,
    grant: Mapping[str, object] | None = None,
    terms: Terms | None = TERMS,
    needed_scope: str | None = "prefill",
) -> Granted | Refused:
    """Decide about a good request, changed where a test says so."""
    changed = msgspec.structs.replace(GRANT, **(grant or {}))
    return decide(
        msgspec.structs.replace(PORTAL, **(caller or {})),
        Grants(version=7, issued=NOW.date(), expires=date(2027, 12, 31), grants=(changed,)),
        terms,
        msgspec.structs.replace(ASK, **(ask or {})),
        needed_scope=needed_scope,
        now=NOW,
    )


def rule_of(decision: Granted | Refused) -> str:
    return decision.rule if isinstance(decision, Refused) else "granted"


def granted(decision: Granted | Refused) -> Granted:
    assert isinstance(decision, Granted)
    return decision
