"""The receipts of this installation: their keys lie in a folder that all replicas share."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from audit.key_files import KeyUnusableError
from audit.receipt_keys import ReceiptKey, load_or_create_receipt_keys, read_receipt_keys
from audit.receipts import Receipts

EVERY_S = 3.0
"""Seconds after which a key that another replica made, or a rotation, is seen here."""

_log = structlog.get_logger()


def receipts_folder(keys_dir: Path) -> Path:
    """Name the folder of the keys."""
    return keys_dir / "receipts"


class Receipting:
    """Signs with the newest key of the folder, also when it was put there while we serve.

    Raises KeyUnusableError and OSError when it is made, and never afterwards: then the keys in use
    stay.
    """

    def __init__(
        self, keys_dir: Path, origin: Callable[[], str], *, every: float = EVERY_S
    ) -> None:
        self._folder = receipts_folder(keys_dir)
        self._every = every
        keys = load_or_create_receipt_keys(self._folder)
        self._known = _names(keys)
        self._failing = False
        self.receipts = Receipts(keys, origin)

    async def run(self, stop: asyncio.Event) -> None:
        """Look at the folder again and again, until *stop* is set."""
        while not stop.is_set():
            await self.look()
            try:
                async with asyncio.timeout(self._every):
                    await stop.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Take over what is in the folder, if it can be used."""
        try:
            keys = await asyncio.to_thread(read_receipt_keys, self._folder)
        except (KeyUnusableError, OSError):
            keys = ()
        usable = bool(keys) and keys[0].private is not None
        if not usable and not self._failing:
            _log.warning(
                "the keys of receipts cannot be read; those in use stay",
                action="put the folder of receipts back among the keys, mode 600",
            )
        self._failing = not usable
        if usable and _names(keys) != self._known:
            self._known = _names(keys)
            self.receipts.use(keys)
            _log.info("the keys of receipts were taken over")


def _names(keys: tuple[ReceiptKey, ...]) -> list[tuple[str, bool]]:
    return [(key.kid, key.private is not None) for key in keys]
