"""What lies across the edge of a retirement: requests, boots, clocks, and a second command."""

import asyncio
from datetime import UTC, datetime

from audit.log import AccessLogUnavailable, Trouble
from audit.retention.plan import Plan
from audit.retention.retire import retire
from audit.stores.opening import open_access_log
from tests.audit.retention.workbench import (
    BEFORE,
    MONTHS,
    Judged,
    OldLog,
    clock,
    distinct,
    request,
)
from tests.audit.tree.workbench import sequencing

ACROSS = [
    datetime(2024, 10, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2024, 11, 1, 0, 0, 1, tzinfo=UTC),
]
LAWFUL = {"RETIRED", "RETIRED_NEIGHBOURS", "LATE"}


async def test_a_boot_and_a_request_across_the_edge_are_excused_by_what_was_retired(
    old_log: OldLog,
) -> None:
    """The boot began, and an intent was written, in October; the rest is of November."""
    times = [MONTHS[1]]
    log = open_access_log(
        old_log.url, replica="b", clock=lambda: times[-1], randomness=distinct, commit_timeout=10
    )
    await log.open()
    times.append(ACROSS[1])
    await log.append(request(old_log.keys().months, ACROSS[0]))
    await log.close()
    before = await old_log.exported("before")
    done = await old_log.retire()
    assert isinstance(done, Plan)
    assert ("2024-10", 8) == tuple(done.months)[1]
    judged = await old_log.judged("after", before / "checkpoint-1")
    assert (3, set(), 14) == (judged.code, judged.names - LAWFUL, judged.gone)


async def test_an_entry_of_a_clock_that_was_set_back_goes_with_the_next_retirement(
    old_log: OldLog,
) -> None:
    months = old_log.keys().months
    late = request(months, MONTHS[0])
    await old_log.retire()
    log = open_access_log(
        old_log.url, replica="b", clock=lambda: MONTHS[0], randomness=distinct, commit_timeout=10
    )
    await log.open()
    await log.append(late)
    await log.close()
    await old_log.sequenced()
    done = await old_log.retire()
    assert isinstance(done, Plan)
    assert [("2024-09", 4)] == list(done.months)
    assert Judged(code=3, names={"RETIRED"}, gone=16) == await old_log.judged("after")


async def test_two_retirements_at_once_remove_everything_once(
    old_log: OldLog,
) -> None:
    async with sequencing(old_log.url, old_log.keys_dir / "log"):
        told = await asyncio.gather(
            *(
                retire(old_log.url, old_log.keys(), BEFORE, clock=clock, randomness=distinct)
                for _ in range(2)
            ),
            return_exceptions=True,
        )
    # The other is refused, or comes to its turn with nothing left to remove.
    removed = [each.entries for each in told if isinstance(each, Plan)]
    refused = [each.trouble for each in told if isinstance(each, AccessLogUnavailable)]
    assert (2, 12, set()) == (
        len(removed) + len(refused), sum(removed), set(refused) - {Trouble.NAME_TAKEN},
    )  # fmt: skip
    assert Judged(code=3, names={"RETIRED"}, gone=12) == await old_log.judged("after")


async def test_everything_may_be_retired_and_the_log_goes_on(old_log: OldLog) -> None:
    before = await old_log.exported("before")
    # The export's own entries, too.
    await old_log.sequenced()
    # A year after today's entries, by the clock of whoever retires.
    done = await old_log.retire("2026-12", at=datetime(2027, 12, 1, tzinfo=UTC))
    assert isinstance(done, Plan)
    judged = await old_log.judged("after", before / "checkpoint-1")
    assert (3, set()) == (judged.code, judged.names - LAWFUL)
