"""Which counts of a statistic stay hidden: those below five, and those that would give them away.

A count of one to four could be somebody's; nought is nobody's and is told.
A hidden count must not be computable from what is told beside it:

- The outcomes of a row add up to its answers. A small one hides the next larger one as well, until
  each of the hidden could be five or more; where that cannot be, the whole row is hidden.
- Dossiers with a replaced component and those without add up to the dossiers: a small one of the
  two hides both, and the share.
- An answer may ask several registries, so their rows do not add up to the row over all of them; but
  whoever knows that a procedure asks one or another could subtract. So the registries of a group
  hide each other just as outcomes do, count by count.
- A registry's count is part of the one over all: 20 of its answers were OK, so of 23 no more than
  three were not. So where any row hides an outcome, the rows of registries tell none, not even
  which there were; and where any hides the dossiers with a replaced component, they all do.
- Filters leave rows out and change no row: what is hidden is decided before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

LEAST = 5
"""The smallest count that is told."""

_OUTCOME = "outcome "


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted for a row."""

    outcomes: Mapping[str, int]
    """How many answers had each outcome."""
    dossiers: int
    replaced: int
    """Of these, with at least one component replaced by data."""

    @property
    def answers(self) -> int:
        """Count all answers."""
        return sum(self.outcomes.values())


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What may be told of a row; None is hidden."""

    answers: int | None
    outcomes: Mapping[str, int | None]
    dossiers: int | None
    replaced: int | None

    @property
    def share(self) -> int | None:
        """Give the share of dossiers with a replaced component, in whole percent."""
        if self.replaced is None or not self.dossiers:
            return None
        return round(100 * self.replaced / self.dossiers)

    @property
    def hidden(self) -> bool:
        """Tell whether any count is hidden."""
        counts = (self.answers, self.dossiers, self.replaced, *self.outcomes.values())
        return None in counts


def hide(whole: Counts, registries: Mapping[str, Counts]) -> tuple[Told, dict[str, Told]]:
    """Hide what must not be told of a group: its row over all, and the row of each registry."""
    hidden: dict[str, set[str]] = {registry: set() for registry in registries}
    cells = {registry: _cells(counts) for registry, counts in registries.items()}
    for cell in {cell for each in cells.values() for cell in each}:
        across = {registry: each.get(cell, 0) for registry, each in cells.items()}
        for registry in _with_companions(across):
            hidden[registry].add(cell)
    small = {cell for cell, count in _cells(whole).items() if 0 < count < LEAST}
    told = _told(whole, small)
    rows = {registry: _told(counts, hidden[registry]) for registry, counts in registries.items()}
    return told, _without_parts(rows, [told, *rows.values()], whole.outcomes)


def _without_parts(
    rows: Mapping[str, Told], group: Sequence[Told], words: Iterable[str]
) -> dict[str, Told]:
    """Leave out of the *rows* of registries what would bound what the *group* hides."""
    outcomes = any(None in row.outcomes.values() for row in group if row.answers is not None)
    replaced = any(row.replaced is None for row in group if row.dossiers is not None)
    nothing = dict.fromkeys(words)
    return {
        registry: msgspec.structs.replace(
            row,
            outcomes=nothing if outcomes else row.outcomes,
            replaced=None if replaced else row.replaced,
        )
        for registry, row in rows.items()
    }


def _cells(counts: Counts) -> dict[str, int]:
    return {
        "answers": counts.answers,
        "dossiers": counts.dossiers,
        "replaced": counts.replaced,
        "kept": counts.dossiers - counts.replaced,
        **{_OUTCOME + word: count for word, count in counts.outcomes.items()},
    }


def _told(counts: Counts, hidden: Collection[str]) -> Told:
    """Tell a row without its *hidden* cells, and without what would give them away."""
    words = {word for word in counts.outcomes if _OUTCOME + word in hidden}
    words = _with_companions(counts.outcomes, words)
    if "answers" in hidden or not _unclear(counts.outcomes, words):
        nothing = dict.fromkeys(counts.outcomes)
        return Told(answers=None, outcomes=nothing, dossiers=None, replaced=None)
    no_dossiers = "dossiers" in hidden
    no_replaced = no_dossiers or not {"replaced", "kept"}.isdisjoint(hidden)
    return Told(
        answers=counts.answers,
        outcomes={w: None if w in words else count for w, count in counts.outcomes.items()},
        dossiers=None if no_dossiers else counts.dossiers,
        replaced=None if no_replaced else counts.replaced,
    )


def _with_companions(counts: Mapping[str, int], given: Collection[str] = ()) -> set[str]:
    """Name the *given* and the small counts, and as many others as keep them hidden."""
    hidden = {name for name, count in counts.items() if 0 < count < LEAST or name in given}
    others = sorted((count, name) for name, count in counts.items() if count and name not in hidden)
    for _, name in others:
        if _unclear(counts, hidden):
            break
        hidden.add(name)
    return hidden


def _unclear(counts: Mapping[str, int], hidden: Collection[str]) -> bool:
    """Tell whether each of the *hidden* could be five or more, for all that their sum tells."""
    if not hidden:
        return True
    return len(hidden) > 1 and sum(counts[name] for name in hidden) >= LEAST + len(hidden) - 1
