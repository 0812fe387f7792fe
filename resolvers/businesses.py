"""Edges to enterprises and household businesses."""

from collections.abc import Hashable, Sequence

from adapters.business.records import (
    Businesses,
    EnterpriseKey,
    HouseholdBusiness,
    HouseholdBusinessKey,
    NameKey,
    RepresentativeKey,
)
from adapters.population.records import HouseholdMember, Person
from adapters.registry import Absent, Ambiguous, RegistryName
from resolvers import inputs
from resolvers.desk import Desk
from resolvers.edges import Ask, edge, reading
from resolvers.enums import FieldState
from resolvers.proofs import owns
from resolvers.states import Blank

PERSONAL_CODE = 12
"""Digits of a household business's code: it is its owner's personal id."""

_UNPROVEN = Blank(FieldState.NOT_FOUND_OR_MISMATCH)


@edge("Dossier", "business")
async def business(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Fetch a role's business by code; a household business only for its owner's name."""
    given = [ask.args.get("key") for ask in asks]
    keys = [business_key(k) if isinstance(k, inputs.BusinessKey) else None for k in given]
    found = iter(
        await desk.read(
            [
                reading(RegistryName.BUSINESS, key, ask)
                for ask, key in zip(asks, keys, strict=True)
                if key is not None
            ]
        )
    )
    return [Blank(FieldState.NOT_ASKED) if k is None else _proven(k, next(found)) for k in keys]


def business_key(given: inputs.BusinessKey) -> Hashable:
    """Translate the code (and, for a household business, the owner's name) into a key."""
    code = str(given.code)
    if len(code) == PERSONAL_CODE:
        return HouseholdBusinessKey(code=code, owner_name=given.owner_name or "")
    return EnterpriseKey(code=code)


def _proven(key: Hashable, answer: object) -> object:
    """Drop a household business whose owner is not the one named: the very same as not found.

    None, another's and several are one answer without a source, or the caller would learn from
    the rest of it who owns a business.
    """
    if not isinstance(key, HouseholdBusinessKey):
        return answer
    if isinstance(answer, HouseholdBusiness):
        return answer if owns(key, answer) else _UNPROVEN
    return _UNPROVEN if isinstance(answer, Absent | Ambiguous) else answer


@edge("Person", "businesses")
async def businesses(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Fetch what a proven person represents or owns."""
    keys = [_representative(ask.parent) for ask in asks]
    found = iter(
        await desk.read(
            [
                reading(RegistryName.BUSINESS, key, ask)
                for ask, key in zip(asks, keys, strict=True)
                if key is not None
            ]
        )
    )
    answers = [Blank(FieldState.NOT_APPLICABLE) if key is None else next(found) for key in keys]
    return [list(a.businesses) if isinstance(a, Businesses) else a for a in answers]


edge("HouseholdMember", "businesses")(businesses)


def _representative(parent: object) -> RepresentativeKey | None:
    if not isinstance(parent, Person | HouseholdMember):
        return None
    if parent.personal_id is None or parent.full_name is None:
        return None
    return RepresentativeKey(personal_id=parent.personal_id, full_name=parent.full_name)


@edge("Dossier", "nameCheck")
async def name_check(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Ask whether a business name is free in a ward."""
    return await desk.read(
        [
            reading(
                RegistryName.BUSINESS,
                NameKey(name=str(ask.args["name"]), ward=str(ask.args["ward"])),
                ask,
            )
            for ask in asks
        ]
    )
