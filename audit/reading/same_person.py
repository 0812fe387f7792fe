"""Which numbers are one person's, by what the log itself was told.

A registry is asked with one number and its answer tells others: so a person reached in six ways by
six numbers is one person. To unite too much would show a citizen somebody else's accesses, so:

- Only numbers of persons unite; through a parcel or an enterprise nobody becomes anybody else.
- Only what stands together under one subject unites, never two subjects of one read.
- A person has one personal id. A number that stands with two of them (old ones were given twice)
  unites nobody, and under such a number alone nothing more is found than what it stands in.
"""

from collections.abc import Collection, Sequence

from audit.detail import Number
from audit.tags import TagDomain

PERSONAL = frozenset({TagDomain.PERSON, TagDomain.OLD_NUMBER, TagDomain.INSURANCE, TagDomain.CARD})
"""The domains whose numbers are a person's."""


def unite(
    asked: Sequence[Number],
    told: Collection[tuple[Number, ...]],
    also: Collection[tuple[Number, ...]] = (),
) -> tuple[Number, ...]:
    """Give the *asked* numbers and all others of the same person, by the subjects *told* of.

    What the log knows *also* unites nobody, but it keeps apart: see the third rule.
    """
    groups = sorted(tuple(n for n in numbers if n[0] in PERSONAL) for numbers in told)
    ids = _ids_beside([*groups, *also])
    own = _own_ids(asked, groups, ids)
    known = dict.fromkeys(asked)
    if len(own) > 1 and own.isdisjoint(asked):
        return tuple(known)
    grown = True
    while grown:
        new = [
            number
            for numbers in groups
            if not known.keys().isdisjoint(numbers)
            for number in numbers
            if number not in known and ids[number] <= own
        ]
        known |= dict.fromkeys(new)
        grown = bool(new)
    return tuple(known)


def _ids_beside(groups: Sequence[tuple[Number, ...]]) -> dict[Number, set[Number]]:
    """Give the personal ids with which each number stands."""
    beside: dict[Number, set[Number]] = {}
    for numbers in groups:
        ids = {number for number in numbers if number[0] == TagDomain.PERSON}
        for number in numbers:
            beside.setdefault(number, set()).update(ids)
    return beside


def _own_ids(
    asked: Sequence[Number],
    groups: Sequence[tuple[Number, ...]],
    ids: dict[Number, set[Number]],
) -> set[Number]:
    """Give the personal ids that are asked for, else those that stand nearest to what is."""
    if own := {number for number in asked if number[0] == TagDomain.PERSON}:
        return own
    near = set(asked)
    while True:
        own = {each for number in near for each in ids.get(number, ())}
        wider = near.union(*(numbers for numbers in groups if not near.isdisjoint(numbers)))
        if own or wider == near:
            return own
        near = wider
