"""The command line: `lienthong start`, `prefill`, `verify`, `people`, `token`, and the operator's.

Each command is a module; personal numbers never stand in arguments.
"""

from gateway.cli.main import main

__all__ = ["main"]
