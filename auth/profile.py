"""The two ways an installation can run, as far as trust is concerned."""

from enum import StrEnum


class Profile(StrEnum):
    """Whatever is easier in the sandbox is impossible in production."""

    SANDBOX = "sandbox"
    """Plain bearer tokens, any procedure in one grant, invented numbers only."""
    PRODUCTION = "production"
    """Tokens bound to their sender, named procedures, real numbers only."""
