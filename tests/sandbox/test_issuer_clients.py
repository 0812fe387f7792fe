"""The sandbox's issuer holds a client to its assertion (RFC 7523) or its certificate (RFC 8705)."""

import base64
import hashlib
import socket
import ssl
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from joserfc.jwk import ECKey, OKPKey, RSAKey

from sandbox.authority import Authority
from sandbox.dpop import new_key, prove
from tests.sandbox.portal import (
    PORTAL,
    Signer,
    add_key,
    ask,
    asserting,
    claims_for,
    key_of,
    over_tls,
    read,
    said,
    signed,
)
from tests.sandbox.visitor import Running, Start

INVALID = (401, "invalid_client")


def test_an_assertion_by_the_portals_key_gets_its_token(sandbox: Running) -> None:
    key = key_of(sandbox)
    typ = "client-authentication+jwt"

    plain = ask(sandbox, asserting(signed(claims_for(sandbox), key)))
    named = ask(sandbox, asserting(signed(claims_for(sandbox), key, typ=typ), client_id=PORTAL))

    for answer in (plain, named):
        claims = read(sandbox, answer)
        assert (PORTAL, PORTAL) == (claims["sub"], claims["client_id"])
        assert "Bearer" == answer.json()["token_type"]


@pytest.mark.parametrize("end", ["", "/token"])
def test_it_may_be_for_the_issuer_or_the_token_endpoint(sandbox: Running, end: str) -> None:
    issuer = sandbox.addresses["issuer"]
    for audience in (f"{issuer}{end}", [f"{issuer}{end}"]):
        assertion = signed(claims_for(sandbox, aud=audience), key_of(sandbox))
        assert 200 == ask(sandbox, asserting(assertion)).status_code


@pytest.mark.parametrize(
    ("alg", "key"),
    [
        ("ES256", ECKey.generate_key("P-256")),
        ("PS256", RSAKey.generate_key(2048)),
        ("Ed25519", OKPKey.generate_key("Ed25519")),
    ],
    ids=["ES256", "PS256", "Ed25519"],
)
def test_a_key_that_is_put_into_the_file_is_believed_at_once(
    start: Start, alg: str, key: Signer
) -> None:
    sandbox = start()
    before = ask(sandbox, asserting(signed(claims_for(sandbox), key, alg, kid="mine")))
    add_key(sandbox, key, "mine")

    after = ask(sandbox, asserting(signed(claims_for(sandbox), key, alg, kid="mine")))
    misnamed = ask(sandbox, asserting(signed(claims_for(sandbox), key, alg, kid="other")))

    assert [INVALID, INVALID] == [said(before), said(misnamed)]
    assert PORTAL == read(sandbox, after)["client_id"]


def test_an_assertion_is_good_for_once(sandbox: Running) -> None:
    form = asserting(signed(claims_for(sandbox), key_of(sandbox)))

    first, second = ask(sandbox, form), ask(sandbox, form)

    assert 200 == first.status_code
    assert INVALID == said(second)
    assert "jti" in second.json()["error_description"]


def test_a_refused_assertion_does_not_use_up_the_id_of_a_right_one(sandbox: Running) -> None:
    claims = claims_for(sandbox)

    forged = ask(sandbox, asserting(signed(claims, new_key())))
    right = ask(sandbox, asserting(signed(claims, key_of(sandbox))))

    assert INVALID == said(forged)
    assert 200 == right.status_code


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"aud": "https://elsewhere.example"}, "aud"),
        ({"aud": []}, "aud"),
        ({"exp": int(time.time()) - 20}, "expired"),
        ({"exp": int(time.time()) + 3600}, "300 seconds"),
        ({"nbf": int(time.time()) + 3600}, "future"),
        ({"iat": int(time.time()) + 3600}, "future"),
        ({"iss": "portal-lamdong"}, "iss and sub"),
        ({"iss": "officer-lan", "sub": "officer-lan"}, "iss and sub"),
        ({"iss": "../salt", "sub": "../salt"}, "iss and sub"),
        ({"iss": "portal-lamdong", "sub": "portal-lamdong"}, "portal-lamdong.jwks.json"),
        ({"iss": "developer", "sub": "developer"}, "developer.jwks.json"),
        ({"jti": None}, "must be a JWT"),
        ({"jti": ""}, "must be a JWT"),
        ({"exp": None}, "must be a JWT"),
        ({"exp": "soon"}, "must be a JWT"),
    ],
)
def test_a_wrong_claim_is_named(sandbox: Running, other: dict[str, Any], why: str) -> None:
    answer = ask(sandbox, asserting(signed(claims_for(sandbox, **other), key_of(sandbox))))

    assert INVALID == said(answer)
    assert why in answer.json()["error_description"]


def test_an_assertion_for_two_audiences_is_refused(sandbox: Running) -> None:
    both = [sandbox.addresses["issuer"], "https://elsewhere.example"]
    answer = ask(sandbox, asserting(signed(claims_for(sandbox, aud=both), key_of(sandbox))))
    assert INVALID == said(answer)


def test_a_wrong_form_of_assertion_gets_no_token(sandbox: Running) -> None:
    claims, key = claims_for(sandbox), key_of(sandbox)
    good = signed(claims, key)
    forms = [
        asserting(""),
        asserting("x.y.z"),
        asserting(good[:-8] + "AAAAAAAA"),
        asserting("ế" + good),
        asserting(signed(claims, key, typ="at+jwt")),
        asserting(signed(claims, key, typ="dpop+jwt")),
        asserting(signed(claims, RSAKey.generate_key(2048), "RS256")),
        asserting(good, client_id="portal-lamdong"),
        asserting(good, client_assertion_type="urn:other"),
        {"grant_type": "client_credentials", "client_id": PORTAL, "client_assertion": good},
    ]

    answers = [ask(sandbox, form) for form in forms]

    assert [INVALID] * len(forms) == [said(answer) for answer in answers]
    assert 200 == ask(sandbox, asserting(good)).status_code


def test_an_assertion_and_a_proof_give_a_bound_token(sandbox: Running) -> None:
    key, url = new_key(), f"{sandbox.addresses['issuer']}/token"
    form = asserting(signed(claims_for(sandbox), key_of(sandbox)))

    answer = ask(sandbox, form, dpop=prove(key, "POST", url))

    assert "DPoP" == answer.json()["token_type"]
    assert {"jkt": key.thumbprint()} == read(sandbox, answer)["cnf"]


def test_a_parameter_sent_twice_is_refused(sandbox: Running) -> None:
    body = "grant_type=client_credentials&client_id=auditor&client_id=developer"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    url = f"{sandbox.addresses['issuer']}/token"
    answer = sandbox.http.post(url, content=body, headers=headers)
    assert (400, "invalid_request") == said(answer)


def by_tls(sandbox: Running, client: str | None, persona: str, **headers: str) -> httpx2.Response:
    """Ask over the issuer's other door."""
    with over_tls(sandbox.directory, client) as http:
        return http.post(
            f"{sandbox.addresses['issuer_tls']}/token",
            data={"grant_type": "client_credentials", "client_id": persona},
            headers=headers,
        )


def digest_of(sandbox: Running, client: str) -> str:
    """Digest a portal's certificate as the gateway will."""
    pem = (sandbox.directory / f"{client}.pem").read_bytes()
    der = x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


@pytest.mark.parametrize("persona", ["portal-hanoi", "officer-lan"])
def test_a_certificate_binds_the_token_to_it(sandbox: Running, persona: str) -> None:
    answer = by_tls(sandbox, PORTAL, persona)

    claims = read(sandbox, answer)
    assert {"x5t#S256": digest_of(sandbox, PORTAL)} == claims["cnf"]
    assert (sandbox.addresses["issuer"], persona) == (claims["iss"], claims["sub"])
    assert "Bearer" == answer.json()["token_type"]


def test_a_certificate_speaks_for_its_own_portal_only(sandbox: Running) -> None:
    answer = by_tls(sandbox, "portal-lamdong", PORTAL)

    assert INVALID == said(answer)
    assert "certificate" in answer.json()["error_description"]


def test_a_certificate_and_a_proof_bind_to_both(sandbox: Running) -> None:
    key = new_key()
    proof = prove(key, "POST", f"{sandbox.addresses['issuer_tls']}/token")

    answer = by_tls(sandbox, PORTAL, PORTAL, dpop=proof)

    expected = {"jkt": key.thumbprint(), "x5t#S256": digest_of(sandbox, PORTAL)}
    assert expected == read(sandbox, answer)["cnf"]


def test_without_a_certificate_the_door_gives_plain_tokens(sandbox: Running) -> None:
    key = new_key()
    proof = prove(key, "POST", f"{sandbox.addresses['issuer_tls']}/token")

    assert "cnf" not in read(sandbox, by_tls(sandbox, None, PORTAL))
    assert "jkt" in read(sandbox, by_tls(sandbox, None, PORTAL, dpop=proof))["cnf"]


def test_a_certificate_of_another_authority_does_not_come_in(
    sandbox: Running, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    Authority(elsewhere, datetime.now(UTC)).issue_all()
    context = ssl.create_default_context(cafile=str(sandbox.directory / "ca.pem"))
    context.load_cert_chain(elsewhere / f"{PORTAL}.pem", elsewhere / f"{PORTAL}.key")
    with (
        httpx2.Client(verify=context, trust_env=False) as http,
        pytest.raises(httpx2.TransportError),
    ):
        http.post(f"{sandbox.addresses['issuer_tls']}/token")


def test_a_header_is_no_certificate(sandbox: Running) -> None:
    pem = (sandbox.directory / f"{PORTAL}.pem").read_text().splitlines()[1:-1]
    shown = f":{''.join(pem)}:"
    form = {"grant_type": "client_credentials", "client_id": PORTAL}
    assert "cnf" not in read(sandbox, ask(sandbox, form, **{"client-cert": shown}))


def test_keys_and_certificates_stay_when_it_starts_again(start: Start) -> None:
    first = start()
    files = ["ca.pem", "ca.key", *(f"{PORTAL}.{end}" for end in ("pem", "key", "jwks.json"))]
    before = {name: (first.directory / name).read_bytes() for name in files}
    modes = {(first.directory / name).stat().st_mode & 0o777 for name in files}
    first.stop()

    again = start()

    assert before == {name: (again.directory / name).read_bytes() for name in files}
    assert {0o600} == modes
    assert {"x5t#S256": digest_of(again, PORTAL)} == read(again, by_tls(again, PORTAL, PORTAL))[
        "cnf"
    ]


def test_nothing_is_said_about_connections_that_fail(start: Start) -> None:
    sandbox = start()
    door = urlsplit(sandbox.addresses["issuer_tls"])
    with socket.create_connection((door.hostname, door.port)) as caller:
        caller.sendall(b"POST /issuer/token HTTP/1.1\r\n\r\n")
        caller.recv(1000)
    with httpx2.Client(trust_env=False) as http, pytest.raises(httpx2.ConnectError):
        http.post(sandbox.addresses["issuer_tls"])

    code, seconds, told = sandbox.stop()

    assert (0, "") == (code, told)
    assert seconds < 2
