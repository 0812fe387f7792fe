"""A restored backup, declared: the old origin ends, a new one begins, and what was lost is signed.

Without this, going on after a restore would mean to sign two different trees under one name.
The text of the statement is fixed in docs/proofs.md, section 10.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.tree.checkpoint import Note, to_base64
from audit.tree.keyring import Keyring
from audit.tree.merkle import EMPTY_ROOT
from audit.tree.rows import ends_of_runs, leaf_count, newest_checkpoint, origins
from audit.tree.seat import take_seat
from audit.tree.sequencer import write_origins
from audit.tree.signing import Tenure

MOST_DELAY = timedelta(seconds=60)
"""Within this time an entry has its place in the tree, in good order (*mmd*)."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore lost, between two origins."""

    closes: str
    opens: str
    kept: int
    kept_root: bytes
    lost: int
    lost_root: bytes
    since: datetime
    until: datetime
    declared: datetime
    gaps: Sequence[tuple[str, int]]

    def text(self) -> str:
        """Write what is signed."""
        lines = [
            "lienthong-restore/v1",
            f"closes {self.closes}",
            f"opens {self.opens}",
            f"kept {self.kept}",
            f"kept-root {to_base64(self.kept_root)}",
            f"lost {self.lost}",
            f"lost-root {to_base64(self.lost_root)}",
            f"from {_time(self.since)}",
            f"until {_time(self.until)}",
            f"declared {_time(self.declared)}",
            *(f"gap {boot_id} {counter}" for boot_id, counter in self.gaps),
        ]
        return "".join(f"{line}\n" for line in lines)


class NothingToDeclare(msgspec.Struct, frozen=True, kw_only=True):
    """The database holds what was signed last."""


class SeatTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Another process sequences this log."""


class CannotDeclare(msgspec.Struct, frozen=True, kw_only=True):
    """The database is not an earlier state of what was signed.

    Where it goes on under an origin that is *closed* after the *kept* entries, it is a state of a
    branch that was declared lost: of what is lost nothing can be kept any more.
    """

    closed: str | None = None
    kept: int = 0


Declaration = Statement | NothingToDeclare | SeatTaken | CannotDeclare


async def declare(
    url: str, keyring: Keyring, *, now: datetime, until: datetime | None = None
) -> Declaration:
    """Say, signed, what the database at *url* has lost, and open a new origin.

    Entries made up to *until* count as lost; by default, up to a minute after the last checkpoint.
    Raises KeyringBroken, and what the database raises.
    """
    async with take_seat(url) as seat:
        if seat is None:
            return SeatTaken()
        return await _declare(seat, keyring, now, until)


async def _declare(
    seat: AsyncConnection, keyring: Keyring, now: datetime, until: datetime | None
) -> Declaration:
    async with seat.begin():
        known = await origins(seat)
        newest = await newest_checkpoint(seat)
        count = await leaf_count(seat)
    size = newest.checkpoint.size if newest else 0
    keyring.load(known[-1].origin if known else "", new=False)
    kept = _kept_of(newest.checkpoint.origin, keyring.tenures) if newest else None
    if newest and kept is not None and size > kept:
        return CannotDeclare(closed=newest.checkpoint.origin, kept=kept)
    if (known and keyring.origin not in {each.origin for each in known}) and (
        size == keyring.first_size - 1
    ):
        # A declaration that was cut in two, or one that the restored database did not see.
        await write_origins(seat, keyring, now)
    remembered = keyring.remembered()
    if remembered is None or remembered.checkpoint.size <= size:
        return NothingToDeclare()
    if count != size:
        return CannotDeclare()
    lost_at = remembered.at or now
    until = until or lost_at + MOST_DELAY
    async with seat.begin():
        gaps = await ends_of_runs(seat, until)
    names = list(dict.fromkeys(tenure.key.name for tenure in keyring.tenures))
    statement = Statement(
        closes=keyring.origin,
        opens=f"{names[0]}/{len(names) + 1}",
        kept=size,
        kept_root=newest.checkpoint.root if newest else EMPTY_ROOT,
        lost=remembered.checkpoint.size,
        lost_root=remembered.checkpoint.root,
        since=newest.at - MOST_DELAY if newest else _BEGINNING,
        until=until,
        declared=now,
        gaps=gaps,
    )
    _sign(keyring, statement, len(names) + 1)
    await write_origins(seat, keyring, now)
    return statement


def _kept_of(origin: str, tenures: Sequence[Tenure]) -> int | None:
    """Say how many entries of *origin* all later declarations kept; None while it is open.

    The first key of an origin signs from the entry after those that its declaration kept.
    """
    names = list(dict.fromkeys(tenure.key.name for tenure in tenures))
    later = names[names.index(origin) + 1 :] if origin in names else []
    return min((tenure.first - 1 for tenure in tenures if tenure.key.name in later), default=None)


def _sign(keyring: Keyring, statement: Statement, number: int) -> None:
    """Let both keys sign, then hand over; from that moment the declaration holds."""
    text = statement.text()
    signatures = (keyring.signer.sign(text), keyring.next_signer(statement.opens).sign(text))
    keyring.keep_statement(number, Note(text=text, signatures=signatures).write())
    keyring.appoint_next(statement.opens, last=statement.lost, first=statement.kept + 1)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
