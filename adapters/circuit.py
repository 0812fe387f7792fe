"""A circuit per registry: when it keeps failing, leave it alone for a while.

closed     every call may go
  -> open        at least half of 20 or more calls failed within ten seconds
open       no call may go; five seconds, doubling up to a minute, jittered
  -> half open   the time is over
half open  three calls may go, to see
  -> closed      all of them went well
  -> open        one of them did not
"""

import math
from collections import deque
from collections.abc import Callable

WINDOW = 10.0
MINIMUM_CALLS = 20
FAILING_SHARE = 0.5
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0
JITTER = 0.2
PROBES = 3
RETRY_SHARE = 0.1
MINIMUM_RETRIES = 3


class _Window:
    """Calls and marks of the last ten seconds, one pair per second: bounded at any rate."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seconds: deque[list[int]] = deque()

    def add(self, *, calls: int = 0, marks: int = 0) -> None:
        second = math.floor(self._clock())
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append([second, 0, 0])
        self._seconds[-1][1] += calls
        self._seconds[-1][2] += marks

    def sums(self) -> tuple[int, int]:
        oldest = self._clock() - WINDOW
        while self._seconds and self._seconds[0][0] < oldest:
            self._seconds.popleft()
        return sum(second[1] for second in self._seconds), sum(
            second[2] for second in self._seconds
        )

    def forget(self) -> None:
        self._seconds.clear()


class Circuit:
    """Says whether a registry may be called now; *random* gives numbers from 0 to 1."""

    def __init__(self, *, clock: Callable[[], float], random: Callable[[], float]) -> None:
        self._clock = clock
        self._random = random
        self._window = _Window(clock)
        self._pause = FIRST_PAUSE
        self._closed = True
        self._opens_until = 0.0
        self._probes_left = 0
        self._probes_passed = 0

    def allow(self) -> bool:
        """Whether a call may go; a True in the half-open state uses one of its three calls."""
        if self._closed:
            return True
        if self._clock() < self._opens_until:
            return False
        if not self._probes_left:
            return False
        self._probes_left -= 1
        return True

    def record(self, ok: bool) -> None:
        """Note how a call ended that *allow* let go."""
        if self._closed:
            self._window.add(calls=1, marks=0 if ok else 1)
            calls, failures = self._window.sums()
            if calls >= MINIMUM_CALLS and failures >= FAILING_SHARE * calls:
                self._open()
            return
        if self._clock() < self._opens_until:
            return  # a straggler from before: the pause stands
        if not ok:
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._open()
            return
        self._probes_passed += 1
        if self._probes_passed == PROBES:
            self._closed = True
            self._pause = FIRST_PAUSE
            self._window.forget()

    def abandon(self) -> None:
        """Note that a call ended without a verdict: its caller left, or gave it no fair time."""
        if not self._closed:
            self._probes_left = min(self._probes_left + 1, PROBES - self._probes_passed)

    def retry_after(self) -> int:
        """Whole seconds until a call may go; 0 when one may go now."""
        if self._closed:
            return 0
        if self._clock() >= self._opens_until:
            return 0 if self._probes_left else 1
        return math.ceil(self._opens_until - self._clock())

    def _open(self) -> None:
        # Replicas that failed together must not come back together.
        jittered = self._pause * (1 - JITTER + 2 * JITTER * self._random())
        self._closed = False
        self._opens_until = self._clock() + jittered
        self._probes_left = PROBES
        self._probes_passed = 0


class RetryBudget:
    """Second attempts, at most a tenth of the calls: a sick registry is not made sicker."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._window = _Window(clock)

    def call(self) -> None:
        """Note a first attempt."""
        self._window.add(calls=1)

    def spend(self) -> bool:
        """Take one second attempt, if the last ten seconds leave one."""
        calls, retries = self._window.sums()
        if retries >= max(MINIMUM_RETRIES, int(RETRY_SHARE * calls)):
            return False
        self._window.add(marks=1)
        return True
