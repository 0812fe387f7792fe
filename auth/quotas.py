"""How many distinct subjects an officer may ask about, and how many requests a consumer may send.

Subjects are counted, not requests: a document that names twenty people costs twenty, and a second
question about the same person costs nothing (threat 3: enumerating numbers with a stolen token).
"""

import math
from collections.abc import Callable, Sequence

import msgspec

from auth.opaque import Opaque
from auth.policy import Granted
from auth.refusal import Refused, refuse
from auth.shared import Full, Shared, SharedUnavailable, Window

MINUTE = 60.0
HOUR = 3600.0


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What a grant allows."""

    subjects_per_minute: int = 60
    subjects_per_hour: int = 600
    requests_per_minute: int = 600


class Quotas:
    """Counts for all replicas together. *nonce* gives so many random bytes."""

    def __init__(self, shared: Shared, opaque: Opaque, nonce: Callable[[int], bytes]) -> None:
        self._shared = shared
        self._opaque = opaque
        self._nonce = nonce

    async def request(self, consumer_id: str, allowance: Allowance) -> Refused | None:
        """Count one request of a consumer, whoever sits behind it."""
        name = self._opaque("requests", consumer_id)
        window = Window(limit=allowance.requests_per_minute, seconds=MINUTE)
        full = await self._count(name, [self._nonce(16)], [window])
        if isinstance(full, Full):
            return _when(refuse("quota-of-requests", **_facts(full)), full)
        return full

    async def spend(
        self,
        granted: Granted,
        subjects: Sequence[str],
        allowance: Allowance,
        *,
        citizen: str | None = None,
    ) -> Refused | None:
        """Count the *subjects* of a request, all of them or none; they are only ever hashed.

        Each officer has a quota of their own, and so has each *citizen* for whom an issuer vouches:
        whoever asks online would otherwise spend that of the one accountable officer.
        """
        if not subjects:
            return None
        person = ("citizen", citizen) if citizen is not None else ("officer", granted.officer_id)
        name = self._opaque("subjects", granted.consumer_id, *person)
        members = [self._opaque("subject", granted.consumer_id, *person, s) for s in subjects]
        windows = [
            Window(limit=allowance.subjects_per_minute, seconds=MINUTE),
            Window(limit=allowance.subjects_per_hour, seconds=HOUR),
        ]
        full = await self._count(name, members, windows)
        if isinstance(full, Full):
            return _when(refuse("quota-of-subjects", **_facts(full)), full)
        return full

    async def _count(
        self, name: bytes, members: Sequence[bytes], windows: Sequence[Window]
    ) -> Full | Refused | None:
        try:
            return await self._shared.count_distinct(name, members, windows)
        except SharedUnavailable:
            return refuse("guard-unavailable")


def _when(refused: Refused, full: Full) -> Refused:
    """Add when there will be room."""
    return msgspec.structs.replace(refused, retry_after=max(1, math.ceil(full.free_in)))


def _facts(full: Full) -> dict[str, str]:
    return {"limit": str(full.window.limit), "window": str(round(full.window.seconds))}
