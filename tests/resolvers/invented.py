"""Invented people and their land, and what a procedure's papers come to, without any registry."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import cast

import msgspec
from graphql import GraphQLSchema

from adapters.dates import PartialDate
from adapters.land.records import HolderPerson, LandCertificate, LandHolder, Parcel
from adapters.persons import PersonRef
from adapters.population.records import Person, PersonKey
from adapters.registry import RegistryName, Source
from resolvers.catalogue import SHIPPED, Catalogue, load_catalogue
from resolvers.components import decide
from resolvers.edges import Ask, Loader
from resolvers.enums import FieldState
from resolvers.evidence import Finding
from resolvers.matching import Party
from resolvers.parcels import _shown
from resolvers.prefill import Gathered
from resolvers.procedure import Procedure, Role
from resolvers.procedure_document import read_procedure
from resolvers.results import DossierComponent
from resolvers.schema import build_schema, graphql_schema
from resolvers.walk import Found, walk

TODAY = date(2026, 11, 20)
DECLARED = "declared"
"""Stands for a subject who is declared: a newborn, a foreign national."""
UNKNOWN = "unknown"
"""Stands for one who is declared as not known: a father who is not named."""
_NOBODY = (DECLARED, UNKNOWN)


@cache
def schema() -> GraphQLSchema:
    """Build the real schema, once."""
    return graphql_schema(build_schema())


@cache
def shipped() -> Catalogue:
    """Load the documents that the product ships."""
    return load_catalogue(schema(), [SHIPPED])


def procedure(code: str) -> Procedure:
    """Give a shipped procedure."""
    found = shipped().find(code)
    assert found is not None
    return found


def written(folder: Path, text: str) -> Procedure:
    """Read a procedure document of one's own."""
    file = folder / "sample.graphql"
    file.write_text(text, encoding="utf-8")
    return read_procedure(schema(), (SHIPPED / "directives.graphql").read_text("utf-8"), file)


def source(registry: RegistryName, *, stale: bool = False, as_of: date | None = None) -> Source:
    """Say where a record came from."""
    return Source(
        registry=registry,
        authority="Cơ quan giả định",
        fetched_at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
        stale=stale,
        as_of=as_of,
    )


def person(name: str, number: str, born: str, **more: object) -> Person:
    """Make a person as the population registry states them, found by their own proof."""
    year, month, day = (int(part) for part in born.split("-"))
    birth = PartialDate(year, month, day)
    made = Person(
        source=source(RegistryName.POPULATION),
        personal_id=number,
        full_name=name,
        birth_date=birth,
        key=PersonKey(number=number, full_name=name, birth_date=birth),
    )
    return msgspec.structs.replace(made, **more)


def mention(someone: Person, **more: object) -> PersonRef:
    """Mention a person as another record does."""
    ref = PersonRef(full_name=someone.full_name, personal_id=someone.personal_id)
    return msgspec.structs.replace(ref, **more)


AN = person("Nguyễn Văn An", "097085000101", "1985-05-12", old_id_numbers=("390000101",))
BINH = person("Trần Thị Bình", "097187000102", "1987-10-03")
HOA = person("Nguyễn Thị Hòa", "097185900001", "1985-05-12")
COUPLE = {
    "father": msgspec.structs.replace(AN, spouse=mention(BINH)),
    "mother": msgspec.structs.replace(BINH, spouse=mention(AN)),
}


def party(role: str, answer: object, key: PersonKey = AN.key) -> Party:
    """Put somebody into a role; *key* is the proof given, where the registry gave no record."""
    return Party(role=role, key=answer.key if isinstance(answer, Person) else key, answer=answer)


def held_by(someone: Person, **more: object) -> HolderPerson:
    """Make one person the holder of land."""
    return HolderPerson(person=mention(someone, **more))


def certificate(holder: LandHolder | None, serial: str = "SX 100101") -> LandCertificate:
    """Make a certificate in the name of *holder*."""
    return LandCertificate(source=source(RegistryName.LAND), serial_number=serial, holder=holder)


def parcel(holder: LandHolder, *certificates: LandCertificate) -> Parcel:
    """Make a parcel of *holder*, with a certificate in the same name unless others are given."""
    return Parcel(
        source=source(RegistryName.LAND),
        sheet="12",
        parcel="7",
        holder=holder,
        certificates=certificates or (certificate(holder),),
    )


class Shelf:
    """Stands for the request's loader: every role is answered with what was laid out for it."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    async def load(self, type_name: str, name: str, ask: Ask) -> object:
        """Answer a Dossier field; below it there is nothing on the shelf."""
        del name, ask
        return self._answer if type_name == "Dossier" else None


async def gathered(of: Procedure, given: Mapping[str, object]) -> Gathered:
    """Walk *of* for the subjects *given* by role: a record, a failure, several, DECLARED, UNKNOWN.

    Land is shown or withheld as the graph does it, all persons being claimed as its holders.
    """
    parties = {
        name: [party(name, answer) for answer in _several(given[name]) if answer not in _NOBODY]
        for name, role in of.roles.items()
        if name in given and role.kind == "person"
    }
    everybody = [p for found in parties.values() for p in found]
    return Gathered(
        roles=of.roles,
        roots={name: await _root(of.roles[name], given[name], everybody) for name in given},
        parties=parties,
        declared=frozenset(name for name, answer in given.items() if answer == DECLARED),
        supplied=frozenset(name for name, answer in given.items() if answer != UNKNOWN),
    )


def _several(answer: object) -> Sequence[object]:
    return answer if isinstance(answer, list) else [answer]


async def _root(role: Role, answer: object, everybody: Sequence[Party]) -> Found:
    if answer in _NOBODY:
        return Found(selection=role.selection, state=FieldState.NOT_APPLICABLE)
    shown = answer if role.kind == "person" else _shown(answer, everybody)
    return await walk(cast("Loader", Shelf(shown)), role.selection, {})


async def examined(of: Procedure, given: Mapping[str, object]) -> list[Finding]:
    """Examine all evidence of *of* for the subjects *given*."""
    return (await gathered(of, given)).examine(of, None, TODAY)


async def papers(
    of: Procedure,
    given: Mapping[str, object],
    waits: Mapping[RegistryName, int] | None = None,
    language: str = "en",
) -> dict[str, DossierComponent]:
    """Decide all papers of *of* for the subjects *given*."""
    found = await gathered(of, given)
    findings = found.examine(of, None, TODAY)
    decided = decide(of, found.supplied, findings, waits or {}, language)
    return {component.id: component for component in decided}
