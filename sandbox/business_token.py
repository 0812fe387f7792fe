"""The business registry's token service: client credentials with private_key_jwt (RFC 7523).

The national bus runs on WSO2, and these are the forms of its answers. One client is registered,
the gateway in front of this sandbox: its private key lies beside the databases, readable by its
owner only, and the service keeps the public half.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.kept import kept
from sandbox.twin import call_of

CLIENT_ID = "lienthong"
KEY_FILE = "business-client.pem"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = timedelta(hours=1)
CLOCK_SKEW_SECONDS = 60
NO_STORE = {"Cache-Control": "no-store"}


class TokenService:
    """Gives tokens at *url* to the holder of the key in *directory*, and knows them again."""

    def __init__(self, url: str, directory: Path, now: Callable[[], datetime]) -> None:
        self._url = url
        self._now = now
        private = ECKey.import_key(kept(directory / KEY_FILE, _new_key))
        self._registered = ECKey.import_key(private.as_pem(private=False))
        self._issued: dict[str, datetime] = {}
        self._used: dict[str, datetime] = {}

    async def answer(self, request: Request) -> Response:
        """Answer a token request; the journal notes it, though it is about nobody."""
        call = call_of(request.scope)
        call.operation = "token"
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        error = self._refuse({name: values[0] for name, values in fields.items()})
        call.outcome = "refused" if error else "issued"
        if error:
            status = 401 if error == "invalid_client" else 400
            return JSONResponse({"error": error}, status, NO_STORE)
        return JSONResponse(self._issue(), headers=NO_STORE)

    def admits(self, authorization: str) -> bool:
        """Tell whether the header carries a token of this service that has not ended."""
        scheme, _, token = authorization.partition(" ")
        ends = self._issued.get(token)
        return scheme == "Bearer" and ends is not None and self._now() < ends

    def _refuse(self, form: Mapping[str, str]) -> str | None:
        """Return the error of RFC 6749, section 5.2; None for the registered client."""
        if form.get("grant_type") != "client_credentials":
            return "unsupported_grant_type"
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            return "invalid_client"
        return None if self._is_client(form.get("client_assertion", "")) else "invalid_client"

    def _is_client(self, assertion: str) -> bool:
        """Verify the assertion: ours to read, the client's to make, now, and for the first time."""
        now = self._now()
        try:
            claims = jwt.decode(assertion, self._registered, algorithms=["ES256"]).claims
            jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=CLOCK_SKEW_SECONDS,
                iss={"essential": True, "value": CLIENT_ID},
                sub={"essential": True, "value": CLIENT_ID},
                aud={"essential": True, "value": self._url},
                exp={"essential": True},
                jti={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError):
            return False
        last = now + LIFETIME + timedelta(seconds=CLOCK_SKEW_SECONDS)
        if claims["exp"] > last.timestamp() or claims["jti"] in self._used:
            return False
        self._used = _without_ended(self._used, now) | {claims["jti"]: last}
        return True

    def _issue(self) -> dict[str, object]:
        token = secrets.token_urlsafe(32)
        now = self._now()
        self._issued = _without_ended(self._issued, now) | {token: now + LIFETIME}
        return {
            "access_token": token,
            "scope": "am_application_scope default",
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
        }


def _without_ended(known: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    return {name: ends for name, ends in known.items() if now < ends}


def _new_key() -> bytes:
    return ECKey.generate_key("P-256").as_pem(private=True)
