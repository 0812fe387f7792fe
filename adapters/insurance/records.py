"""Insurance records, and the translation of their wire names."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

import msgspec

from adapters import dates, identifiers
from adapters.dates import PartialDate
from adapters.registry import Source

_NOT_AGREED = "not the agreed form"

Wire: TypeAlias = Mapping[str, object]


class SocialInsuranceKey(msgspec.Struct, frozen=True, kw_only=True):
    """The insured person: number, name and birth date, as another registry stated them."""

    personal_id: str
    full_name: str
    birth_date: PartialDate

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "SocialInsuranceKey(…)"


class HealthCardKey(msgspec.Struct, frozen=True, kw_only=True):
    """The card holder. *number* is a 15-character card, a 10-digit code or a personal id."""

    number: str
    full_name: str
    birth_date: PartialDate
    personal_id: str | None = None

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "HealthCardKey(…)"


class SocialInsurance(msgspec.Struct, frozen=True, kw_only=True):
    """Participation in social insurance. No salary: it stands in no procedure document."""

    source: Source
    number: str | None = None
    status: str | None = None
    participates_from: PartialDate | None = None
    months_contributed: int | None = None
    superseded_number: str | None = None
    """An older code merged into *number*."""
    key: SocialInsuranceKey


class HealthInsurance(msgspec.Struct, frozen=True, kw_only=True):
    """The health card now in force, as the card check answers."""

    source: Source
    card_number: str | None = None
    status: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    benefit_level: int | None = None
    first_clinic: str | None = None
    check_code: str | None = None
    """The registry's own result code, `00` = data correct."""
    key: HealthCardKey


RECORDS = (SocialInsurance, HealthInsurance)
"""What this registry's answers may be; the cache keeps nothing else."""

_STATUS_OF_CODE = {
    "00": "Thông tin thẻ chính xác",
    "01": "Thẻ đã hết hạn sử dụng",
    "02": "Thẻ chưa đến hạn sử dụng",
    "03": "Thẻ hết hạn khi chưa ra viện",
    "04": "Thẻ có giá trị khi đang nằm viện",
    "09": "Sai nơi đăng ký khám bệnh, chữa bệnh ban đầu",
}
"""The codes that come with a card. What lies beyond 09 differs between versions of the service."""
_WRONG_BIRTH_DATE = "07"
_NO_CARD = frozenset({"05", "06", _WRONG_BIRTH_DATE, "08"})
"""No such card; or the name, the birth date or the sex is not the card's."""

_CARD = re.compile(r"[A-Z]{2}(?P<benefit>[1-5])[0-9]{2}(?P<code>[0-9]{10})")


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an answer is about, in its own words: compared with the key, and then forgotten."""

    full_name: str
    birth_date: PartialDate | None
    personal_id: str | None
    """Twelve digits; an older number is left out, since no key holds one."""
    insurance_codes: frozenset[str]
    """The code, and those that were merged into it."""

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "Holder(…)"


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """A record, and whom it is about."""

    holder: Holder
    record: SocialInsurance | HealthInsurance

    def __repr__(self) -> str:
        """Say nothing of either."""
        return "Stated(…)"


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What the card check said: no card, the card, or two where one was asked for."""

    source: Source
    date_is_wrong: bool = False
    """There is a card, but not with the birth date that was given."""
    stated: tuple[Stated, ...] = ()


def participants_from_wire(answer: object, key: SocialInsuranceKey, source: Source) -> list[Stated]:
    """Translate the envelope of social insurance; the salary in it is left where it is.

    Raises ValueError, without a value in its message, when it is not of the agreed form or
    names an error: an error is no proof that there is nothing.
    """
    envelope = _object(answer)
    success = envelope.get("success")
    if not isinstance(success, bool) or envelope.get("error"):
        raise ValueError(_NOT_AGREED)
    found = _objects(envelope.get("data")) if success else []
    return [_participant(wire, key, source) for wire in found]


def _participant(wire: Wire, key: SocialInsuranceKey, source: Source) -> Stated:
    number, merged = _required(wire, "maSoBhxh"), _texts(wire, "maSoBhxhCu")
    return Stated(
        holder=Holder(
            full_name=_required(wire, "hoTen"),
            birth_date=_date(_text(wire, "ngaySinh"), dates.from_compact),
            personal_id=_personal_id(wire, "cmnd"),
            insurance_codes=frozenset((number, *merged)),
        ),
        record=SocialInsurance(
            source=source,
            number=number,
            status=_text(wire, "trangThai"),
            participates_from=_date(_text(wire, "thangBatDau"), dates.parse_vietnamese),
            months_contributed=_count(wire, "soThangDong"),
            superseded_number=merged[0] if merged else None,
            key=key,
        ),
    )


def check_from_wire(answer: object, key: HealthCardKey, source: Source) -> Checked:
    """Translate the answer of the card check: an object, or an array where it has two to give.

    Raises ValueError, without a value in its message, when it is not of the agreed form.
    """
    found = _objects(answer)
    codes = {_required(wire, "maKetQua") for wire in found}
    if codes and codes <= _NO_CARD:
        return Checked(source=source, date_is_wrong=codes == {_WRONG_BIRTH_DATE})
    if not codes or not codes <= _STATUS_OF_CODE.keys():
        raise ValueError(_NOT_AGREED)
    return Checked(source=source, stated=tuple(_card(wire, key, source) for wire in found))


def _card(wire: Wire, key: HealthCardKey, source: Source) -> Stated:
    number, code = _required(wire, "maThe"), _required(wire, "maKetQua")
    printed = _CARD.fullmatch(number)
    codes = (_text(wire, "maSoBHXH"), printed and printed["code"], *_texts(wire, "maSoBHXHCu"))
    return Stated(
        holder=Holder(
            full_name=_required(wire, "hoTen"),
            birth_date=_date(_text(wire, "ngaySinh"), dates.parse_vietnamese),
            personal_id=_personal_id(wire, "soCCCD"),
            insurance_codes=frozenset(it for it in codes if it),
        ),
        record=HealthInsurance(
            source=source,
            card_number=number,
            status=_STATUS_OF_CODE[code],
            valid_from=_day(wire, "gtTheTu"),
            valid_to=_day(wire, "gtTheDen"),
            benefit_level=int(printed["benefit"]) if printed else None,
            first_clinic=_text(wire, "tenDKBD") or _text(wire, "maDKBD"),
            check_code=code,
            key=key,
        ),
    )


def _object(wire: object) -> Wire:
    if not isinstance(wire, dict):
        raise ValueError(_NOT_AGREED)  # noqa: TRY004 - an answer of another form is a bad value
    return wire


def _objects(wire: object) -> list[Wire]:
    """Read one object, an array of them, or nothing."""
    many = wire if isinstance(wire, list) else [wire] if wire else []
    return [_object(it) for it in many]


def _text(wire: Wire, name: str) -> str | None:
    """Read a text; null, empty and missing are one: not recorded."""
    value = wire.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(_NOT_AGREED)  # noqa: TRY004 - a number has lost its leading zeros
    return value.strip() or None


def _required(wire: Wire, name: str) -> str:
    value = _text(wire, name)
    if value is None:
        raise ValueError(_NOT_AGREED)
    return value


def _texts(wire: Wire, name: str) -> list[str]:
    values = wire.get(name) or []
    if not isinstance(values, list) or not all(isinstance(it, str) for it in values):
        raise ValueError(_NOT_AGREED)
    return values


def _personal_id(wire: Wire, name: str) -> str | None:
    number = _text(wire, name)
    return number if number and len(number) == identifiers.PERSONAL_ID_LENGTH else None


def _count(wire: Wire, name: str) -> int | None:
    """Read a whole number, written as one or as digits."""
    value = wire.get(name)
    digits = str(value).strip() if isinstance(value, int | str) else ""
    if value is None or value == "":
        return None
    if not re.fullmatch(r"[0-9]{1,4}", digits):
        raise ValueError(_NOT_AGREED)
    return int(digits)


def _date(text: str | None, read: Callable[[str], PartialDate | None]) -> PartialDate | None:
    """Read a date in the form that *read* knows; text of another form is no date left out."""
    known = read(text) if text else None
    if text and known is None:
        raise ValueError(_NOT_AGREED)
    return known


def _day(wire: Wire, name: str) -> date | None:
    text = _text(wire, name)
    known = _date(text, dates.parse_vietnamese)
    day = dates.as_date(known) if known else None
    if text and day is None:
        raise ValueError(_NOT_AGREED)
    return day
