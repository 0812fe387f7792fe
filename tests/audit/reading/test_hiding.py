"""A count below five is not told, and cannot be computed from what is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.reading.hiding import LEAST, Counts, Told, hide

WORDS = ("OK", "PARTIAL", "FAILED")


def counts(dossiers: int = 10, replaced: int = 0, **outcomes: int) -> Counts:
    return Counts(outcomes=outcomes, dossiers=dossiers, replaced=replaced)


def whole(given: Counts) -> Told:
    told, _ = hide(given, {})
    return told


def test_what_is_five_or_more_is_told() -> None:
    told = whole(counts(10, 5, OK=5, PARTIAL=6))
    assert Told(answers=11, outcomes={"OK": 5, "PARTIAL": 6}, dossiers=10, replaced=5) == told
    assert (50, False) == (told.share, told.hidden)


@pytest.mark.parametrize("answers", [1, 4])
def test_a_row_of_few_answers_tells_nothing(answers: int) -> None:
    told = whole(counts(answers, 0, OK=answers))
    assert Told(answers=None, outcomes={"OK": None}, dossiers=None, replaced=None) == told
    assert (None, True) == (told.share, told.hidden)


@pytest.mark.parametrize(
    ("dossiers", "replaced", "shown"),
    [
        (4, 0, (None, None)),
        (4, 4, (None, None)),
        (5, 5, (5, 5)),
        (9, 4, (9, None)),
        (9, 5, (9, None)),
        (9, 0, (9, 0)),
        (10, 5, (10, 5)),
        (0, 0, (0, 0)),
    ],
)
def test_the_replaced_are_told_if_neither_they_nor_the_others_are_few(
    dossiers: int, replaced: int, shown: tuple[int | None, int | None]
) -> None:
    told = whole(counts(dossiers, replaced, OK=20))
    assert (20, *shown) == (told.answers, told.dossiers, told.replaced)


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [
        ((20, 1, 6), (20, None, None)),
        ((20, 2, 2), (None, None, None)),
        ((20, 4, 4), (20, None, None)),
        ((20, 3, 3), (20, None, None)),
        ((20, 1, 0), (None, None, 0)),
    ],
)
def test_a_small_outcome_hides_as_many_others_as_it_takes(
    outcomes: tuple[int, ...], shown: tuple[int | None, ...]
) -> None:
    told = whole(counts(**dict(zip(WORDS, outcomes, strict=True))))
    assert (sum(outcomes), shown) == (told.answers, tuple(told.outcomes[w] for w in WORDS))


def test_a_row_whose_outcomes_are_all_few_tells_nothing() -> None:
    assert whole(counts(OK=1, PARTIAL=4)).answers is None
    assert 6 == whole(counts(OK=2, PARTIAL=4)).answers


def test_a_registry_that_few_asked_hides_the_one_that_the_others_asked() -> None:
    """A procedure may ask one or the other: 20 without 17 would be the three."""
    row, rows = hide(counts(OK=20), {"POPULATION": counts(OK=17), "LAND": counts(3, OK=3)})
    assert (20, None, None) == (row.answers, rows["POPULATION"].answers, rows["LAND"].answers)


def test_a_registry_that_few_did_not_ask_is_told() -> None:
    row, rows = hide(counts(OK=20), {"POPULATION": counts(OK=17), "LAND": counts(OK=6)})
    assert (20, 17, 6) == (row.answers, rows["POPULATION"].answers, rows["LAND"].answers)


def test_few_dossiers_of_one_registry_hide_those_of_the_next() -> None:
    _, rows = hide(
        counts(30, 0, OK=60),
        {"A": counts(20, OK=30), "B": counts(7, OK=20), "C": counts(3, OK=10)},
    )
    assert [(30, 20), (20, None), (10, None)] == [
        (told.answers, told.dossiers) for told in rows.values()
    ]


@given(st.tuples(*[st.integers(0, 30)] * 3), st.integers(0, 40), st.integers(0, 40))
def test_whatever_was_counted_each_hidden_count_could_be_five_or_more(
    outcomes: tuple[int, ...], dossiers: int, replaced: int
) -> None:
    """Everybody who knows the rule tries: another truth would have been told in the same words."""
    truth = Counts(
        outcomes=dict(zip(WORDS, outcomes, strict=True)),
        dossiers=max(dossiers, replaced),
        replaced=replaced,
    )
    told = whole(truth)
    shown = (told.answers, told.dossiers, told.replaced, *told.outcomes.values())
    assert not [count for count in shown if count is not None and 0 < count < LEAST]
    if told.replaced is not None and told.dossiers:
        assert told.dossiers - told.replaced not in range(1, LEAST)
    if told.answers is not None:
        hidden = [word for word, count in told.outcomes.items() if count is None]
        rest = told.answers - sum(count or 0 for count in told.outcomes.values())
        # Were all the others one each, the last would be five at least.
        assert not hidden or (len(hidden) > 1 and rest - (len(hidden) - 1) >= LEAST)


def test_a_registry_that_answered_with_one_outcome_only_tells_nothing_of_the_others() -> None:
    """Land is asked second: 20 OK of 23 would leave three that the population registry refused."""
    row, rows = hide(
        counts(OK=20, PARTIAL=3),
        {"POPULATION": counts(OK=20, PARTIAL=3), "LAND": counts(OK=20)},
    )
    unknown = {"OK": None, "PARTIAL": None}
    assert (23, unknown) == (row.answers, row.outcomes)
    assert [(23, unknown), (20, unknown)] == [(r.answers, r.outcomes) for r in rows.values()]


def test_a_registry_whose_dossiers_were_all_replaced_does_not_tell_how_many_were_not() -> None:
    row, rows = hide(counts(23, 20, OK=23), {"LAND": counts(20, 20, OK=20)})
    assert [(23, None), (20, None)] == [
        (told.dossiers, told.replaced) for told in (row, rows["LAND"])
    ]


_ANSWER = st.tuples(st.sampled_from(WORDS), st.sets(st.sampled_from(("A", "B", "C"))))


def test_no_row_of_a_registry_bounds_a_hidden_outcome_below_five() -> None:
    """Of each outcome there were at least as many as any registry says."""
    reached = 0

    @example([(("OK", {"A"}), 20), (("PARTIAL", {"A", "B"}), 1), (("FAILED", {"B"}), 6)])
    @given(st.lists(st.tuples(_ANSWER, st.integers(1, 30)), max_size=6))
    def none_does(answers: list[tuple[tuple[str, set[str]], int]]) -> None:
        nonlocal reached
        row, rows = hide(_over(answers), {each: _over(answers, each) for each in "ABC"})
        hidden = [word for word, count in row.outcomes.items() if count is None]
        for word in hidden if row.answers is not None else ():
            others = [
                max(1, row.outcomes[w] or 0, *(told.outcomes.get(w) or 0 for told in rows.values()))
                for w in row.outcomes
                if w != word
            ]
            assert (row.answers or 0) - sum(others) >= LEAST
            reached += 1

    none_does()
    # Two of the example alone.
    assert reached >= 2


def _over(answers: list[tuple[tuple[str, set[str]], int]], registry: str | None = None) -> Counts:
    """Count the answers for which a registry was asked, or all."""
    found = dict.fromkeys(WORDS, 0)
    for (word, registries), times in answers:
        found[word] += times if registry is None or registry in registries else 0
    return counts(0, 0, **{word: count for word, count in found.items() if count})
