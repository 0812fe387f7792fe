"""The public keys of the issuers we believe, fetched when needed and kept when they are away."""

import asyncio
import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Annotated, Protocol

import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.util import base64_to_int

from auth.refusal import Refused, refuse

log = structlog.get_logger()

Key = ECKey | RSAKey | OKPKey

ALGORITHMS = ("ES256", "PS256", "Ed25519")
"""What FAPI 2.0 allows; RS256, `none` and anything with a shared secret is refused unread."""

REST_BETWEEN_REFRESHES = 10.0
"""Seconds: unknown key ids cannot make us a hammer on the issuer."""
REST_WITHOUT_KEYS = 1.0
"""Seconds: while we have nothing at all, nobody can be served, so we ask sooner."""
KEYS_GROW_OLD = 300.0
"""Seconds after which a withdrawn key is noticed without anybody using an unknown one."""
KEYS_PER_ISSUER = 64
SMALLEST_RSA = 2048
LARGEST_RSA = 8192
"""Bits; verifying with a longer one is work that a stranger could make us do."""


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization server we believe."""

    issuer: str
    """Its name, exactly as it stands in the tokens' `iss`."""
    jwks_url: str


class KeySource(Protocol):
    """The way to an issuer's key document; the composition root passes one."""

    async def fetch(self, jwks_url: str) -> Mapping[str, object] | None:
        """Return the document, or None for whatever went wrong. MUST end in bounded time."""
        ...


_Number = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,1400}\Z")]

_THUMBPRINT_OF = {
    "EC": ("crv", "kty", "x", "y"),
    "OKP": ("crv", "kty", "x"),
    "RSA": ("e", "kty", "n"),
}


class PublicKey(msgspec.Struct, frozen=True):
    """A JWK as somebody shows it (RFC 7517): the members we look at."""

    kty: str
    kid: str | None = None
    alg: str | None = None
    use: str | None = None
    crv: str | None = None
    x: _Number | None = None
    y: _Number | None = None
    n: _Number | None = None
    e: _Number | None = None
    d: object = msgspec.UNSET
    p: object = msgspec.UNSET
    q: object = msgspec.UNSET
    dp: object = msgspec.UNSET
    dq: object = msgspec.UNSET
    qi: object = msgspec.UNSET
    oth: object = msgspec.UNSET
    k: object = msgspec.UNSET

    @property
    def tells_a_secret(self) -> bool:
        """Whether private numbers, or a shared secret, were shown along: then it is anybody's."""
        private = (self.d, self.p, self.q, self.dp, self.dq, self.qi, self.oth, self.k)
        return any(member is not msgspec.UNSET for member in private)

    def fits(self) -> str | None:
        """Name the one algorithm this key may verify, if any."""
        algorithm = {
            ("EC", "P-256"): "ES256",
            ("RSA", None): "PS256",
            ("OKP", "Ed25519"): "Ed25519",
        }.get((self.kty, self.crv))
        usable = self.use in (None, "sig") and self.alg in (None, algorithm)
        return algorithm if usable and not self.tells_a_secret else None

    def thumbprint(self) -> str:
        """Name the key by its numbers (RFC 7638); only for a key that fits an algorithm."""
        members = {name: getattr(self, name) for name in _THUMBPRINT_OF[self.kty]}
        digest = hashlib.sha256(msgspec.json.encode(members)).digest()
        return base64.urlsafe_b64encode(digest)[:-1].decode()

    def opened(self) -> Key | None:
        """Build the key, or None when its numbers are no key, or one too short or too long."""
        members: dict[str, str | list[str]] = {
            name: value
            for name in ("kty", "crv", "x", "y", "n", "e")
            if isinstance(value := getattr(self, name), str)
        }
        try:
            # Measured here, because joserfc only warns about a short modulus.
            bits = base64_to_int(self.n).bit_length() if self.n is not None else SMALLEST_RSA
            if not SMALLEST_RSA <= bits <= LARGEST_RSA:
                return None
            if self.kty == "EC":
                return ECKey.import_key(members)
            if self.kty == "OKP":
                return OKPKey.import_key(members)
            return RSAKey.import_key(members)
        except (JoseError, ValueError, TypeError):
            return None


Ring = dict[tuple[str, str], Key]
"""Keys by their id and the one algorithm each may verify."""


def pick(ring: Mapping[tuple[str, str], Key], kid: str | None, algorithm: str) -> Key | None:
    """Find the key by its id; without an id only where there is no choice."""
    if kid is not None:
        return ring.get((kid, algorithm))
    fitting = [key for (_, fits), key in ring.items() if fits == algorithm]
    return fitting[0] if len(fitting) == 1 else None


def ring_of(document: Mapping[str, object] | None) -> Ring | None:
    """Take the usable keys out of a key document; None when it is not one.

    An unusable key is passed over, so that an issuer may publish keys for others too.
    An empty list is the issuer's word that nothing of its is to be believed.
    """
    listed = document.get("keys") if document is not None else None
    if not isinstance(listed, list):
        return None
    ring: Ring = {}
    for member in listed[:KEYS_PER_ISSUER]:
        try:
            public = msgspec.convert(member, PublicKey)
        except msgspec.ValidationError:
            continue
        algorithm = public.fits()
        key = public.opened() if algorithm is not None else None
        if algorithm is not None and key is not None:
            ring.setdefault((public.kid or key.thumbprint(), algorithm), key)
    return ring


class _Keys:
    """What is known of one issuer."""

    def __init__(self) -> None:
        self.ring: Ring | None = None
        self.version = 0
        self.asked_at: float | None = None
        self.fetched_at: float | None = None
        self.flight: asyncio.Task[None] | None = None

    def pick(self, kid: str | None, algorithm: str) -> Key | None:
        """Find the key among those the issuer last showed."""
        return pick(self.ring or {}, kid, algorithm)

    def replace(self, ring: Ring) -> bool:
        """Take over a fetched ring; True when it holds other keys than before."""
        before = {name: key.thumbprint() for name, key in (self.ring or {}).items()}
        after = {name: key.thumbprint() for name, key in ring.items()}
        changed = self.ring is None or before != after
        self.ring = ring
        self.version += changed
        return changed


class IssuerKeys:
    """Keys by issuer: fetched at first use, again at an unknown key id, and now and then.

    However many callers wait, one fetch is under way per issuer. While an issuer is away its last
    good keys stay. *monotonic* counts seconds and never goes back.
    """

    def __init__(self, source: KeySource, monotonic: Callable[[], float]) -> None:
        self._source = source
        self._monotonic = monotonic
        self._issuers: dict[str, _Keys] = {}

    def version(self, issuer: str) -> int:
        """Count the key sets this issuer has had; what an older one verified is verified again."""
        known = self._issuers.get(issuer)
        return known.version if known is not None else 0

    async def find(self, issuer: Issuer, kid: str | None, algorithm: str) -> Key | Refused:
        """Find the key that *issuer* says is its own, asking the issuer if need be."""
        known = self._issuers.setdefault(issuer.issuer, _Keys())
        key = known.pick(kid, algorithm)
        if key is None:
            flight = self._refresh(issuer, known)
            if flight is not None:
                # A caller who hangs up must not take the others' fetch along.
                await asyncio.shield(flight)
                key = known.pick(kid, algorithm)
        elif self._old(known):
            self._refresh(issuer, known)
        if key is not None:
            return key
        return refuse("issuer-unavailable" if known.ring is None else "token-key-unknown")

    async def aclose(self) -> None:
        """End the fetches under way."""
        flights = [known.flight for known in self._issuers.values() if known.flight is not None]
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    def _old(self, known: _Keys) -> bool:
        return known.fetched_at is None or self._monotonic() - known.fetched_at > KEYS_GROW_OLD

    def _refresh(self, issuer: Issuer, known: _Keys) -> asyncio.Task[None] | None:
        """Start a fetch or join the one under way; None while the issuer has its rest."""
        if known.flight is not None and not known.flight.done():
            return known.flight
        rest = REST_WITHOUT_KEYS if known.ring is None else REST_BETWEEN_REFRESHES
        if known.asked_at is not None and self._monotonic() - known.asked_at < rest:
            return None
        known.asked_at = self._monotonic()
        known.flight = asyncio.create_task(self._fetch(issuer, known))
        return known.flight

    async def _fetch(self, issuer: Issuer, known: _Keys) -> None:
        ring = ring_of(await self._source.fetch(issuer.jwks_url))
        if ring is None:
            log.warning(
                "issuer gave no keys",
                issuer=issuer.issuer,
                kept=len(known.ring or {}),
                action="check that the issuer runs and that its key address is right",
            )
            return
        known.fetched_at = self._monotonic()
        if known.replace(ring):
            log.info("issuer's keys taken over", issuer=issuer.issuer, keys=len(ring))
