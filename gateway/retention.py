"""The keys that holds and retirements work with, as the settings of this installation name them."""

from datetime import datetime

from audit.key_files import KeyUnusableError
from audit.months import load_or_create_months
from audit.retention.holds import Keys
from gateway.settings import Settings


def keys_of(settings: Settings, now: datetime) -> Keys:
    """Give the keys of the log's entries; a command makes none: they would fit no entry."""
    path = settings.keys_dir / "months.key"
    if not path.exists():
        message = f"{path} does not exist"
        raise KeyUnusableError(message)
    return Keys(load_or_create_months(path, now), settings.keys_dir)
