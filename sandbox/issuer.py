"""The token issuer of the sandbox: an OAuth 2 authorization server for tests and demonstrations.

RFC 9068 access tokens, signed with ES256. Anybody may be any persona, so they prove nothing; but
who comes with a key or a certificate is held to it, and gets a token bound to it:

a name only, an assertion, or a certificate   (client_auth.py)
  + client_credentials, or a code             (authorize.py, codes.py)
  + a DPoP proof, a certificate, or neither   (bound to it)
  -> token
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.authority import digest_of
from sandbox.authorize import Authorize
from sandbox.client_auth import ClientAuth
from sandbox.codes import Codes
from sandbox.dpop import ALGORITHMS, thumbprint_of
from sandbox.kept import kept
from sandbox.oauth import Refused, parameters
from sandbox.personas import PERSONAS, Persona
from sandbox.tls import certificate_of, is_tls
from sandbox.world import World

AUDIENCE = "lienthong-sandbox"
LIFETIME_SECONDS = 3600
NO_STORE = {"Cache-Control": "no-store"}
CODE, CREDENTIALS = "authorization_code", "client_credentials"


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What comes to the token endpoint."""

    body: bytes
    proofs: Sequence[str] = ()
    """The DPoP headers."""
    over_tls: bool = False
    certificate: bytes | None = None
    """The client's, as DER; None as well over TLS without one."""


class Issuer:
    """Signs tokens as *url*, with the key kept in *directory*; *tls_url* is its other door.

    Over that door a client may show a certificate; the tokens are the same issuer's.
    """

    def __init__(
        self,
        url: str,
        tls_url: str,
        directory: Path,
        world: World,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._url = url
        self._tls_url = tls_url
        self._world = world
        self._now = now
        self._new_id = new_id
        self._codes = Codes(new_id)
        self._authorize = Authorize(url, self._codes, now)
        self._clients = ClientAuth(directory, (url, f"{url}/token", f"{tls_url}/token"))
        self._key = ECKey.import_key(
            msgspec.json.decode(
                kept(directory / "issuer-key.json", _new_key), type=dict[str, str | list[str]]
            )
        )

    def routes(self) -> list[Route]:
        """Return the issuer's addresses below the path of its own URL, and RFC 8414's."""
        known = "/.well-known/oauth-authorization-server"
        return [
            *self.tls_routes(),
            self._authorize.route(),
            Route("/issuer/jwks.json", self._jwks),
            Route(f"/issuer{known}", self._metadata),
            Route(f"{known}/issuer", self._metadata),
        ]

    def tls_routes(self) -> list[Route]:
        """Return what is to be had over the other door: tokens."""
        return [Route("/issuer/token", self._token, methods=["POST"])]

    def issue(self, asked: TokenRequest) -> dict[str, object] | Refused:
        """Answer a token request."""
        form = parameters(asked.body)
        if isinstance(form, Refused):
            return form
        grant, now = form.get("grant_type"), self._now().timestamp()
        if grant not in {CODE, CREDENTIALS}:
            return Refused(
                error="unsupported_grant_type", error_description=f"Use {CREDENTIALS} or {CODE}."
            )
        asks = self._clients.who(form, asked.certificate, now)
        if isinstance(asks, Refused):
            return asks
        jkt = self._proven(asked)
        if isinstance(jkt, Refused):
            return jkt
        persona, scopes = asks, tuple(form.get("scope", "").split()) or asks.scopes
        if grant == CODE:
            granted = self._codes.redeem(form, asks, jkt, now)
            if isinstance(granted, Refused):
                return granted
            persona, scopes = granted.persona, granted.scopes
        if not set(scopes) <= set(persona.scopes):
            return Refused(
                error="invalid_scope", error_description=f"It has: {' '.join(persona.scopes)}."
            )
        return self._token_for(persona, " ".join(scopes), jkt, asked.certificate)

    def _token_for(
        self, persona: Persona, scope: str, jkt: str | None, certificate: bytes | None
    ) -> dict[str, object]:
        bound = {
            **({} if jkt is None else {"jkt": jkt}),
            **({} if certificate is None else {"x5t#S256": digest_of(certificate)}),
        }
        cnf = {"cnf": bound} if bound else {}
        return {
            "access_token": self._sign({**self._claims(persona), **cnf, "scope": scope}),
            "token_type": "Bearer" if jkt is None else "DPoP",
            "expires_in": LIFETIME_SECONDS,
            "scope": scope,
        }

    def _proven(self, asked: TokenRequest) -> str | Refused | None:
        """Give the thumbprint of the key of the one proof; None without a proof."""
        if not asked.proofs:
            return None
        url = f"{self._tls_url if asked.over_tls else self._url}/token"
        jkt = thumbprint_of(asked.proofs[0], "POST", url, self._now().timestamp())
        if jkt is None or len(asked.proofs) > 1:
            return Refused(
                error="invalid_dpop_proof",
                error_description=f"One proof of type dpop+jwt, for POST {url}, made just now.",
            )
        return jkt

    def _claims(self, persona: Persona) -> dict[str, object]:
        issued = int(self._now().timestamp())
        claims: dict[str, object] = {
            "iss": self._url,
            "aud": AUDIENCE,
            "sub": persona.name,
            "client_id": persona.client_id,
            "jti": self._new_id(),
            "iat": issued,
            "exp": issued + LIFETIME_SECONDS,
        }
        if persona.officer:
            number = self._world.person(persona.officer).key.number
            claims["actor"] = {"kind": "OFFICER", "personal_id": number, "unit": persona.unit}
        if persona.citizen:
            key = self._world.person(persona.citizen).key
            claims |= {"subject": key.number, "name": key.full_name, "birthdate": key.birth_date}
        return claims

    def _sign(self, claims: dict[str, object]) -> str:
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self._key.thumbprint()}
        return jwt.encode(header, claims, self._key)

    async def _token(self, request: Request) -> Response:
        answer = self.issue(
            TokenRequest(
                body=await request.body(),
                proofs=request.headers.getlist("dpop"),
                over_tls=is_tls(request.scope),
                certificate=certificate_of(request.scope),
            )
        )
        if isinstance(answer, Refused):
            body = {"error": answer.error, "error_description": answer.error_description}
            return JSONResponse(body, answer.status, NO_STORE)
        return JSONResponse(answer, headers=NO_STORE)

    async def _jwks(self, _: Request) -> Response:
        key = self._key.as_dict(private=False)
        public = {**key, "kid": self._key.thumbprint(), "use": "sig", "alg": "ES256"}
        return JSONResponse({"keys": [public]})

    async def _metadata(self, _: Request) -> Response:
        scopes = sorted({scope for persona in PERSONAS for scope in persona.scopes})
        return JSONResponse(
            {
                "issuer": self._url,
                "authorization_endpoint": f"{self._url}/authorize",
                "token_endpoint": f"{self._url}/token",
                "mtls_endpoint_aliases": {"token_endpoint": f"{self._tls_url}/token"},
                "jwks_uri": f"{self._url}/jwks.json",
                "grant_types_supported": [CODE, CREDENTIALS],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
                "token_endpoint_auth_methods_supported": [
                    *("none", "private_key_jwt", "tls_client_auth")
                ],
                "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
                "tls_client_certificate_bound_access_tokens": True,
                "dpop_signing_alg_values_supported": list(ALGORITHMS),
                "scopes_supported": scopes,
            }
        )


def _new_key() -> bytes:
    return msgspec.json.encode(ECKey.generate_key("P-256").as_dict(private=True))
