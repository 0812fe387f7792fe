"""What may be read for one purpose: the fields below `Query.dossier`."""

from typing import Annotated, Any

import strawberry

from resolvers.inputs import (
    BusinessKey,
    CertificateKey,
    ClaimInput,
    ParcelKey,
    PersonKey,
    SubjectInput,
)
from resolvers.scalars import RoleName, WardCode
from resolvers.types.business import Business, NameCheck
from resolvers.types.dossier_results import Prefill, Verification
from resolvers.types.land import LandCertificate, Parcel
from resolvers.types.person import Person
from resolvers.types.record import argument

Root = strawberry.Parent[object]
Answer = Any
"""What a resolver gives: a record or a promise of one; the field's annotation is its type."""

RoleArgument = Annotated[
    RoleName, argument("Vai trò trong hồ sơ: a role of the procedure, written as a literal.")
]
PersonKeyArgument = Annotated[
    PersonKey | None,
    argument("Thông tin tra cứu: number, name and birth date; null asks nothing."),
]
PersonKeysArgument = Annotated[
    list[PersonKey] | None, argument("Danh sách thông tin tra cứu: at most 50, null in place.")
]
BusinessKeyArgument = Annotated[
    BusinessKey | None, argument("Mã số doanh nghiệp, hộ kinh doanh: null asks nothing.")
]
ParcelKeyArgument = Annotated[
    ParcelKey | None, argument("Thửa đất: ward, map sheet, number and holders; null asks nothing.")
]
CertificateKeyArgument = Annotated[
    CertificateKey | None,
    argument("Giấy chứng nhận: serial or register number and holders; null asks nothing."),
]
SubjectsArgument = Annotated[
    list[SubjectInput], argument("Các chủ thể của hồ sơ: one for each role that is present.")
]
OnlyArgument = Annotated[
    list[str] | None,
    argument("Chỉ các trường này: field keys or role.*; nothing else is asked of a registry."),
]
FormArgument = Annotated[
    str | None, argument("Biểu mẫu của cổng: the name of a form document; null keeps our keys.")
]
DryRunArgument = Annotated[
    bool, argument("Chạy thử: says what would be asked and whether the grant suffices.")
]
ClaimsArgument = Annotated[
    list[ClaimInput], argument("Các khai báo cần đối chiếu: at most 100, as the citizen typed.")
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
    name: Annotated[str, argument("Tên dự kiến: the business name that is proposed.")],
    ward: Annotated[WardCode, argument("Mã xã, phường: five digits, where it would register.")],
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
