"""From the Authorization header to a Caller: a FAPI 2.0 resource server's checks, in order.

A token names the issuer by whose keys it wants to be judged; that one word is believed before the
signature, and only to choose among the issuers we were configured with. DPoP and mutual TLS will
stand where `_unbound` stands now: until then a bound token is refused rather than half believed.
"""

import hashlib
import re
from collections.abc import Callable, Sequence

import msgspec
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry, extract_compact, validate_compact

from auth.caller import Caller
from auth.claims import Claims, Header, claimed_issuer, read_claims, read_header
from auth.keys import ALGORITHMS, Issuer, IssuerKeys, Key
from auth.profile import Profile
from auth.refusal import Refused, refuse
from auth.verified import VerifiedTokens

LONGEST_TOKEN = 8192
"""Bytes; a longer one is not even hashed."""

CLOCK_LEEWAY = 10.0
"""Seconds by which an issuer's clock may be ahead of ours (FAPI 2.0, 5.3.2.1)."""

TYPES = ("at+jwt", "application/at+jwt")
"""RFC 9068 section 4: any other kind of token the issuer signs is not for us."""

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*")

# Header parameters we do not know are ignored (RFC 7515 section 4); those that would steer us are
# refused by Header.oversteps.
_SIGNATURES = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


class TokenVerifier:
    """Tells for every request who asks; *clock* gives seconds since 1970."""

    def __init__(
        self,
        issuers: Sequence[Issuer],
        audience: str,
        keys: IssuerKeys,
        profile: Profile,
        clock: Callable[[], float],
    ) -> None:
        self._issuers = {issuer.issuer: issuer for issuer in issuers}
        self._audience = audience
        self._keys = keys
        self._profile = profile
        self._clock = clock
        self._verified = VerifiedTokens()

    async def verify(self, authorization: str | None) -> Caller | Refused:
        """Judge the value of the one Authorization header (None: there was none)."""
        token = bearer_token(authorization)
        if isinstance(token, Refused):
            return token
        digest = hashlib.sha256(token.encode("ascii")).digest()
        seen = self._verified.get(digest, self._clock())
        if seen is not None:
            caller, key_version = seen
            if key_version == self._keys.version(caller.issuer):
                return caller
        judged = await self._judge(token)
        if isinstance(judged, Caller):
            version = self._keys.version(judged.issuer)
            self._verified.put(digest, judged, version, self._clock())
        return judged

    async def _judge(self, token: str) -> Caller | Refused:
        """Form, issuer, key, signature, claims: each step believes the ones before it."""
        opened = _opened(token)
        if isinstance(opened, Refused):
            return opened
        header, origin = opened
        issuer = self._issuers.get(origin)
        if issuer is None:
            return refuse("token-issuer-unknown")
        key = await self._keys.find(issuer, header.kid, header.alg)
        if isinstance(key, Refused):
            return key
        payload = _signed_payload(token, key)
        if payload is None:
            return refuse("token-signature")
        return self._believe(payload)

    def _believe(self, payload: bytes) -> Caller | Refused:
        """Judge what an issuer of ours has signed."""
        claims = read_claims(payload)
        caller = claims.from_wire() if claims is not None else None
        if claims is None or caller is None:
            return refuse("token-claims")
        return self._unmeant(claims) or self._untimely(claims) or self._unbound(claims) or caller

    def _unmeant(self, claims: Claims) -> Refused | None:
        """Refuse a token that was made for another gateway."""
        meant = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        return None if self._audience in meant else refuse("token-audience")

    def _untimely(self, claims: Claims) -> Refused | None:
        """Refuse a token of the past, or of a future that no clock's error explains."""
        now = self._clock()
        if claims.exp <= now:
            return refuse("token-expired")
        if max(claims.iat, claims.nbf or 0.0) > now + CLOCK_LEEWAY:
            return refuse("token-not-yet-valid")
        return None

    def _unbound(self, claims: Claims) -> Refused | None:
        """Refuse a bearer whose token says, or whose profile demands, that bearing is not enough.

        RFC 9449 section 7.1: a bound token taken as a plain bearer is a stolen token's best day.
        """
        if claims.cnf is not msgspec.UNSET:
            return refuse("token-bound-as-bearer")
        if self._profile is not Profile.SANDBOX:
            return refuse("sender-constraint-required")
        return None


def bearer_token(authorization: str | None) -> str | Refused:
    """Take the token out of the header's value (RFC 6750 section 2.1)."""
    scheme, _, token = (authorization or "").strip(" ").partition(" ")
    token = token.strip(" ")
    if not scheme:
        return refuse("token-required")
    if scheme.lower() != "bearer":
        return refuse("scheme-not-bearer")
    if not token or not token.isascii():
        return refuse("token-malformed")
    if len(token) > LONGEST_TOKEN:
        return refuse("token-too-large", limit=str(LONGEST_TOKEN))
    return token


def _opened(token: str) -> tuple[Header, str] | Refused:
    """Read the header, which decides how to verify, and the name of the issuer to verify by."""
    parts = _COMPACT.fullmatch(token)
    header = read_header(parts[1]) if parts else None
    if parts is None or header is None:
        return refuse("token-malformed")
    if (header.typ or "").lower() not in TYPES:
        return refuse("token-type")
    if header.alg not in ALGORITHMS:
        return refuse("token-algorithm")
    if header.oversteps:
        return refuse("token-header")
    return header, claimed_issuer(parts[2]) or ""


def _signed_payload(token: str, key: Key) -> bytes | None:
    """Return the payload if *key* signed it, else None."""
    try:
        signed = extract_compact(token.encode("ascii"), registry=_SIGNATURES)
        genuine = validate_compact(signed, key, registry=_SIGNATURES)
    except (JoseError, ValueError):
        return None
    return signed.payload if genuine else None
