"""Page by page, everything is seen once, however the log grows meanwhile."""

import asyncio
import string
from datetime import timedelta

import pytest

from audit.detail import Number
from audit.reading.accesses import NotAPlace, Page, Place, read_place
from audit.stores.opening import open_access_log
from audit.stores.schema import microseconds
from tests.audit.databases import Database
from tests.audit.reading.workbench import AN, HOUR, NOW, Ledger, ids, new_id
from tests.audit.tree.workbench import sequencing


async def all_pages(
    ledger: Ledger, *, first: int = 3, subjects: tuple[Number, ...] = ()
) -> list[Page]:
    pages = [await ledger.find(first=first, subjects=subjects)]
    while (after := pages[-1].after) is not None:
        read = read_place(after.write())
        assert isinstance(read, Place)
        pages.append(await ledger.find(first=first, after=read, subjects=subjects))
    return pages


async def test_pages_together_are_the_whole_and_each_is_full_but_the_last(ledger: Ledger) -> None:
    # Several at the same moment: the order is by their ids then.
    made = [ledger.request((AN,), at=NOW - (n // 3) * HOUR) for n in range(10)]
    await ledger.keep(*(entry for each in made for entry in each))
    pages = await all_pages(ledger, subjects=(AN,))
    assert [3, 3, 3, 1] == [len(page.accesses) for page in pages]
    seen = [entry_id for page in pages for entry_id in ids(page.accesses)]
    assert seen == await ledger.lines(subjects=(AN,))
    assert {last.entry_id for _, last in made} == set(seen)


async def test_a_last_page_that_is_full_has_none_after_it(ledger: Ledger) -> None:
    await ledger.keep(*(e for _ in range(3) for e in ledger.request((AN,))))
    assert [3] == [len(page.accesses) for page in await all_pages(ledger)]


async def test_pages_neither_repeat_nor_skip_while_four_write(
    ledger: Ledger, database: Database
) -> None:
    made = [ledger.request((AN,), at=NOW - n * HOUR) for n in range(12)]
    unfinished = ledger.asked((AN,))
    await ledger.keep(*(entry for each in made for entry in each), unfinished)
    expected = await ledger.lines(subjects=(AN,))
    stop = asyncio.Event()
    writers = [asyncio.create_task(write_on(ledger, database, n, stop)) for n in range(4)]
    async with sequencing(ledger.url, ledger.keys, interval=0.01):
        page = await ledger.find(first=2, subjects=(AN,))
        size, seen = page.size, ids(page.accesses)
        # Closed behind the first page: on these pages it stays what it was.
        await ledger.log.append([ledger.answered(unfinished)])
        while page.after is not None:
            await grown(ledger)
            page = await ledger.find(first=2, after=page.after, subjects=(AN,))
            seen += ids(page.accesses)
            assert size == page.size
    stop.set()
    written = sum(await asyncio.gather(*writers))
    await ledger.sequence()
    assert expected == seen
    whole = [
        entry_id for page in await all_pages(ledger, first=100) for entry_id in ids(page.accesses)
    ]
    assert 13 + written == len(whole) == len(set(whole))
    assert unfinished.entry_id not in whole


async def write_on(ledger: Ledger, database: Database, number: int, stop: asyncio.Event) -> int:
    """Append accesses to the same person until told to stop; count them."""
    log = open_access_log(database.url, replica=f"writer-{number}", clock=lambda: NOW)
    await log.open()
    written = 0
    while not stop.is_set():
        # Newer and older ones than those on the pages.
        at = NOW + timedelta(minutes=written) * (1 if written % 2 else -1)
        await log.append(ledger.request((AN,), at=at))
        written += 1
        await asyncio.sleep(0.02)
    await log.close()
    return written


async def grown(ledger: Ledger) -> None:
    """Wait until the log is larger than it was."""
    before = (await ledger.find(first=1)).size
    async with asyncio.timeout(20):
        while (await ledger.find(first=1)).size == before:  # noqa: ASYNC110 - another program's work: there is no event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "é", "\ud800", "AAAA", "bnVsbA", "WzEsMiwzXQ", "e30", "x" * 5000),
        Place(5, 2**70, "0" * 36).write(),
        Place(-1, 0, new_id(NOW)).write(),
    ],
)
def test_a_text_that_is_no_cursor_is_told_to_be_none(text: str) -> None:
    assert NotAPlace() == read_place(text)


async def test_a_cursor_that_somebody_made_shows_nothing_that_has_no_place_yet(
    ledger: Ledger,
) -> None:
    await ledger.keep(*ledger.request((AN,)))
    await ledger.log.append(ledger.request((AN,)))
    page = await ledger.find(
        after=Place(10**9, microseconds(NOW + HOUR), new_id(NOW)), subjects=(AN,)
    )
    assert (3, 1) == (page.size, len(page.accesses))


def test_a_cursor_holds_a_size_a_moment_and_an_id() -> None:
    place = Place(7, microseconds(NOW), new_id(NOW))
    assert place == read_place(place.write())
    assert set(place.write()) <= set(string.ascii_letters + string.digits + "-_")
