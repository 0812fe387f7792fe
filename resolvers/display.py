"""How a value reads on a form, and how it travels as JSON."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

from adapters import dates
from adapters.dates import PartialDate
from adapters.population.records import MaritalStatus, Sex

_WORDS: Mapping[object, str] = {
    Sex.MALE: "Nam",
    Sex.FEMALE: "Nữ",
    MaritalStatus.SINGLE: "Chưa kết hôn",
    MaritalStatus.MARRIED: "Đang có vợ/chồng",
    MaritalStatus.WIDOWED: "Góa vợ/chồng",
    MaritalStatus.DIVORCED: "Đã ly hôn",
    True: "Có",
    False: "Không",
}


def as_json(value: object) -> object:
    """Give *value* as JSON carries it: partial dates as ISO text, decimals as text."""
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, PartialDate):
        return dates.iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    return value


def as_text(value: object) -> str | None:
    """Give *value* as a Vietnamese form shows it: 12/05/1985, Nam, 120,5."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return "; ".join(text for text in map(as_text, value) if text) or None
    if isinstance(value, PartialDate):
        return dates.vietnamese(value)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    if isinstance(value, bool | Enum):
        return _WORDS.get(value, str(value))
    return str(value)
