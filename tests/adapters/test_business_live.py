"""The business client and the sandbox's registry: both ends of the wire, in two processes."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import structlog
from msgspec.structs import replace

from adapters import names
from adapters.business.client import AUTHORITY, BusinessRegistry
from adapters.business.records import (
    BusinessLocation,
    BusinessStatus,
    EnterpriseKey,
    HouseholdBusinessKey,
    NameKey,
    RepresentativeKey,
)
from adapters.channel import Channel
from adapters.dates import PartialDate
from adapters.grades import Grade
from adapters.registry import Absent, Ambiguous, Garbled, Maintenance, Refused, Unavailable
from tests.adapters.business_wire import OpenChannel, errand
from tests.sandbox.visitor import Running

AN, DUC, QUAN, NOBODY = "097085000101", "098080900002", "098188000161", "099099999999"
HOA_SEN, BA_CAY = EnterpriseKey(code="9900000016"), EnterpriseKey(code="9900000023")
SONG_CAU, DA_ONG = EnterpriseKey(code="9900000030"), EnterpriseKey(code="9900000048")
CAFE = HouseholdBusinessKey(code=QUAN, owner_name="H'Liêng Niê")
HIS = RepresentativeKey(personal_id=AN, full_name="Nguyễn Văn An")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start one sandbox for this file."""
    directory = tmp_path_factory.mktemp("sandbox")
    running = Running(directory, "--port", "0", "--parent", str(os.getpid()))
    yield running
    running.stop()


@pytest.fixture
def sandbox(shared: Running) -> Running:
    """Give it healthy and with an empty journal."""
    shared.heal()
    shared.http.delete(f"{shared.addresses['control']}/journal").raise_for_status()
    return shared


def connect(sandbox: Running, channel: Channel, client_id: str = "lienthong") -> Any:
    """Make a client as the gateway does."""
    return BusinessRegistry(
        channel,
        url=sandbox.addresses["business"],
        token_url=f"{sandbox.addresses['business']}/token",
        client_id=client_id,
        key=Path(sandbox.addresses["business_key"]).read_bytes(),
        clock=lambda: datetime.now(UTC),
    )


@pytest.fixture
def registry(sandbox: Running, open_channel: OpenChannel) -> Any:
    """Give a connected client that is not patient."""
    return connect(sandbox, open_channel(attempt_timeout=1.0))


async def one(registry: Any, key: object) -> Any:
    """Ask under one key."""
    [answer] = await registry.fetch_many([key], errand())
    return answer


async def test_c24_a_company_is_its_name_under_either_spelling_of_its_form(registry: Any) -> None:
    found = await one(registry, HOA_SEN)

    typed = "Công ty Trách nhiệm hữu hạn một thành viên Hoa Sen"
    assert Grade.EXACT == names.compare_company(typed, found.name).grade
    assert [AN] == [it.personal_id for it in found.representatives]
    assert "Nguyễn Văn An" == found.representatives[0].full_name
    assert PartialDate(1985, 5, 12) == found.representatives[0].birth_date
    assert ("HOA SEN CO., LTD", "HOA SEN ONE MEMBER COMPANY LIMITED") == (
        found.short_name,
        found.foreign_name,
    )
    assert (date(2015, 6, 10), Decimal(5_000_000_000)) == (found.founded_on, found.charter_capital)
    assert (BusinessStatus(code="1", text="Đang hoạt động"),) == found.statuses
    assert ["4620"] == [it.code for it in found.industries if it.main]
    assert (AUTHORITY, PartialDate(2023, 2, 1)) == (
        found.source.authority,
        found.source.record_date,
    )


async def test_an_address_in_names_leads_to_the_ward_of_then_and_of_now(registry: Any) -> None:
    found = await one(registry, HOA_SEN)

    recorded, today = found.address.as_recorded, found.address.today
    assert "Số 12 phố Trúc Bạch, Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội" == (
        recorded.display
    )
    assert ("00004", "Phường Trúc Bạch") == (recorded.ward_code, recorded.ward_name)
    assert ("00004", "Phường Ba Đình") == (today.ward_code, today.ward_name)
    assert "24784" == found.branches[0].address.as_recorded.ward_code
    [location] = found.locations
    assert (
        BusinessLocation(
            counter="00036",
            name="ĐỊA ĐIỂM KINH DOANH SỐ 36 - CÔNG TY TNHH MTV HOA SEN",
            address=location.address,
        )
        == location
    )


async def test_c25_the_second_of_three_representatives_is_one_of_them(registry: Any) -> None:
    found = await one(registry, BA_CAY)

    expected = ["Đặng Văn Đức", "Lê Phương Thảo", "Vũ Thị Vân"]
    assert expected == [it.full_name for it in found.representatives]


async def test_c26_a_branch_is_found_with_its_dash_and_without(registry: Any) -> None:
    with_dash = await one(registry, EnterpriseKey(code="9900000016-001"))
    without = await one(registry, EnterpriseKey(code="9900000016001"))

    assert "9900000016-001" == with_dash.code == without.code
    assert "Chi nhánh" == with_dash.kind


async def test_c27_a_household_business_is_under_its_owners_number(
    registry: Any, sandbox: Running
) -> None:
    found = await one(registry, CAFE)

    assert (QUAN, "HỘ KINH DOANH CÀ PHÊ H'LIÊNG") == (found.code, found.name)
    assert (QUAN, "H'Liêng Niê", "VN") == (
        found.owner.personal_id,
        found.owner.full_name,
        found.owner.nationality,
    )
    assert QUAN not in (sandbox.directory / "journal.jsonl").read_text()


async def test_c28_a_suspension_comes_with_its_days(registry: Any) -> None:
    found = await one(registry, SONG_CAU)

    active, suspended = found.statuses
    assert "Đang hoạt động" == active.text
    assert (
        BusinessStatus(
            code="2",
            text="Tạm ngừng kinh doanh",
            starts=date(2026, 7, 1),
            ends=date(2027, 6, 30),
        )
        == suspended
    )


async def test_c29_a_dissolved_company_says_so(registry: Any) -> None:
    found = await one(registry, DA_ONG)

    dissolved = BusinessStatus(code="4", text="Đã giải thể", starts=date(2022, 12, 30))
    assert (dissolved,) == found.statuses


async def test_a_person_leads_to_what_they_represent_and_own(registry: Any) -> None:
    theirs = [
        RepresentativeKey(personal_id=number, full_name="A") for number in (AN, DUC, QUAN, NOBODY)
    ]

    answers = await registry.fetch_many(theirs, errand())

    codes = [[it.code for it in answer.businesses] for answer in answers]
    assert [["9900000016"], ["9900000023"], [QUAN], []] == codes


async def test_a_name_is_taken_or_free(registry: Any) -> None:
    taken = await one(registry, NameKey(name="Hoa Sen", ward="00004"))
    similar = await one(registry, NameKey(name="Hoa Sen Hồng", ward="00004"))
    free = await one(registry, NameKey(name="Trăng Khuyết", ward="00004"))

    company = ("CÔNG TY TNHH MTV HOA SEN",)
    assert [(True, company), (False, company), (False, ())] == [
        (it.taken, it.similar) for it in (taken, similar, free)
    ]


async def test_what_is_not_there_is_absent(registry: Any) -> None:
    unknown = EnterpriseKey(code="9900000055")
    nobody = HouseholdBusinessKey(code=NOBODY, owner_name="Hồ Văn Không")

    answers = await registry.fetch_many([unknown, nobody], errand())

    assert [Absent, Absent] == [type(it) for it in answers]


async def test_the_journals_of_both_sides_agree_about_each_call(
    registry: Any, sandbox: Running
) -> None:
    shop, company = await registry.fetch_many([CAFE, HOA_SEN], errand())

    told = {
        (row["operation"], row["key"], row["request_id"], row["outcome"])
        for row in sandbox.journal()
    }
    assert told == {
        ("token", None, None, "issued"),
        ("hoKinhDoanh", sandbox.key(QUAN), shop.source.upstream_request_id, "found"),
        (
            "chiTietDoanhNghiep",
            sandbox.key("9900000016"),
            company.source.upstream_request_id,
            "found",
        ),
    }


@pytest.mark.parametrize("token_first", [True, False])
@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("slow", Unavailable),
        ("down", Unavailable),
        ("hang", Unavailable),
        ("garbled", Garbled),
        ("html", Garbled),
        ("maintenance", Maintenance),
    ],
)
async def test_a_fault_of_the_line_has_one_name_with_a_token_in_hand_or_without(
    registry: Any, sandbox: Running, mode: str, expected: type, token_first: bool
) -> None:
    if token_first:
        await one(registry, HOA_SEN)
    sandbox.fault("business", mode)

    started = time.monotonic()
    answer = await one(registry, BA_CAY)

    assert expected is type(answer)
    # Not as long as the registry would take, nor a caller's whole time.
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("key", [HOA_SEN, CAFE, HIS])
async def test_an_answer_about_somebody_else_is_discarded_and_said_aloud(
    registry: Any, sandbox: Running, key: object
) -> None:
    sandbox.fault("business", "wrong_person")

    with structlog.testing.capture_logs() as lines:
        answer = await one(registry, key)

    assert Garbled(another_person=True) == answer
    alarms = [it for it in lines if it["log_level"] == "error"]
    assert ["a registry answered about another person"] == [it["event"] for it in alarms]


async def test_two_records_are_ambiguous_and_what_is_not_theirs_is_dropped(
    registry: Any, sandbox: Running
) -> None:
    sandbox.fault("business", "duplicated")

    company, shop, his = await registry.fetch_many([HOA_SEN, CAFE, HIS], errand())

    assert [Ambiguous, Ambiguous] == [type(company), type(shop)]
    assert ["9900000016"] == [it.code for it in his.businesses]


async def test_a_registry_that_forgot_our_token_gives_a_new_one(
    registry: Any, sandbox: Running
) -> None:
    await one(registry, HOA_SEN)
    kept = registry._tokens._token
    long_ago = kept.asked_at - timedelta(minutes=5)
    registry._tokens._token = replace(kept, text="forgotten", asked_at=long_ago)

    found = await one(registry, HOA_SEN)

    assert "9900000016" == found.code
    outcomes = [(row["operation"], row["outcome"]) for row in sandbox.journal()]
    assert [("chiTietDoanhNghiep", "refused"), ("token", "issued")] == outcomes[2:4]


async def test_another_client_is_refused_with_the_same_key(
    registry: Any, sandbox: Running, open_channel: OpenChannel
) -> None:
    stranger = connect(sandbox, open_channel(), "somebody")

    assert Refused() == await one(stranger, HOA_SEN)
    assert "9900000016" == (await one(registry, HOA_SEN)).code
