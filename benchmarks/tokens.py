"""What a token costs: remembered, new, and with a DPoP proof at each request."""

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping

import msgspec
from joserfc.jwk import ECKey
from joserfc.jws import serialize_compact

from auth.caller import Caller
from auth.keys import Issuer, IssuerKeys
from auth.opaque import Opaque
from auth.presented import Presented
from auth.profile import Profile
from auth.revocations import NOTHING_REVOKED
from auth.shared_memory import MemoryShared
from auth.tokens import TokenVerifier
from benchmarks.world import Measured

ISSUER = Issuer(issuer="https://id.example", jwks_url="https://id.example/jwks")
ADDRESS = "https://gateway.example/graphql"
ISSUERS_KEY = ECKey.generate_key("P-256", {"kid": "k"})
PORTALS_KEY = ECKey.generate_key("P-256")
HITS, MISSES = 20_000, 1_000


class _Published:
    """A key source that has the keys at hand."""

    async def fetch(self, jwks_url: str) -> Mapping[str, object] | None:
        """Give them."""
        del jwks_url
        return {"keys": [ISSUERS_KEY.as_dict(private=False)]}


def _verifier() -> TokenVerifier:
    return TokenVerifier(
        [ISSUER],
        "bench",
        IssuerKeys(_Published(), time.monotonic),
        Profile.SANDBOX,
        time.time,
        consumers=dict,
        trust_version=lambda: 1,
        revocations=lambda: NOTHING_REVOKED,
        shared=MemoryShared(time.time),
        opaque=Opaque(bytes(32)),
    )


def _token(number: int, **more: object) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER.issuer, "aud": "bench", "sub": "portal", "client_id": "portal-hanoi",
        "scope": "prefill verify records", "jti": f"t-{number}", "iat": now, "exp": now + 300,
    } | more  # fmt: skip
    header = {"alg": "ES256", "typ": "at+jwt", "kid": "k"}
    return serialize_compact(header, msgspec.json.encode(claims), ISSUERS_KEY)


def _bearer(token: str) -> Presented:
    return Presented(authorizations=(f"Bearer {token}",), method="POST", url=ADDRESS)


def _proven(token: str, number: int) -> Presented:
    digest = hashlib.sha256(token.encode()).digest()
    claims = {
        "jti": f"p-{number}", "htm": "POST", "htu": ADDRESS, "iat": int(time.time()),
        "ath": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
    }  # fmt: skip
    jwk = PORTALS_KEY.as_dict(private=False)
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk}
    proof = serialize_compact(header, msgspec.json.encode(claims), PORTALS_KEY)
    return Presented(authorizations=(f"DPoP {token}",), proofs=(proof,), method="POST", url=ADDRESS)


async def _measure(name: str, verifier: TokenVerifier, requests: list[Presented]) -> Measured:
    """Verify each request once, after the first, which also fetches the keys."""
    first, *others = requests
    judged = await verifier.verify(first)
    started = time.process_time()
    for each in others:
        judged = await verifier.verify(each)
    spent = time.process_time() - started
    if not isinstance(judged, Caller):
        message = f"a benchmark's token was refused: {judged.rule}"
        raise TypeError(message)
    return Measured(name, spent / len(others) * 1e6)


async def _rows() -> list[Measured]:
    same = _bearer(_token(0))
    others = [_bearer(_token(number)) for number in range(MISSES)]
    bound = _token(0, cnf={"jkt": PORTALS_KEY.thumbprint()})
    proofs = [_proven(bound, number) for number in range(MISSES)]
    return [
        await _measure("token, remembered", _verifier(), [same] * HITS),
        await _measure("token, new (ES256)", _verifier(), others),
        await _measure("token, remembered, and its DPoP proof", _verifier(), proofs),
    ]


def rows() -> list[Measured]:
    """Measure."""
    return asyncio.run(_rows())


if __name__ == "__main__":
    for row in rows():
        print(f"{row.name:<48} {row.cpu_us:>9.2f} us CPU")
