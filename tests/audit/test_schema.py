"""Times are stored as numbers, and are the same times when they are read."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from audit.stores.schema import microseconds, moment


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))])))
def test_a_time_that_was_counted_is_the_same_time_again_by_utc(at: datetime) -> None:
    assert (at, UTC) == (moment(microseconds(at)), moment(microseconds(at)).tzinfo)


def test_times_are_counted_from_1970() -> None:
    at = datetime(1970, 1, 1, 0, 0, 1, 2, tzinfo=UTC)
    assert (1_000_002, at) == (microseconds(at), moment(1_000_002))
