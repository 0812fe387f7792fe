"""What reads the access log for auditors and citizens, as the settings make it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from audit.key_files import KeyUnusableError
from audit.months import MonthKeys
from audit.reading.search import Search
from audit.reading.statistics import Statistics
from audit.retention.held_keys import held_keys_in, read_held_keys
from gateway.sequencing import reader_url
from gateway.settings import Settings
from resolvers.log.reading import Readers

_log = structlog.get_logger()


def readers_of(
    settings: Settings, months: Callable[[], MonthKeys], clock: Callable[[], datetime]
) -> Readers | None:
    """Open what reads the log; None where this process has no address to read it under."""
    url = reader_url(settings)
    if url is None:
        return None
    return Readers(
        search=Search(url, months, clock=clock, held=partial(_held, settings.keys_dir)),
        statistics=Statistics(url),
        show_names=settings.show_officer_names,
    )


def _held(keys_dir: Path) -> Mapping[str, bytes]:
    """Read the keys of entries on hold anew: a retirement adds to them, a release takes some."""
    try:
        return read_held_keys(held_keys_in(keys_dir))
    except (KeyUnusableError, OSError):
        _log.warning(
            "the keys of entries on hold cannot be read; their details stay shut",
            action="put held-keys back among the keys, mode 600",
        )
        return {}
