"""What of a citizen's data an answer gave out, as far as its entry says; in doubt, that it did.

An entry keeps one state for each path, not for each person or item that was met there. So where
several stand in one role, or a list of records lies on the way, a state that says "nothing" is not
believed. A value that left outweighs all other states of its path (resolvers/visit.py).
"""

from collections.abc import Mapping
from enum import IntEnum

from audit.entry import Entry, Read, Subject
from resolvers.enums import FieldState
from resolvers.log.words import FieldWords

COMPARED = "verify:"
"""Before a path: a verdict was given on it; what is on file did not leave."""


class Share(IntEnum):
    """How much of a field was given out; an answer is called by the least of its fields'."""

    GIVEN = 0
    """Its value, or that none is recorded; or the entry does not tell."""
    COMPARED = 1
    MISMATCHED = 2
    """The proof found nothing, so there was nothing to read."""
    SILENT = 3
    """The source did not answer, or in no way that could be used."""
    KEPT = 4
    """It was kept back: for want of a right or of a consent, or since two records answered."""


_BLANK: Mapping[str, Share] = {
    FieldState.NOT_FOUND_OR_MISMATCH: Share.MISMATCHED,
    FieldState.SOURCE_NOT_CONNECTED: Share.SILENT,
    FieldState.SOURCE_DOWN: Share.SILENT,
    FieldState.SOURCE_MAINTENANCE: Share.SILENT,
    FieldState.SOURCE_REFUSED: Share.SILENT,
    FieldState.SOURCE_GARBLED: Share.SILENT,
    FieldState.AMBIGUOUS: Share.KEPT,
    FieldState.RESTRICTED: Share.KEPT,
    FieldState.WITHHELD: Share.KEPT,
}
"""Every other state is an answer: that nothing is recorded tells something about somebody, too."""

_OF_WHOLE_ANSWERS = frozenset({Share.MISMATCHED, Share.SILENT})
"""What all fields of one answer share."""


def share_of(entry: Entry, read: Read, one: Subject, path: str, words: FieldWords) -> Share:
    """Tell how much was given out of *path*, which *read* wanted to know about *one*."""
    state = entry.states.get(path)
    if not entry.states or (state is not None and state not in _BLANK):
        return Share.GIVEN
    if COMPARED + path in entry.states:
        return Share.COMPARED
    role = _role_of(path)
    if state is None and _only_compared(entry, role):
        return Share.COMPARED
    if sum(role in other.roles for other in read.subjects) > 1:
        return Share.GIVEN
    if state is not None:
        return _believed(entry, path, words)
    told = {_believed(entry, each, words) for each in _same_answer(entry, read, role)}
    whole = role in one.roles and len(told) == 1 and told <= _OF_WHOLE_ANSWERS
    return told.pop() if whole else Share.GIVEN


def _believed(entry: Entry, path: str, words: FieldWords) -> Share:
    state = entry.states[path]
    share = _BLANK.get(state, Share.GIVEN)
    if share is Share.SILENT and words.of_several(entry.procedure, path):
        return Share.GIVEN
    # A paper may have been decided by what the form itself was not given.
    return Share.GIVEN if state == FieldState.RESTRICTED and entry.components else share


def _same_answer(entry: Entry, read: Read, role: str) -> list[str]:
    """Give the paths whose states tell how the answer fared that *read* got for *role*.

    Of a record that was read only for what lies behind it, that is whatever lies there.
    """
    own = [path for path in read.fields if _role_of(path) == role]
    wanted = entry.states if own == [role] else own
    asked = {path for path, state in entry.states.items() if state != FieldState.NOT_ASKED}
    return [path for path in wanted if _role_of(path) == role and path in asked]


def _only_compared(entry: Entry, role: str) -> bool:
    """Tell whether verdicts are all that left about *role*; papers are decided beside them."""
    compared = any(path.startswith(f"{COMPARED}{role}/") for path in entry.states)
    return compared and not any(_role_of(path) == role for path in entry.states)


def _role_of(path: str) -> str:
    return path.partition("/")[0]
