"""A business registry for tests: what it says on the wire, and a client that asks it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import respx
import structlog
from joserfc.jwk import ECKey

from adapters.business.client import AUTHORITY, BusinessRegistry
from adapters.business.records import (
    EnterpriseKey,
    HouseholdBusinessKey,
    NameKey,
    RepresentativeKey,
)
from adapters.channel import Channel
from adapters.registry import Errand, RegistryName, Source

BUS = "https://business.test"
URL = f"{BUS}/dkkd/1.0"
TOKEN_URL = f"{BUS}/token"
KEY = ECKey.generate_key("P-256")
AN, DUC, THAO = "097085000101", "098080900002", "098193000131"
NOON = datetime(2026, 11, 1, 5, tzinfo=UTC)

DETAIL, SHOP, THEIRS, NAME = "chiTietDoanhNghiep", "hoKinhDoanh", "theoNguoiDaiDien", "kiemTraTen"
HOA_SEN = EnterpriseKey(code="9900000016")
CAFE = HouseholdBusinessKey(code=AN, owner_name="Nguyễn Văn An")
HIS = RepresentativeKey(personal_id=AN, full_name="Nguyễn Văn An")
FREE = NameKey(name="Hoa Sen", ward="00004")

SOURCE = Source(
    registry=RegistryName.BUSINESS,
    authority=AUTHORITY,
    fetched_at=NOON,
    upstream_request_id="entry-7-1",
)

Wire = dict[str, Any]
OpenChannel = Callable[..., Channel]


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def forward(self, **much: float) -> None:
        """Let time pass: `forward(minutes=5)`."""
        self.now += timedelta(**much)


def registry_over(channel: Channel, clock: Callable[[], datetime] | None = None) -> Any:
    """Make the client as the gateway does; typed loosely, so that answers can be looked into."""
    return BusinessRegistry(
        channel,
        url=BUS,
        token_url=TOKEN_URL,
        client_id="lienthong",
        key=KEY.as_pem(private=True),
        clock=clock or Clock(),
    )


def errand(patience: float = 5.0) -> Errand:
    return Errand(
        procedure="1.001612",
        officer_id="097188000171",
        agency="H26.12",
        request_id="entry-7",
        deadline=time.monotonic() + patience,
        scope="portal-hanoi|1",
    )


def grants_tokens(mock: respx.MockRouter, **more: object) -> respx.Route:
    """Let the token service give `token-1`, `token-2` and so on."""
    route = mock.post(TOKEN_URL)

    def give(_: object) -> respx.MockResponse:
        token = f"token-{route.call_count + 1}"
        granted = {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
        return respx.MockResponse(200, json=granted | more)

    route.side_effect = give
    return route


def says(mock: respx.MockRouter, operation: str, answer: object) -> respx.Route:
    """Let an operation answer with this JSON."""
    method = mock.get if operation == "chiTietDoanhNghiep" else mock.post
    return method(url__startswith=f"{URL}/{operation}").respond(200, json=answer)


async def ask(registry: Any, key: object) -> tuple[Any, list[Any]]:
    """Ask under one key; give the answer and the alarms that were raised, which name nobody."""
    with structlog.testing.capture_logs() as lines:
        [answer] = await registry.fetch_many([key], errand())
    assert AN not in repr(lines)
    return answer, [line for line in lines if line["log_level"] == "error"]


def person(number: str, name: str = "NGUYỄN VĂN AN", **more: object) -> Wire:
    return {"FULL_NAME": name, "PERS_DOC_NO": number, "DATE_OF_BIRTH": "12/05/1985"} | more


def enterprise(code: str = "9900000016", **more: object) -> Wire:
    """Write a record as the national bus does; *more* replaces whole parts."""
    return {
        "MainInformation": {"ENTERPRISE_GDT_CODE": code, "NAME": "CÔNG TY TNHH MTV HOA SEN"},
        "HOAdress": {"AddressFullText": "Số 12 phố Trúc Bạch"},
        "Representatives": person(AN),
    } | more


def household_business(owner: str = AN, code: str = AN) -> Wire:
    return {
        "MainInformation": {"ENTERPRISE_GDT_CODE": code, "NAME": "HỘ KINH DOANH AN"},
        "HOAdress": None,
        "Owner": person(owner),
    }


def mine(enterprises: object = None, shops: object = None) -> Wire:
    """Write the answer by representative."""
    return {"Data": {"Enterprises": enterprises, "HouseholdBusinesses": shops}}
