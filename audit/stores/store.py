"""A database under the access log: what the writer asks of it, and no more."""

from collections.abc import Sequence
from typing import Protocol

from audit.entry import LostBoot
from audit.log import Trouble
from audit.stores.batch import Batch


class StoreFault(Exception):  # noqa: N818 - a fact, for the writer only; callers see its trouble
    """The store could not do it; says why in one word and nothing else."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble)


class Store(Protocol):
    """A database that keeps batches. Every method may raise StoreFault."""

    async def open(self) -> None:
        """Connect anew, and make sure that a commit waits for the disk.

        The connection before is let go, whatever its condition, and what it had begun is over:
        nothing of it can turn up in the database afterwards.
        """
        ...

    async def unfinished(self, replica: str) -> Sequence[LostBoot]:
        """Name the boots of this replica that never said their end."""
        ...

    async def write(self, batch: Batch) -> None:
        """Commit *batch*, whole or not at all; CONTRADICTED when an id or counter is taken."""
        ...

    async def settle(self, batch: Batch) -> None:
        """Commit a *batch* that may be there already.

        CONTRADICTED when something else is there under its ids, or a part of it only.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection and of the replica's name."""
        ...


def check_replica(name: str) -> None:
    """Raise a ValueError when *name* is no name for a replica."""
    if not name.isascii() or not name.replace("-", "").isalnum():
        message = "the name of a replica is made of ASCII letters, digits and hyphens"
        raise ValueError(message)
