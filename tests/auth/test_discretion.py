"""Nobody is printed: no record of this room shows a number, a name or a birth date (P9)."""

import contextlib
import inspect
import io
import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module

import msgspec
import pytest
import structlog

import auth
from auth.actor import ActorKind, AssertedActor, TokenActor
from auth.attempts import Asker, Try
from auth.attestation import Word
from auth.caller import Caller
from auth.citizen import Asked, check_citizen
from auth.claims import read_claims
from auth.compact import read_part
from auth.consumer import Consumer
from auth.discreet import Discreet
from auth.grants import SANDBOX_GRANTS, Grants, load_grants
from auth.keys import IssuerKeys
from auth.officer import Officer, Standing
from auth.paths import refuse_paths
from auth.policy import decide
from auth.profile import Profile
from auth.purpose import ActingFor, ActingForKind, Ask, LegalBasis, Terms
from auth.refusal import Refused
from auth.revocations import Revocations
from auth.shared import Attempt
from auth.signing_key import new_signing_key
from auth.verified import Verified
from auth.withdrawals import Withdrawal, Withdrawals
from tests.auth.mint import (
    CITIZEN,
    CITIZEN_BIRTH,
    CITIZEN_NAME,
    HANOI,
    NOW,
    OFFICER,
    Clock,
    Publisher,
    claims,
    shown,
    token,
    verifier,
)
from tests.auth.token_cases import BAD

TODAY = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ACCOUNTABLE = "097185009001"
SEEDED = (CITIZEN, OFFICER, ACCOUNTABLE, CITIZEN_NAME, "NGUYEN VAN AN", CITIZEN_BIRTH)

CALLER = Caller(
    consumer_id="portal-hanoi",
    scopes=frozenset({"prefill"}),
    token_id="token-1",
    issuer=HANOI.issuer,
    expires_at=TODAY,
    actor=TokenActor(kind=ActorKind.OFFICER, personal_id=OFFICER, unit="H26.12"),
    subject=CITIZEN,
    subject_name=CITIZEN_NAME,
    subject_birth=CITIZEN_BIRTH,
)
SOMEBODY = AssertedActor(kind=ActorKind.OFFICER, personal_id=OFFICER, employer=CITIZEN_NAME)
ASK = Ask(
    procedure_raw="1.004222",
    procedure="1.004222",
    dossier_code="H26.12-261101-0001",
    actor=SOMEBODY,
    assisted_by=SOMEBODY,
    acting_for=ActingFor(kind=ActingForKind.PROXY, role="applicant", evidence=CITIZEN_NAME),
    legal_basis=LegalBasis.CONSENT,
    consent=f"Tôi, {CITIZEN_NAME}, số {CITIZEN}, đồng ý",
)
TERMS = Terms(code="1.004222", name="Đăng ký thường trú", version="1", valid_from=date(2025, 7, 1))

ATTESTED: dict[str, object] = {
    "iss": "portal-hanoi",
    "aud": "lienthong",
    "ref": f"{CITIZEN}",
    "procedure": "1.004222",
    "salt": "s" * 22,
    "subjects": {CITIZEN_NAME: []},
    "opened": "2026-11-20",
    "iat": NOW,
    "exp": NOW,
}


def sandbox_grants() -> Grants:
    return load_grants(SANDBOX_GRANTS, profile=Profile.SANDBOX)


def records() -> Iterator[object]:
    """One of each record that holds a person, made as the program makes it."""
    grants = sandbox_grants()
    full = claims(
        actor={"kind": "OFFICER", "personal_id": OFFICER, "unit": "H26.12"},
        subject=CITIZEN,
        name=CITIZEN_NAME,
        birthdate=CITIZEN_BIRTH,
        sub=CITIZEN,
    )
    remembered = Verified(
        caller=CALLER, bound=None, key_version=1, trust_version=1, expires=NOW + 300
    )
    said = read_claims(msgspec.json.encode(full))
    yield shown(f"Bearer {token(full)}", token(full), certificate=CITIZEN)
    yield from (CALLER, CALLER.actor, ASK, SOMEBODY, ASK.acting_for, grants, *grants.grants)
    yield from (said, said.actor if said else None, remembered)
    yield Asked(role="applicant", kind="person", number=CITIZEN)
    yield Officer(personal_id=OFFICER, standing=Standing.CLAIM)
    yield Asker(consumer_id="portal", person=OFFICER, dossier=CITIZEN_NAME, step="", vouched=True)
    yield Try(number=CITIZEN, guess=b"", place=Attempt(name=b"", ticket=b"", left=0))
    yield read_part(token(ATTESTED).split(".")[1], Word)
    yield decide(CALLER, grants, TERMS, ASK, needed_scope="prefill", now=TODAY)
    notice = Withdrawal(
        registry="land", consumer=None, procedure=None, ground=CITIZEN_NAME, begins=TODAY.date()
    )
    yield from (notice, Withdrawals(notices=(notice,)), Revocations(tokens=frozenset({CITIZEN})))
    yield from (Consumer(consumer_id="portal-hanoi"), new_signing_key())


def persons_in(text: str) -> list[str]:
    return [seed for seed in SEEDED if seed in text]


def test_no_record_prints_a_person() -> None:
    made = list(records())
    printed = [f"{record!r} {record} {rich(record)}" for record in made]

    assert discreet_records() == {type(record).__name__ for record in made} | {"_Agreed"}
    assert [] == [found for text in printed for found in persons_in(text)]


def structs() -> dict[str, bool]:
    """Every record of the room, and whether it is discreet."""
    modules = [import_module(f"auth.{found.name}") for found in pkgutil.iter_modules(auth.__path__)]
    return {
        name: issubclass(thing, Discreet)
        for module in modules
        for name, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, msgspec.Struct) and thing.__module__.startswith("auth.")
    }


def discreet_records() -> set[str]:
    return {name for name, discreet in structs().items() if discreet} - {"Discreet"}


def rich(record: object) -> str:
    assert isinstance(record, msgspec.Struct)
    return str(record.__rich_repr__())


def test_every_record_of_the_room_is_discreet_or_has_nothing_to_hide() -> None:
    """A new record is discreet, or is put on this list by somebody who has thought about it."""
    harmless = {"Refused", "Rule", "Issuer", "Header", "Terms", "PathOutside", "Agencies"}
    harmless |= {"_Origin", "PublicKey", "Confirmation", "_ProofHeader", "_ProofClaims"}
    harmless |= {"Rejected", "Window", "Full", "Attempt", "Exhausted", "Locked", "Allowance"}

    assert harmless == {name for name, discreet in structs().items() if not discreet}


@pytest.mark.parametrize("case", BAD)
async def test_no_refused_token_leaves_a_trace_of_itself(case: str) -> None:
    refused = await verifier().verify(shown(BAD[case][1]()))

    assert isinstance(refused, Refused)
    assert set(refused.facts.values()) <= {"8192"}


async def test_no_token_about_a_person_leaves_the_person_in_the_refusal() -> None:
    about: dict[str, object] = {"subject": CITIZEN, "name": CITIZEN_NAME, "sub": CITIZEN}
    wrong: list[dict[str, object]] = [
        {"iss": CITIZEN},
        {"aud": CITIZEN},
        {"client_id": f"{CITIZEN} {CITIZEN_NAME}"},
        {"jti": CITIZEN_NAME},
        {"exp": CITIZEN},
        {"birthdate": CITIZEN},
        {"actor": {"kind": CITIZEN_NAME}},
        {"actor": {"kind": "OFFICER", "unit": CITIZEN}},
    ]

    said = [
        repr(await verifier().verify(shown(f"Bearer {token(claims(**(about | each)))}")))
        for each in wrong
    ]

    assert ["Refused"] * len(wrong) == [text.partition("(")[0] for text in said]
    assert [] == [found for text in said for found in persons_in(text)]


def test_no_refused_purpose_leaves_a_person_in_the_refusal() -> None:
    """A person's number in the place of every word a caller can choose."""
    wrong: list[dict[str, object]] = [
        {"procedure": CITIZEN},
        {"procedure": CITIZEN_NAME},
        {"received_by": CITIZEN},
        {"received_by": CITIZEN_NAME},
        {"actor": AssertedActor(kind=ActorKind.OFFICER, personal_id=CITIZEN)},
        {"actor": AssertedActor(kind=ActorKind.OFFICER, unit=CITIZEN)},
        {"actor": AssertedActor(kind=ActorKind.CITIZEN, personal_id=OFFICER)},
        {"dossier_code": None, "draft": None},
        {"consent": None},
    ]

    said = []
    for changed in wrong:
        ask = msgspec.structs.replace(ASK, **changed)
        terms = None if "procedure" in changed else TERMS
        grants = sandbox_grants()
        said.append(repr(decide(CALLER, grants, terms, ask, needed_scope="prefill", now=TODAY)))
    asked = Asked(role="applicant", kind="person", number=OFFICER)
    said.append(repr(check_citizen(CALLER, [asked])))
    said.append(repr(refuse_paths(frozenset({f"{CITIZEN}/{CITIZEN_NAME}"}), frozenset())))

    assert ["Refused"] * len(said) == [text.partition("(")[0] for text in said]
    assert [] == [found for text in said for found in persons_in(text)]


async def test_what_is_logged_of_an_issuer_is_its_name_and_a_number() -> None:
    publisher = Publisher()
    with structlog.testing.capture_logs() as logged:
        await IssuerKeys(publisher, Clock()).find(HANOI, "ec-1", "ES256")
        publisher.documents[HANOI.jwks_url] = None
        await IssuerKeys(publisher, Clock()).find(HANOI, CITIZEN, "ES256")

    assert ["issuer's keys taken over", "issuer gave no keys"] == [line["event"] for line in logged]
    assert [] == [found for line in logged for found in persons_in(str(line))]


async def test_nothing_is_printed_on_the_way() -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for _, make in BAD.values():
            await verifier().verify(shown(make()))

    assert [] == persons_in(out.getvalue() + err.getvalue())
