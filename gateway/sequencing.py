"""The sequencer of this installation, as its settings make it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from audit.tree.keyring import Keyring
from audit.tree.sequencer import Sequencer
from gateway.settings import Settings


def keyring_of(keys_dir: Path) -> Keyring:
    """Give the keys of the log, in a folder of their own."""
    return Keyring(keys_dir / "log")


def sequencer_url(settings: Settings) -> str | None:
    """Give the address under which this process may sequence; None where another one does."""
    return settings.access_log_sequencer_url or _own_file(settings)


def reader_url(settings: Settings) -> str | None:
    """Give the address under which checkpoints and proofs are read; None: they are not served."""
    return settings.access_log_reader_url or _own_file(settings)


def _own_file(settings: Settings) -> str | None:
    """Give the SQLite file, where whoever may write may do everything."""
    url = settings.access_log_url
    return url if url.startswith("sqlite") else None


def sequencer_of(settings: Settings, clock: Callable[[], datetime]) -> Sequencer:
    """Build the sequencer; run it beside the gateway, or as a process of its own."""
    return Sequencer(
        sequencer_url(settings) or settings.access_log_url,
        keyring_of(settings.keys_dir),
        origin=origin_of(settings.url()),
        clock=clock,
    )


def origin_of(public_url: str) -> str:
    """Name a new log after the address where it is served: `congdulieu.example.vn/log`.

    A log keeps the name that it began with, also when the address changes.
    """
    parts = urlsplit(public_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/log"
