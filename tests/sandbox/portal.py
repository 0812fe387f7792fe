"""A portal before the sandbox's issuer: what it sends, signs, shows, and gets back."""

import json
import ssl
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from sandbox.client_auth import ASSERTION_TYPE
from sandbox.codes import challenge_of
from tests.sandbox.visitor import Running

Signer = ECKey | RSAKey | OKPKey
PORTAL = "portal-hanoi"
HOME = "http://127.0.0.1:5000/xong"
VERIFIER = "v" * 43


def key_of(sandbox: Running, client: str = PORTAL) -> ECKey:
    """Read the key that the sandbox made for a portal."""
    return ECKey.import_key((sandbox.directory / f"{client}.key").read_bytes())


def claims_for(sandbox: Running, **other: Any) -> dict[str, Any]:
    """Give the claims of a right assertion, but for the *other* ones; None leaves one out."""
    now = int(time.time())
    claims = {
        "iss": PORTAL,
        "sub": PORTAL,
        "aud": sandbox.addresses["issuer"],
        "jti": uuid.uuid4().hex,
        "iat": now,
        "exp": now + 60,
        **other,
    }
    return {name: value for name, value in claims.items() if value is not None}


def signed(claims: dict[str, Any], key: Signer, alg: str = "ES256", **header: str) -> str:
    """Sign an assertion."""
    algorithms = ["ES256", "ES384", "PS256", "RS256", "Ed25519"]
    return jwt.encode({"alg": alg, **header}, claims, key, algorithms=algorithms)


def asserting(assertion: str, **other: str) -> dict[str, str]:
    """Give the form of a request with an assertion."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        **other,
    }


def ask(sandbox: Running, form: dict[str, str], **headers: str) -> httpx2.Response:
    """Ask for a token."""
    return sandbox.http.post(f"{sandbox.addresses['issuer']}/token", data=form, headers=headers)


def said(answer: httpx2.Response) -> tuple[int, str]:
    """Give the status and the error of a refusal."""
    return answer.status_code, answer.json()["error"]


def read(sandbox: Running, answer: httpx2.Response) -> dict[str, Any]:
    """Check the signature of a token with the published keys, and read its claims."""
    published = sandbox.http.get(f"{sandbox.addresses['issuer']}/jwks.json").json()
    token = answer.raise_for_status().json()["access_token"]
    keys = KeySet.import_key_set(published)
    return dict(jwt.decode(token, keys, algorithms=["ES256"]).claims)


def wish(**other: str | None) -> dict[str, str]:
    """Give the parameters of an authorization request, but for the *other* ones."""
    wished = {
        "response_type": "code",
        "client_id": PORTAL,
        "redirect_uri": HOME,
        "state": "trạng thái & =",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        **other,
    }
    return {name: value for name, value in wished.items() if value is not None}


def choose(
    sandbox: Running, persona: str = "officer-lan", /, **other: str | None
) -> httpx2.Response:
    """Send the login page back with a choice."""
    form = {**wish(**other), "persona": persona}
    return sandbox.http.post(f"{sandbox.addresses['issuer']}/authorize", data=form)


def told(answer: httpx2.Response) -> dict[str, str]:
    """Read what a person is sent back with."""
    assert 303 == answer.status_code
    query = urlsplit(answer.headers["location"]).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def redeeming(code: str, **other: str) -> dict[str, str]:
    """Give the form that redeems a code."""
    return {
        "grant_type": "authorization_code",
        "client_id": PORTAL,
        "code": code,
        "redirect_uri": HOME,
        "code_verifier": VERIFIER,
        **other,
    }


def over_tls(directory: Path, client: str | None = PORTAL) -> httpx2.Client:
    """Trust the sandbox's authority, and show a portal's certificate."""
    context = ssl.create_default_context(cafile=str(directory / "ca.pem"))
    if client is not None:
        context.load_cert_chain(directory / f"{client}.pem", directory / f"{client}.key")
    return httpx2.Client(verify=context, trust_env=False, timeout=20)


def add_key(sandbox: Running, key: Signer, kid: str) -> None:
    """Register a further key of the portal, as a developer does."""
    file = sandbox.directory / f"{PORTAL}.jwks.json"
    keys = json.loads(file.read_text())["keys"]
    file.write_text(json.dumps({"keys": [*keys, {**key.as_dict(private=False), "kid": kid}]}))
