"""Ports that a test names beforehand, below those that the system hands out by itself.

Of those, any program's next connection may take one between the moment in which it was found free
and the moment in which somebody listens on it, or while its server is away for a moment.
"""

import contextlib
import itertools
import os
import random
import socket

import pytest

# Each process of tests begins elsewhere, and none comes back to a port soon.
_IN_TURN = itertools.count(os.getpid() * 50)


def free_port() -> int:
    """Find a free port; whoever calls next, here or in another process, gets another one."""
    for place in itertools.islice(_IN_TURN, 10_000):
        port = 10_000 + place % 10_000
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    pytest.fail("no free port on this machine")


def free_row() -> int:
    """Find five free ports in a row."""
    for base in random.sample(range(20000, 30000, 5), 500):
        with contextlib.ExitStack() as row, contextlib.suppress(OSError):
            for port in range(base, base + 5):
                row.enter_context(socket.create_server(("127.0.0.1", port)))
            return base
    pytest.fail("no five free ports in a row on this machine")
