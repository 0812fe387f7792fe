"""What all replicas share: replayed proofs, quotas, attempts, dossiers, under one secret key."""

import secrets
import time

import msgspec

from auth.attempts import Attempts
from auth.dossiers import Dossiers
from auth.opaque import Opaque
from auth.quotas import Quotas
from auth.shared import Shared
from auth.shared_memory import MemoryShared
from gateway.shared_redis import RedisShared


class Guards(msgspec.Struct, frozen=True, kw_only=True):
    """The shared store and what counts in it."""

    shared: Shared
    opaque: Opaque
    quotas: Quotas
    attempts: Attempts
    dossiers: Dossiers


def open_guards(url: str, key: bytes) -> Guards:
    """Build the guards on `memory://` or `redis://…`; replicas of one installation share *key*."""
    shared: Shared = MemoryShared(time.time) if url == "memory://" else RedisShared(url)
    opaque = Opaque(key)
    return Guards(
        shared=shared,
        opaque=opaque,
        quotas=Quotas(shared, opaque, secrets.token_bytes),
        attempts=Attempts(shared, opaque),
        dossiers=Dossiers(shared, opaque),
    )
