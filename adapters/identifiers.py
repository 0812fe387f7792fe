"""Numbers and codes: whether a text has the shape of one, and the one form in which it is kept.

Each `check_*` gives None, or one stable word for the first rule that is broken; the word never
holds the value. All are text: a number would lose its leading zeros, and `٠` is a digit to
Python but to no registry.
"""

import re
from enum import StrEnum

import msgspec

from adapters.dates import PartialDate, as_date
from adapters.places.provinces import ProvinceHistory, province_of_prefix

_AGENCY = r"[A-Z][0-9]{2}(?:\.[0-9]{1,4}){0,4}"
_AGENCY_OF_OLD = r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}"
_AGENCY_CODE = re.compile(f"{_AGENCY}|{_AGENCY_OF_OLD}")
_DOSSIER_OF_AGENCY = re.compile(rf"({_AGENCY}|{_AGENCY_OF_OLD})-([0-9]{{6}})-[0-9]{{3,}}")
_PROCEDURE = re.compile(r"([0-9]\.[0-9]{6})((?:\.[0-9]{3}\.[0-9]{2}\.[0-9]{2})?\.[A-Z].*)?")
_LOCAL_SUFFIX = re.compile(rf"(?:\.[0-9]{{3}}\.[0-9]{{2}}\.[0-9]{{2}})?\.{_AGENCY}")
_CARD = re.compile(r"[A-Z]{2}[1-5][0-9]{12}")
_SERIAL = re.compile(r"([A-ZĐ]{2})([0-9]{8})|([A-ZĐ]{1,2})([0-9]{6})")
_DRAFT = re.compile(r"[A-Za-z0-9_-]*")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)

PERSONAL_ID_LENGTH = 12
OLD_ID_NUMBER_LENGTH = 9
ENTERPRISE_CODE_LENGTH = 10
BRANCH_COUNTER_LENGTH = 3
SOCIAL_INSURANCE_NUMBER_LENGTH = 10
HEALTH_CARD_LENGTH = 15
WARD_CODE_LENGTH = 5
LONGEST_DOSSIER_CODE = 64
SHORTEST_DRAFT_ID, LONGEST_DRAFT_ID = 16, 64


def _check_digits(text: str, length: int) -> str | None:
    if any(sign.isnumeric() and not sign.isascii() for sign in text):
        return "ascii-digits"
    if re.search(r"[^0-9]", text):
        return "digits"
    return None if len(text) == length else "length"


def check_personal_id(text: str) -> str | None:
    """Check twelve digits: `ascii-digits`, `digits` or `length`; there is no check digit."""
    return _check_digits(text, PERSONAL_ID_LENGTH)


def check_old_id_number(text: str) -> str | None:
    """Check the nine digits of the identity card of old; two people may share one."""
    return _check_digits(text, OLD_ID_NUMBER_LENGTH)


class PersonalIdFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a personal id said on the day it was given; a correction may have overtaken it."""

    province: ProvinceHistory | None
    """Where birth was registered, then and now; None abroad and in the sandbox."""
    sex: str
    """`MALE` or `FEMALE`."""
    birth_year: int

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "PersonalIdFacts(…)"


def personal_id_facts(text: str) -> PersonalIdFacts | None:
    """Read province, sex and year of birth out of a personal id; None when it is no such number."""
    if check_personal_id(text) is not None:
        return None
    century_and_sex = int(text[3])
    return PersonalIdFacts(
        province=province_of_prefix(text[:3]),
        sex="FEMALE" if century_and_sex % 2 else "MALE",
        birth_year=1900 + 100 * (century_and_sex // 2) + int(text[4:6]),
    )


def structure_warnings(
    personal_id: str, sex: str | None, birth: PartialDate | None
) -> tuple[str, ...]:
    """Say where the number contradicts the record: `sex-digit`, `birth-year`.

    A number outlives corrections of sex and birth date, so this warns and never refuses.
    """
    facts = personal_id_facts(personal_id)
    if facts is None:
        return ()
    warnings = []
    if sex is not None and sex != facts.sex:
        warnings.append("sex-digit")
    if birth is not None and birth.year != facts.birth_year:
        warnings.append("birth-year")
    return tuple(warnings)


class EnterpriseCodeKind(StrEnum):
    """What a tax code stands for."""

    ENTERPRISE = "ENTERPRISE"
    """Ten digits."""
    BRANCH = "BRANCH"
    """Ten digits, a dash, three digits."""
    HOUSEHOLD = "HOUSEHOLD"
    """Twelve digits: the owner's personal id, and to be kept as one."""


def check_enterprise_code(text: str) -> str | None:
    """Check a code of 10, 10-3, 13 or 12 digits.

    The words: `ascii-digits`, `digits`, `length`, `shape` (the dash), `check-digit`, `branch`.
    """
    body, dash, branch = text.partition("-")
    digits = body + branch
    if broken := _check_digits(digits, len(digits)):
        return broken
    if dash and (len(body), len(branch)) != (ENTERPRISE_CODE_LENGTH, BRANCH_COUNTER_LENGTH):
        return "shape"
    if len(digits) == PERSONAL_ID_LENGTH:
        return None
    if len(digits) - ENTERPRISE_CODE_LENGTH not in {0, BRANCH_COUNTER_LENGTH}:
        return "length"
    if _tax_check_digit(digits[:9]) != int(digits[9]):
        return "check-digit"
    return "branch" if digits.endswith("000", ENTERPRISE_CODE_LENGTH) else None


def _tax_check_digit(body: str) -> int:
    """Weigh nine digits; 10 for a body that is never issued."""
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, body, strict=True))
    return 10 - total % 11


def normalise_enterprise_code(text: str) -> str | None:
    """Write the code as it is kept, thirteen digits with their dash; None when it is no code."""
    close = "".join(text.split())
    if check_enterprise_code(close) is not None:
        return None
    body, counter = close[:ENTERPRISE_CODE_LENGTH], close[ENTERPRISE_CODE_LENGTH:].lstrip("-")
    # Some services answer "wrong tax code" to thirteen digits without the dash.
    return f"{body}-{counter}" if len(counter) == BRANCH_COUNTER_LENGTH else close


def enterprise_code_kind(text: str) -> EnterpriseCodeKind | None:
    """Say what a well-formed code stands for; None when it is not well formed."""
    if check_enterprise_code(text) is not None:
        return None
    kinds = {
        ENTERPRISE_CODE_LENGTH: EnterpriseCodeKind.ENTERPRISE,
        PERSONAL_ID_LENGTH: EnterpriseCodeKind.HOUSEHOLD,
    }
    return kinds.get(len(text), EnterpriseCodeKind.BRANCH)


def check_social_insurance_number(text: str) -> str | None:
    """Check the ten digits that a person keeps for life."""
    return _check_digits(text, SOCIAL_INSURANCE_NUMBER_LENGTH)


class HealthCardNumberKind(StrEnum):
    """The three numbers under which people know their health card."""

    CARD = "CARD"
    """Fifteen characters, as printed on older cards."""
    INSURANCE_NUMBER = "INSURANCE_NUMBER"
    """Ten digits, as printed since 2021."""
    PERSONAL_ID = "PERSONAL_ID"


def check_health_card_number(text: str) -> str | None:
    """Check a card of 15 characters, an insurance code of 10 digits or a personal id of 12.

    The words: `ascii-digits`, `digits`, `length`, `shape` (of the fifteen characters).
    """
    if len(text) == HEALTH_CARD_LENGTH:
        return None if _CARD.fullmatch(text) else "shape"
    if len(text) == PERSONAL_ID_LENGTH:
        return check_personal_id(text)
    return check_social_insurance_number(text)


def normalise_health_card_number(text: str) -> str | None:
    """Write the letters in capitals, without spaces; None when it is none of the three."""
    close = "".join(text.split()).upper()
    return close if check_health_card_number(close) is None else None


def health_card_number_kind(text: str) -> HealthCardNumberKind | None:
    """Say which of the three numbers it is; None when it is none of them."""
    if check_health_card_number(text) is not None:
        return None
    kinds = {
        SOCIAL_INSURANCE_NUMBER_LENGTH: HealthCardNumberKind.INSURANCE_NUMBER,
        PERSONAL_ID_LENGTH: HealthCardNumberKind.PERSONAL_ID,
    }
    return kinds.get(len(text), HealthCardNumberKind.CARD)


def national_procedure_code(text: str) -> tuple[str, str]:
    """Part the national code from what a province hung on it: `1.012796` and `.H36`.

    A text that is no procedure code comes back whole.
    """
    match = _PROCEDURE.fullmatch(text)
    if match is None or (match[2] and not _LOCAL_SUFFIX.fullmatch(match[2])):
        return text, ""
    return match[1], match[2] or ""


def check_procedure_code(text: str) -> str | None:
    """Check a national code with or without a local suffix: `shape`."""
    return check_national_procedure_code(national_procedure_code(text)[0])


def check_national_procedure_code(text: str) -> str | None:
    """Check the national code alone, as in `1.012796`: `shape`."""
    return None if re.fullmatch(r"[0-9]\.[0-9]{6}", text) else "shape"


def check_agency_code(text: str) -> str | None:
    """Check `H26.12`, or `000.00.12.H26` as it was written until 2020: `shape`."""
    return None if _AGENCY_CODE.fullmatch(text) else "shape"


def check_dossier_code(text: str) -> str | None:
    """Check that a dossier code can be kept and shown; portals form it as they like.

    The words: `empty`, `length`, `spaces` (around it), `printable`.
    """
    if not text or len(text) > LONGEST_DOSSIER_CODE:
        return "length" if text else "empty"
    if text != text.strip():
        return "spaces"
    return None if text.isprintable() else "printable"


def agency_of(dossier_code: str) -> str | None:
    """Read the agency out of `H26.12-250702-0001`; None when the code has another form."""
    match = _DOSSIER_OF_AGENCY.fullmatch(dossier_code)
    return match[1] if match and _is_day(match[2]) else None


def _is_day(yymmdd: str) -> bool:
    year, month, day = (int(yymmdd[at : at + 2]) for at in (0, 2, 4))
    return as_date(PartialDate(2000 + year, month, day)) is not None


def check_draft_id(text: str) -> str | None:
    """Check a portal's own opaque id, 16 to 64 of [A-Za-z0-9_-]: `length`, `shape`."""
    if not _DRAFT.fullmatch(text):
        return "shape"
    return None if SHORTEST_DRAFT_ID <= len(text) <= LONGEST_DRAFT_ID else "length"


def check_ward_code(text: str) -> str | None:
    """Check five digits; which unit they name depends on the day."""
    return _check_digits(text, WARD_CODE_LENGTH)


def normalise_serial(text: str) -> str:
    """Write a land certificate's serial number as `AB 12345678`.

    What is no serial number (people give the register number) keeps its own form, in capitals.
    """
    close = re.sub(r"[\s.\-]", "", text).upper().replace("\u00d0", "Đ")
    match = _SERIAL.fullmatch(close)
    if match is None:
        return " ".join(text.split()).upper()
    return " ".join(part for part in match.groups() if part)


def check_serial(text: str) -> str | None:
    """Check two letters and eight digits, or on older certificates one or two and six: `shape`."""
    close = normalise_serial(text).replace(" ", "")
    return None if _SERIAL.fullmatch(close) else "shape"


def check_country_code(text: str) -> str | None:
    """Check the shape of an ISO 3166-1 alpha-2 code, as in `VN`: `shape`."""
    return None if re.fullmatch(r"[A-Z]{2}", text) else "shape"
