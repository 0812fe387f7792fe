"""What prefill and verify answer about a dossier."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from adapters.registry import RegistryName
from resolvers import results
from resolvers.enums import (
    ComponentOutcome,
    FieldState,
    PrefillOutcome,
    Severity,
    Verdict,
    VerificationOutcome,
)
from resolvers.scalars import ProcedureCode, RoleName
from resolvers.types.record import attribute, record
from resolvers.types.source import Source

_ROLE = "Vai trò trong hồ sơ: a role that the procedure document declares."
_PART = "Thủ tục thành phần: the part of a linked procedure it belongs to, by code."
_CODE = "Mã: a stable word in capitals, with a page of its own in the documentation."
_FIELDS = "Các trường liên quan: keys of form fields or role paths."
_RETRY = "Thử lại sau: seconds, when trying again may help."


@record(results.Reason)
class Reason:
    """Lý do: why a component was decided so."""

    code: str = attribute(_CODE)
    text: str = attribute("Nội dung: one sentence in the caller's language.")
    fields: list[str] = attribute(_FIELDS)


@record(results.Office)
class Office:
    """Nơi chỉnh lý dữ liệu: the authority that can correct a registry's value."""

    registry: RegistryName = attribute("Cơ sở dữ liệu nguồn: the registry that holds the value.")
    authority: str = attribute("Cơ quan có thẩm quyền: its name in Vietnamese.")
    procedure: ProcedureCode | None = attribute(
        "Thủ tục chỉnh lý: the code of the procedure by which it is corrected."
    )
    where: str | None = attribute("Địa điểm: where to go or which portal to use, in words.")


@record(results.DossierComponent)
class DossierComponent:
    """Thành phần hồ sơ: one paper, and the right next step for it."""

    id: strawberry.ID = attribute("Mã thành phần: the id that the procedure document gives it.")
    name: str = attribute("Tên thành phần hồ sơ: as the procedure names the paper.")
    part: ProcedureCode | None = attribute(_PART)
    outcome: ComponentOutcome = attribute("Cách xử lý: the right next step for this paper.")
    because: list[Reason] = attribute("Lý do: what led to the outcome.")
    say: str = attribute("Câu hướng dẫn: one sentence that the officer can say to the citizen.")
    legal_ground: str | None = attribute("Căn cứ pháp lý: document and article.")
    correct_at: Office | None = attribute(
        "Nơi chỉnh lý: given when a registry's value must be corrected first."
    )
    retry_after: int | None = attribute(_RETRY)


@record(results.Notice)
class Notice:
    """Thông báo: what stops or warns, such as a dead holder or a dissolved enterprise."""

    code: str = attribute(_CODE)
    severity: Severity = attribute("Mức độ: how far the notice reaches.")
    role: RoleName | None = attribute(_ROLE)
    fields: list[str] = attribute(_FIELDS)
    text: str = attribute("Nội dung: one sentence in the caller's language.")
    suggests: ProcedureCode | None = attribute(
        "Thủ tục nên dùng: the code of the procedure that fits better."
    )
    candidates: list[JSON] = attribute(
        "Các lựa chọn: values among which the person must choose, such as a ward's successors."
    )


@record(results.SourcedValue)
class SourcedValue:
    """Giá trị kèm nguồn: one side of a conflict."""

    display: str | None = attribute(
        "Giá trị: as an official writes it, null where the grant does not show it."
    )
    source: Source = attribute("Nguồn dữ liệu: the registry that states it.")


@record(results.Conflict)
class Conflict:
    """Mâu thuẫn dữ liệu: two registries that state one fact differently."""

    fact: str = attribute("Nội dung mâu thuẫn: the name of the fact, such as fullName.")
    role: RoleName = attribute(_ROLE)
    left: SourcedValue = attribute("Giá trị thứ nhất: what one registry states.")
    right: SourcedValue = attribute("Giá trị thứ hai: what the other registry states.")
    code: str = attribute(_CODE)
    correct_at: Office | None = attribute(
        "Nơi chỉnh lý: the authority that can correct it, when it is clear which side is wrong."
    )


@record(results.SourceReport)
class SourceReport:
    """Tình trạng nguồn dữ liệu: how one registry answered this request."""

    registry: RegistryName = attribute("Cơ sở dữ liệu nguồn: the registry spoken of.")
    state: FieldState = attribute("Trạng thái: VALUE when it answered, else why it did not.")
    retry_after: int | None = attribute(_RETRY)
    until: datetime | None = attribute("Bảo trì đến: the end of an announced window, UTC.")
    upstream_request_ids: list[str] = attribute(
        "Mã yêu cầu: the ids under which the registry's own journal knows the calls."
    )


@record(results.PrefilledField)
class PrefilledField:
    """Trường điền sẵn: one field of the form, with its value or the reason why there is none."""

    key: str = attribute("Khóa của trường: the key that the procedure document gives it.")
    role: RoleName = attribute(_ROLE)
    part: ProcedureCode | None = attribute(_PART)
    label: str = attribute("Nhãn: the label of the form, Vietnamese.")
    value: JSON | None = attribute("Giá trị: plain JSON, null unless the state is VALUE.")
    display: str | None = attribute("Giá trị hiển thị: the value as an official writes it.")
    state: FieldState = attribute("Trạng thái: what became of the field.")
    editable: bool = attribute("Được sửa: whether the citizen may change it in the form.")
    source: Source | None = attribute("Nguồn dữ liệu: where the value came from.")
    sealed: str | None = attribute(
        "Niêm phong: a token that proves later that the value came back unchanged, and never "
        "contains it."
    )


@record(results.Prefill)
class Prefill:
    """Điền sẵn: everything a form needs for one dossier, field by field."""

    outcome: PrefillOutcome = attribute("Kết quả: what the whole form looks like now.")
    fields: list[PrefilledField] = attribute("Các trường: in the order of the form.")
    form_data: JSON = attribute(
        "Dữ liệu biểu mẫu: the values under the keys of the portal's own form, or the document's."
    )
    components: list[DossierComponent] = attribute("Thành phần hồ sơ: the next step for each.")
    notices: list[Notice] = attribute("Thông báo: what stops or warns, over all roles.")
    conflicts: list[Conflict] = attribute(
        "Mâu thuẫn dữ liệu: facts that two registries state differently."
    )
    sources: list[SourceReport] = attribute("Nguồn dữ liệu: how each registry asked answered.")


@record(results.ClaimVerdict)
class ClaimVerdict:
    """Kết quả đối chiếu một khai báo: a verdict, never the value on file."""

    role: RoleName = attribute(_ROLE)
    key: str = attribute("Khóa của trường: the key of the claim.")
    verdict: Verdict = attribute("Kết quả: how the claim agrees with the record.")
    normalisation: list[str] = attribute(
        "Cách chuẩn hóa: the rules that were needed to make both sides equal, by name."
    )
    state: FieldState = attribute("Trạng thái: what became of the field at its registry.")
    source: Source | None = attribute("Nguồn dữ liệu: the registry that was compared with.")
    attempts_left: int | None = attribute(
        "Số lần còn lại: differing attempts left for this subject, when they are counted."
    )
    locked_until: datetime | None = attribute("Khóa đến: when attempts are open again, UTC.")


@record(results.Verification)
class Verification:
    """Đối chiếu: verdicts on what the citizen typed, without disclosing what is on file."""

    outcome: VerificationOutcome = attribute("Kết quả: all verdicts together.")
    verdicts: list[ClaimVerdict] = attribute("Kết quả từng khai báo: in the order of the claims.")
    components: list[DossierComponent] = attribute("Thành phần hồ sơ: the next step for each.")
    notices: list[Notice] = attribute("Thông báo: what stops or warns, over all roles.")
    sources: list[SourceReport] = attribute("Nguồn dữ liệu: how each registry asked answered.")
