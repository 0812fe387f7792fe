"""From what was typed to the variables of an operation: subjects, claims, purpose.

Nothing here asks anybody. Arguments can be read by everybody on the machine, so a personal
number among them is refused; sandbox people go by their short names.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gateway.cli.answers import PersonProof, Procedure, Role, SandboxPerson
from gateway.cli.ends import Wrong

PERSON = "person"
DRAFT_BYTES = 18
Subject = Mapping[str, object]
People = Mapping[str, SandboxPerson]

NUMBER_IN_ARGUMENTS = (
    "Không ghi số giấy tờ của cá nhân trên dòng lệnh: ai dùng máy này cũng đọc được danh sách tiến "
    "trình. Hãy dùng tên người giả định (--person an), --input TỆP (- là đầu vào chuẩn), hoặc để "
    "chương trình hỏi. (Personal numbers do not belong in arguments; use --input FILE.)"
)

# Nine digits or more, however they are parted: CMND, personal id, insurance and telephone numbers.
_PERSONAL = re.compile(r"\d(?:[ .\-_]?\d){8}")
_PARCEL = re.compile(
    r"(?P<ward>[^/@:]+)(?:@(?P<as_of>\d{4}-\d\d-\d\d))?/(?P<sheet>[^/:]+)/(?P<parcel>[^/:]+)"
    r"(?::(?P<holders>[A-Za-z0-9,]+))?"
)
_CERTIFICATE = re.compile(r"(?P<number>[^:]+)(?::(?P<holders>[A-Za-z0-9,]+))?")
_ENTERPRISE = re.compile(r"\d{10}(?:-\d{3})?", re.ASCII)
_CLAIM = re.compile(r"(?:(?P<role>[A-Za-z0-9]+):)?(?P<key>[^=:]+)=(?P<value>.*)", re.DOTALL)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """Who and what was named on the command line; each of the lists as `ROLE=…`."""

    person: str | None = None
    roles: Sequence[str] = ()
    parcels: Sequence[str] = ()
    certificates: Sequence[str] = ()
    businesses: Sequence[str] = ()
    declared: Sequence[str] = ()

    def names_people(self) -> bool:
        """Tell whether somebody of the sandbox was named."""
        return self.person is not None or bool(self.roles)

    def anything(self) -> bool:
        """Tell whether anybody or anything was named."""
        lists = (self.roles, self.parcels, self.certificates, self.businesses, self.declared)
        return self.person is not None or any(lists)


def personal_number(texts: Sequence[str | None]) -> Wrong | None:
    """Refuse arguments that look like a person's number, without repeating them."""
    found = any(_PERSONAL.search(text) for text in texts if text)
    return Wrong(sentence=NUMBER_IN_ARGUMENTS) if found else None


def check_arguments(given: Given, others: Sequence[str] = ()) -> Wrong | None:
    """Refuse personal numbers anywhere but in the code of an enterprise, which is public."""
    texts = [given.person, *given.roles, *given.parcels, *given.certificates, *given.declared]
    owned = (it for it in given.businesses if not _ENTERPRISE.fullmatch(it.partition("=")[2]))
    return personal_number([*texts, *owned, *others])


def build_subjects(
    given: Given, roles: Sequence[Role], people: People
) -> Sequence[Subject] | Wrong:
    """Give a subject for each role that was named, in the order of the arguments."""
    named: list[tuple[str, Subject | Wrong]] = []
    if given.person is not None:
        named.append((_person_role(roles, given), _person(given.person, people)))
    persons = [role for role, _ in named]
    for role, name in _pairs(given.roles):
        named.append((role, _person(name, people)))
        persons.append(role)
    named.extend((role, _parcel(text, persons)) for role, text in _pairs(given.parcels))
    named.extend((role, _certificate(text, persons)) for role, text in _pairs(given.certificates))
    named.extend((role, {"business": {"code": code}}) for role, code in _pairs(given.businesses))
    named.extend((role, {"declared": {"reason": why}}) for role, why in _pairs(given.declared))
    subjects: list[Subject] = []
    known = {role.name for role in roles}
    for role, subject in named:
        if isinstance(subject, Wrong):
            return subject
        if role not in known:
            return _unknown_role(role, roles)
        subjects.append({"role": role, "is": subject})
    return subjects


def build_claims(
    texts: Sequence[str], procedure: Procedure, given: Given, people: People
) -> Sequence[Mapping[str, object]] | Wrong:
    """Read `[ROLE:]KEY=VALUE`; without a role, the one to which the procedure gives the key.

    `@number`, `@fullName` and `@birthDate` stand for those of the sandbox person in that role.
    """
    role_of = {field.key: field.role for field in procedure.fields}
    names = dict(_pairs(given.roles))
    first = _person_role(procedure.roles, given)
    if given.person is not None:
        names[first] = given.person
    claims: list[Mapping[str, object]] = []
    for text in texts:
        match = _CLAIM.fullmatch(text)
        if match is None:
            return Wrong(sentence="--claim có dạng KHÓA=GIÁ TRỊ hoặc VAI:KHÓA=GIÁ TRỊ.")
        key = match["key"].strip()
        role = match["role"] or role_of.get(key, first)
        person = people.get(names.get(role, ""))
        value = _value(match["value"], person.key if person else None)
        if isinstance(value, Wrong):
            return value
        claims.append({"role": role, "key": key, "value": value})
    return claims


def new_draft() -> str:
    """Make the opaque id of a new draft."""
    return secrets.token_urlsafe(DRAFT_BYTES)


def purpose(code: str, draft: str, more: Mapping[str, object] | None = None) -> dict[str, object]:
    """Give the purpose of a dossier that is just being drafted; *more* wins."""
    return {"procedure": code, "dossier": {"draft": draft}, **(more or {})}


def _person_role(roles: Sequence[Role], given: Given) -> str:
    """Give the role that `--person` fills: the first person whom nothing else supplies.

    Somebody required comes first, and somebody who has to be in a registry before a newborn.
    """
    named = {role for role, _ in _pairs([*given.roles, *given.declared])}
    persons = [role for role in roles if role.kind == PERSON and role.name not in named]
    persons.sort(key=lambda role: (not role.required, role.may_be_declared))
    return persons[0].name if persons else "applicant"


def _pairs(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        role, _, rest = text.partition("=")
        yield role.strip(), rest.strip()


def _person(name: str, people: People) -> Subject | Wrong:
    if name not in people:
        names = ", ".join(people) or "không có ai"
        # The name that was typed is not repeated: it may be a real one.
        return Wrong(
            sentence=f"Không có người giả định nào tên như vậy. Có: {names} (lienthong people)."
        )
    return {"person": people[name].key.key()}


def _parcel(text: str, persons: Sequence[str]) -> Subject | Wrong:
    match = _PARCEL.fullmatch(text)
    if match is None:
        return Wrong(
            sentence="Thửa đất có dạng VAI=MÃ XÃ/TỜ BẢN ĐỒ/SỐ THỬA, ví dụ home=00004/12/7; mã xã "
            "theo ngày cũ: home=00004@2014-09-15/12/7; người sử dụng đất: home=00004/12/7:owner."
        )
    key: dict[str, object] = {
        "ward": match["ward"],
        "sheet": match["sheet"],
        "parcel": match["parcel"],
        "holder": _holders(match["holders"], persons),
    }
    if match["as_of"]:
        key["wardAsOf"] = match["as_of"]
    return {"parcel": key}


def _certificate(text: str, persons: Sequence[str]) -> Subject | Wrong:
    match = _CERTIFICATE.fullmatch(text)
    if match is None:
        return Wrong(sentence="Giấy chứng nhận có dạng VAI=SỐ hoặc VAI=SỐ:NGƯỜI SỬ DỤNG ĐẤT.")
    holders = _holders(match["holders"], persons)
    return {"certificate": {"number": match["number"].strip(), "holder": holders}}


def _holders(named: str | None, persons: Sequence[str]) -> list[str]:
    """Give the roles claimed to hold it: those named, or everybody in the dossier."""
    return named.split(",") if named else list(persons)


def _value(text: str, key: PersonProof | None) -> str | Wrong:
    if not text.startswith("@"):
        return text
    known = {
        "@number": key.number if key else None,
        "@fullName": key.full_name if key else None,
        "@birthDate": key.birth_date if key else None,
    }
    value = known.get(text)
    if value is None:
        return Wrong(
            sentence="Sau @ là number, fullName hoặc birthDate của người giả định ở vai trò đó."
        )
    return value


def _unknown_role(role: str, roles: Sequence[Role]) -> Wrong:
    known = ", ".join(f"{it.name} ({it.label})" for it in roles)
    return Wrong(sentence=f"Thủ tục này không có vai trò «{role}». Có: {known}.")
