"""Insurance records, and the translation of their wire names."""

from datetime import date

import msgspec

from adapters.dates import PartialDate
from adapters.registry import Source


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
