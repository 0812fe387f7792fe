"""The folder of the log's keys: who signs now, who may sign what, and what was signed last.

    signing.key       the seed that signs; mode 600, of the sequencer alone
    next.key          a seed that takes over at the next checkpoint; its presence is the order
    vkeys             every key that ever signed, with the sizes it may sign
    last-checkpoint   the newest checkpoint that was signed: by it a restored backup is found out
    statement-N       what was lost when origin N was opened

One process writes here at a time: whoever holds the sequencer's lock. Each file is replaced whole.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from audit.key_files import load_or_create_key, replace_file, sync_folder
from audit.tree.checkpoint import NoteRefused, is_name
from audit.tree.signing import Signed, Signer, Tenure, check_checkpoint, parse_vkeys

T = TypeVar("T")

_SIGNING = "signing.key"
_NEXT = "next.key"
_VKEYS = "vkeys"
_LAST = "last-checkpoint"


class KeyringBroken(Exception):  # noqa: N818 - a fact, with its reason in a sentence
    """The folder contradicts itself; somebody has to look."""


class Keyring:
    """The keys in *folder*; nothing is read before *load*."""

    def __init__(
        self, folder: Path, *, randomness: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._folder = folder
        self._randomness = randomness
        self.tenures: list[Tenure] = []
        self._signer: Signer | None = None

    def load(self, origin: str, *, new: bool) -> None:
        """Read the folder; for a *new* log, make a key that signs for *origin*.

        Raises KeyringBroken, KeyUnusableError.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = self._read(_VKEYS)
        if written is None and not new:
            message = "the keys that signed this log are not in the folder"
            raise KeyringBroken(message)
        if written is None and not is_name(origin):
            message = "the name of a log has neither spaces nor a plus sign"
            raise KeyringBroken(message)
        seed = self._seed(_SIGNING)
        if written is None:
            self._write_tenures([Tenure(key=Signer(origin, seed).key, first=1)])
        else:
            self.tenures = self._judged(lambda: parse_vkeys(written))
        self._signer = self._signer_of(seed)

    @property
    def signer(self) -> Signer:
        """Who signs now."""
        if self._signer is None:
            message = "the keys of the log were not loaded"
            raise KeyringBroken(message)
        return self._signer

    @property
    def origin(self) -> str:
        """The name under which checkpoints are signed now."""
        return self.signer.key.name

    @property
    def first_size(self) -> int:
        """The smallest tree that the present key may sign."""
        return self.tenures[-1].first

    def vkeys(self, origin: str | None = None) -> str:
        """Write the keys of *origin*, or of all, with the sizes they may sign."""
        return "".join(
            each.line() for each in self.tenures if origin is None or each.key.name == origin
        )

    def prepare_next(self) -> None:
        """Make the key that takes over at the next checkpoint."""
        self._seed(_NEXT)

    def next_is_due(self) -> bool:
        """Tell whether a key waits to take over."""
        return (self._folder / _NEXT).exists()

    def appoint_next(self, origin: str, *, last: int, first: int) -> None:
        """Let the next key sign for *origin* from *first* on; the present one ends at *last*.

        The list is on disk before anything is signed, and the retired seed is gone after it.
        """
        successor = Signer(origin, self._seed(_NEXT))
        retired = self.tenures[-1]
        ended = self.tenures[:-1]
        if last >= retired.first or origin != retired.key.name:
            # One that signed a statement only still has to be known.
            ended.append(msgspec.structs.replace(retired, last=max(last, retired.first)))
        self._write_tenures([*ended, Tenure(key=successor.key, first=first)])
        self._finish_rotation()
        self._signer = successor

    def remember(self, note: str) -> None:
        """Keep *note* as the newest checkpoint that was signed."""
        self._write(_LAST, note)

    def remembered(self) -> Signed | None:
        """Give the newest checkpoint that was signed here under the present origin."""
        written = self._read(_LAST)
        if written is None:
            return None
        signed = self._judged(lambda: check_checkpoint(written, self.tenures))
        return signed if signed.checkpoint.origin == self.origin else None

    def keep_statement(self, number: int, note: str) -> None:
        """Keep what was signed when origin *number* was opened."""
        self._write(f"statement-{number}", note)

    def statement(self, number: int) -> str | None:
        """Give what was signed when origin *number* was opened."""
        return self._read(f"statement-{number}")

    def next_signer(self, origin: str) -> Signer:
        """Give the next key's hand, for a statement that it signs before it takes over."""
        return Signer(origin, self._seed(_NEXT))

    def _signer_of(self, seed: bytes) -> Signer:
        """Match the seed with the list; a rotation that a crash cut in two is finished."""
        present = self.tenures[-1].key
        signer = Signer(present.name, seed)
        if signer.key == present:
            return signer
        if self.next_is_due():
            successor = Signer(present.name, self._seed(_NEXT))
            if successor.key == present:
                self._finish_rotation()
                return successor
        message = "the signing key is not the last one of its list of public keys"
        raise KeyringBroken(message)

    def _finish_rotation(self) -> None:
        (self._folder / _NEXT).replace(self._folder / _SIGNING)
        sync_folder(self._folder)

    def _seed(self, name: str) -> bytes:
        return load_or_create_key(self._folder / name, randomness=self._randomness)

    def _judged(self, reading: Callable[[], T]) -> T:
        try:
            return reading()
        except NoteRefused as refused:
            message = f"a file among the keys of the log cannot be used: {refused}"
            raise KeyringBroken(message) from None

    def _write_tenures(self, tenures: list[Tenure]) -> None:
        self._write(_VKEYS, "".join(each.line() for each in tenures))
        self.tenures = tenures

    def _read(self, name: str) -> str | None:
        try:
            return (self._folder / name).read_text("utf-8")
        except FileNotFoundError:
            return None

    def _write(self, name: str, text: str) -> None:
        """Replace the file whole, and let it outlive a power cut."""
        replace_file(self._folder / name, text.encode())
