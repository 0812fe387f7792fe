"""The circuit and the retry budget: plain state machines on a clock that the test moves."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.circuit import Circuit, RetryBudget


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def new_circuit(clock: Clock, random: float = 0.5) -> Circuit:
    return Circuit(clock=clock, random=lambda: random)


def fail(circuit: Circuit, times: int = 20) -> None:
    for _ in range(times):
        circuit.record(ok=False)


def test_nineteen_failures_do_not_open_the_circuit_and_the_twentieth_does() -> None:
    circuit = new_circuit(Clock())

    fail(circuit, 19)
    assert circuit.allow()
    fail(circuit, 1)

    assert not circuit.allow()
    assert 5 == circuit.retry_after()


def test_less_than_half_of_the_calls_failing_keeps_it_closed() -> None:
    circuit = new_circuit(Clock())

    for _ in range(11):
        circuit.record(ok=True)
    fail(circuit, 10)
    assert circuit.allow()
    fail(circuit, 1)

    assert not circuit.allow()


def test_failures_older_than_the_window_count_no_more() -> None:
    clock = Clock()
    circuit = new_circuit(clock)

    fail(circuit, 19)
    clock.now += 11.5
    fail(circuit, 19)

    assert circuit.allow()
    assert 0 == circuit.retry_after()


def test_after_the_pause_three_calls_may_go_to_see() -> None:
    clock = Clock()
    circuit = new_circuit(clock)
    fail(circuit)

    clock.now += 4.9
    assert not circuit.allow()
    clock.now += 0.1

    assert [True, True, True, False] == [circuit.allow() for _ in range(4)]
    assert 1 == circuit.retry_after()


def test_three_good_probes_close_the_circuit_with_a_clean_window() -> None:
    clock = Clock()
    circuit = new_circuit(clock)
    fail(circuit)
    clock.now += 5

    for _ in range(3):
        assert circuit.allow()
        circuit.record(ok=True)
    fail(circuit, 19)

    assert circuit.allow()


def test_a_failed_probe_doubles_the_pause_up_to_a_minute() -> None:
    clock = Clock()
    circuit = new_circuit(clock)
    fail(circuit)
    pauses = []

    for _ in range(6):
        pauses.append(circuit.retry_after())
        clock.now += circuit.retry_after()
        assert circuit.allow()
        circuit.record(ok=False)

    assert [5, 10, 20, 40, 60, 60] == pauses


def test_the_pause_is_five_seconds_again_after_the_registry_was_well() -> None:
    clock = Clock()
    circuit = new_circuit(clock)
    fail(circuit)
    clock.now += 5
    circuit.allow()
    circuit.record(ok=False)
    clock.now += 10
    for _ in range(3):
        circuit.allow()
        circuit.record(ok=True)

    fail(circuit)

    assert 5 == circuit.retry_after()


def test_the_pause_is_jittered_by_a_fifth_either_way() -> None:
    early, late = new_circuit(Clock(), random=0.0), new_circuit(Clock(), random=1.0)

    fail(early)
    fail(late)

    assert 4 == early.retry_after()
    assert 6 == late.retry_after()


def test_a_probe_whose_caller_left_may_be_made_again() -> None:
    clock = Clock()
    circuit = new_circuit(clock)
    fail(circuit)
    clock.now += 5
    assert [True, True, True, False] == [circuit.allow() for _ in range(4)]

    circuit.abandon()

    assert [True, False] == [circuit.allow() for _ in range(2)]


def test_a_straggler_from_before_does_not_prolong_the_pause() -> None:
    clock = Clock()
    circuit = new_circuit(clock)
    fail(circuit)

    clock.now += 4
    circuit.record(ok=False)
    clock.now += 1

    assert circuit.allow()


@given(st.lists(st.tuples(st.sampled_from(["ok", "bad", "gone"]), st.floats(0, 8)), max_size=200))
def test_a_circuit_never_locks_itself_for_longer_than_its_longest_pause(
    history: list[tuple[str, float]],
) -> None:
    clock = Clock()
    circuit = new_circuit(clock, random=1.0)
    for how, passed in history:
        clock.now += passed
        if circuit.allow():
            if how == "gone":
                circuit.abandon()
            else:
                circuit.record(ok=how == "ok")

    clock.now += 72.1

    assert circuit.allow()


def test_three_second_attempts_are_free_and_then_a_tenth_of_the_calls() -> None:
    budget = RetryBudget(clock=Clock())

    assert [True, True, True, False] == [budget.spend() for _ in range(4)]
    for _ in range(40):
        budget.call()

    assert [True, False] == [budget.spend() for _ in range(2)]


def test_the_budget_comes_back_with_time() -> None:
    clock = Clock()
    budget = RetryBudget(clock=clock)
    for _ in range(3):
        budget.spend()

    clock.now += 11.5

    assert budget.spend()
