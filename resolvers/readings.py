"""What one edge wants of one registry: a key, and the fields that its answer will disclose."""

from collections.abc import Hashable

import msgspec

from adapters.registry import RegistryName


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One key to be read from one registry, for one role, and the fields it will disclose."""

    registry: RegistryName
    key: Hashable
    role: str
    fields: tuple[str, ...]
    """Role paths, as the grant names them."""
