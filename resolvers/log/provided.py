"""What of a citizen's data an answer gave out, as far as its entry says; in doubt, that it did.

An entry keeps one state for each path, not for each person or item that was met there. So where
several stand in one role, or a list of records lies on the way, a state that says "nothing" is not
believed. A value that left outweighs all other states of its path (resolvers/visit.py).
"""

from collections.abc import Mapping
from enum import IntEnum

from audit.entry import Entry, Read, Subject
from audit.reading.accesses import Access
from resolvers.enums import FieldState, Verdict
from resolvers.log.words import FieldWords

COMPARED = "verify:"
"""Before a path: a verdict was given on it; what is on file did not leave."""


class Share(IntEnum):
    """How much of a field was given out; an answer is called by the least of its fields'."""

    GIVEN = 0
    """Its value, or that none is recorded; or the entry does not tell."""
    COMPARED = 1
    UNDECIDED = 2
    """A verdict left that decides nothing: the entry does not tell whether a record was there."""
    MISMATCHED = 3
    """The proof found nothing, so there was nothing to read."""
    SILENT = 4
    """The source did not answer, or in no way that could be used."""
    KEPT = 5
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

_NO_VERDICTS = frozenset({Verdict.CANNOT_DECIDE, Verdict.AMBIGUOUS, Verdict.LOCKED})

_OF_WHOLE_ANSWERS = frozenset({Share.MISMATCHED, Share.SILENT})
"""What all fields of one answer share."""


def share_of(access: Access, read: Read, one: Subject, path: str, words: FieldWords) -> Share:
    """Tell how much was given out of *path*, which *read* wanted to know about *one*."""
    entry = access.entry
    state = entry.states.get(path)
    if not entry.states or (state is not None and state not in _BLANK):
        return Share.GIVEN
    role = _role_of(path)
    verdict = entry.states.get(COMPARED + path)
    if verdict is not None and verdict not in _NO_VERDICTS:
        return Share.COMPARED
    if state is None and (verdict is not None or _only_compared(entry, role)):
        return _of_verdicts(access, read, path, verdict, words)
    if _several(access, read, role, words):
        return Share.GIVEN
    if state is not None:
        return _believed(entry, path, words)
    told = {_believed(entry, each, words) for each in _same_answer(entry, read, role)}
    whole = role in one.roles and len(told) == 1 and told <= _OF_WHOLE_ANSWERS
    return told.pop() if whole else Share.GIVEN


def _of_verdicts(
    access: Access, read: Read, path: str, verdict: str | None, words: FieldWords
) -> Share:
    """Tell what of a field left by verdicts alone: its own, or those on the rest of its role."""
    entry = access.entry
    of_role = f"{COMPARED}{_role_of(path)}/"
    told = {each for of, each in entry.states.items() if of.startswith(of_role)}
    if verdict is None and not told <= _NO_VERDICTS:
        return Share.COMPARED
    silent = any(
        source.registry == read.registry and _BLANK.get(source.state) is Share.SILENT
        for source in entry.sources
    )
    # A source is reported by the worst of its answers: of several, another one may be this one's.
    asked = sum(len(each.subjects) for each in _reads(access) if each.registry == read.registry)
    alone = asked == 1 and not words.of_several(entry.procedure, path)
    return Share.SILENT if silent and alone else Share.UNDECIDED


def _several(access: Access, read: Read, role: str, words: FieldWords) -> bool:
    """Tell whether several stand in *role*: in this read, or among those whom it was asked for."""
    if sum(role in one.roles for one in read.subjects) > 1:
        return True
    procedure = access.entry.procedure
    # The first tag is of the number asked with, which all reads of a subject have in common.
    named = {
        one.tags[:1]
        for each in _reads(access)
        if any(_role_of(path) == role and words.of_root(procedure, path) for path in each.fields)
        for one in each.subjects
        if role in one.roles
    }
    return len(named) > 1


def _reads(access: Access) -> list[Read]:
    return [read for entry in (*access.intents, access.entry) for read in entry.reads]


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
