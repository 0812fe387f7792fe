"""How a claimed value agrees with a record: one scale for names, dates and numbers."""

from enum import StrEnum

import msgspec


class Grade(StrEnum):
    """From full agreement down to none. Never a distance, never a percentage."""

    EXACT = "EXACT"
    """Equal after Unicode, tone placement, case and spaces are put in one form."""
    EQUIVALENT = "EQUIVALENT"
    """Equal after letters that look alike are put in one form (đ and eth, apostrophes)."""
    COMPATIBLE = "COMPATIBLE"
    """A year against a full date of that year: neither contradicts the other."""
    UNACCENTED_ONLY = "UNACCENTED_ONLY"
    """Equal once the marks are taken away, and one side has none."""
    PARTIAL = "PARTIAL"
    """Alike by a rule that is no proof (i and y)."""
    DIFFERENT = "DIFFERENT"


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A grade, and what had to be done to both sides before they agreed."""

    grade: Grade
    normalisations: tuple[str, ...] = ()
    """Stable words such as `case` or `tone-placement`; none of them holds a value."""
