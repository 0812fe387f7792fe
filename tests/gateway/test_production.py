from pathlib import Path

import pytest

from gateway.production import refusals
from gateway.settings import Settings, read_settings
from gateway.single_node import SingleNodeTakenError, take_alone
from tests.gateway.lienthong import lienthong

GOOD: dict[str, object] = {
    "profile": "production",
    "public_url": "https://lienthong.example.gov.vn",
    "audience": "https://lienthong.example.gov.vn",
    "issuers": {"https://id.example.gov.vn": "https://id.example.gov.vn/jwks.json"},
    "grants": "/etc/lienthong/grants.jws",
    "grants_keys": "/etc/lienthong/operator.jwks.json",
    "access_log_url": "postgresql+asyncpg://writer@log.internal/log?ssl=verify-full",
    "cache_url": "redis://cache.internal:6379/0",
    "shared_url": "redis://shared.internal:6379/0",
    "registry_population_url": "https://bus.example.gov.vn/dancu",
    "registry_land_urls": {
        "01": "postgresql+asyncpg://reader@land01.internal/land?ssl=verify-full",
        "68": "postgresql+asyncpg://reader@/land?host=/var/run/postgresql",
    },
}


def settings(**changed: object) -> Settings:
    return read_settings(**{**GOOD, **changed})


def land(url: str) -> dict[str, object]:
    return {"registry_land_urls": {"01": url}}


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"sandbox_url": "http://127.0.0.1:8100"}, "SANDBOX_URL"),
    ({"audience": "lienthong-sandbox"}, "AUDIENCE"),
    ({"registry_population_secret": "sandbox-secret"}, "REGISTRY_POPULATION_SECRET"),
    ({"registry_population_api_key": "sandbox"}, "REGISTRY_POPULATION_API_KEY"),
    ({"registry_insurance_secret": "sandbox-secret"}, "REGISTRY_INSURANCE_SECRET"),
    ({"public_url": ""}, "PUBLIC_URL"),
    ({"public_url": "http://lienthong.example.gov.vn"}, "PUBLIC_URL"),
    ({"tls_cert": "/etc/lienthong/server.pem"}, "TLS_KEY"),
    ({"issuers": {"http://id.example": "https://id.example/jwks"}}, "ISSUERS"),
    ({"issuers": {"https://id.example": "http://id.example/jwks"}}, "ISSUERS"),
    ({"grants": ""}, "GRANTS"),
    ({"grants": "http://config.internal/grants.jws"}, "GRANTS"),
    ({"grants_keys": None}, "GRANTS_KEYS"),
    ({"revocations": "http://config.internal/revocations.jws"}, "REVOCATIONS"),
    ({"withdrawals": "ftp://config.internal/withdrawals"}, "WITHDRAWALS"),
    ({"registry_population_url": "http://bus.example.gov.vn"}, "REGISTRY_POPULATION_URL"),
    ({"registry_business_url": "http://bus.example.gov.vn"}, "REGISTRY_BUSINESS_URL"),
    ({"registry_business_token_url": "http://bus.example"}, "REGISTRY_BUSINESS_TOKEN_URL"),
    ({"registry_insurance_url": "http://bus.example.gov.vn"}, "REGISTRY_INSURANCE_URL"),
    (land("sqlite+aiosqlite:///land.db"), "REGISTRY_LAND_URLS"),
    (land("postgresql+asyncpg://r@land/land"), "REGISTRY_LAND_URLS"),
    (land("postgresql+asyncpg://r@land/land?ssl=require"), "REGISTRY_LAND_URLS"),
    (land("postgresql+asyncpg://r@127.0.0.1/land"), "REGISTRY_LAND_URLS"),
    (land("postgresql+asyncpg://r@a/land?host=b&ssl=verify-full"), "REGISTRY_LAND_URLS"),
    (land("postgresql+asyncpg://r@a/l?ssl=verify-full&ssl=disable"), "REGISTRY_LAND_URLS"),
    (
        land("postgresql+asyncpg://r@a/l?ssl=verify-full&plugin=lienthong-sandbox"),
        "REGISTRY_LAND_URLS",
    ),
    ({"access_log_url": "sqlite+aiosqlite:///var/log.db"}, "ACCESS_LOG_URL"),
    ({"cache_url": "memory://"}, "CACHE_URL"),
    ({"cache_url": "MEMORY://"}, "CACHE_URL"),
    ({"shared_url": "memory://"}, "SHARED_URL"),
    ({"shared_url": "Memory://"}, "SHARED_URL"),
    (land("postgresql+asyncpg:///land?host=/var/run,land.example"), "REGISTRY_LAND_URLS"),
]


def test_settings_made_for_production_are_refused_nothing() -> None:
    assert [] == refusals(settings())


@pytest.mark.parametrize(("changed", "named"), REFUSED)
def test_each_setting_fit_for_the_sandbox_only_is_named(
    changed: dict[str, object], named: str
) -> None:
    [said] = refusals(settings(**changed))

    assert said.startswith(f"LIENTHONG_{named} ")
    assert said.endswith(".")


def test_one_process_for_good_may_use_sqlite_and_memory() -> None:
    small = {
        "single_node": True,
        "access_log_url": "sqlite+aiosqlite:///var/log.db",
        "cache_url": "memory://",
        "shared_url": "memory://",
    }
    assert [] == refusals(settings(**small))


def test_the_sandbox_is_refused_nothing() -> None:
    assert [] == refusals(read_settings())


def test_serve_is_the_production_profile_and_names_every_default_it_refuses() -> None:
    said = lienthong("serve")

    names = [line.split()[1] for line in said.err.splitlines()[1:]]
    assert (1, "") == (said.status, said.out)
    assert [
        "LIENTHONG_AUDIENCE",
        "LIENTHONG_PUBLIC_URL",
        "LIENTHONG_GRANTS",
        "LIENTHONG_GRANTS_KEYS",
        "LIENTHONG_ACCESS_LOG_URL",
        "LIENTHONG_CACHE_URL",
        "LIENTHONG_SHARED_URL",
    ] == names


def test_a_second_process_of_a_single_node_does_not_start(tmp_path: Path) -> None:
    take_alone(tmp_path)

    with pytest.raises(SingleNodeTakenError) as refused:
        take_alone(tmp_path)
    assert "LIENTHONG_SINGLE_NODE=yes" in str(refused.value)
