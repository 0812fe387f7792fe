"""What stops or warns: facts of the records that an officer must not overlook."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from adapters.business.records import BusinessStatus, Enterprise, HouseholdBusiness
from adapters.identifiers import structure_warnings
from adapters.land.records import LandCertificate, Parcel
from adapters.places import Address
from adapters.population.records import Person
from resolvers.enums import Severity
from resolvers.evidence import Finding
from resolvers.matching import deceased, head_deceased
from resolvers.notices_of_asking import OF_ASKING
from resolvers.notices_of_seals import OF_SEALS
from resolvers.procedure import Role
from resolvers.representation import OF_REPRESENTATION, age_notice
from resolvers.results import Notice
from resolvers.walk import Found

NOTICES: Mapping[str, tuple[Severity, str, str, str | None]] = {
    "PERSON_DECEASED": (
        Severity.BLOCKING,
        "Cơ sở dữ liệu quốc gia về dân cư ghi người này đã mất.",
        "The population registry states that this person has died.",
        None,
    ),
    "HOLDER_DECEASED": (
        Severity.BLOCKING,
        "Người đứng tên trên Giấy chứng nhận đã mất; cần làm thủ tục thừa kế trước.",
        "The holder of the certificate has died; the inheritance comes first.",
        "1.013831",
    ),
    "HOUSEHOLD_HEAD_DECEASED": (
        Severity.WARNING,
        "Chủ hộ đứng tên đã mất; các thành viên còn lại và người thừa kế cần cùng tham gia hồ sơ.",
        "The head of the household has died; its other members and the heirs must take part.",
        None,
    ),
    "ENTERPRISE_DISSOLVED": (
        Severity.BLOCKING,
        "Doanh nghiệp, hộ kinh doanh đã giải thể, phá sản hoặc chấm dứt hoạt động.",
        "The enterprise or household business is dissolved, bankrupt or closed.",
        None,
    ),
    "STATUS_SUSPENDED": (
        Severity.WARNING,
        "Doanh nghiệp, hộ kinh doanh đang tạm ngừng kinh doanh theo đăng ký.",
        "The enterprise or household business is suspended, as registered.",
        None,
    ),
    "HOUSEHOLD_BUSINESS_EXISTS": (
        Severity.WARNING,
        "Người này đã là chủ một hộ kinh doanh; mỗi người chỉ được đăng ký một hộ kinh doanh.",
        "This person already owns a household business; each person may register only one.",
        None,
    ),
    "NUMBER_SUPERSEDED": (
        Severity.INFO,
        "Số CMND đã được thay bằng số định danh cá nhân; đề nghị dùng số định danh trong hồ sơ.",
        "The old number has been replaced by a personal id; use the new one in the dossier.",
        None,
    ),
    "HOLDER_NUMBER_OLD": (
        Severity.WARNING,
        "Giấy chứng nhận còn ghi số CMND; có thể đăng ký biến động để ghi số định danh cá nhân.",
        "The certificate still carries an old number; the change can be registered.",
        "1.013833",
    ),
    "OTHER_HOLDER_REQUIRED": (
        Severity.WARNING,
        "Giấy tờ đứng tên chung với người khác; người đó cần cùng tham gia hồ sơ.",
        "The paper also stands in another person's name, who must take part.",
        None,
    ),
    "WARNING_STRUCTURE": (
        Severity.WARNING,
        (
            "Chữ số chỉ giới tính hoặc năm sinh trong số định danh khác với thông tin đăng ký; "
            "thường do cải chính hộ tịch, không phải sai sót."
        ),
        (
            "The number's digit for sex or year differs from the registered value; usually a "
            "lawful correction."
        ),
        None,
    ),
    "ENCUMBERED": (
        Severity.WARNING,
        "Thửa đất đang có biện pháp bảo đảm hoặc hạn chế quyền đã đăng ký.",
        "A mortgage or restriction is registered on the parcel.",
        None,
    ),
    "UNKNOWN_CODE": (
        Severity.INFO,
        "Mã loại đất không có trong danh mục; mã được hiển thị nguyên văn.",
        "The land-use code is not in the list; it is shown as written.",
        None,
    ),
    "WARD_DIVIDED": (
        Severity.WARNING,
        "Xã, phường cũ đã chia về nhiều đơn vị mới; đề nghị người dân chọn đúng nơi của mình.",
        "The old ward was divided among several new ones; the citizen chooses the right one.",
        None,
    ),
    "HOLDER_NAME_DIFFERS": (
        Severity.WARNING,
        "Họ tên trên Giấy chứng nhận khác với Cơ sở dữ liệu quốc gia về dân cư.",
        "The name on the certificate differs from the population registry.",
        "1.013833",
    ),
    "CONTESTED": (
        Severity.INFO,
        (
            "Người dân không đồng ý với thông tin trong cơ sở dữ liệu; đã ghi nhận, đề nghị chỉnh "
            "lý tại cơ quan chủ quản."
        ),
        "The citizen objects to the value on file; noted, to be corrected at the registry's owner.",
        None,
    ),
    **OF_ASKING,
    **OF_SEALS,
    **OF_REPRESENTATION,
}
"""Code -> severity, Vietnamese, English, the procedure it suggests."""

_ENDED = ("giải thể", "phá sản", "chấm dứt")
_PAUSED = ("tạm ngừng", "tạm nghỉ")
_UNDER_WAY = "đang làm thủ tục"
"""Who is being dissolved is not dissolved yet."""


def notice(
    code: str,
    language: str,
    *,
    role: str | None = None,
    fields: Sequence[str] = (),
    candidates: Sequence[object] = (),
    severity: Severity | None = None,
) -> Notice:
    """Make the notice *code* in the caller's language; *severity* where it is not the usual one."""
    usual, vietnamese, english, suggests = NOTICES[code]
    return Notice(
        code=code,
        severity=severity or usual,
        text=english if language == "en" else vietnamese,
        role=role,
        fields=tuple(fields),
        suggests=suggests,
        candidates=tuple(candidates),
    )


def notices_of(
    roots: Mapping[str, Found],
    roles: Mapping[str, Role],
    findings: Sequence[Finding],
    today: date,
    language: str,
    represented: Collection[str] = (),
) -> tuple[Notice, ...]:
    """Gather what the found records and the examined evidence say, each once a role.

    In the *represented* roles the age says who signs.
    """
    said: dict[tuple[str, str | None], Notice] = {}
    for role, root in roots.items():
        for record in records_below(root):
            if role in represented and isinstance(record, Person) and record.birth_date:
                age = age_notice(record.birth_date, today)
                said.setdefault((age, role), notice(age, language, role=role))
            for code, candidates in _of_record(record, today, root.selection.name):
                told = notice(
                    code,
                    language,
                    role=role,
                    candidates=candidates,
                    severity=_severity(code, roles[role]),
                )
                said.setdefault((code, role), told)
    for finding in findings:
        for code in _of_finding(finding):
            role = finding.evidence.role
            said.setdefault(
                (code, role),
                notice(code, language, role=role, fields=[finding.evidence.selection.path]),
            )
    return tuple(said.values())


def _severity(code: str, role: Role) -> Severity | None:
    """Let a death only warn where the procedure does without the living, as of a dead father."""
    return Severity.WARNING if code == "PERSON_DECEASED" and not role.living else None


def records_below(found: Found) -> Iterator[object]:
    """Give every record and value that a walk found, outermost first."""
    if found.value is not None:
        yield found.value
    if found.many:
        seen: set[int] = set()
        for row in found.items:
            for child in row:
                for record in child.chain[len(found.chain) :][:1]:
                    if id(record) not in seen:
                        seen.add(id(record))
                        yield record
    for row in found.items:
        for child in row:
            yield from records_below(child)


def _of_record(
    record: object, today: date, asked_as: str
) -> Iterator[tuple[str, tuple[object, ...]]]:
    if isinstance(record, Person):
        yield from ((code, ()) for code in _of_person(record))
    elif isinstance(record, Enterprise | HouseholdBusiness):
        codes = _of_statuses(record.statuses, today)
        if asked_as != "business":
            # It is not the dossier's business but one of a person's: its end blocks nothing here.
            codes = _of_owned(record, ended="ENTERPRISE_DISSOLVED" in codes)
        yield from ((code, ()) for code in codes)
    elif isinstance(record, Parcel | LandCertificate):
        yield from ((code, ()) for code in _of_land(record))
    elif isinstance(record, Address) and record.candidates:
        yield (
            "WARD_DIVIDED",
            tuple({"wardCode": p.ward_code, "display": p.display} for p in record.candidates),
        )


def _of_person(person: Person) -> Iterator[str]:
    if person.died_on is not None:
        yield "PERSON_DECEASED"
    if person.number_superseded:
        yield "NUMBER_SUPERSEDED"
    if person.personal_id and structure_warnings(person.personal_id, person.sex, person.birth_date):
        yield "WARNING_STRUCTURE"


def _of_land(record: Parcel | LandCertificate) -> Iterator[str]:
    if deceased(record.holder):
        yield "HOLDER_DECEASED"
    if head_deceased(record.holder):
        yield "HOUSEHOLD_HEAD_DECEASED"
    if isinstance(record, Parcel) and record.encumbrances:
        yield "ENCUMBERED"
    if isinstance(record, Parcel) and any(use.name is None for use in record.uses):
        yield "UNKNOWN_CODE"


def _of_statuses(statuses: Iterable[BusinessStatus], today: date) -> list[str]:
    """Tell what the statuses that have begun by *today* mean; past suspensions stay on file."""
    codes = []
    for status in statuses:
        text = (status.text or "").casefold()
        if _UNDER_WAY in text or (status.starts is not None and today < status.starts):
            continue
        if any(word in text for word in _ENDED):
            codes.append("ENTERPRISE_DISSOLVED")
        elif any(word in text for word in _PAUSED) and (not status.ends or today <= status.ends):
            codes.append("STATUS_SUSPENDED")
    return codes


def _of_owned(record: Enterprise | HouseholdBusiness, *, ended: bool) -> list[str]:
    return (
        ["HOUSEHOLD_BUSINESS_EXISTS"] if isinstance(record, HouseholdBusiness) and not ended else []
    )


def _of_finding(finding: Finding) -> Iterator[str]:
    if finding.reason == "HOLDER_DECEASED":
        yield "HOLDER_DECEASED"
    if finding.match is not None:
        if finding.match.others:
            yield "OTHER_HOLDER_REQUIRED"
        if finding.match.by_old_number:
            yield "HOLDER_NUMBER_OLD"
        if finding.match.contradicted:
            yield "HOLDER_NAME_DIFFERS"
