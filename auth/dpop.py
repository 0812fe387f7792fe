"""A DPoP proof (RFC 9449): the sender holds the key that its token is bound to, at this moment.

The checks of section 4.3, from the cheapest to the dearest. Whose key it is comes before what it
signed, so that nobody but a token's own holder can make us verify a signature. The proof is used
up last, after everything else is right: a wrong one costs its sender nothing.
"""

import base64
import functools
import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

import msgspec

from auth.claims import Present
from auth.compact import parts, payload_signed_by, read, read_part
from auth.keys import ALGORITHMS, PublicKey
from auth.nonces import Nonces
from auth.opaque import Opaque
from auth.presented import Presented
from auth.refusal import Refused, refuse
from auth.shared import Shared, SharedUnavailable

LONGEST_PROOF = 8192
KEYS_KEPT = 1000
OLDEST_S = 60.0
NEWEST_S = 10.0
"""Seconds by which a proof's `iat` may lie behind and before our clock."""
REMEMBERED_S = 2 * (OLDEST_S + NEWEST_S)
"""Seconds for which a used proof is known: twice its life, since replicas' clocks may differ."""

_DEFAULT_PORTS = {"https": 443, "http": 80}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")


class _ProofHeader(msgspec.Struct, frozen=True):
    alg: str
    typ: str
    jwk: PublicKey | None = None
    crit: Present = msgspec.UNSET
    b64: Present = msgspec.UNSET


class _ProofClaims(msgspec.Struct, frozen=True):
    """All others are passed over."""

    jti: Annotated[str, msgspec.Meta(pattern=r"^[ -~]{1,256}\Z")]
    htm: Annotated[str, msgspec.Meta(max_length=32)]
    htu: Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,2048}\Z")]
    iat: float
    ath: str
    nonce: Annotated[str, msgspec.Meta(max_length=256)] | None = None


class Proofs:
    """Judges the proofs of bound tokens; *nonces* where each must name one of ours."""

    def __init__(
        self, shared: Shared, opaque: Opaque, clock: Callable[[], float], nonces: Nonces | None
    ) -> None:
        self._shared = shared
        self._opaque = opaque
        self._clock = clock
        self._nonces = nonces
        # A portal shows the same key thousands of times; only keys that a token is bound to get in.
        self._opened = functools.lru_cache(maxsize=KEYS_KEPT)(PublicKey.opened)

    async def refuse(self, presented: Presented, token_digest: bytes, jkt: str) -> Refused | None:
        """Refuse a request that does not prove possession of the key *jkt*, or proves it again.

        *token_digest* is the SHA-256 of the token that the proof must be made for.
        """
        judged = self._judge(presented, token_digest, jkt)
        if isinstance(judged, Refused):
            return judged
        try:
            used = self._opaque("dpop", jkt, judged)
            if await self._shared.add_once(used, REMEMBERED_S):
                return None
        except SharedUnavailable:
            # Fail closed: who cannot tell a replay must take every proof for one.
            return refuse("guard-unavailable")
        return refuse("dpop-replayed")

    def _judge(self, presented: Presented, token_digest: bytes, jkt: str) -> str | Refused:
        """Give the `jti` of a proof that is right."""
        if not presented.proofs:
            return refuse("dpop-required")
        if len(presented.proofs) > 1:
            return refuse("dpop-repeated")
        payload = self._payload(presented.proofs[0], jkt)
        if isinstance(payload, Refused):
            return payload
        claims = read(payload, _ProofClaims)
        if claims is None:
            return refuse("dpop-claims")
        return self._unfit(claims, presented, token_digest) or claims.jti

    def _payload(self, proof: str, jkt: str) -> bytes | Refused:
        """Give what the key *jkt* has signed; the proof carries that key itself."""
        segments = parts(proof) if len(proof) <= LONGEST_PROOF else None
        header = read_part(segments[0], _ProofHeader) if segments else None
        if header is None:
            return refuse("dpop-malformed")
        if header.typ.lower() not in {"dpop+jwt", "application/dpop+jwt"}:
            return refuse("dpop-type")
        if header.alg not in ALGORITHMS:
            return refuse("dpop-algorithm")
        if header.crit is not msgspec.UNSET or header.b64 is not msgspec.UNSET:
            return refuse("dpop-malformed")
        if header.jwk is None or header.jwk.fits() != header.alg:
            return refuse("dpop-key")
        if header.jwk.thumbprint() != jkt:
            return refuse("dpop-other-key")
        key = self._opened(header.jwk)
        if key is None:
            return refuse("dpop-key")
        payload = payload_signed_by(key, proof)
        return refuse("dpop-signature") if payload is None else payload

    def _unfit(
        self, claims: _ProofClaims, presented: Presented, token_digest: bytes
    ) -> Refused | None:
        """Refuse a proof made for another request, another token or another time."""
        if claims.htm != presented.method:
            return refuse("dpop-method")
        if claims.htu != presented.url and not same_address(claims.htu, presented.url):
            return refuse("dpop-url")
        if claims.ath != base64.urlsafe_b64encode(token_digest)[:-1].decode("ascii"):
            return refuse("dpop-token")
        age = self._clock() - claims.iat
        if not -NEWEST_S <= age <= OLDEST_S:
            return refuse("dpop-time")
        if self._nonces is not None and not self._nonces.accepts(claims.nonce or ""):
            return refuse("dpop-nonce")
        return None


def same_address(one: str, other: str) -> bool:
    """Tell whether two URLs name the same resource; query and fragment do not count."""
    first = _normal(one)
    return first is not None and first == _normal(other)


def _normal(url: str) -> tuple[str, str, int | None, str] | None:
    """Normalise after RFC 3986 6.2.2 and 6.2.3; None when it is no absolute http(s) URL."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return None
    if split.scheme not in _DEFAULT_PORTS or not split.hostname or split.username is not None:
        return None
    port = _DEFAULT_PORTS[split.scheme] if port is None else port
    return split.scheme, split.hostname, port, _path(split)


def _path(split: SplitResult) -> str:
    """Decode what needed no encoding, write the rest in capitals, and walk the dots."""

    def canonical(found: re.Match[str]) -> str:
        letter = chr(int(found[1], 16))
        return letter if letter in _UNRESERVED else found[0].upper()

    walked: list[str] = []
    segments = _ENCODED.sub(canonical, split.path).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del walked[-1:]
        elif segment != ".":
            walked.append(segment)
    if segments and segments[-1] in {".", ".."}:
        walked.append("")
    return "/" + "/".join(walked)
