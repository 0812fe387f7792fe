"""What can be asked: the Query type, the Dossier, and the schema printed for the world.

`python -m resolvers.schema` prints schema.graphql: the schema, then the directives of procedure
documents.
"""

import sys
from datetime import date
from typing import Annotated, Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from resolvers import businesses, parcels, people, results  # noqa: F401 - importing them declares the edges
from resolvers.catalogue import SHIPPED
from resolvers.citizens import own_key
from resolvers.dossier import Dossier
from resolvers.inputs import Purpose
from resolvers.log.fields import access_log, access_statistics
from resolvers.public import grants_of, place_of, procedure_of, procedures_of, registries_of
from resolvers.scalars import SCALARS, ProcedureCode
from resolvers.scopes import describe
from resolvers.types.access import AccessEntryConnection, AccessStatistics
from resolvers.types.business import Enterprise, HouseholdBusiness
from resolvers.types.catalogue import Grant, Procedure, ProcedureConnection, RegistryInfo
from resolvers.types.me import Me
from resolvers.types.place import Place
from resolvers.types.record import argument

Answer = Any
"""What a resolver gives: a record or a promise of one; the field's annotation is its type."""


def _me(info: strawberry.Info) -> Answer:
    return results.Me(key=own_key(info.context.caller))


def _dossier(
    info: strawberry.Info,
    purpose: Annotated[Purpose, argument("Mục đích khai thác: procedure, dossier and actors.")],
) -> Answer:
    del info, purpose
    return Dossier()


def _procedure(
    info: strawberry.Info,
    code: Annotated[ProcedureCode, argument("Mã thủ tục: a local suffix is allowed.")],
) -> Answer:
    return procedure_of(info.context, code)


def _procedures(
    info: strawberry.Info,
    search: Annotated[
        str | None, argument("Từ khóa: without tone marks too, by name, by-name or old code.")
    ] = None,
    first: Annotated[int, argument("Số kết quả một trang: at most 100.")] = 20,
    after: Annotated[str | None, argument("Con trỏ: where the page before ended.")] = None,
) -> Answer:
    return procedures_of(info.context, search, first, after)


def _registries(info: strawberry.Info) -> Answer:
    return registries_of(info.context)


def _my_grants(info: strawberry.Info) -> Answer:
    return grants_of(info.context)


def _place(
    info: strawberry.Info,
    code: Annotated[str, argument("Mã xã, phường: five digits, of now or of before.")],
    on: Annotated[date | None, argument("Vào ngày: absent, today.")] = None,
) -> Answer:
    return place_of(info.context, code, on)


@strawberry.type(description="Truy vấn: the questions that this gateway answers.")
class Query:
    """The questions that this gateway answers."""

    dossier: Dossier = strawberry.field(
        resolver=_dossier,
        description=(
            "Hồ sơ: exactly once in an operation, one purpose and one log entry; personal values "
            "arrive only as variables."
        ),
    )
    me: Me | None = strawberry.field(
        resolver=_me,
        description=(
            "Bản thân: what is on file about the citizen whom the token names; in place of a "
            "dossier, once in an operation."
        ),
    )
    access_log: AccessEntryConnection = strawberry.field(
        resolver=access_log,
        description=(
            "Nhật ký truy cập: who asked what about whom, for a case; alone in an operation, and "
            "an entry of its own."
        ),
    )
    access_statistics: AccessStatistics = strawberry.field(
        resolver=access_statistics,
        description="Thống kê khai thác: counts without personal data, small ones hidden.",
    )
    procedure: Procedure | None = strawberry.field(
        resolver=_procedure, description="Thủ tục hành chính: one, by its national code."
    )
    procedures: ProcedureConnection = strawberry.field(
        resolver=_procedures,
        description="Danh mục thủ tục: searched without tone marks, by any name or old code.",
    )
    registries: list[RegistryInfo] = strawberry.field(
        resolver=_registries, description="Các cơ sở dữ liệu nguồn: those this gateway federates."
    )
    my_grants: list[Grant] = strawberry.field(
        resolver=_my_grants, description="Quyền khai thác của tôi: what the token may ask for."
    )
    place: Place | None = strawberry.field(
        resolver=_place,
        description="Đơn vị hành chính: a ward as it was on a day, with its successors.",
    )


def build_schema() -> strawberry.Schema:
    """Build the schema; nothing is opened or read."""
    schema = strawberry.Schema(
        query=Query,
        types=[Enterprise, HouseholdBusiness],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    describe(graphql_schema(schema))
    return schema


def graphql_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """Give the graphql-core schema behind *schema*."""
    return schema._schema  # noqa: SLF001 - Strawberry has no public name for it


def print_schema() -> str:
    """Print the schema and the directives of procedure documents, as schema.graphql holds them."""
    directives = (SHIPPED / "directives.graphql").read_text(encoding="utf-8")
    return f"{build_schema().as_str().rstrip()}\n\n{directives}"


if __name__ == "__main__":
    sys.stdout.write(print_schema())
