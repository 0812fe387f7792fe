"""Answers kept for seconds to minutes, within one consumer and dossier and never across.

Backed by aiocache: its memory by default, Redis by URL. What stands in the store tells nothing:
a key is a keyed digest, a value is encrypted under a key of its own and bound to its place, so
that it can be neither read, nor moved, nor kept alive past its time. A store that is slow, down
or tampered with is a miss, never an error.

`CachedRegistry` puts it under the desk, so that a cached answer is logged like any other.
"""

import asyncio
import hashlib
import hmac
import logging
import os
import struct
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import aiocache
import msgspec
import redis.exceptions
from aiocache.serializers import NullSerializer
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from adapters.cancellation import cancellable
from adapters.registry import Absent, Ambiguous, Errand, Registry, RegistryName, Source

TTL = {
    RegistryName.POPULATION: 60.0,
    RegistryName.BUSINESS: 300.0,
    RegistryName.INSURANCE: 60.0,
    RegistryName.LAND: 120.0,
}
"""Seconds for which a record is kept; a failure is never kept."""
ABSENCE_TTL = 30.0
"""Seconds for which nothing, or more than one record, is kept: a correction shows soon."""
_KEPT_ALIKE = frozenset({"CertificateKey", "HouseholdBusinessKey", "ParcelKey"})
"""Keys that whoever asks proves no right to: how long the answer stays the same must not tell a
record that is withheld from none, so both are kept for the shorter time."""

MEMORY_ENTRIES = 4096
LARGEST_VALUE = 64 * 1024
REDIS_PATIENCE = 0.05
NONCE_BYTES = 12

_EXPIRY = struct.Struct(">d")
# ValueError: redis-py reading what is no Redis.
_STORE_TROUBLE = (redis.exceptions.RedisError, OSError, TimeoutError, ValueError)

T = TypeVar("T")


class _BoundedMemory(aiocache.SimpleMemoryCache):  # type: ignore[misc] # aiocache ships no types
    """aiocache's memory with a ceiling: the entry longest not asked for makes room."""

    async def _get(self, key: str, **_options: object) -> object:
        value = self._cache.pop(key, None)
        if value is not None:
            self._cache[key] = value
        return value

    async def _set(
        self, key: str, value: object, ttl: float | None = None, **_options: object
    ) -> bool:
        await self._delete(key)
        while len(self._cache) >= MEMORY_ENTRIES:
            await self._delete(next(iter(self._cache)))
        return bool(await super()._set(key, value, ttl=ttl))


def _open_store(url: str) -> aiocache.BaseCache:
    """Open `memory://` or `redis://[user:password@]host[:port][/database]` (`rediss` with TLS)."""
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return _BoundedMemory(timeout=None)
    if parts.scheme not in {"redis", "rediss"}:
        msg = "the cache URL must start with memory://, redis:// or rediss://"
        raise ValueError(msg)
    return aiocache.RedisCache(
        endpoint=parts.hostname or "127.0.0.1",
        port=parts.port or 6379,
        db=int(parts.path.strip("/") or 0),
        password=unquote(parts.password) if parts.password else None,
        ssl=parts.scheme == "rediss",
        serializer=NullSerializer(encoding=None),
        timeout=REDIS_PATIENCE,
        create_connection_timeout=REDIS_PATIENCE,
        connection_pool_kwargs={
            "username": unquote(parts.username) if parts.username else None,
            "retry": Retry(NoBackoff(), 0),
        },
    )


class Cache:
    """A store of encrypted bytes under keyed names; *clock* gives seconds since 1970."""

    def __init__(
        self,
        url: str,
        key: bytes,
        clock: Callable[[], float],
        *,
        nonce: Callable[[int], bytes] = os.urandom,
    ) -> None:
        # aiocache prints keys; even keyed digests say who was asked for twice.
        logging.getLogger("aiocache").setLevel(logging.CRITICAL + 1)
        self._store = _open_store(url)
        self._naming_key = hmac.digest(key, b"lienthong cache names", hashlib.sha256)
        self._value_key = hmac.digest(key, b"lienthong cache values", hashlib.sha256)
        self._clock = clock
        self._nonce = nonce

    async def get(self, kind: str, scope: str, key_parts: Sequence[object]) -> bytes | None:
        """Give the value kept under this name, or None for any reason there may be."""
        name = self._name(kind, scope, key_parts)
        try:
            sealed = await cancellable(self._store.get(name))
        except _STORE_TROUBLE:
            return None
        return self._opened(name, sealed) if isinstance(sealed, bytes) else None

    async def set(
        self, kind: str, scope: str, key_parts: Sequence[object], value: bytes, ttl: float
    ) -> None:
        """Keep *value* for *ttl* seconds, if the store can; a very large value is not kept."""
        if len(value) > LARGEST_VALUE:
            return
        name = self._name(kind, scope, key_parts)
        nonce = self._nonce(NONCE_BYTES)
        expiry = _EXPIRY.pack(self._clock() + ttl)
        sealed = nonce + self._cipher(name).encrypt(nonce, expiry + value, name.encode())
        try:
            await cancellable(self._store.set(name, sealed, ttl=float(ttl)))
        except _STORE_TROUBLE:
            return

    async def aclose(self) -> None:
        """Give back connections, and forget what memory holds."""
        try:
            if isinstance(self._store, _BoundedMemory):
                await self._store.clear()
            else:
                await self._store.client.aclose()
        except _STORE_TROUBLE:
            return

    def _name(self, kind: str, scope: str, key_parts: Sequence[object]) -> str:
        """Digest the name under our key; msgpack keeps its parts from running together."""
        parts = msgspec.msgpack.encode((kind, scope, list(key_parts)))
        return hmac.digest(self._naming_key, parts, hashlib.sha256).hex()

    def _cipher(self, name: str) -> AESGCM:
        # A key per name: two values never meet under one key and nonce.
        return AESGCM(hmac.digest(self._value_key, name.encode(), hashlib.sha256))

    def _opened(self, name: str, sealed: bytes) -> bytes | None:
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            plain = self._cipher(name).decrypt(nonce, body, name.encode())
        except (InvalidTag, ValueError):
            return None
        (expiry,) = _EXPIRY.unpack_from(plain)
        return plain[_EXPIRY.size :] if self._clock() < expiry else None


class CachedRegistry:
    """A registry that is asked only for what is not kept; itself a Registry.

    *records* are the classes its answers may have; *whole* says whether an answer may be kept
    (one from which a province was missing may not).
    """

    def __init__(
        self,
        registry: Registry,
        cache: Cache,
        *,
        records: Sequence[type[msgspec.Struct]],
        whole: Callable[[object], bool] = lambda _: True,
    ) -> None:
        self.name = registry.name
        self._registry = registry
        self._cache = cache
        self._whole = whole
        kept: tuple[type[msgspec.Struct], ...] = (*records, Absent, Ambiguous)
        self._decoders = {kind.__name__: msgspec.msgpack.Decoder(kind) for kind in kept}
        # A field added later must not be read as empty from what an older release kept.
        shape = msgspec.json.encode(msgspec.json.schema_components(kept), order="sorted")
        self._shape = hashlib.sha256(shape).digest()

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer each key in the order asked; equal keys, and kept ones, cost no second call."""
        wanted = list(dict.fromkeys(keys))
        kept = await asyncio.gather(*(self._recall(key, errand) for key in wanted))
        answers = dict(zip(wanted, kept, strict=True))
        missing = [key for key in wanted if answers[key] is None]
        if missing:
            fresh = await self._registry.fetch_many(missing, errand)
            answers.update(zip(missing, fresh, strict=True))
            await asyncio.gather(*(self._keep(key, answers[key], errand) for key in missing))
        return [answers[key] for key in keys]

    async def aclose(self) -> None:
        """Close the registry; the cache is shared and stays open."""
        await self._registry.aclose()

    def _parts(self, key: Hashable) -> tuple[object, ...]:
        return (self.name.value, self._shape, key)

    async def _recall(self, key: Hashable, errand: Errand) -> object | None:
        kept = await self._cache.get(type(key).__name__, errand.scope, self._parts(key))
        if kept is None:
            return None
        kind, _, body = kept.partition(b"\0")
        decoder = self._decoders.get(kind.decode(errors="replace"))
        try:
            return None if decoder is None else decoder.decode(body)
        except msgspec.MsgspecError:
            return None

    async def _keep(self, key: Hashable, answer: object, errand: Errand) -> None:
        kind = type(answer).__name__
        if kind not in self._decoders or not self._whole(answer):
            return
        brief = isinstance(answer, Absent | Ambiguous) or type(key).__name__ in _KEPT_ALIKE
        value = kind.encode() + b"\0" + msgspec.msgpack.encode(_as_kept(answer))
        ttl = ABSENCE_TTL if brief else TTL[self.name]
        await self._cache.set(type(key).__name__, errand.scope, self._parts(key), value, ttl)


def _as_kept(value: T) -> T:
    """Copy a record with every source in it marked as kept, however deep."""
    if isinstance(value, Source):
        return msgspec.structs.replace(value, from_cache=True)
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: _as_kept(field) for name, field in fields.items()}
        return msgspec.structs.replace(value, **changed)
    if isinstance(value, tuple):
        return type(value)(_as_kept(part) for part in value)
    return value
