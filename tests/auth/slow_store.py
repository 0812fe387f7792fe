"""A store that takes its time before and after it does something, as one behind a network does."""

import asyncio
from collections.abc import Mapping, Sequence

from auth.attempts import ONCE
from auth.shared import Attempt, Exhausted, Hold, SharedUnavailable, Window
from auth.shared_memory import MemoryShared

TURNS = 3


async def turn(times: int = TURNS) -> None:
    """Let the event loop turn so many times."""
    for _ in range(times):
        await asyncio.sleep(0)


async def hung_up(asking: asyncio.Task[object], turns: int) -> bool:
    """Cancel *asking* after so many turns, and again; tell whether it was cancelled by that."""
    await turn(turns)
    asking.cancel()
    # An impatient server says it again.
    await turn(1)
    asking.cancel()
    await asyncio.wait({asking})
    return asking.cancelled()


class SlowStore(MemoryShared):
    """The store in memory, slowly."""

    away = False
    guessed = False
    """Whether a place was taken for a fact of few values."""

    async def attempt(
        self, wishes: Sequence[tuple[bytes, bytes]], window: Window, *, same_s: float
    ) -> list[Attempt | Exhausted]:
        """Pass on."""
        self.guessed = self.guessed or (window is ONCE and bool(wishes))
        await turn()
        places = await super().attempt(wishes, window, same_s=same_s)
        await self._turn()
        return places

    async def settle(
        self,
        *,
        failed: Sequence[Attempt],
        free: Sequence[Attempt],
        remember: Sequence[bytes] = (),
        seconds: float = 0.0,
    ) -> None:
        """Pass on."""
        await turn()
        await super().settle(failed=failed, free=free, remember=remember, seconds=seconds)
        await self._turn()

    async def hold(
        self, under: Sequence[bytes], wishes: Mapping[bytes, Sequence[bytes]], seconds: float
    ) -> dict[bytes, Hold]:
        """Pass on."""
        await turn()
        held = await super().hold(under, wishes, seconds)
        await self._turn()
        return held

    async def let_go(self, under: bytes, wishes: Mapping[bytes, Sequence[bytes]]) -> None:
        """Pass on."""
        await turn()
        await super().let_go(under, wishes)
        await self._turn()

    async def _turn(self) -> None:
        await turn()
        if self.away:
            raise SharedUnavailable
