"""The insurance registry's token service, and the two ways in which its token is shown.

Social insurance takes the access token as a bearer. The health-card check wants both tokens, the
account and the MD5 of the password in the *query string*, as the real portal does: a lesson in
what a caller's logs must not hold.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.twin import call_of

ACCOUNT = "lienthong"
SECRET = "sandbox-secret"  # noqa: S105 - the sandbox's public password, printed in its documents
LIFETIME = timedelta(hours=1)
NO_STORE = {"Cache-Control": "no-store"}


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs to an access token."""

    id_token: str
    ends: datetime


class TokenService:
    """Gives tokens to the one account there is, and knows them again until they end."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._issued: dict[str, Issued] = {}

    async def answer(self, request: Request) -> Response:
        """Answer a password grant; the journal notes it, though it is about nobody."""
        call = call_of(request.scope)
        call.operation = "token"
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        form = {name: values[0] for name, values in fields.items()}
        error = _refuse(form)
        call.outcome = "refused" if error else "issued"
        if error:
            return JSONResponse({"error": error}, 400, NO_STORE)
        return JSONResponse(self._issue(), headers=NO_STORE)

    def admits_bearer(self, authorization: str) -> bool:
        """Tell whether the header carries an access token that has not ended."""
        scheme, _, token = authorization.partition(" ")
        return scheme == "Bearer" and self._known(token) is not None

    def admits_session(self, query: Mapping[str, str]) -> bool:
        """Tell whether the query string carries a whole session that has not ended."""
        issued = self._known(query.get("token", ""))
        expected = {"username": ACCOUNT, "password": fingerprint(SECRET)}
        return (
            issued is not None
            and query.get("id_token") == issued.id_token
            and all(query.get(name) == value for name, value in expected.items())
        )

    def _known(self, token: str) -> Issued | None:
        issued = self._issued.get(token)
        return issued if issued and self._now() < issued.ends else None

    def _issue(self) -> dict[str, object]:
        access_token, id_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        now = self._now()
        living = {token: it for token, it in self._issued.items() if now < it.ends}
        self._issued = living | {access_token: Issued(id_token=id_token, ends=now + LIFETIME)}
        return {
            "access_token": access_token,
            "id_token": id_token,
            "token_type": "bearer",
            "username": ACCOUNT,
            "expires_in": int(LIFETIME.total_seconds()),
        }


def fingerprint(password: str) -> str:
    """Digest a password as the card check wants it; it protects nothing."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


def _refuse(form: Mapping[str, str]) -> str | None:
    """Return the error of RFC 6749, section 5.2; None for the right account and password."""
    if form.get("grant_type") != "password":
        return "unsupported_grant_type"
    given = f"{form.get('username', '')}:{form.get('password', '')}"
    right = hmac.compare_digest(given.encode(), f"{ACCOUNT}:{SECRET}".encode())
    return None if right else "invalid_grant"
