"""The document that tells a client how to get in (RFC 9728)."""

from pathlib import Path

from gateway.resource import resource_metadata
from gateway.settings import Settings, read_settings

ISSUERS = {"https://id.example": "https://id.example/jwks"}


def settings(**given: object) -> Settings:
    return read_settings(public_url="https://gateway.example/", issuers=ISSUERS, **given)


def test_it_names_us_our_issuers_and_how_tokens_are_sent() -> None:
    told = resource_metadata(settings())

    assert "https://gateway.example" == told["resource"]
    assert ["https://id.example"] == told["authorization_servers"]
    assert ["header"] == told["bearer_methods_supported"]
    assert ["ES256", "PS256", "Ed25519"] == told["dpop_signing_alg_values_supported"]


def test_in_production_tokens_are_bound_by_dpop_or_where_we_see_certificates_by_these() -> None:
    names = ("dpop_bound_access_tokens_required", "tls_client_certificate_bound_access_tokens")
    cases: list[dict[str, object]] = [
        {},
        {"profile": "production"},
        {"profile": "production", "tls_client_ca": Path("ca.pem")},
        {"profile": "production", "trusted_proxies": ["10.0.0.1"]},
    ]

    told = [[resource_metadata(settings(**each))[name] for name in names] for each in cases]

    assert [[False, False], [True, False], [False, True], [False, True]] == told
