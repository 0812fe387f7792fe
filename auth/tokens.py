"""From what a request presents to a Caller: a FAPI 2.0 resource server's checks, in order.

A token names the issuer by whose keys it wants to be judged; that one word is believed before the
signature, and only to choose among the issuers we were configured with and the consumers whose own
keys stand in the grants. What is verified is remembered for a minute, or until keys, grants or the
list of revocations change; whether its sender holds the key it is bound to is asked at every
request.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec

from auth.caller import Caller
from auth.claims import Claims, Confirmation, Header, claimed_issuer, read_claims, read_header
from auth.compact import parts, payload_signed_by
from auth.consumer import Consumer
from auth.dpop import Proofs
from auth.keys import ALGORITHMS, Issuer, IssuerKeys
from auth.nonces import Nonces
from auth.opaque import Opaque
from auth.own_tokens import OWN_SCOPES, not_its_own, own_issuer, own_key
from auth.presented import Presented, sent_token
from auth.profile import Profile
from auth.refusal import Refused, refuse
from auth.revocations import Revocations
from auth.shared import Shared
from auth.verified import Verified, VerifiedTokens

CLOCK_LEEWAY = 10.0
"""Seconds by which an issuer's clock may be ahead of ours (FAPI 2.0, 5.3.2.1)."""

TYPES = ("at+jwt", "application/at+jwt")
"""RFC 9068 section 4: any other kind of token the issuer signs is not for us."""


class TokenVerifier:
    """Tells for every request who asks; *clock* gives seconds since 1970.

    *consumers* and *revocations* give what is in force now; *trust_version* MUST change with either
    of them: a remembered token is not looked up in them again while it stays.
    """

    def __init__(
        self,
        issuers: Sequence[Issuer],
        audience: str,
        keys: IssuerKeys,
        profile: Profile,
        clock: Callable[[], float],
        *,
        consumers: Callable[[], Mapping[str, Consumer]],
        trust_version: Callable[[], int],
        revocations: Callable[[], Revocations],
        shared: Shared,
        opaque: Opaque,
        nonces: Nonces | None = None,
    ) -> None:
        self._issuers = {issuer.issuer: issuer for issuer in issuers}
        self._audience = audience
        self._keys = keys
        self._profile = profile
        self._clock = clock
        self._consumers = consumers
        self._trust_version = trust_version
        self._revocations = revocations
        self._proofs = Proofs(shared, opaque, clock, nonces)
        self._remembered = VerifiedTokens()

    async def verify(self, presented: Presented) -> Caller | Refused:
        """Judge what a request presents."""
        sent = sent_token(presented)
        if not isinstance(sent, tuple):
            return sent
        by_dpop, token = sent
        digest = sha256(token.encode()).digest()
        verified = self._remembered.get(digest, self._clock())
        if (
            verified is None
            or verified.key_version != self._keys.version(verified.caller.issuer)
            or verified.trust_version != self._trust_version()
        ):
            # Also when keys, grants or revocations are not those any more that it was believed by.
            judged = await self._judge(token)
            if isinstance(judged, Refused):
                return judged
            if self._revoked(judged):
                return refuse("token-revoked")
            self._remembered.put(digest, judged, self._clock())
            verified = judged
        if verified.bound is None and not by_dpop:
            return verified.caller
        return await self._unproven(verified, presented, digest, by_dpop) or verified.caller

    def _revoked(self, judged: Verified) -> bool:
        """Tell whether the token, its client or a key it is bound to was revoked."""
        caller, bound, revocations = judged.caller, judged.bound, self._revocations()
        if revocations.revoked(caller.token_id, caller.consumer_id, caller.thumbprint):
            return True
        return bound is not None and bound.certificate in revocations.keys

    async def _unproven(
        self, verified: Verified, presented: Presented, digest: bytes, by_dpop: bool
    ) -> Refused | None:
        """Refuse a token whose sender does not show the key, the certificate, or both.

        RFC 9449 section 7.1: a bound token taken as a plain bearer is a stolen token's best day.
        """
        bound = verified.bound
        if bound is None or (bound.jkt is None and by_dpop):
            return refuse("token-not-bound-by-dpop")
        if bound.certificate is not None and bound.certificate != presented.certificate:
            return refuse("token-certificate")
        if bound.jkt is None:
            return None
        if not by_dpop:
            return refuse("token-bound-as-bearer")
        return await self._proofs.refuse(presented, digest, bound.jkt)

    async def _judge(self, token: str) -> Verified | Refused:
        """Form, issuer, key, signature, claims: each step believes the ones before it."""
        opened = _opened(token)
        if isinstance(opened, Refused):
            return opened
        header, origin = opened
        # Read before anything is waited for: a version that comes meanwhile judges the token anew.
        trust_version, consumers = self._trust_version(), self._consumers()
        issuer = self._issuers.get(origin)
        signer = own_issuer(consumers, origin) if issuer is None else None
        if issuer is not None:
            key = await self._keys.find(issuer, header.kid, header.alg)
        elif signer is not None:
            key = own_key(signer, header)
        else:
            return refuse("token-issuer-unknown")
        if isinstance(key, Refused):
            return key
        payload = payload_signed_by(key, token)
        if payload is None:
            return refuse("token-signature")
        claims = read_claims(payload)
        if claims is None:
            return refuse("token-claims")
        own_word = signer is not None
        return (
            self._unmeant(claims)
            or self._untimely(claims)
            or _misspoken(claims, consumers, signer)
            or self._unbound(claims, own_word=own_word)
            or self._believed(claims, trust_version, own_word=own_word)
        )

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

    def _unbound(self, claims: Claims, *, own_word: bool) -> Refused | None:
        """Refuse a token that any thief could use, where no such token is taken."""
        if claims.cnf:
            return None
        if isinstance(claims.cnf, Confirmation):
            return refuse("token-binding-unknown")
        if own_word or self._profile is not Profile.SANDBOX:
            return refuse("sender-constraint-required")
        return None

    def _believed(
        self, claims: Claims, trust_version: int, *, own_word: bool
    ) -> Verified | Refused:
        caller = claims.from_wire(own_word=own_word)
        if caller is None:
            return refuse("token-claims")
        if own_word:
            caller = msgspec.structs.replace(caller, scopes=caller.scopes & OWN_SCOPES)
        return Verified(
            caller=caller,
            bound=claims.cnf or None,
            key_version=self._keys.version(claims.iss),
            trust_version=trust_version,
            expires=claims.exp,
        )


def _misspoken(
    claims: Claims, consumers: Mapping[str, Consumer], signer: Consumer | None
) -> Refused | None:
    """Refuse a token of an issuer who may not speak for its consumer, or not for so long."""
    if signer is not None and (refused := not_its_own(signer, claims)):
        return refused
    consumer = consumers.get(claims.client_id)
    if consumer is not None and consumer.issuer not in {None, claims.iss}:
        return refuse("token-issuer-not-the-consumers")
    return None


def _opened(token: str) -> tuple[Header, str] | Refused:
    """Read the header, which decides how to verify, and the name of the issuer to verify by."""
    segments = parts(token)
    header = read_header(segments[0]) if segments else None
    if segments is None or header is None:
        return refuse("token-malformed")
    if (header.typ or "").lower() not in TYPES:
        return refuse("token-type")
    if header.alg not in ALGORITHMS:
        return refuse("token-algorithm")
    if header.oversteps:
        return refuse("token-header")
    return header, claimed_issuer(segments[1]) or ""
