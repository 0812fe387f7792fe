"""The keys of a wave are asked together, equal ones once, and a share of the line is left free."""

import asyncio
from collections.abc import Hashable

from adapters.wave import SHARE_OF_ONE_WAVE, answer_each


async def test_answers_come_in_the_order_of_the_keys_and_equal_keys_are_asked_once() -> None:
    asked: list[Hashable] = []

    async def answer(key: Hashable) -> object:
        asked.append(key)
        await asyncio.sleep(0.01 if key == "slow" else 0)
        return f"of {key}"

    answers = await answer_each(["slow", "quick", "slow"], answer)

    assert ["of slow", "of quick", "of slow"] == answers
    assert ["slow", "quick"] == asked


async def test_no_more_than_its_share_is_under_way() -> None:
    under_way: set[Hashable] = set()
    most = 0

    async def answer(key: Hashable) -> object:
        nonlocal most
        under_way.add(key)
        most = max(most, len(under_way))
        await asyncio.sleep(0)
        under_way.remove(key)
        return key

    keys = range(2 * SHARE_OF_ONE_WAVE)

    assert list(keys) == await answer_each(keys, answer)
    assert SHARE_OF_ONE_WAVE == most
