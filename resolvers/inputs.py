"""What a caller sends: the purpose, the proofs by which a subject is found, the claims.

An input prints its name and nothing else, since nearly all of them carry a person.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeVar, dataclass_transform

import strawberry

from adapters.dates import PartialDate
from resolvers.enums import ActingForKind, ActorKind, DeclaredReason, DossierStep, LegalBasis
from resolvers.scalars import (
    AgencyCode,
    CountryCode,
    DossierCode,
    DraftId,
    EnterpriseCode,
    OldIdNumber,
    PersonalId,
    ProcedureCode,
    RoleName,
    WardCode,
)
from resolvers.types.record import attribute, description_of

_T = TypeVar("_T", bound=type[object])

_ROLE = "Vai trò trong hồ sơ: a role that the procedure document declares."
_HOLDER = (
    "Người sử dụng đất: the roles of this dossier claimed to hold it; unmatched, no holder and no "
    "personal field is shown."
)


@dataclass_transform(kw_only_default=True, field_specifiers=(attribute, strawberry.field))
def input_type(*, one_of: bool = False) -> Callable[[_T], _T]:
    """Declare a GraphQL input described by its docstring, which does not print what it carries."""

    def declare(cls: _T) -> _T:
        cls.__repr__ = _name_only  # type: ignore[method-assign] # a plain function is what it wants
        return strawberry.input(description=description_of(cls), one_of=one_of)(cls)

    return declare


def _name_only(self: object) -> str:
    return f"{type(self).__name__}(…)"


@input_type()
class DossierRef:
    """Hồ sơ: at least one of code and draft, and both once, when the draft becomes a dossier."""

    code: DossierCode | None = attribute(
        "Mã hồ sơ: at most 64 characters, usually agency, date and counter."
    )
    draft: DraftId | None = attribute(
        "Mã bản nháp: the portal's own opaque id, 16 to 64 letters, digits, dashes, underscores."
    )
    opened_on: date | None = attribute(
        "Ngày mở hồ sơ: year-month-day, which decides the version of the procedure."
    )
    attestation: str | None = attribute(
        "Bản xác nhận hồ sơ: compact JWS by the portal's key, where its grant asks for one."
    )


@input_type()
class Actor:
    """Người thao tác: the human at the keyboard, where it is not the one whom the token names."""

    kind: ActorKind = attribute("Loại người thao tác: in what office the person acts.")
    personal_id: PersonalId | None = attribute(
        "Số định danh cá nhân của người thao tác: 12 digits, sent as text."
    )
    unit: AgencyCode | None = attribute("Mã đơn vị: the agency code of the actor's unit.")
    employer: str | None = attribute("Nơi làm việc: in words, such as the post or the union.")


@input_type()
class ActingFor:
    """Thay mặt người khác: in what capacity the actor serves a role of the dossier."""

    kind: ActingForKind = attribute("Tư cách đại diện: such as parent, guardian or proxy.")
    role: RoleName = attribute("Vai trò được đại diện: the role whose person is served.")
    evidence: str | None = attribute(
        "Giấy tờ chứng minh tư cách: the number of the power of attorney or decision."
    )


@input_type()
class Purpose:
    """Mục đích khai thác: the procedure, the dossier and the people for whom data are read."""

    procedure: ProcedureCode = attribute(
        "Mã thủ tục hành chính: one digit, a dot, six digits, a local suffix is allowed."
    )
    dossier: DossierRef = attribute("Hồ sơ: the dossier that the data are read for.")
    step: DossierStep = strawberry.field(
        default=DossierStep.OPEN_FORM,
        description="Bước xử lý hồ sơ: opening the form unless another step is named.",
    )
    actor: Actor | None = attribute(
        "Người thao tác: absent, what the token says; a verified claim beats it, and both are "
        "logged as what they are."
    )
    assisted_by: Actor | None = attribute(
        "Người hỗ trợ: a post employee, a youth-union member or a relative at the keyboard."
    )
    acting_for: ActingFor | None = attribute(
        "Thay mặt người khác: absent, the actor serves the applicant or is the applicant."
    )
    received_by: AgencyCode | None = attribute(
        "Cơ quan tiếp nhận: absent, the token's agency; a dossier may be received anywhere."
    )
    legal_basis: LegalBasis = strawberry.field(
        default=LegalBasis.LAW,
        description="Căn cứ khai thác: the law unless the person's consent is named.",
    )
    consent: str | None = attribute(
        "Tham chiếu sự đồng ý: where the consent is kept, needed when it is the legal basis."
    )


@input_type(one_of=True)
class PersonNumber:
    """Số giấy tờ của cá nhân: exactly one of the two numbers."""

    personal_id: PersonalId | None = attribute("Số định danh cá nhân: 12 digits, sent as text.")
    old_id_number: OldIdNumber | None = attribute(
        "Số chứng minh nhân dân: 9 digits, sent as text, alone it proves nothing."
    )


@input_type()
class PersonKey:
    """Thông tin tra cứu cá nhân: number, name and birth date, one proof; population registry."""

    number: PersonNumber = attribute("Số giấy tờ: the personal id or the old number.")
    full_name: str = attribute("Họ, chữ đệm và tên: in full, with its marks where known.")
    birth_date: PartialDate = attribute(
        "Ngày, tháng, năm sinh: year-month-day, year-month or year, as the papers state it."
    )


@input_type()
class BusinessKey:
    """Thông tin tra cứu doanh nghiệp, hộ kinh doanh: the code, owner's name; business registry."""

    code: EnterpriseCode = attribute("Mã số: 10 digits, 10-3 for a branch, or the owner's 12.")
    owner_name: str | None = attribute(
        "Tên chủ hộ kinh doanh: required for a 12-digit code, which is its owner's personal id."
    )


@input_type()
class ParcelKey:
    """Thông tin tra cứu thửa đất: where it lies, and the roles that hold it; land registry."""

    ward: WardCode = attribute("Mã xã: five digits, sent as text, the ward of the papers.")
    ward_as_of: date | None = attribute(
        "Mã xã theo ngày: year-month-day of the papers, needed where wards have merged since."
    )
    sheet: str = attribute("Số hiệu tờ bản đồ: as the certificate prints it.")
    parcel: str = attribute("Số thứ tự thửa đất: as the certificate prints it.")
    holder: list[RoleName] = attribute(_HOLDER)


@input_type()
class CertificateKey:
    """Thông tin tra cứu giấy chứng nhận: a number, and the roles that hold it; land registry."""

    number: str = attribute("Số phát hành hoặc số vào sổ: either one, both are tried.")
    holder: list[RoleName] = attribute(_HOLDER)


@input_type()
class DeclaredPerson:
    """Người được khai báo: a person in no registry, such as a newborn or a foreign national."""

    reason: DeclaredReason = attribute("Lý do: why the person is declared and not looked up.")
    full_name: str | None = attribute("Họ, chữ đệm và tên: in full, when already named.")
    birth_date: PartialDate | None = attribute(
        "Ngày, tháng, năm sinh: year-month-day, year-month or year."
    )
    nationality: CountryCode | None = attribute("Quốc tịch: ISO 3166-1 alpha-2.")


@input_type(one_of=True)
class SubjectKey:
    """Chủ thể: exactly one proof or declaration of who or what stands in the role."""

    person: PersonKey | None = attribute("Cá nhân: number, name and birth date.")
    business: BusinessKey | None = attribute("Doanh nghiệp hoặc hộ kinh doanh: code, owner's name.")
    parcel: ParcelKey | None = attribute("Thửa đất: ward, sheet, parcel and holders.")
    certificate: CertificateKey | None = attribute("Giấy chứng nhận: number and holders.")
    declared: DeclaredPerson | None = attribute("Người được khai báo: no registry is asked.")


@input_type()
class SubjectInput:
    """Chủ thể trong hồ sơ: who or what stands in a role."""

    role: RoleName = attribute(_ROLE)
    subject: SubjectKey = attribute("Chủ thể: the proof by which it is found.", name="is")


@input_type()
class ClaimInput:
    """Khai báo cần đối chiếu: what the citizen typed or left as it was pre-filled."""

    role: RoleName = attribute(_ROLE)
    key: str = attribute("Khóa của trường: as the procedure document names the form field.")
    value: str | None = attribute("Giá trị khai báo: as typed, compared and then forgotten.")
    sealed: str | None = attribute(
        "Niêm phong: the token that prefill gave with the value, at most 300 characters; unchanged "
        "they are EXACT, and no registry is asked."
    )
    contested: bool = strawberry.field(
        default=False,
        description="Không đồng ý với dữ liệu: true when the citizen objects to the value on file.",
    )
