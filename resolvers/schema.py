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
from resolvers.inputs import (
    BusinessKey,
    CertificateKey,
    ClaimInput,
    ParcelKey,
    PersonKey,
    Purpose,
    SubjectInput,
)
from resolvers.public import grants_of, place_of, procedure_of, procedures_of, registries_of
from resolvers.scalars import SCALARS, ProcedureCode, RoleName, WardCode
from resolvers.scopes import describe
from resolvers.types.business import Business, Enterprise, HouseholdBusiness, NameCheck
from resolvers.types.catalogue import Grant, Procedure, ProcedureConnection, RegistryInfo
from resolvers.types.dossier_results import Prefill, Verification
from resolvers.types.land import LandCertificate, Parcel
from resolvers.types.me import Me
from resolvers.types.person import Person
from resolvers.types.place import Place

Root = strawberry.Parent[object]
Answer = Any
"""What a resolver gives: a record or a promise of one; the field's annotation is its type."""


def _argument(description: str) -> Any:  # noqa: ANN401 - what strawberry.argument is
    return strawberry.argument(description=description)


RoleArgument = Annotated[
    RoleName, _argument("Vai trò trong hồ sơ: a role of the procedure, written as a literal.")
]
PersonKeyArgument = Annotated[
    PersonKey | None,
    _argument("Thông tin tra cứu: number, name and birth date; null asks nothing."),
]
PersonKeysArgument = Annotated[
    list[PersonKey] | None, _argument("Danh sách thông tin tra cứu: at most 50, null in place.")
]
BusinessKeyArgument = Annotated[
    BusinessKey | None, _argument("Mã số doanh nghiệp, hộ kinh doanh: null asks nothing.")
]
ParcelKeyArgument = Annotated[
    ParcelKey | None, _argument("Thửa đất: ward, map sheet, number and holders; null asks nothing.")
]
CertificateKeyArgument = Annotated[
    CertificateKey | None,
    _argument("Giấy chứng nhận: serial or register number and holders; null asks nothing."),
]
SubjectsArgument = Annotated[
    list[SubjectInput], _argument("Các chủ thể của hồ sơ: one for each role that is present.")
]
OnlyArgument = Annotated[
    list[str] | None,
    _argument("Chỉ các trường này: field keys or role.*; nothing else is asked of a registry."),
]
FormArgument = Annotated[
    str | None, _argument("Biểu mẫu của cổng: the name of a form document; null keeps our keys.")
]
DryRunArgument = Annotated[
    bool, _argument("Chạy thử: says what would be asked and whether the grant suffices.")
]
ClaimsArgument = Annotated[
    list[ClaimInput], _argument("Các khai báo cần đối chiếu: at most 100, as the citizen typed.")
]


def _person(
    root: Root, info: strawberry.Info, role: RoleArgument, key: PersonKeyArgument = None
) -> Answer:
    return info.context.edge("Dossier", "person", root, {"role": role, "key": key}, info.path)


def _persons(
    root: Root, info: strawberry.Info, role: RoleArgument, keys: PersonKeysArgument = None
) -> Answer:
    return info.context.edge("Dossier", "persons", root, {"role": role, "keys": keys}, info.path)


def _business(
    root: Root, info: strawberry.Info, role: RoleArgument, key: BusinessKeyArgument = None
) -> Answer:
    return info.context.edge("Dossier", "business", root, {"role": role, "key": key}, info.path)


def _parcel(
    root: Root, info: strawberry.Info, role: RoleArgument, key: ParcelKeyArgument = None
) -> Answer:
    return info.context.edge("Dossier", "parcel", root, {"role": role, "key": key}, info.path)


def _certificate(
    root: Root, info: strawberry.Info, role: RoleArgument, key: CertificateKeyArgument = None
) -> Answer:
    return info.context.edge(
        "Dossier", "landCertificate", root, {"role": role, "key": key}, info.path
    )


def _name_check(
    root: Root,
    info: strawberry.Info,
    name: Annotated[str, _argument("Tên dự kiến: the business name that is proposed.")],
    ward: Annotated[WardCode, _argument("Mã xã, phường: five digits, where it would register.")],
) -> Answer:
    return info.context.edge("Dossier", "nameCheck", root, {"name": name, "ward": ward}, info.path)


def _prefill(
    root: Root,
    info: strawberry.Info,
    subjects: SubjectsArgument,
    only: OnlyArgument = None,
    form: FormArgument = None,
    dry_run: DryRunArgument = False,
) -> Answer:
    del root
    return info.context.prefill(subjects, only, form, dry_run=dry_run)


def _verify(
    root: Root,
    info: strawberry.Info,
    subjects: SubjectsArgument,
    claims: ClaimsArgument,
    form: FormArgument = None,
) -> Answer:
    del root, form
    return info.context.verify(subjects, claims)


@strawberry.type(
    description="Hồ sơ: everything that may be read for one purpose; one log entry, one answer."
)
class Dossier:
    """Everything that may be read for one purpose."""

    person: Person | None = strawberry.field(
        resolver=_person,
        description="Cá nhân: one role's person, looked up with proof; population registry.",
    )
    persons: list[Person | None] | None = strawberry.field(
        resolver=_persons,
        description="Các cá nhân: at most 50 of one role, null in place; population registry.",
    )
    business: Business | None = strawberry.field(
        resolver=_business,
        description="Doanh nghiệp hoặc hộ kinh doanh: by its code; business registry.",
    )
    parcel: Parcel | None = strawberry.field(
        resolver=_parcel,
        description="Thửa đất: shown when a claimed holder is its holder; land registry.",
    )
    land_certificate: LandCertificate | None = strawberry.field(
        resolver=_certificate,
        description="Giấy chứng nhận: shown when a claimed holder is its holder; land registry.",
    )
    name_check: NameCheck | None = strawberry.field(
        resolver=_name_check,
        description="Kiểm tra tên: whether a business name is free in a ward; business registry.",
    )
    prefill: Prefill | None = strawberry.field(
        resolver=_prefill,
        description="Điền sẵn: the procedure's form filled from the registries, field by field.",
    )
    verify: Verification | None = strawberry.field(
        resolver=_verify,
        description="Đối chiếu: what the citizen typed against the registries, without disclosing.",
    )


def _me(info: strawberry.Info) -> Answer:
    return results.Me(key=own_key(info.context.caller))


def _dossier(
    info: strawberry.Info,
    purpose: Annotated[Purpose, _argument("Mục đích khai thác: procedure, dossier and actors.")],
) -> Answer:
    del info, purpose
    return Dossier()


def _procedure(
    info: strawberry.Info,
    code: Annotated[ProcedureCode, _argument("Mã thủ tục: a local suffix is allowed.")],
) -> Answer:
    return procedure_of(info.context, code)


def _procedures(
    info: strawberry.Info,
    search: Annotated[
        str | None, _argument("Từ khóa: without tone marks too, by name, by-name or old code.")
    ] = None,
    first: Annotated[int, _argument("Số kết quả một trang: at most 100.")] = 20,
    after: Annotated[str | None, _argument("Con trỏ: where the page before ended.")] = None,
) -> Answer:
    return procedures_of(info.context, search, first, after)


def _registries(info: strawberry.Info) -> Answer:
    return registries_of(info.context)


def _my_grants(info: strawberry.Info) -> Answer:
    return grants_of(info.context)


def _place(
    info: strawberry.Info,
    code: Annotated[str, _argument("Mã xã, phường: five digits, of now or of before.")],
    on: Annotated[date | None, _argument("Vào ngày: absent, today.")] = None,
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
