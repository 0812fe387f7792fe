"""A long page does not keep the others waiting."""

import asyncio

from resolvers.turns import one_by_one
from tests.resolvers import indoors
from tests.resolvers.readable import Found, access, entry, page, readers
from tests.resolvers.test_reading_the_log import AUDITOR, CASE, SEARCH

MANY = 150


async def turns_during(work: asyncio.Task[object]) -> int:
    """Count how often the loop comes round while *work* is done."""
    turns = 0
    while not work.done():
        turns += 1
        await asyncio.sleep(0)
    return turns


async def test_items_come_in_order_one_at_a_turn_and_as_often_as_they_are_wanted() -> None:
    items = one_by_one(range(MANY))
    came: list[int] = []

    async def take(at: int) -> None:
        came.append(await items[at])

    async def take_all() -> None:
        await asyncio.gather(*(take(at) for at in range(MANY)))

    assert await turns_during(asyncio.create_task(take_all())) >= MANY
    assert list(range(MANY)) == came
    assert 7 == await items[7]


async def test_others_are_answered_between_the_lines_of_a_page() -> None:
    found = Found(page(*(access(entry(number=n)) for n in range(MANY))))
    graph = indoors.graph(indoors.grants(), readers=readers(found))
    work = asyncio.create_task(indoors.told(graph, SEARCH, AUDITOR, filter={}, case=CASE))
    assert await turns_during(work) >= MANY
    edges = work.result()["data"]["accessLog"]["edges"]
    assert [entry(number=n).entry_id for n in range(MANY)] == [e["node"]["entryId"] for e in edges]
