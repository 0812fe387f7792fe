"""What stands in an access token (RFC 9068), read strictly and believed by nobody yet.

Readers return None for whatever is not of the form; the message of the JSON library stays here,
since it may quote the token.
"""

import base64
from datetime import UTC, datetime
from typing import Annotated, ClassVar, TypeVar

import msgspec

from auth.actor import ActorKind, TokenActor
from auth.agency import agency_code
from auth.caller import Caller
from auth.discreet import Discreet

LATEST = datetime.max.replace(tzinfo=UTC).timestamp() - 1
"""An expiry after the year 9999 is no date any more."""

_Present = msgspec.Raw | msgspec.UnsetType
"""A member whose content we never read: that it is there is enough."""

_ClientId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z")]
_TokenId = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,128}\Z")]
_PersonalId = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12}\Z")]
_BirthDate = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")]


class Header(msgspec.Struct, frozen=True):
    """The protected header of the token's signature (RFC 7515)."""

    alg: str
    typ: str | None = None
    kid: str | None = None
    crit: _Present = msgspec.UNSET
    b64: _Present = msgspec.UNSET
    jwk: _Present = msgspec.UNSET
    jku: _Present = msgspec.UNSET
    x5u: _Present = msgspec.UNSET

    @property
    def oversteps(self) -> bool:
        """Whether the token tries to say with which key, or how, it wants to be verified."""
        said = (self.crit, self.b64, self.jwk, self.jku, self.x5u)
        return any(member is not msgspec.UNSET for member in said)


class _Actor(Discreet, frozen=True, kw_only=True):
    kind: ActorKind
    personal_id: _PersonalId | None = None
    unit: str | None = None


class Claims(Discreet, frozen=True, kw_only=True):
    """The claims we look at; RFC 9068 asks for all that have no default but *scope*."""

    shown: ClassVar[tuple[str, ...]] = ("iss", "client_id", "exp")

    iss: str
    sub: Annotated[str, msgspec.Meta(min_length=1)]
    aud: str | list[str]
    exp: Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
    iat: float
    jti: _TokenId
    client_id: _ClientId
    nbf: float | None = None
    scope: str = ""
    cnf: _Present = msgspec.UNSET
    actor: _Actor | None = None
    subject: _PersonalId | None = None
    name: str | None = None
    birthdate: _BirthDate | None = None

    def from_wire(self) -> Caller | None:
        """Say it in our words; None when the actor's unit is no agency."""
        actor = None
        if self.actor is not None:
            unit = agency_code(self.actor.unit) if self.actor.unit is not None else None
            if unit is None and self.actor.unit is not None:
                return None
            actor = TokenActor(kind=self.actor.kind, personal_id=self.actor.personal_id, unit=unit)
        return Caller(
            consumer_id=self.client_id,
            scopes=frozenset(self.scope.split()),
            token_id=self.jti,
            issuer=self.iss,
            expires_at=datetime.fromtimestamp(self.exp, UTC),
            actor=actor,
            subject=self.subject,
            subject_name=self.name,
            subject_birth=self.birthdate,
        )


class _Origin(msgspec.Struct, frozen=True):
    iss: str


_Form = TypeVar("_Form", bound=msgspec.Struct)


def _read(content: bytes, form: type[_Form]) -> _Form | None:
    try:
        return msgspec.json.decode(content, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _decoded(segment: str) -> bytes:
    """Undo base64url; a segment of an impossible length gives nothing to read."""
    try:
        return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        return b""


def read_header(segment: str) -> Header | None:
    """Read the first of the token's three parts."""
    return _read(_decoded(segment), Header)


def claimed_issuer(segment: str) -> str | None:
    """Read, before anything is verified, by whose keys the token asks to be verified."""
    origin = _read(_decoded(segment), _Origin)
    return origin.iss if origin is not None else None


def read_claims(payload: bytes) -> Claims | None:
    """Read the claims out of a payload whose signature has been verified."""
    return _read(payload, Claims)
