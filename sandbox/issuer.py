"""The token issuer of the sandbox: anybody may be any persona, so its tokens prove nothing.

RFC 9068 access tokens, signed with ES256: plain bearers, or bound to a key when the request comes
with a DPoP proof (RFC 9449). What a portal needs besides is in `auth`; here are only the personas
and the three addresses an issuer has.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.dpop import ALGORITHMS, thumbprint_of
from sandbox.kept import kept
from sandbox.world import World

AUDIENCE = "lienthong-sandbox"
LIFETIME_SECONDS = 3600
NO_STORE = {"Cache-Control": "no-store"}

PORTAL = ("prefill", "verify", "records")


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to be: *client_id* is the consumer that the gateway knows."""

    name: str
    client_id: str
    scopes: tuple[str, ...]
    officer: str = ""
    """The short name of the person who sits at the counter."""
    unit: str = ""
    citizen: str = ""
    """The short name of the person who is logged in."""


PERSONAS = (
    Persona(name="portal-hanoi", client_id="portal-hanoi", scopes=PORTAL),
    Persona(name="portal-lamdong", client_id="portal-lamdong", scopes=PORTAL),
    Persona(
        name="officer-lan", client_id="portal-hanoi", scopes=PORTAL, officer="lan", unit="H26.12"
    ),
    Persona(name="citizen-an", client_id="portal-hanoi", scopes=PORTAL, citizen="an"),
    Persona(name="developer", client_id="developer", scopes=("developer", *PORTAL)),
    Persona(name="auditor", client_id="auditor", scopes=("audit:read",)),
)


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An error of RFC 6749, section 5.2."""

    error: str
    error_description: str
    status: int = 400


class Issuer:
    """Signs tokens as *url*, with the key kept in *directory*."""

    def __init__(
        self,
        url: str,
        directory: Path,
        world: World,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._url = url
        self._world = world
        self._now = now
        self._new_id = new_id
        self._key = ECKey.import_key(
            msgspec.json.decode(
                kept(directory / "issuer-key.json", _new_key), type=dict[str, str | list[str]]
            )
        )

    def routes(self) -> list[Route]:
        """Return the issuer's addresses below the path of its own URL, and RFC 8414's."""
        known = "/.well-known/oauth-authorization-server"
        return [
            Route("/issuer/token", self._token, methods=["POST"]),
            Route("/issuer/jwks.json", self._jwks),
            Route(f"/issuer{known}", self._metadata),
            Route(f"{known}/issuer", self._metadata),
        ]

    def issue(
        self, form: Mapping[str, str], proofs: Sequence[str] = ()
    ) -> dict[str, object] | Refused:
        """Answer a token request: any persona, by its name and without a secret.

        With a DPoP proof among *proofs* the token is bound to the key that signed it.
        """
        if form.get("grant_type") != "client_credentials":
            return Refused(
                error="unsupported_grant_type", error_description="Use client_credentials."
            )
        asked = form.get("client_id", "")
        persona = next((it for it in PERSONAS if it.name == asked), None)
        if persona is None:
            names = ", ".join(it.name for it in PERSONAS)
            return Refused(
                error="invalid_client", error_description=f"Personas: {names}.", status=401
            )
        scopes = form.get("scope", "").split() or list(persona.scopes)
        if not set(scopes) <= set(persona.scopes):
            return Refused(
                error="invalid_scope", error_description=f"It has: {' '.join(persona.scopes)}."
            )
        bound = self._bound(proofs)
        if isinstance(bound, Refused):
            return bound
        scope = " ".join(scopes)
        return {
            "access_token": self._sign({**self._claims(persona), **bound, "scope": scope}),
            "token_type": "DPoP" if bound else "Bearer",
            "expires_in": LIFETIME_SECONDS,
            "scope": scope,
        }

    def _bound(self, proofs: Sequence[str]) -> dict[str, object] | Refused:
        """Give the claim that binds to the key of the one proof; nothing without a proof."""
        if not proofs:
            return {}
        url = f"{self._url}/token"
        jkt = thumbprint_of(proofs[0], "POST", url, self._now().timestamp())
        if jkt is None or len(proofs) > 1:
            return Refused(
                error="invalid_dpop_proof",
                error_description=f"One proof of type dpop+jwt, for POST {url}, made just now.",
            )
        return {"cnf": {"jkt": jkt}}

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
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        first = {name: values[0] for name, values in form.items()}
        answer = self.issue(first, request.headers.getlist("dpop"))
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
                "token_endpoint": f"{self._url}/token",
                "jwks_uri": f"{self._url}/jwks.json",
                "grant_types_supported": ["client_credentials"],
                "response_types_supported": [],
                "token_endpoint_auth_methods_supported": ["none"],
                "dpop_signing_alg_values_supported": list(ALGORITHMS),
                "scopes_supported": scopes,
            }
        )


def _new_key() -> bytes:
    return msgspec.json.encode(ECKey.generate_key("P-256").as_dict(private=True))
