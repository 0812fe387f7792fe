"""What stands in an access token (RFC 9068), read strictly and believed by nobody yet."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar

import msgspec

from auth.actor import ActorKind, TokenActor
from auth.agency import agency_code
from auth.caller import Caller
from auth.compact import read, read_part
from auth.discreet import Discreet

LATEST = datetime.max.replace(tzinfo=UTC).timestamp() - 1
"""An expiry after the year 9999 is no date any more."""

Present = msgspec.Raw | msgspec.UnsetType
"""A member whose content we never read: that it is there is enough."""

_ClientId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z")]
_TokenId = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,128}\Z")]
_PersonalId = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12}\Z")]
_BirthDate = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]


class Header(msgspec.Struct, frozen=True):
    """The protected header of a signature (RFC 7515)."""

    alg: str
    typ: str | None = None
    kid: str | None = None
    crit: Present = msgspec.UNSET
    b64: Present = msgspec.UNSET
    jwk: Present = msgspec.UNSET
    jku: Present = msgspec.UNSET
    x5u: Present = msgspec.UNSET

    @property
    def oversteps(self) -> bool:
        """Whether the token tries to say with which key, or how, it wants to be verified."""
        said = (self.crit, self.b64, self.jwk, self.jku, self.x5u)
        return any(member is not msgspec.UNSET for member in said)


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """To whose key a token is bound (RFC 7800); where both are named, both must be shown.

    Members of other kinds are passed over, as RFC 7800 asks, but alone they bind to nothing.
    """

    jkt: _Sha256 | None = None
    """Thumbprint of the key whose proofs go with it (RFC 9449)."""
    certificate: _Sha256 | None = msgspec.field(name="x5t#S256", default=None)
    """Digest of the client certificate that the connection shows (RFC 8705)."""

    def __bool__(self) -> bool:
        """Tell whether it binds at all."""
        return self.jkt is not None or self.certificate is not None


class _Actor(Discreet, frozen=True, kw_only=True):
    kind: ActorKind
    personal_id: _PersonalId | None = None
    unit: str | None = None
    name: _Name | None = None


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
    cnf: Confirmation | msgspec.UnsetType = msgspec.UNSET
    actor: _Actor | None = None
    subject: _PersonalId | None = None
    name: str | None = None
    birthdate: _BirthDate | None = None

    def from_wire(self, *, own_word: bool) -> Caller | None:
        """Say it in our words; None when the actor's unit is no agency."""
        actor = None
        if self.actor is not None:
            unit = agency_code(self.actor.unit) if self.actor.unit is not None else None
            if unit is None and self.actor.unit is not None:
                return None
            actor = TokenActor(
                kind=self.actor.kind,
                personal_id=self.actor.personal_id,
                unit=unit,
                name=None if own_word else self.actor.name,
            )
        bound = self.cnf or Confirmation()
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
            thumbprint=bound.jkt or bound.certificate,
            own_word=own_word,
        )


class _Origin(msgspec.Struct, frozen=True):
    iss: str


def read_header(segment: str) -> Header | None:
    """Read the first of the token's three parts."""
    return read_part(segment, Header)


def claimed_issuer(segment: str) -> str | None:
    """Read, before anything is verified, by whose keys the token asks to be verified."""
    origin = read_part(segment, _Origin)
    return origin.iss if origin is not None else None


def read_claims(payload: bytes) -> Claims | None:
    """Read the claims out of a payload whose signature has been verified."""
    return read(payload, Claims)
