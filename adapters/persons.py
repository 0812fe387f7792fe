"""Persons as other records mention them: small values, never a way to their own record."""

import msgspec

from adapters.dates import PartialDate


class PersonRef(msgspec.Struct, frozen=True, kw_only=True):
    """Father, mother, spouse, representative, holder: as the record that mentions them says."""

    full_name: str | None = None
    personal_id: str | None = None
    old_id_number: str | None = None
    nationality: str | None = None
    """ISO 3166-1 alpha-2, when the registry states one."""
    birth_date: PartialDate | None = None
    """For matching only; not in the schema."""
