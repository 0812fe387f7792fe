"""The sequencer of this installation, as its settings make it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from audit.keyring import Keyring
from audit.sequencer import Sequencer
from gateway.settings import Settings


def keyring_of(keys_dir: Path) -> Keyring:
    """Give the keys of the log, in a folder of their own."""
    return Keyring(keys_dir / "log")


def sequencer_of(settings: Settings, clock: Callable[[], datetime]) -> Sequencer:
    """Build the sequencer; run it beside the gateway, or as a process of its own."""
    return Sequencer(
        settings.access_log_url,
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
