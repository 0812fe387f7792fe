"""What one edge wants of one registry, and what came back for it."""

from collections.abc import Hashable
from datetime import datetime

import msgspec

from adapters.registry import RegistryName


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One key to be read from one registry, for one role, and the fields it will disclose."""

    registry: RegistryName
    key: Hashable
    role: str
    fields: tuple[str, ...]
    """Role paths, as the grant names them."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for a key, kept for the source report and the outcome entry."""

    registry: RegistryName
    key: Hashable
    answer: object
    at: datetime
    """When it came back, UTC."""
    waited_ms: int
    fields: set[str]
    """The role paths that all readings of the key disclose, later waves included."""

    @property
    def roles(self) -> set[str]:
        """The roles in which it was read."""
        return {path.partition("/")[0] for path in self.fields}
