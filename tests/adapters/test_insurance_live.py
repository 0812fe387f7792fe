"""The insurance registry's client against its twin, over real sockets."""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import structlog

from adapters.channel import Channel
from adapters.dates import PartialDate
from adapters.insurance.client import InsuranceRegistry
from adapters.insurance.records import (
    HealthCardKey,
    HealthInsurance,
    SocialInsurance,
    SocialInsuranceKey,
)
from adapters.insurance.session import Token
from adapters.registry import (
    Absent,
    Ambiguous,
    Errand,
    Garbled,
    Maintenance,
    Refused,
    RegistryName,
    Unavailable,
)
from tests.adapters.insurance_wire import MD5, PERSONAL, SECRET
from tests.sandbox.ports import free_row
from tests.sandbox.visitor import Running

AN = ("Nguyễn Văn An", PartialDate(1985, 5, 12))
BINH = ("Trần Thị Bình", PartialDate(1987, 10, 3))
NAM = ("Đỗ Hoài Nam", PartialDate(1996, 9, 30))
THO = ("Phạm Văn Thọ", PartialDate(1945, 6, 7))


def card(number: str, person: tuple[str, PartialDate]) -> HealthCardKey:
    name, birth = person
    return HealthCardKey(number=number, full_name=name, birth_date=birth)


def insured(personal_id: str, person: tuple[str, PartialDate]) -> SocialInsuranceKey:
    name, birth = person
    return SocialInsuranceKey(personal_id=personal_id, full_name=name, birth_date=birth)


AN_CARD, AN_INSURED = card("9700000101", AN), insured("097085000101", AN)
BOTH = [AN_CARD, AN_INSURED]


def now() -> datetime:
    return datetime.now(UTC)


def open_at(
    channel: Channel, running: Running, clock: Callable[[], datetime] = now, secret: str = SECRET
) -> InsuranceRegistry:
    url = running.addresses["insurance"]
    return InsuranceRegistry(channel, url=url, account="lienthong", secret=secret, clock=clock)


@pytest.fixture(name="started", scope="module")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    directory = tmp_path_factory.mktemp("sandbox")
    running = Running(directory, "--port", "0", "--parent", str(os.getpid()))
    yield running
    running.stop()


@pytest.fixture(name="sandbox")
def _sandbox(started: Running) -> Running:
    """Give the sandbox, healthy and with an empty journal."""
    started.heal()
    started.http.delete(f"{started.addresses['control']}/journal").raise_for_status()
    return started


@pytest.fixture(name="insurance")
def _insurance(open_channel: Callable[..., Channel], sandbox: Running) -> InsuranceRegistry:
    return open_at(open_channel(RegistryName.INSURANCE), sandbox)


def operations(running: Running) -> list[tuple[str, str]]:
    return sorted((row["operation"], row["outcome"]) for row in running.journal())


async def test_a_card_typed_in_three_ways_is_one_card(
    insurance: InsuranceRegistry, errand: Errand
) -> None:
    """C30."""
    keys = [card(it, AN) for it in ("DN4019700000101", "9700000101", "097085000101")]

    answers = await insurance.fetch_many(keys, errand)

    told = [
        (it.card_number, it.check_code, it.valid_from, it.valid_to, it.benefit_level)
        for it in answers
        if isinstance(it, HealthInsurance)
    ]
    assert [("DN4019700000101", "00", date(2026, 1, 1), date(2026, 12, 31), 4)] * 3 == told


async def test_a_card_with_a_year_of_birth_is_found_with_a_full_date(
    insurance: InsuranceRegistry, errand: Errand, sandbox: Running
) -> None:
    """C31."""
    [found] = await insurance.fetch_many([card("9800000005", THO)], errand)

    assert isinstance(found, HealthInsurance)
    assert found.card_number == "HT2689800000005"
    checks = [row for row in sandbox.journal() if row["operation"] != "token"]
    assert ["empty", "found"] == [row["outcome"] for row in checks]
    assert ["intent-1", "intent-2"] == [row["request_id"] for row in checks]
    assert found.source.upstream_request_id == "intent-2"


async def test_a_merged_code_leads_to_the_new_one_and_is_told_as_superseded(
    insurance: InsuranceRegistry, errand: Errand
) -> None:
    """C32."""
    health, social = await insurance.fetch_many(
        [card("9700000922", NAM), insured("097096000122", NAM)], errand
    )

    assert isinstance(health, HealthInsurance)
    assert health.card_number == "DN4019700000122"
    assert isinstance(social, SocialInsurance)
    assert ("9700000122", "9700000922") == (social.number, social.superseded_number)


async def test_a_woman_with_an_expired_card_is_found_in_both_services(
    insurance: InsuranceRegistry, errand: Errand
) -> None:
    """C33: her sex is 2 in one service and 0 in the other, and neither is read as the other's."""
    health, social = await insurance.fetch_many(
        [card("9700000102", BINH), insured("097187000102", BINH)], errand
    )

    assert isinstance(health, HealthInsurance)
    assert ("01", "Thẻ đã hết hạn sử dụng") == (health.check_code, health.status)
    assert health.valid_to == date(2024, 12, 31)
    assert isinstance(social, SocialInsurance)
    assert ("Bảo lưu", 131) == (social.status, social.months_contributed)
    assert social.participates_from == PartialDate(2011, 3)


async def test_a_failed_proof_and_an_unknown_number_are_both_absent(
    insurance: InsuranceRegistry, errand: Errand
) -> None:
    keys = [
        card("9700000101", ("Nguyễn Văn Ân", PartialDate(1985, 5, 12))),
        card("9700000101", ("Nguyễn Văn An", PartialDate(1985, 5, 13))),
        card("9700000199", AN),
        insured("097085000101", BINH),
        insured("099099999999", AN),
    ]

    answers = await insurance.fetch_many(keys, errand)

    assert [Absent] * 5 == [type(it) for it in answers]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("garbled", Garbled()),
        ("html", Garbled()),
        ("hang", Unavailable()),
        ("down", Unavailable()),
        ("wrong_person", Garbled(another_person=True)),
    ],
)
async def test_a_fault_is_a_failure_and_lifting_it_heals(
    open_channel: Callable[..., Channel],
    sandbox: Running,
    errand: Errand,
    mode: str,
    expected: object,
) -> None:
    channel = open_channel(RegistryName.INSURANCE, attempt_timeout=1.5)
    insurance = open_at(channel, sandbox)
    sandbox.fault("insurance", mode)

    assert [expected, expected] == await insurance.fetch_many(BOTH, errand)
    sandbox.heal()
    healed = await insurance.fetch_many(BOTH, errand)
    assert [HealthInsurance, SocialInsurance] == [type(it) for it in healed]


async def test_two_records_are_ambiguous_and_a_window_is_told(
    insurance: InsuranceRegistry, sandbox: Running, errand: Errand
) -> None:
    sandbox.fault("insurance", "duplicated")
    duplicated = await insurance.fetch_many(BOTH, errand)
    sandbox.fault("insurance", "maintenance")
    closed = await insurance.fetch_many(BOTH, errand)

    assert [Ambiguous] * 2 == [type(it) for it in duplicated]
    windows = [it.until for it in closed if isinstance(it, Maintenance) and it.until]
    assert [True, True] == [timedelta(hours=1) < it - now() < timedelta(hours=3) for it in windows]


async def test_a_slow_registry_is_waited_for(
    insurance: InsuranceRegistry, sandbox: Running, errand: Errand
) -> None:
    sandbox.fault("insurance", "slow", ms=300)

    answers = await insurance.fetch_many(BOTH, errand)

    assert [HealthInsurance, SocialInsurance] == [type(it) for it in answers]


async def test_twenty_callers_at_once_log_in_once(
    insurance: InsuranceRegistry, sandbox: Running, errand: Errand
) -> None:
    waves = [insurance.fetch_many([AN_CARD], errand) for _ in range(20)]
    answers = [it for wave in await asyncio.gather(*waves) for it in wave]

    assert [HealthInsurance] * 20 == [type(it) for it in answers]
    assert [*[("the-bhyt/kiem-tra", "found")] * 20, ("token", "issued")] == operations(sandbox)


async def test_a_token_near_its_end_is_renewed_before_the_call(
    open_channel: Callable[..., Channel], sandbox: Running, errand: Errand
) -> None:
    moments = [now()]
    insurance = open_at(open_channel(RegistryName.INSURANCE), sandbox, lambda: moments[-1])
    await insurance.fetch_many([AN_INSURED], errand)
    moments.append(moments[0] + timedelta(minutes=59))
    await insurance.fetch_many([AN_INSURED], errand)

    assert [*[("bhxh/tra-cuu", "found")] * 2, *[("token", "issued")] * 2] == operations(sandbox)


async def test_a_token_that_the_registry_has_forgotten_is_renewed_in_the_middle(
    open_channel: Callable[..., Channel], tmp_path: Path, errand: Errand
) -> None:
    port = str(free_row())
    first = Running(tmp_path, "--port", port, "--parent", str(os.getpid()))
    insurance = open_at(open_channel(RegistryName.INSURANCE), first)
    await insurance.fetch_many(BOTH, errand)
    first.stop()
    again = Running(tmp_path, "--port", port, "--parent", str(os.getpid()))
    later = msgspec.structs.replace(errand, deadline=time.monotonic() + 30)
    answers = await insurance.fetch_many(BOTH, later)
    rows = operations(again)
    again.stop()

    assert [HealthInsurance, SocialInsurance] == [type(it) for it in answers]
    assert rows == [
        *[("bhxh/tra-cuu", "found"), ("bhxh/tra-cuu", "found")],
        ("bhxh/tra-cuu", "refused"),
        *[("the-bhyt/kiem-tra", "found"), ("the-bhyt/kiem-tra", "found")],
        ("the-bhyt/kiem-tra", "refused"),
        *[("token", "issued"), ("token", "issued")],
    ]


async def test_a_wrong_password_is_a_refusal(
    open_channel: Callable[..., Channel], sandbox: Running, errand: Errand
) -> None:
    insurance = open_at(open_channel(RegistryName.INSURANCE), sandbox, secret="another")

    assert [Refused(), Refused()] == await insurance.fetch_many(BOTH, errand)
    assert [("token", "refused")] == operations(sandbox)


async def test_no_line_of_any_library_names_person_or_credentials(
    insurance: InsuranceRegistry,
    sandbox: Running,
    errand: Errand,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    token = await insurance._session.token(errand.deadline)
    assert isinstance(token, Token)
    with structlog.testing.capture_logs() as lines:
        for mode in ("wrong_person", "garbled", "html", "down"):
            sandbox.fault("insurance", mode)
            await insurance.fetch_many(BOTH, errand)

    journal = (sandbox.directory / "journal.jsonl").read_text()
    printed = repr((lines, token, insurance)) + caplog.text + journal
    assert f"POST {sandbox.addresses['insurance']}/the-bhyt/kiem-tra " in caplog.text
    for secret in (*PERSONAL, MD5, SECRET, token.access, token.identity):
        assert secret not in printed
