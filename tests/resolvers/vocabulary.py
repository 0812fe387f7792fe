"""The least schema that holds every type, and a full record for every root of it."""

import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import cast

import msgspec
import strawberry
from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.field import StrawberryField

from adapters.business import records as business_records
from adapters.dates import PartialDate
from adapters.land import records as land_records
from adapters.population import records as population_records
from resolvers import inputs, results
from resolvers.log import inputs as inputs_of_log
from resolvers.log import results as results_of_log
from resolvers.plan import Selection
from resolvers.scalars import SCALARS
from resolvers.types import access, business, catalogue, dossier_results, land, me, person
from resolvers.types.record import RECORD_OF, TYPE_OF


@strawberry.type(description="Gốc: stands for the real one, which is not under test here.")
class Query:
    """The least schema that holds every type: each root is an attribute of the root value."""

    person: person.Person
    me: me.Me
    businesses: list[business.Business]
    name_check: business.NameCheck
    holders: list[land.LandHolder]
    prefill: dossier_results.Prefill
    verification: dossier_results.Verification
    procedures: catalogue.ProcedureConnection
    registry: catalogue.RegistryInfo
    grant: catalogue.Grant
    access_log: access.AccessEntryConnection
    access_statistics: access.AccessStatistics

    @strawberry.field
    def echo(
        self,
        purpose: inputs.Purpose | None = None,
        subject: inputs.SubjectInput | None = None,
        claim: inputs.ClaimInput | None = None,
        log_filter: inputs_of_log.AccessLogFilter | None = None,
        case: inputs_of_log.CaseRef | None = None,
        statistics: inputs_of_log.StatisticsFilter | None = None,
    ) -> str:
        """Give back what the inputs print."""
        sent = (purpose, subject, claim, log_filter, case, statistics)
        return " ".join(repr(given) for given in sent if given)


@cache
def schema() -> strawberry.Schema:
    """Build the throw-away schema, once."""
    return strawberry.Schema(
        Query,
        types=[business.Enterprise, business.HouseholdBusiness],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def named_types() -> Mapping[str, GraphQLNamedType]:
    """Give graphql-core's types by name."""
    return schema()._schema.type_map


def fields_of(type_name: str) -> Iterator[tuple[str, GraphQLField, StrawberryField]]:
    """Give each field of a type: the schema's name, and both libraries' definitions."""
    face = cast("GraphQLObjectType", named_types()[type_name])
    for name, field in face.fields.items():
        yield name, field, field.extensions["strawberry-definition"]


def attributes_of(record: type[object]) -> set[str]:
    """Give the names under which a record answers: its fields and its properties."""
    properties = {n for n, v in vars(record).items() if isinstance(v, property)}
    return {*getattr(record, "__struct_fields__", ()), *properties}


SOURCE_TIME = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
SAMPLES: Mapping[object, object] = {
    str: "text",
    object: "text",
    int: 1,
    bool: True,
    date: date(2026, 11, 20),
    datetime: SOURCE_TIME,
    Decimal: Decimal("12.50"),
    PartialDate: PartialDate(1985, 5, 12),
    Selection: None,
}


def sample(hint: object, within: tuple[object, ...] = ()) -> object:
    """Make a value of *hint* with every published attribute set, not deeper than one of a kind."""
    if hint in SAMPLES:
        return SAMPLES[hint]
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in {UnionType, typing.Union}:
        return sample(next(part for part in parts if part is not type(None)), within)
    if origin is tuple:
        return () if parts[0] in within else (sample(parts[0], within),)
    if origin is Mapping:
        return {"text": sample(parts[1], within)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return filled(cast("type[object]", hint), within)


def filled(record: type[object], within: tuple[object, ...] = ()) -> object:
    """Make a record; what the schema does not show is left empty."""
    face = TYPE_OF.get(record)
    shown = {f.python_name for _, _, f in fields_of(face)} if face else set()
    hints = typing.get_type_hints(record)
    make = cast("Callable[..., object]", record)
    return make(
        **{
            name: sample(hint, (*within, record)) if name in shown or not face else None
            for name, hint in hints.items()
            if not name.startswith("_") and name in attributes_of(record)
        }
    )


class Visit:
    """Stands for a request's visit: an edge answers with a full record."""

    def edge(self, type_name: str, name: str, *_: object) -> object:
        """Answer without any registry."""
        below = get_named_type(
            cast("GraphQLObjectType", named_types()[type_name]).fields[name].type
        )
        record = business_records.Enterprise if is_abstract_type(below) else RECORD_OF[below.name]
        return [filled(record)] if name in {"businesses", "parcels"} else filled(record)

    def read_log(self) -> object:
        """Answer without any log."""
        return filled(results_of_log.OwnAccessConnection)


HOLDERS = (
    land_records.HolderPerson,
    land_records.HolderCouple,
    land_records.HolderHousehold,
    land_records.HolderOrganisation,
    land_records.HolderCommunity,
)


class Roots(msgspec.Struct, kw_only=True):
    """The root value of the throw-away schema."""

    person: object
    me: object
    businesses: Sequence[object]
    name_check: object
    holders: Sequence[object]
    prefill: object
    verification: object
    procedures: object
    registry: object
    grant: object
    access_log: object
    access_statistics: object


def full_roots() -> Roots:
    """Give a full record for every root."""
    return Roots(
        person=filled(population_records.Person),
        me=filled(results.Me),
        businesses=[
            filled(business_records.Enterprise),
            filled(business_records.HouseholdBusiness),
        ],
        name_check=filled(business_records.NameCheck),
        holders=[filled(holder) for holder in HOLDERS],
        prefill=filled(results.Prefill),
        verification=filled(results.Verification),
        procedures=filled(results.ProcedureConnection),
        registry=filled(results.RegistryInfo),
        grant=filled(results.Grant),
        access_log=filled(results_of_log.AccessEntryConnection),
        access_statistics=filled(results_of_log.AccessStatistics),
    )
