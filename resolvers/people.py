"""Edges to persons, their households and their insurance."""

from collections.abc import Sequence

from adapters.insurance.records import HealthCardKey, SocialInsuranceKey
from adapters.population.records import HouseholdKey, HouseholdMember, Person, PersonKey
from adapters.registry import RegistryName
from resolvers import inputs
from resolvers.desk import Desk
from resolvers.edges import Ask, edge, reading
from resolvers.enums import FieldState
from resolvers.matching import Party
from resolvers.names import OWN_ROLE, OWN_TYPE
from resolvers.states import Blank

NOT_ASKED = Blank(FieldState.NOT_ASKED)


def person_key(given: inputs.PersonKey) -> PersonKey:
    """Translate the proof of the schema into the registry's key."""
    number = given.number.personal_id or given.number.old_id_number
    return PersonKey(
        number=str(number), full_name=str(given.full_name), birth_date=given.birth_date
    )


@edge("Dossier", "person")
async def person(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Look a role's person up with proof; a role without key is not asked."""
    return await _people(desk, asks)


@edge(OWN_TYPE, "person")
async def own_person(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Look the caller up with the proof that the own token makes."""
    return await _people(
        desk,
        [
            Ask(
                parent=ask.parent,
                args={"role": OWN_ROLE, "key": getattr(ask.parent, "key", None)},
                selection=ask.selection,
            )
            for ask in asks
        ],
    )


@edge("Dossier", "persons")
async def persons(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Look up each key of a list, null in place for what is not found."""
    spread = [
        Ask(parent=ask.parent, args={"role": ask.args["role"], "key": key}, selection=ask.selection)
        for ask in asks
        for key in _keys(ask)
    ]
    answers = iter(await _people(desk, spread))
    return [
        NOT_ASKED if ask.args.get("keys") is None else [next(answers) for _ in _keys(ask)]
        for ask in asks
    ]


def _keys(ask: Ask) -> Sequence[object]:
    keys = ask.args.get("keys")
    return keys if isinstance(keys, Sequence) else ()


async def _people(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    given = [(ask, ask.args.get("key")) for ask in asks]
    asked = [(ask, person_key(key)) for ask, key in given if isinstance(key, inputs.PersonKey)]
    readings = [reading(RegistryName.POPULATION, key, ask) for ask, key in asked]
    expected = [desk.expect(r.role) for r in readings]
    found = await desk.read(readings)
    for party, (_, key), read, answer in zip(expected, asked, readings, found, strict=True):
        party.set_result(Party(role=read.role, key=key, answer=answer))
    answers = iter(found)
    return [next(answers) if isinstance(key, inputs.PersonKey) else NOT_ASKED for _, key in given]


@edge("Person", "household")
async def household(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Fetch the household of a proven person."""
    return await desk.read(
        [
            reading(RegistryName.POPULATION, HouseholdKey(person=ask.parent.key), ask)
            for ask in asks
            if isinstance(ask.parent, Person)
        ]
    )


@edge("Person", "socialInsurance")
async def social_insurance(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Fetch a person's social insurance, or a household member's."""
    return await _insurance(desk, asks, card=False)


@edge("Person", "healthInsurance")
async def health_insurance(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Fetch the health card of a person or household member."""
    return await _insurance(desk, asks, card=True)


edge("HouseholdMember", "socialInsurance")(social_insurance)
edge("HouseholdMember", "healthInsurance")(health_insurance)


async def _insurance(desk: Desk, asks: Sequence[Ask], *, card: bool) -> list[object]:
    """Ask under the triple that the population registry stated; without it nothing is asked."""
    keys = [_insured(ask.parent, card=card) for ask in asks]
    found = iter(
        await desk.read(
            [
                reading(RegistryName.INSURANCE, key, ask)
                for ask, key in zip(asks, keys, strict=True)
                if key is not None
            ]
        )
    )
    return [Blank(FieldState.NOT_APPLICABLE) if key is None else next(found) for key in keys]


def _insured(parent: object, *, card: bool) -> SocialInsuranceKey | HealthCardKey | None:
    if not isinstance(parent, Person | HouseholdMember):
        return None
    if parent.personal_id is None or parent.full_name is None or parent.birth_date is None:
        return None
    if card:
        return HealthCardKey(
            number=parent.personal_id,
            personal_id=parent.personal_id,
            full_name=parent.full_name,
            birth_date=parent.birth_date,
        )
    return SocialInsuranceKey(
        personal_id=parent.personal_id,
        full_name=parent.full_name,
        birth_date=parent.birth_date,
    )
