"""Answers as the insurance services write them, for the tests of their client."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import respx

from adapters.channel import Channel
from adapters.dates import PartialDate
from adapters.insurance.client import InsuranceRegistry
from adapters.insurance.records import HealthCardKey, SocialInsuranceKey

ROOT = "http://insurance.test"
TOKEN, CHECK, LOOK_UP = f"{ROOT}/token", f"{ROOT}/the-bhyt/kiem-tra", f"{ROOT}/bhxh/tra-cuu"
SECRET = "sandbox-secret"
MD5 = hashlib.md5(SECRET.encode(), usedforsecurity=False).hexdigest()
MOMENT = datetime(2026, 11, 21, 1, 2, 3, 456000, tzinfo=UTC)

ID, OTHER_ID = "097085000101", "097085000102"
BORN = PartialDate(1985, 5, 12)
CARD_KEY = HealthCardKey(number="9700000101", full_name="Nguyễn Văn An", birth_date=BORN)
INSURED_KEY = SocialInsuranceKey(personal_id=ID, full_name="Nguyễn Văn An", birth_date=BORN)
PERSONAL = (ID, "9700000101", "Văn", "VĂN", "19850512", "1985, ", "12/05/1985", "1985-05")
"""What may stand nowhere but on the wire."""

Wire = dict[str, object]


def registry(
    channel: Channel, url: str = ROOT, clock: Callable[[], datetime] = lambda: MOMENT
) -> InsuranceRegistry:
    """Make a client of the services at *url*; its own clock stands unless one is given."""
    return InsuranceRegistry(channel, url=url, account="lienthong", secret=SECRET, clock=clock)


def grant(number: int = 1) -> dict[str, Any]:
    return {
        "access_token": f"access-{number}",
        "id_token": f"identity-{number}",
        "token_type": "bearer",
        "expires_in": 3600,
    }


def card(**changed: object) -> Wire:
    return {
        "maKetQua": "00",
        "ghiChu": "Thông tin thẻ chính xác.",
        "maThe": "DN4019700000101",
        "maSoBHXH": "9700000101",
        "soCCCD": ID,
        "hoTen": "Nguyễn Văn An",
        "ngaySinh": "12/05/1985",
        "gioiTinh": "1",
        "maDKBD": "01997",
        "tenDKBD": "Bệnh viện Ba Đình",
        "gtTheTu": "01/01/2026",
        "gtTheDen": "31/12/2026",
    } | changed


def participant(**changed: object) -> Wire:
    return {
        "maSoBhxh": "9700000101",
        "maSoBhxhCu": ["9700000901"],
        "hoTen": "Nguyễn Văn An",
        "ngaySinh": "19850512",
        "gioiTinh": "0",
        "cmnd": ID,
        "trangThai": "Đang tham gia",
        "thangBatDau": "09/2008",
        "soThangDong": 218,
        "mucDong": 18765432,
    } | changed


def envelope(data: object, **changed: object) -> Wire:
    return {"success": True, "message": "", "data": data, "error": None, "type": None} | changed


def logs_in(router: respx.MockRouter) -> respx.Route:
    """Let the token service answer, with a new token every time."""
    numbers = iter(range(1, 1000))
    return router.post(TOKEN).mock(
        side_effect=lambda _: respx.MockResponse(200, json=grant(next(numbers)))
    )


def questions(router: respx.MockRouter) -> list[dict[str, str]]:
    """Read what was asked, without the log-ins."""
    calls = [it.request for it in router.calls if it.request.url != TOKEN]
    return [msgspec.json.decode(it.content, type=dict[str, str]) for it in calls]


def request_ids(router: respx.MockRouter) -> list[str]:
    """Read the request ids of the calls that bear one."""
    headers = [it.request.headers for it in router.calls]
    return [it["X-Request-Id"] for it in headers if "X-Request-Id" in it]


def shown_session(extensions: Mapping[str, Any]) -> dict[str, str]:
    """Read the query string that the card check is sent, which is not in the request's URL."""
    target: bytes = extensions["target"]
    return {name: values[0] for name, values in parse_qs(urlsplit(target.decode()).query).items()}
