"""A database under the access log: what the writer asks of it, and no more."""

from collections.abc import Sequence
from typing import Protocol

from audit.entry import LostBoot
from audit.log import Trouble
from audit.schema import Batch


class StoreFault(Exception):  # noqa: N818 - a fact, for the writer only; callers see its trouble
    """The store could not do it; says why in one word and nothing else."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble)


class Store(Protocol):
    """A database that keeps batches. Every method may raise StoreFault."""

    async def open(self) -> None:
        """Connect anew, and make sure that a commit waits for the disk.

        The connection before is let go, whatever its condition.
        """
        ...

    async def unfinished(self, replica: str) -> Sequence[LostBoot]:
        """Name the boots of this replica that never said their end."""
        ...

    async def write(self, batch: Batch) -> None:
        """Commit *batch*, whole or not at all; CONTRADICTED when an id or counter is taken."""
        ...

    async def settle(self, batch: Batch) -> None:
        """Commit what is missing of a *batch* that may be there already.

        CONTRADICTED when something else is there under its ids.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection and of the replica's name."""
        ...
