"""No key of an entry on hold is lost, however retirements follow each other or fail."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audit.retention.held_keys import read_held_keys, write_held_keys
from audit.retention.holds import hold, release
from audit.retention.plan import Plan
from tests.audit.retention.workbench import BEFORE, OldLog, clock, distinct


async def test_an_earlier_month_retired_later_spares_the_keys_of_what_is_held_since(
    old_log: OldLog,
) -> None:
    """What was let go in September is taken; October's months are burnt, its holds go on."""
    september, october = (old_log.requests[month][0] for month in ("2024-09", "2024-10"))
    for spared, case in ((september, "one"), (october, "two")):
        await hold(
            old_log.url, old_log.keys(), [spared[0].entry_id], case,
            clock=clock, randomness=distinct,
        )  # fmt: skip
    await old_log.retire(BEFORE)
    kept = read_held_keys(old_log.keys().held)
    await release(
        old_log.url, old_log.keys(), lambda each: each.case == "one",
        clock=clock, randomness=distinct,
    )  # fmt: skip
    done = await old_log.retire("2024-10")
    assert isinstance(done, Plan)
    assert 2 == done.entries
    still = {each.entry_id: kept[each.entry_id] for each in october}
    assert still == read_held_keys(old_log.keys().held)


def test_keys_that_do_not_fit_on_the_disk_leave_the_old_ones_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "held-keys"
    old = {f"{number:036}": bytes(32) for number in range(20)}
    write_held_keys(path, old)
    with _a_disk_of(4096), pytest.raises(OSError, match="too large"):
        write_held_keys(path, {f"{number:036}": bytes(32) for number in range(100)})
    assert old == read_held_keys(path)
    assert [path] == list(tmp_path.iterdir())


@contextmanager
def _a_disk_of(length: int) -> Iterator[None]:
    """Let no file become longer: what does not fit is written in part, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
