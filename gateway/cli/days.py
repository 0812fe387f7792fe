"""The day to show beside a value: when the registry recorded it, else when it was asked."""

from datetime import datetime, timedelta, timezone

from adapters import dates
from gateway.cli.answers import Source

VIETNAM = timezone(timedelta(hours=7))


def day_of(source: Source) -> tuple[str, bool]:
    """Give the day as Vietnamese writes it, and whether it is only the day of asking."""
    stated = source.record_date or source.as_of
    known = dates.parse(stated) if stated else None
    if known is not None:
        return dates.vietnamese(known), False
    if source.fetched_at is None:
        return "", False
    fetched = datetime.fromisoformat(source.fetched_at).astimezone(VIETNAM)
    return fetched.strftime("%d/%m/%Y"), True
