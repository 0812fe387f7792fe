"""The closed lists of the schema, each value with its Vietnamese term.

Lists that the adapters or the procedures own (RegistryName, Sex, MaritalStatus, ComponentSource)
are described here and stay theirs. New ones are described where they are written.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import strawberry
from strawberry.types.enum import has_enum_definition

from adapters.population.records import MaritalStatus, Sex
from adapters.registry import RegistryName
from resolvers.procedure import ComponentSource

_E = TypeVar("_E", bound=type[StrEnum])


def described(description: str, **values: str) -> Callable[[_E], _E]:
    """Publish an enum; *values* gives each member's description, and must name them all."""

    def declare(enum: _E) -> _E:
        strawberry.enum(enum, description=description)
        if has_enum_definition(enum):
            for value in enum.__strawberry_definition__.values:
                value.description = values[value.name]
        return enum

    return declare


described(
    "Cơ sở dữ liệu nguồn: one of the four registries that this gateway federates.",
    POPULATION="Cơ sở dữ liệu quốc gia về dân cư: people and their households.",
    BUSINESS="Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp: enterprises, household businesses.",
    INSURANCE="Cơ sở dữ liệu quốc gia về bảo hiểm: social insurance and health cards.",
    LAND="Cơ sở dữ liệu quốc gia về đất đai: parcels and certificates, one database a province.",
)(RegistryName)

described(
    "Giới tính: as registered; population registry.",
    MALE="Giới tính nam: male.",
    FEMALE="Giới tính nữ: female.",
)(Sex)

described(
    "Tình trạng hôn nhân: as registered; population registry.",
    SINGLE="Chưa kết hôn: never married, or not on record.",
    MARRIED="Đang có vợ hoặc chồng: married now.",
    WIDOWED="Góa: the spouse has died.",
    DIVORCED="Đã ly hôn: divorced by a judgment in force.",
)(MaritalStatus)

described(
    "Nguồn của thành phần hồ sơ: where a paper comes from when no registry replaces it.",
    DATA="Dữ liệu: a registry may replace it, as the document's evidence says.",
    FORM="Tờ khai: the form itself, which is filled in and never replaced.",
    UPLOAD="Bản sao hoặc tệp: the citizen uploads or hands it in.",
    ORIGINAL="Bản chính: the original must be shown.",
)(ComponentSource)


@described(
    "Bước xử lý hồ sơ: where in its life the dossier is.",
    OPEN_FORM="Mở tờ khai: the form is opened and may be pre-filled.",
    SUBMIT="Nộp hồ sơ: the citizen hands the dossier in.",
    COUNTER="Tiếp nhận tại Bộ phận Một cửa: an officer receives it.",
    APPRAISE="Thẩm định hồ sơ: the competent agency examines it.",
)
class DossierStep(StrEnum):
    """Where in its life the dossier is."""

    OPEN_FORM = "OPEN_FORM"
    SUBMIT = "SUBMIT"
    COUNTER = "COUNTER"
    APPRAISE = "APPRAISE"


@described(
    "Loại người thao tác: who sits at the keyboard.",
    OFFICER="Cán bộ, công chức, viên chức: an officer with a personal id on file.",
    POST_EMPLOYEE="Nhân viên bưu chính công ích: a post employee who receives for the agency.",
    HELPER="Người hỗ trợ: a youth-union member, a relative or another helper.",
    CITIZEN="Công dân: the citizen online.",
    SYSTEM="Hệ thống: a portal acting without a person, as at a nightly check.",
)
class ActorKind(StrEnum):
    """Who sits at the keyboard."""

    OFFICER = "OFFICER"
    POST_EMPLOYEE = "POST_EMPLOYEE"
    HELPER = "HELPER"
    CITIZEN = "CITIZEN"
    SYSTEM = "SYSTEM"


@described(
    "Tư cách đại diện: in what capacity the actor serves another person.",
    PARENT="Cha hoặc mẹ: a parent for a minor child.",
    GUARDIAN="Người giám hộ: a guardian for a ward.",
    SPOUSE="Vợ hoặc chồng: one spouse for the other.",
    HEIR="Người thừa kế: an heir for the deceased.",
    PROXY="Người được ủy quyền: a proxy under a power of attorney.",
    REPRESENTATIVE="Người đại diện theo pháp luật: a legal representative of an organisation.",
)
class ActingForKind(StrEnum):
    """In what capacity the actor serves another person."""

    PARENT = "PARENT"
    GUARDIAN = "GUARDIAN"
    SPOUSE = "SPOUSE"
    HEIR = "HEIR"
    PROXY = "PROXY"
    REPRESENTATIVE = "REPRESENTATIVE"


@described(
    "Căn cứ khai thác: on what ground personal data are read.",
    LAW="Theo quy định của pháp luật: the procedure's own legal ground suffices.",
    CONSENT="Theo sự đồng ý của chủ thể dữ liệu: the consent's reference must be given.",
)
class LegalBasis(StrEnum):
    """On what ground personal data are read."""

    LAW = "LAW"
    CONSENT = "CONSENT"


@described(
    "Lý do khai báo thay tra cứu: why a person is declared and not looked up.",
    NEWBORN="Trẻ mới sinh: no number yet.",
    FOREIGN_NATIONAL="Người nước ngoài: in no registry of residents.",
    NO_NUMBER="Chưa có số định danh cá nhân: known, but without a number.",
    UNKNOWN="Không xác định được: as a father who is not named.",
)
class DeclaredReason(StrEnum):
    """Why a person is declared and not looked up."""

    NEWBORN = "NEWBORN"
    FOREIGN_NATIONAL = "FOREIGN_NATIONAL"
    NO_NUMBER = "NO_NUMBER"
    UNKNOWN = "UNKNOWN"


@described(
    "Mức độ thông báo: how far a notice reaches.",
    INFO="Thông tin: nothing to do.",
    WARNING="Cảnh báo: look before going on.",
    BLOCKING="Ngăn chặn: the procedure cannot go on as it stands.",
)
class Severity(StrEnum):
    """How far a notice reaches."""

    INFO = "INFO"
    WARNING = "WARNING"
    BLOCKING = "BLOCKING"


@described(
    "Trạng thái của trường dữ liệu: what became of a field, one state for every null.",
    VALUE="Có giá trị: the registry stated it.",
    NOT_RECORDED="Chưa ghi nhận: the registry answered, and this attribute or list is empty.",
    NOT_DIGITISED="Chưa số hóa: the owner says that records of this kind and year are on paper.",
    NOT_FOUND_OR_MISMATCH=(
        "Không tìm thấy hoặc không khớp: the proof found nothing, which never means that the "
        "person does not exist."
    ),
    AMBIGUOUS="Nhiều bản ghi: more than one record answers, and none is shown.",
    NOT_APPLICABLE="Không áp dụng: it cannot exist, as for a newborn or a foreign national.",
    NOT_ASKED="Không tra cứu: the role was not supplied, or only or dryRun left it out.",
    UNDER_REVIEW="Đang được chỉnh lý: the owner is correcting the value.",
    RESTRICTED="Bị hạn chế: the grant or the holder's missing consent answers null.",
    WITHHELD="Cơ quan chủ quản không cung cấp: the registry withholds it by its own law.",
    SOURCE_NOT_CONNECTED="Chưa kết nối: this installation has no such registry or province.",
    SOURCE_DOWN="Không phản hồi: the registry gave no answer within the deadline.",
    SOURCE_MAINTENANCE="Đang bảo trì: the registry announced a window.",
    SOURCE_REFUSED="Từ chối kết nối: the registry refused this gateway, not the citizen.",
    SOURCE_GARBLED="Trả lời sai quy cách: undecodable, or about another person than asked.",
)
class FieldState(StrEnum):
    """What became of a field that crossed to a registry."""

    VALUE = "VALUE"
    NOT_RECORDED = "NOT_RECORDED"
    NOT_DIGITISED = "NOT_DIGITISED"
    NOT_FOUND_OR_MISMATCH = "NOT_FOUND_OR_MISMATCH"
    AMBIGUOUS = "AMBIGUOUS"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_ASKED = "NOT_ASKED"
    UNDER_REVIEW = "UNDER_REVIEW"
    RESTRICTED = "RESTRICTED"
    WITHHELD = "WITHHELD"
    SOURCE_NOT_CONNECTED = "SOURCE_NOT_CONNECTED"
    SOURCE_DOWN = "SOURCE_DOWN"
    SOURCE_MAINTENANCE = "SOURCE_MAINTENANCE"
    SOURCE_REFUSED = "SOURCE_REFUSED"
    SOURCE_GARBLED = "SOURCE_GARBLED"


@described(
    "Kết quả điền sẵn: what the whole form looks like now.",
    COMPLETE="Đầy đủ: every field that a registry can give is there, and no paper is missing.",
    NEEDS_ACTION="Cần bổ sung hoặc xác nhận: the officer or the citizen has something to do.",
    BLOCKED="Chưa thể tiếp tục: a blocking notice stands against the procedure.",
    INCOMPLETE="Chưa đầy đủ: a source did not answer, and trying again may help.",
)
class PrefillOutcome(StrEnum):
    """What the whole form looks like now."""

    COMPLETE = "COMPLETE"
    NEEDS_ACTION = "NEEDS_ACTION"
    BLOCKED = "BLOCKED"
    INCOMPLETE = "INCOMPLETE"


@described(
    "Cách xử lý thành phần hồ sơ: the right next step for one paper.",
    REPLACED_BY_DATA="Đã có dữ liệu thay thế: the paper must not be asked for.",
    VERIFY_AGAINST_ORIGINAL="Đối chiếu bản chính: the data agrees, the original must be shown.",
    ASK_SUPPLEMENT=(
        "Yêu cầu bổ sung: the data is missing, was not reached, or is not about this person."
    ),
    ASK_REGISTRY_CORRECTION="Đề nghị chỉnh lý dữ liệu: the registry's owner must correct a value.",
    MUST_UPLOAD="Phải nộp kèm: no registry holds it.",
    NOT_REQUIRED="Không phải nộp: the condition for this paper is not met.",
    FORM="Tờ khai: the form itself.",
)
class ComponentOutcome(StrEnum):
    """The right next step for one paper."""

    REPLACED_BY_DATA = "REPLACED_BY_DATA"
    VERIFY_AGAINST_ORIGINAL = "VERIFY_AGAINST_ORIGINAL"
    ASK_SUPPLEMENT = "ASK_SUPPLEMENT"
    ASK_REGISTRY_CORRECTION = "ASK_REGISTRY_CORRECTION"
    MUST_UPLOAD = "MUST_UPLOAD"
    NOT_REQUIRED = "NOT_REQUIRED"
    FORM = "FORM"


@described(
    "Kết quả đối chiếu hồ sơ: all verdicts of one verification together.",
    CONFIRMED="Đã xác nhận: every claim agrees with the record.",
    PARTLY="Xác nhận một phần: nothing contradicts, but not every claim is proven.",
    CONTRADICTED="Mâu thuẫn: at least one claim differs from the record.",
    CANNOT_DECIDE="Không kết luận được: no proof was found, or no source answered.",
)
class VerificationOutcome(StrEnum):
    """All verdicts of one verification together."""

    CONFIRMED = "CONFIRMED"
    PARTLY = "PARTLY"
    CONTRADICTED = "CONTRADICTED"
    CANNOT_DECIDE = "CANNOT_DECIDE"


@described(
    "Kết quả đối chiếu: how one claim agrees with the record, never a distance or a percentage.",
    EXACT="Khớp: equal after case, spaces and tone placement are put in one form.",
    EQUIVALENT="Tương đương: equal after letters that look alike are put in one form.",
    COMPATIBLE="Không mâu thuẫn: a year against a full date of that year.",
    UNACCENTED_ONLY="Khớp khi bỏ dấu: equal without marks, and one side has none.",
    PARTIAL="Khớp một phần: alike by a rule that is no proof.",
    DIFFERENT="Không khớp: the record says otherwise.",
    AMBIGUOUS="Nhiều bản ghi: more than one record answers.",
    CANNOT_DECIDE="Không kết luận được: no record was found, or no source answered.",
    LOCKED="Đã khóa: too many differing attempts for this subject, nothing was compared.",
)
class Verdict(StrEnum):
    """How one claim agrees with the record; the names of adapters.grades.Grade are among them."""

    EXACT = "EXACT"
    EQUIVALENT = "EQUIVALENT"
    COMPATIBLE = "COMPATIBLE"
    UNACCENTED_ONLY = "UNACCENTED_ONLY"
    PARTIAL = "PARTIAL"
    DIFFERENT = "DIFFERENT"
    AMBIGUOUS = "AMBIGUOUS"
    CANNOT_DECIDE = "CANNOT_DECIDE"
    LOCKED = "LOCKED"
