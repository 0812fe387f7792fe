"""The sandbox's issuer: its personas, its key, and how it says no."""

from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox.dpop import new_key, prove
from tests.sandbox.visitor import Running, Start

PORTAL = "prefill verify records"
TIMES = {"iat", "exp", "jti"}


def ask(sandbox: Running, **form: str) -> httpx2.Response:
    """Ask for a token."""
    return sandbox.http.post(f"{sandbox.addresses['issuer']}/token", data=form)


def token_of(sandbox: Running, persona: str) -> str:
    """Return a persona's token."""
    answer = ask(sandbox, grant_type="client_credentials", client_id=persona)
    token: str = answer.json()["access_token"]
    return token


def read(sandbox: Running, token: str) -> jwt.Token:
    """Check a token's signature with the published keys."""
    published = sandbox.http.get(f"{sandbox.addresses['issuer']}/jwks.json").json()
    return jwt.decode(token, KeySet.import_key_set(published), algorithms=["ES256"])


@pytest.mark.parametrize(
    ("persona", "claims"),
    [
        ("portal-hanoi", {"client_id": "portal-hanoi", "scope": PORTAL}),
        ("portal-lamdong", {"client_id": "portal-lamdong", "scope": PORTAL}),
        (
            "officer-lan",
            {
                "client_id": "portal-hanoi",
                "scope": PORTAL,
                "actor": {"kind": "OFFICER", "personal_id": "097188000171", "unit": "H26.12"},
            },
        ),
        (
            "citizen-an",
            {
                "client_id": "portal-hanoi",
                "scope": PORTAL,
                "subject": "097085000101",
                "name": "Nguyễn Văn An",
                "birthdate": "1985-05-12",
            },
        ),
        ("developer", {"client_id": "developer", "scope": f"developer {PORTAL}"}),
        ("auditor", {"client_id": "auditor", "scope": "audit:read"}),
        ("auditor-unmask", {"client_id": "auditor", "scope": "audit:read audit:unmask"}),
    ],
)
def test_a_persona_has_its_claims(sandbox: Running, persona: str, claims: dict[str, Any]) -> None:
    token = read(sandbox, token_of(sandbox, persona))
    common = {"iss": sandbox.addresses["issuer"], "aud": "lienthong-sandbox", "sub": persona}
    told = {name: value for name, value in token.claims.items() if name not in TIMES}
    assert common | claims == told
    assert token.claims["exp"] - token.claims["iat"] == 3600
    assert token.header["typ"] == "at+jwt"
    assert token.header["alg"] == "ES256"


def test_a_token_comes_as_rfc_6749_says(sandbox: Running) -> None:
    answer = ask(sandbox, grant_type="client_credentials", client_id="portal-hanoi")
    body = answer.json()
    del body["access_token"]
    assert {"token_type": "Bearer", "expires_in": 3600, "scope": PORTAL} == body
    assert answer.headers["cache-control"] == "no-store"


def test_no_two_tokens_have_one_id(sandbox: Running) -> None:
    ids = {read(sandbox, token_of(sandbox, "auditor")).claims["jti"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password", "client_id": "auditor"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "mayor"}, 401, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_id": "auditor", "scope": "prefill"},
            400,
            "invalid_scope",
        ),
    ],
)
def test_a_refusal_comes_as_rfc_6749_says(
    sandbox: Running, form: dict[str, str], status: int, error: str
) -> None:
    answer = ask(sandbox, **form)
    assert (status, error) == (answer.status_code, answer.json()["error"])
    assert "mayor" not in answer.text


def test_a_scope_can_be_narrowed(sandbox: Running) -> None:
    form = {"grant_type": "client_credentials", "client_id": "portal-hanoi", "scope": "verify"}
    assert ask(sandbox, **form).json()["scope"] == "verify"


def test_the_metadata_leads_to_the_keys_and_the_tokens(sandbox: Running) -> None:
    issuer, control = sandbox.addresses["issuer"], sandbox.addresses["control"]
    known = "/.well-known/oauth-authorization-server"
    metadata = sandbox.http.get(f"{issuer}{known}").json()
    assert metadata == sandbox.http.get(f"{control}{known}/issuer").json()
    assert issuer == metadata["issuer"]
    assert f"{issuer}/token" == metadata["token_endpoint"]
    assert f"{issuer}/jwks.json" == metadata["jwks_uri"]


def test_the_published_key_is_public(sandbox: Running) -> None:
    [key] = sandbox.http.get(f"{sandbox.addresses['issuer']}/jwks.json").json()["keys"]
    assert {"kty", "crv", "x", "y", "kid", "use", "alg"} == set(key)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(start: Start) -> None:
    first = start()
    token = token_of(first, "auditor")
    first.stop()
    again = start()
    assert read(again, token).claims["client_id"] == "auditor"
    for secret in ("issuer-key.json", "salt"):
        assert (again.directory / secret).stat().st_mode & 0o777 == 0o600


def with_proofs(sandbox: Running, *proofs: str) -> httpx2.Response:
    """Ask for a token with these DPoP headers."""
    return sandbox.http.post(
        f"{sandbox.addresses['issuer']}/token",
        data={"grant_type": "client_credentials", "client_id": "portal-hanoi"},
        headers=[("dpop", each) for each in proofs],
    )


def test_a_proof_binds_the_token_to_its_key(sandbox: Running) -> None:
    key = new_key()
    answer = with_proofs(sandbox, prove(key, "POST", f"{sandbox.addresses['issuer']}/token"))

    assert "DPoP" == answer.json()["token_type"]
    claims = read(sandbox, answer.json()["access_token"]).claims
    assert {"jkt": key.thumbprint()} == claims["cnf"]


def test_a_proof_for_something_else_gets_no_token(sandbox: Running) -> None:
    key, url = new_key(), f"{sandbox.addresses['issuer']}/token"
    good = prove(key, "POST", url)
    wrong = [["x"], [prove(key, "GET", url)], [prove(key, "POST", url + "s")], [good, good]]
    wrong.append([good[:-8] + "AAAAAAAA"])

    answers = [with_proofs(sandbox, *each) for each in wrong]

    assert [(400, "invalid_dpop_proof")] * len(wrong) == [
        (each.status_code, each.json()["error"]) for each in answers
    ]
