"""What anyone with a token may know: procedures, registries, and the caller's own grants."""

from datetime import date, datetime

import strawberry

from adapters.registry import RegistryName
from resolvers import procedure, results
from resolvers.enums import FieldState
from resolvers.enums_of_grants import DossierAttestation, UngrantedField
from resolvers.procedure import ComponentSource
from resolvers.scalars import AgencyCode, ProcedureCode, RoleName
from resolvers.types.record import attribute, derived, record

_PART = "Thủ tục thành phần: the part of a linked procedure it belongs to, by code."


@record(procedure.Role)
class ProcedureRole:
    """Vai trò trong hồ sơ: a person or thing of the dossier, as the document declares it."""

    name: RoleName = attribute("Tên vai trò: the word to send as role.")
    label: str = attribute("Nhãn: what the role is called on the form, Vietnamese.")
    kind: str = attribute("Loại: person, business, parcel or certificate.")
    required: bool = attribute("Bắt buộc: whether the dossier is unthinkable without it.")
    many: bool = attribute("Nhiều chủ thể: whether several subjects may stand in the role.")
    may_be_declared: bool = attribute(
        "Được khai báo thay tra cứu: whether a newborn or foreign national may stand in it."
    )


@record(procedure.Component)
class ProcedureComponent:
    """Thành phần hồ sơ: a paper that the procedure names."""

    id: strawberry.ID = attribute("Mã thành phần: the id that the procedure document gives it.")
    name: str = attribute("Tên thành phần hồ sơ: as the procedure names the paper.")
    source: ComponentSource = attribute("Nguồn: where it comes from when no registry replaces it.")
    part: ProcedureCode | None = attribute(_PART)
    only_when: RoleName | None = attribute(
        "Chỉ khi có: the role without which the paper is not needed."
    )


@record(procedure.FormField)
class ProcedureField:
    """Trường của biểu mẫu: a form field that the procedure fills from a registry."""

    key: str = attribute("Khóa của trường: dotted, ending in brackets when it collects a list.")
    label: str = attribute("Nhãn: the label of the form, Vietnamese.")
    role: RoleName = attribute("Vai trò trong hồ sơ: whose value fills it.")
    part: ProcedureCode | None = attribute(_PART)


@strawberry.type(description="Thủ tục thành phần: one part of a linked procedure.")
class ProcedurePart:
    """One part of a linked procedure: made here, from the document's map of parts."""

    code: ProcedureCode = attribute("Mã thủ tục: of the part.")
    agency: str = attribute("Cơ quan thực hiện: the agency that decides this part, in words.")


def _roles(root: strawberry.Parent[procedure.Procedure]) -> list[procedure.Role]:
    return list(root.roles.values())


def _parts(root: strawberry.Parent[procedure.Procedure]) -> list[ProcedurePart]:
    return [
        ProcedurePart(code=ProcedureCode(code), agency=agency)
        for code, agency in root.parts.items()
    ]


@record(procedure.Procedure)
class Procedure:
    """Thủ tục hành chính: what its document says, which is also what it grants."""

    code: ProcedureCode = attribute("Mã thủ tục: one digit, a dot, six digits; national database.")
    name: str = attribute("Tên thủ tục: as published.")
    name_en: str = attribute("Tên tiếng Anh: for developers, not official.")
    authority: str = attribute("Cơ quan thực hiện: the level or agency that decides, in words.")
    valid_from: date = attribute("Có hiệu lực từ ngày: first day, inclusive.")
    valid_until: date | None = attribute("Có hiệu lực đến ngày: last day, inclusive.")
    supersedes: list[ProcedureCode] = attribute("Thay thế các mã: codes used before, still found.")
    also_called: list[str] = attribute("Tên thường gọi: what people call it, found by search.")
    roles: list[ProcedureRole] = derived("Các vai trò: in the order of the document.", _roles)
    parts: list[ProcedurePart] = derived(
        "Các thủ tục thành phần: empty unless it is a linked one.", _parts
    )
    components: list[ProcedureComponent] = attribute("Thành phần hồ sơ: the papers it names.")
    fields: list[ProcedureField] = attribute("Các trường: what it fills, in the order of the form.")
    version: str = attribute("Phiên bản: first 16 hex digits of the document's SHA-256.")
    text: str = attribute("Văn bản mô tả: the procedure document itself, GraphQL.", name="document")


@record(results.PageInfo)
class PageInfo:
    """Phân trang: where a page of a list ends."""

    has_next_page: bool = attribute("Còn trang sau: whether more follows.")
    end_cursor: str | None = attribute("Con trỏ cuối trang: to be sent as after.")


@record(results.ProcedureConnection)
class ProcedureConnection:
    """Danh sách thủ tục: one page of the catalogue."""

    nodes: list[Procedure] = attribute("Các thủ tục: those that match, the best match first.")
    page_info: PageInfo = attribute("Phân trang: where this page ends.")
    total_count: int = attribute("Tổng số: how many match in all.")


@record(results.RegistryInfo, name="Registry")
class RegistryInfo:
    """Cơ sở dữ liệu nguồn: one registry as this installation knows it now."""

    name: RegistryName = attribute("Tên: one of the four registries.")
    label: str = attribute("Tên đầy đủ: in Vietnamese.")
    authority: str = attribute("Cơ quan chủ quản: the owner, in Vietnamese.")
    state: FieldState = attribute("Trạng thái: VALUE when it can be asked, else why not.")
    until: datetime | None = attribute("Bảo trì đến: the end of an announced window, UTC.")
    retry_after: int | None = attribute("Thử lại sau: seconds, when trying again may help.")
    provinces: list[str] = attribute(
        "Các tỉnh đã kết nối: of a registry kept by province, else empty."
    )


@record(results.GrantedRole)
class GrantedRole:
    """Vai trò được cấp quyền: what a grant opens for one role."""

    role: RoleName = attribute("Vai trò trong hồ sơ: a role of the procedure document.")
    label: str = attribute("Nhãn: what the role is called on the form, Vietnamese.")
    paths: list[str] = attribute(
        "Các trường được khai thác: role paths such as applicant/fullName, nothing else."
    )


@record(results.WithdrawnRegistry)
class WithdrawnRegistry:
    """Cơ sở dữ liệu bị rút lại: its owner has withdrawn it from this procedure."""

    registry: RegistryName = attribute("Cơ sở dữ liệu: which registry will answer WITHHELD.")
    ground: str = attribute("Căn cứ: why, in the words of its owner.")


@record(results.Grant)
class Grant:
    """Quyền khai thác: what the caller may ask for one procedure, and until when."""

    procedure: ProcedureCode = attribute("Mã thủ tục: the procedure that the grant serves.")
    name: str = attribute("Tên thủ tục: as published.")
    scopes: list[str] = attribute(
        "Phạm vi: prefill, verify, records, as agreed and as the token carries them."
    )
    roles: list[GrantedRole] = attribute("Các vai trò: what is open for each.")
    version: str = attribute(
        "Phiên bản: of the procedure document, whose selections are the grant."
    )
    agencies: list[AgencyCode] = attribute(
        "Các cơ quan: agency codes for which the caller may speak, each with the units under it."
    )
    legal_basis: str = attribute("Căn cứ pháp lý: document and article, as agreed.")
    valid_from: date = attribute("Có hiệu lực từ ngày: first day, inclusive.")
    valid_until: date = attribute("Có hiệu lực đến ngày: last day, inclusive.")
    has_accountable_officer: bool = attribute(
        "Có cán bộ chịu trách nhiệm: whether it names one for citizens online, never who."
    )
    attestation: DossierAttestation = attribute(
        "Xác nhận hồ sơ: what must stand for it that the dossier exists."
    )
    ungranted: UngrantedField = attribute(
        "Trường ngoài quyền: what becomes of a field that is not granted."
    )
    parts: list[ProcedureCode] | None = attribute(
        "Các thủ tục thành phần: those that the grant includes; null for all."
    )
    subjects_per_minute: int = attribute(
        "Số chủ thể mỗi phút: distinct subjects, for each officer or citizen."
    )
    subjects_per_hour: int = attribute(
        "Số chủ thể mỗi giờ: distinct subjects, for each officer or citizen."
    )
    withdrawn: list[WithdrawnRegistry] = attribute(
        "Các cơ sở dữ liệu bị rút lại: by their owners, today; the others answer."
    )
