"""Asking for real data at the terminal: nothing of it stands in an argument or in the history.

Questions go to stderr, so that stdout carries only the answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import typer

from adapters import dates
from gateway.cli.answers import OLD_DIGITS, FormField, Procedure, Role

Subject = Mapping[str, object]
PERSONAL_ID_DIGITS = 12


def ask_subjects(procedure: Procedure) -> list[Subject]:
    """Ask for each role of *procedure*; an optional one is left out by an empty first answer."""
    subjects: list[Subject] = []
    persons: list[str] = []
    for role in procedure.roles:
        _say(f"\n{role.label} ({role.name}){'' if role.required else ', bỏ qua bằng Enter'}")
        subject = _KINDS[role.kind](role, persons) if role.kind in _KINDS else None
        if subject is None:
            continue
        if role.kind == "person":
            persons.append(role.name)
        subjects.append({"role": role.name, "is": subject})
    return subjects


def ask_claims(fields: Iterable[FormField], roles: Iterable[str]) -> list[Subject]:
    """Ask what was declared in each field of *roles*; empty means that it is not compared."""
    _say("\nĐiều người dân khai (bỏ qua bằng Enter)")
    return list(_claims(fields, set(roles)))


def _claims(fields: Iterable[FormField], roles: set[str]) -> Iterator[Subject]:
    for field in fields:
        value = _ask(f"{field.label} [{field.key}]") if field.role in roles else ""
        if value:
            yield {"role": field.role, "key": field.key, "value": value}


def _person(role: Role, _persons: list[str]) -> Subject | None:
    number = _ask_until(
        "Số định danh cá nhân (12 chữ số) hoặc số CMND (9 chữ số)",
        lambda text: text.isascii() and text.isdecimal() and len(text) in _LENGTHS,
        "Cần 12 chữ số, hoặc 9 chữ số của CMND, không có dấu cách.",
        optional=not role.required,
    )
    if not number:
        return None
    which = "oldIdNumber" if len(number) == OLD_DIGITS else "personalId"
    name = _ask_until("Họ, chữ đệm và tên", bool, "Cần họ tên đầy đủ.")
    born = _ask_until(
        "Ngày, tháng, năm sinh (12/05/1985, hoặc chỉ 1985)",
        lambda text: _birth_date(text) is not None,
        "Ngày có dạng 12/05/1985, tháng 05/1985, hoặc năm 1985.",
    )
    return {"person": {"number": {which: number}, "fullName": name, "birthDate": _birth_date(born)}}


def _parcel(role: Role, persons: list[str]) -> Subject | None:
    ward = _ask_until(
        "Mã xã (5 chữ số)",
        lambda text: text.isascii() and text.isdecimal() and len(text) == _WARD_DIGITS,
        "Cần 5 chữ số.",
        optional=not role.required,
    )
    if not ward:
        return None
    sheet = _ask_until("Số tờ bản đồ", bool, "Cần số tờ bản đồ.")
    number = _ask_until("Số thửa", bool, "Cần số thửa.")
    return {"parcel": {"ward": ward, "sheet": sheet, "parcel": number, "holder": [*persons]}}


def _certificate(role: Role, persons: list[str]) -> Subject | None:
    number = _ask_until(
        "Số phát hành hoặc số vào sổ", bool, "Cần một trong hai số.", optional=not role.required
    )
    return {"certificate": {"number": number, "holder": [*persons]}} if number else None


def _business(role: Role, _persons: list[str]) -> Subject | None:
    code = _ask_until(
        "Mã số doanh nghiệp hoặc hộ kinh doanh", bool, "Cần mã số.", optional=not role.required
    )
    if not code:
        return None
    if len(code) < PERSONAL_ID_DIGITS:
        return {"business": {"code": code}}
    owner = _ask_until("Tên chủ hộ kinh doanh", bool, "Cần họ tên chủ hộ.")
    return {"business": {"code": code, "ownerName": owner}}


_LENGTHS = (OLD_DIGITS, PERSONAL_ID_DIGITS)
_WARD_DIGITS = 5
_KINDS: Mapping[str, Callable[[Role, list[str]], Subject | None]] = {
    "person": _person,
    "parcel": _parcel,
    "certificate": _certificate,
    "business": _business,
}


def _birth_date(text: str) -> str | None:
    """Read a date as people write it or as ISO does, into ISO."""
    known = dates.parse_vietnamese(text) or dates.parse(text)
    return dates.iso(known) if known else None


def _ask_until(
    question: str, fits: Callable[[str], bool], rule: str, *, optional: bool = False
) -> str:
    """Ask until the answer fits; the rule is said again, the answer never."""
    while True:
        text = _ask(question)
        if fits(text) or (optional and not text):
            return text
        _say(f"  {rule}")


def _ask(question: str) -> str:
    answer = typer.prompt(f"  {question}", default="", show_default=False, err=True)
    return str(answer).strip()


def _say(line: str) -> None:
    typer.echo(line, err=True)
