"""What reads the access log for auditors and citizens, as the settings make it."""

from collections.abc import Callable
from datetime import datetime

from audit.months import MonthKeys
from audit.reading.search import Search
from audit.reading.statistics import Statistics
from gateway.sequencing import reader_url
from gateway.settings import Settings
from resolvers.log.reading import Readers


def readers_of(
    settings: Settings, months: Callable[[], MonthKeys], clock: Callable[[], datetime]
) -> Readers | None:
    """Open what reads the log; None where this process has no address to read it under."""
    url = reader_url(settings)
    if url is None:
        return None
    return Readers(
        search=Search(url, months, clock=clock),
        statistics=Statistics(url),
        show_names=settings.show_officer_names,
    )
