"""Ports for a sandbox that a test wants to find at an address it knows."""

import contextlib
import random
import socket

import pytest


def free_row() -> int:
    """Find five free ports in a row, below those that the system hands out by itself."""
    for base in random.sample(range(20000, 30000, 5), 500):
        with contextlib.ExitStack() as row, contextlib.suppress(OSError):
            for port in range(base, base + 5):
                row.enter_context(socket.create_server(("127.0.0.1", port)))
            return base
    pytest.fail("no five free ports in a row on this machine")
