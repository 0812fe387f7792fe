"""The land registry when provinces are ill: one province's trouble is that province's alone."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from adapters.land.client import LandRegistry
from adapters.land.records import (
    CertificateKey,
    Holdings,
    LandCertificate,
    Parcel,
    ParcelKey,
    is_whole,
)
from adapters.land.settling import LandKey
from adapters.registry import Ambiguous, Garbled, Maintenance, Refused, Unavailable
from sandbox.faults import Mode
from tests.adapters.land_office import (
    HA_NOI,
    LAM_DONG,
    TRUC_BACH,
    Office,
    ask,
    errand,
    held,
    holder,
    open_land,
    source,
)

PATIENCE = 0.4
PARCEL = ParcelKey(ward="00004", sheet="12", parcel="7")
CERTIFICATE = CertificateKey(number="SX 100101")
ASKED_ALONE = (PARCEL, CERTIFICATE, holder("an"))


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(name="land")
async def _land(office: Office) -> AsyncIterator[LandRegistry]:
    office.heal()
    land = open_land(office.urls)
    yield land
    await land.aclose()


async def test_a_province_is_asked_once_for_all_that_concerns_it(
    land: LandRegistry, office: Office
) -> None:
    keys = [
        PARCEL,
        ParcelKey(ward="24778", sheet="15", parcel="123"),
        CERTIFICATE,
        CertificateKey(number="SX 00000102"),
        holder("an"),
        holder("khai"),
        holder("an"),
    ]
    answers = await land.fetch_many(keys, errand())

    assert [
        "Parcel",
        "Ambiguous",
        "LandCertificate",
        "LandCertificate",
        "Holdings",
        "Holdings",
        "Holdings",
    ] == [type(it).__name__ for it in answers]
    assert answers[4] == answers[6]
    calls = office.calls()
    assert [("land-01", "intent-01"), ("land-68", "intent-68")] == [
        (call.registry, call.request_id) for call in calls
    ]


async def test_a_parcel_is_asked_for_in_its_own_province_only(
    land: LandRegistry, office: Office
) -> None:
    await ask(land, PARCEL)

    assert ["land-01"] == [call.registry for call in office.calls()]


async def test_nothing_to_ask_asks_nobody(land: LandRegistry, office: Office) -> None:
    assert [] == await land.fetch_many([], errand())
    assert [] == office.calls()


@pytest.mark.parametrize("key", ASKED_ALONE)
@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.DOWN, Unavailable()),
        (Mode.HANG, Unavailable()),
        (Mode.GARBLED, Garbled()),
        (Mode.HTML, Garbled()),
        (Mode.WRONG_PERSON, Garbled(another_person=True)),
    ],
    ids=lambda it: it.value if isinstance(it, Mode) else "",
)
async def test_a_fault_of_all_provinces_is_the_answer_of_its_kind(
    land: LandRegistry, office: Office, key: LandKey, mode: Mode, expected: object
) -> None:
    office.play(mode)

    assert expected == await ask(land, key, PATIENCE if mode is Mode.HANG else 5)

    office.heal()
    assert not isinstance(await ask(land, key), Garbled | Unavailable)


async def test_an_announced_window_is_told_with_its_end(land: LandRegistry, office: Office) -> None:
    office.play(Mode.MAINTENANCE)
    answers = [await ask(land, key) for key in ASKED_ALONE]

    for answer in answers:
        assert isinstance(answer, Maintenance)
        assert answer.until is not None
        assert timedelta(0) <= answer.until - datetime.now(UTC) < timedelta(hours=2)


async def test_records_that_came_twice_and_differ_are_ambiguous(
    land: LandRegistry, office: Office
) -> None:
    office.play(Mode.DUPLICATED)

    answer = await ask(land, PARCEL)
    assert isinstance(answer, Ambiguous)
    assert source(HA_NOI, "intent-01") == answer.source
    assert "Nguyễn Văn An" in {it.full_name for it in answer.holders}
    assert ["Ambiguous"] * 3 == [type(await ask(land, key)).__name__ for key in ASKED_ALONE]


async def test_a_slow_province_is_waited_for_within_reason(
    land: LandRegistry, office: Office
) -> None:
    office.play(Mode.SLOW, ms=150)
    started = time.monotonic()

    assert [TRUC_BACH, "682478400080210"] == held(await ask(land, holder("an")))
    assert 0.15 <= time.monotonic() - started < 5


@pytest.mark.parametrize(
    "mode", [Mode.DOWN, Mode.HANG, Mode.GARBLED, Mode.WRONG_PERSON, Mode.MAINTENANCE]
)
async def test_what_a_silent_province_holds_may_be_missing_and_the_answer_says_so(
    land: LandRegistry, office: Office, mode: Mode
) -> None:
    office.play(mode, of="land-68")
    answer = await ask(land, holder("an"), PATIENCE if mode is Mode.HANG else 5)

    assert isinstance(answer, Holdings)
    assert [TRUC_BACH] == [parcel.national_id for parcel in answer.parcels]
    assert (LAM_DONG,) == answer.silent_provinces
    assert not is_whole(answer)


async def test_a_certificate_not_found_while_a_province_is_silent_is_not_absent(
    land: LandRegistry, office: Office
) -> None:
    office.play(Mode.DOWN, of="land-68")

    assert Unavailable() == await ask(land, CertificateKey(number="SX 00000102"))


async def test_a_certificate_found_while_a_province_is_silent_says_so_and_is_not_kept(
    land: LandRegistry, office: Office
) -> None:
    office.play(Mode.DOWN, of="land-68")
    answer = await ask(land, CERTIFICATE)

    assert isinstance(answer, LandCertificate)
    assert Unavailable() == answer.source.unheard
    assert not is_whole(answer)

    office.heal()
    assert is_whole(await ask(land, CERTIFICATE))


async def test_an_answer_about_another_person_is_an_alarm_that_names_nobody(
    land: LandRegistry, office: Office
) -> None:
    office.play(Mode.WRONG_PERSON)
    with capture_logs() as logs:
        await ask(land, PARCEL)

    assert [
        {
            "event": "a registry answered about another person",
            "log_level": "error",
            "request_id": "intent-01",
        }
    ] == [it for it in logs if it["log_level"] == "error"]


async def test_the_loop_turns_while_a_province_hangs_and_no_thread_is_left(
    land: LandRegistry, office: Office
) -> None:
    before = set(threading.enumerate())
    office.play(Mode.HANG)
    asking = asyncio.create_task(land.fetch_many([holder("an")] * 3, errand(PATIENCE)))
    turns = 0
    while not asking.done():
        await asyncio.sleep(0.005)
        turns += 1

    assert [Unavailable()] * 3 == await asking
    assert turns > 5
    await land.aclose()
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
    # Another test's thread may have ended meanwhile.
    assert set() == set(threading.enumerate()) - before
    assert ["hang", "hang"] == [call.outcome for call in office.calls()]


async def test_an_attempt_ends_with_its_own_patience_or_with_the_deadline(office: Office) -> None:
    office.heal()
    land = open_land(office.urls, attempt_timeout=2)
    office.play(Mode.HANG)
    waited = []
    for seconds in (50, 0.2, -1):
        started = time.monotonic()
        assert Unavailable() == await ask(land, PARCEL, seconds)
        waited.append(time.monotonic() - started)

    assert 2 <= waited[0] < 25
    assert 0.2 <= waited[1] < 2
    assert waited[2] < 2
    await land.aclose()


async def test_a_caller_who_leaves_takes_the_statement_along(
    land: LandRegistry, office: Office
) -> None:
    office.play(Mode.HANG)
    asking = asyncio.create_task(land.fetch_many([PARCEL], errand()))
    await asyncio.sleep(0.1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    office.faults.lift_all()
    assert isinstance(await ask(land, PARCEL), Parcel)


async def test_a_province_that_was_started_anew_is_asked_over_a_new_connection(
    land: LandRegistry, office: Office
) -> None:
    await ask(land, PARCEL)
    office.play(Mode.DOWN)
    assert Unavailable() == await ask(land, PARCEL)
    office.heal()
    assert isinstance(await ask(land, PARCEL), Parcel)


async def test_nobody_is_named_in_any_log_line(
    land: LandRegistry, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = ["097085000101", "Nguyễn Văn An", "SX 100101", "CH00101", "012345678", "1985"]
    with capture_logs() as logs:
        for mode in (None, *Mode):
            office.heal()
            if mode is not None:
                office.play(mode, ms=50)
            keys = [*ASKED_ALONE, holder("cmnd", ["012345678"])]
            answers = await land.fetch_many(keys, errand(PATIENCE))
            assert not any(isinstance(it, Refused) for it in answers)

    written = str(logs) + caplog.text
    assert "a registry was called" in written
    assert [] == [secret for secret in secrets if secret in written]
    assert [] == [secret for secret in secrets if secret in repr(land)]


async def test_a_key_of_another_registry_is_a_mistake_of_ours(land: LandRegistry) -> None:
    with pytest.raises(TypeError, match="ParcelKey, CertificateKey and HolderKey"):
        await land.fetch_many(["097085000101"], errand())
