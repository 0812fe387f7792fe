"""Waiting for what another process does: for the thing itself, with an end that no load reaches."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 30.0
"""Many times what anything here takes: on a busy machine it is waited, not failed."""

Seen = TypeVar("Seen")


def soon(look: Callable[[], Seen], enough: Callable[[Seen], object] = bool) -> Seen:
    """Look until it is *enough*; give what was seen last, for the test to judge."""
    ends = time.monotonic() + PATIENCE_S
    while not enough(seen := look()) and time.monotonic() < ends:
        time.sleep(0.05)
    return seen
