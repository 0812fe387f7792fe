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
from gateway.settings import ProfileName, Settings
from resolvers.agency_names import SANDBOX, load_agency_names
from resolvers.log.reading import Readers

_log = structlog.get_logger()


def readers_of(
    settings: Settings, months: Callable[[], MonthKeys], clock: Callable[[], datetime]
) -> Readers | None:
    """Open what reads the log; None where this process has no address to read it under.

    Raises AgencyNamesInvalidError.
    """
    url = reader_url(settings)
    if url is None:
        return None
    return Readers(
        search=Search(url, months, clock=clock, held=partial(_held, settings.keys_dir)),
        statistics=Statistics(url),
        agencies=load_agency_names(agencies_file(settings)),
        show_names=settings.show_officer_names,
    )


def agencies_file(settings: Settings) -> Path | None:
    """Name the file of agencies' names: the operator's, or in the sandbox its own."""
    sandbox = settings.profile is ProfileName.SANDBOX
    return settings.agencies or (SANDBOX if sandbox else None)


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
