"""A portal's signed word that a dossier exists, and about whom (docs/attestation.md).

Whoever steals a portal's token cannot make dossiers up with it: that takes the key of its grant,
which need not lie where the tokens do. The subjects stand in it as keyed digests: the attestation
may lie in logs of others without telling a number to those who do not have its salt.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar

import msgspec

from auth.claims import read_header
from auth.compact import parts, payload_signed_by, read
from auth.consumer import Consumer
from auth.discreet import Discreet
from auth.purpose import VIETNAM
from auth.refusal import Refused, refuse

TYPE = "lienthong-dossier+jwt"
LONGEST = 8192
"""Bytes; a longer one is not read."""
LONGEST_LIFE = 86_400.0
"""Seconds between *iat* and *exp*: a portal signs anew each day that it asks."""
LEEWAY = 10.0
"""Seconds by which the portal's clock may be ahead of ours, as for tokens."""

_Digest = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
_Salt = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22,86}\Z")]
_Moment = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_000)]


class Word(Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The claims; what we do not know is refused, since the portal may mean something by it."""

    shown: ClassVar[tuple[str, ...]] = ("iss", "procedure")

    iss: str
    aud: str
    ref: str
    procedure: str
    salt: _Salt
    subjects: dict[str, list[_Digest]]
    opened: date
    iat: _Moment
    exp: _Moment

    @property
    def key(self) -> bytes | None:
        """The salt's bytes, or None where the text is no base64url."""
        try:
            return base64.urlsafe_b64decode(self.salt + "=" * (-len(self.salt) % 4))
        except binascii.Error:
            return None


def verify_attestation(
    text: str | None,
    consumer: Consumer | None,
    *,
    audience: str,
    code: str | None,
    draft: str | None,
    procedure: str,
    opened_on: date | None,
    parties: Mapping[str, Sequence[str]],
    now: datetime,
) -> Refused | None:
    """Refuse a request about a dossier or *parties* that the *consumer* has not attested to."""
    word = _signed_word(text, consumer)
    if isinstance(word, Refused):
        return word
    salt = word.key
    if salt is None or consumer is None or word.iss != consumer.consumer_id or word.aud != audience:
        return refuse("attestation-claims")
    return (
        _untimely(word, now)
        or _of_another(word, code or draft, procedure, opened_on)
        or _outside(word, salt, parties)
    )


def digest(salt: bytes, role: str, number: str) -> str:
    """Write a subject as it stands in an attestation."""
    tag = hmac.digest(salt, f"{role}\0{number}".encode(), "sha256")
    return base64.urlsafe_b64encode(tag).rstrip(b"=").decode("ascii")


def _signed_word(text: str | None, consumer: Consumer | None) -> Word | Refused:
    """Read what a key of the consumer has signed."""
    if not text:
        return refuse("attestation-missing")
    opened = parts(text) if len(text) <= LONGEST else None
    header = read_header(opened[0]) if opened else None
    if header is None or (header.typ or "").lower() != TYPE or header.oversteps:
        return refuse("attestation-malformed")
    key = consumer.keys.get((header.kid or "", header.alg)) if consumer else None
    if key is None:
        return refuse("attestation-key-unknown")
    payload = payload_signed_by(key, text)
    if payload is None:
        return refuse("attestation-signature")
    return read(payload, Word) or refuse("attestation-claims")


def _untimely(word: Word, now: datetime) -> Refused | None:
    moment = now.timestamp()
    if word.exp <= moment:
        return refuse("attestation-expired")
    # A longer life is no shorter trust: a lost attestation is good for one day at most.
    if word.iat > moment + LEEWAY or word.exp - word.iat > LONGEST_LIFE:
        return refuse("attestation-untimely")
    return None


def _of_another(
    word: Word, reference: str | None, procedure: str, opened_on: date | None
) -> Refused | None:
    """Refuse an attestation of another dossier; with code and draft both, the code is attested."""
    if word.ref != reference or word.procedure != procedure:
        return refuse("attestation-of-another-dossier")
    signed_on = datetime.fromtimestamp(word.iat, UTC).astimezone(VIETNAM).date()
    if word.opened > signed_on or opened_on not in (None, word.opened):
        return refuse("attestation-opened-otherwise")
    return None


def _outside(word: Word, salt: bytes, parties: Mapping[str, Sequence[str]]) -> Refused | None:
    """Refuse a subject that the portal has not named in this role."""
    for role, numbers in parties.items():
        attested = word.subjects.get(role, [])
        for number in numbers:
            if digest(salt, role, number) not in attested:
                return refuse("subject-not-attested", role=role)
    return None
