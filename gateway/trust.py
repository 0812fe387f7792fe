"""Whom we trust just now: grants, revocations and withdrawals, watched together."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol, TypeVar

import msgspec
import structlog

from auth.bundle import BundleKind, Rejected, is_sealed, unseal
from auth.consumer import Consumer
from auth.grant_table import GrantsInvalid
from auth.grants import SANDBOX_GRANTS, Grants, load_grants
from auth.keys import Ring
from auth.profile import Profile
from auth.purpose import VIETNAM
from auth.revocations import NOTHING_REVOKED, Revocations, load_revocations
from auth.signing_key import read_public_keys
from auth.withdrawals import (
    NOTHING_WITHDRAWN,
    Withdrawal,
    Withdrawals,
    load_withdrawal,
    load_withdrawals,
)
from gateway.settings import ProfileName, Settings
from gateway.watched import Fetch, SourceUnusableError, Watched

_log = structlog.get_logger()


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...
    @property
    def expires(self) -> date: ...


_File = TypeVar("_File", bound=_Versioned)
_Value = TypeVar("_Value")


class Trust:
    """The three sources; what they say can be asked at any moment after open(), at no cost."""

    def __init__(self, settings: Settings, *, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now
        self._sandbox = settings.profile is ProfileName.SANDBOX
        self._profile = Profile.SANDBOX if self._sandbox else Profile.PRODUCTION
        self._ring: Ring = {}
        self._version = 0
        self._floors: dict[type[object], int] = {}
        self._believed: tuple[Grants, Revocations, Mapping[str, Consumer]] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._fetch = fetch
        self._grants = self._watched(
            "grants", settings.grants or str(SANDBOX_GRANTS), self._judge_grants, _newer
        )
        self._revocations = (
            self._watched("revocations", settings.revocations, self._judge_revocations, _newer)
            if settings.revocations
            else None
        )
        self._withdrawals = (
            self._watched("withdrawals", settings.withdrawals, self._judge_withdrawals, _whatever)
            if settings.withdrawals
            else None
        )

    def grants(self) -> Grants:
        """Give the grants in use."""
        return self._grants.current()

    def consumers(self) -> Mapping[str, Consumer]:
        """Give the consumers that the grants list, by id, without the keys that were revoked."""
        grants, revocations = self.grants(), self.revocations()
        known = self._believed
        if known is None or known[0] is not grants or known[1] is not revocations:
            known = grants, revocations, _with_keys_left(grants.consumers, revocations)
            self._believed = known
        return known[2]

    def revocations(self) -> Revocations:
        """Give the list of what is no longer believed."""
        return self._revocations.current() if self._revocations is not None else NOTHING_REVOKED

    def withdrawals(self) -> Withdrawals:
        """Give the notices of the registries' owners."""
        return self._withdrawals.current() if self._withdrawals is not None else NOTHING_WITHDRAWN

    def withdrawn(self, registry: str, consumer: str, procedure: str, day: date) -> str | None:
        """Give the ground on which a registry's owner has withdrawn it; None where it has not."""
        found = self.withdrawals().find(registry, consumer, procedure, day)
        return None if found is None else found.ground

    def version(self) -> int:
        """Count the changes of any of the three, for whoever keeps what was decided by them."""
        return self._version

    @property
    def watching(self) -> bool:
        """Whether changes will still be seen; False before open(), and after a failure of ours."""
        return self._watcher is not None and not self._watcher.done()

    async def open(self) -> None:
        """Read everything once, then keep looking. Raises SourceUnusableError."""
        self._ring = await asyncio.to_thread(self._read_ring)
        await self._grants.open()
        for watched in (self._revocations, self._withdrawals):
            if watched is not None:
                await watched.open()
        self._watcher = asyncio.create_task(self._watch())

    async def look(self) -> None:
        """Look at all sources now."""
        before = self._grants.version
        await self._grants.look()
        if self._withdrawals is not None:
            if self._grants.version != before:
                # The keys of the registries' owners stand in the grants.
                await self._withdrawals.judge_again()
            await self._withdrawals.look()
        if self._revocations is not None:
            await self._revocations.look()

    async def aclose(self) -> None:
        """Stop looking."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._settings.refresh_s)
            await self.look()

    def _changed(self) -> None:
        self._version += 1

    def _watched(
        self,
        name: str,
        source: str,
        judge: Callable[[str], _Value | Rejected],
        newer: Callable[[_Value, _Value], Rejected | None],
    ) -> Watched[_Value]:
        """Keep in production only: a sandbox is thrown away, and its versions go back and forth."""
        return Watched(
            name,
            source,
            fetch=self._fetch,
            judge=judge,
            newer=newer,
            kept=None if self._sandbox else self._settings.kept_dir / name,
            changed=self._changed,
        )

    def _read_ring(self) -> Ring:
        path = self._settings.grants_keys
        if path is None:
            return {}
        try:
            ring = read_public_keys(path.read_bytes())
        except OSError:
            ring = None
        if ring is None:
            message = f"{path}: không phải tệp khóa công khai (JWKS) dùng được."
            raise SourceUnusableError(message)
        return ring

    def _judge_grants(self, text: str) -> Grants | Rejected:
        opened = self._opened(text, BundleKind.GRANTS)
        if isinstance(opened, Rejected):
            return opened
        try:
            grants = load_grants(opened, profile=self._profile)
        except GrantsInvalid as invalid:
            return Rejected(rule="invalid", detail=str(invalid))
        return self._outdated(grants) or self._misnamed(grants) or grants

    def _judge_revocations(self, text: str) -> Revocations | Rejected:
        opened = self._opened(text, BundleKind.REVOCATIONS)
        if isinstance(opened, Rejected):
            return opened
        try:
            revocations = load_revocations(opened)
        except GrantsInvalid as invalid:
            return Rejected(rule="invalid", detail=str(invalid))
        return self._outdated(revocations) or revocations

    def _judge_withdrawals(self, text: str) -> Withdrawals | Rejected:
        """Take every notice that its registry's owner has signed; pass over the others.

        One notice that cannot be read must not hold up the next one.
        """
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if self._sandbox and lines and not is_sealed(lines[0]):
            try:
                return load_withdrawals(text)
            except GrantsInvalid as invalid:
                return Rejected(rule="invalid", detail=str(invalid))
        owners = self._grants.current().owners
        notices: list[Withdrawal] = []
        for number, line in enumerate(lines, start=1):
            notice = open_notice(line, owners)
            if isinstance(notice, Rejected):
                reason = f"line {number}: {notice.rule}"
                _log.warning("notice of withdrawal refused", file="withdrawals", reason=reason)
            else:
                notices.append(notice)
        return Withdrawals(notices=tuple(notices))

    def _opened(self, text: str, kind: BundleKind) -> str | Rejected:
        """Undo the signature; the sandbox, and it alone, takes a file without one."""
        if self._sandbox and not is_sealed(text):
            return text
        return unseal(text, kind, self._ring)

    def _outdated(self, file: _Versioned) -> Rejected | None:
        """Refuse what has expired, or is older than anything that was ever signed before us.

        A kept version that has expired is not used, and still no way back behind it.
        """
        floor = self._floors.get(type(file), 0)
        self._floors[type(file)] = max(floor, file.version)
        if file.version < floor:
            return Rejected(rule="older")
        today = self._now().astimezone(VIETNAM).date()
        return Rejected(rule="expired") if today > file.expires else None

    def _misnamed(self, grants: Grants) -> Rejected | None:
        """Refuse an issuer that is nobody, and a consumer that calls itself as an issuer of ours.

        The sandbox lets an unknown issuer pass: its own changes with its port.
        """
        issuers = self._settings.issuers
        for consumer in grants.consumers.values():
            if consumer.signs_its_own and consumer.issuer in issuers:
                return Rejected(rule="own-issuer-taken", detail=consumer.consumer_id)
            stray = consumer.issuer is not None and consumer.issuer not in issuers
            if stray and not consumer.signs_its_own and not self._sandbox:
                return Rejected(rule="issuer-unknown", detail=consumer.consumer_id)
        return None


def _with_keys_left(
    consumers: Mapping[str, Consumer], revocations: Revocations
) -> Mapping[str, Consumer]:
    """Leave out the keys whose thumbprint (RFC 7638) was revoked: they sign nothing any more."""
    return {
        name: msgspec.structs.replace(
            consumer,
            keys={
                which: key
                for which, key in consumer.keys.items()
                if key.thumbprint() not in revocations.keys
            },
        )
        for name, consumer in consumers.items()
    }


def open_notice(sealed: str, owners: Mapping[str, Ring]) -> Withdrawal | Rejected:
    """Open a notice that the owner of the very registry it names has signed."""
    rejected = Rejected(rule="key-unknown")
    for registry, ring in owners.items():
        opened = unseal(sealed, BundleKind.WITHDRAWAL, ring)
        if isinstance(opened, Rejected):
            if opened.rule != "key-unknown":
                rejected = opened
            continue
        try:
            notice = load_withdrawal(opened)
        except GrantsInvalid as invalid:
            return Rejected(rule="invalid", detail=str(invalid))
        if notice.registry == registry:
            return notice
    return rejected


def _newer(used: _File, new: _File) -> Rejected | None:
    """Hold that versions only grow: an old one, however well signed, is a way back."""
    if new.version < used.version:
        return Rejected(rule="older")
    return Rejected(rule="same-version") if new.version == used.version else None


def _whatever(_used: Withdrawals, _new: Withdrawals) -> None:
    """Notices come and go, each by its own signature: there is no order among them."""
