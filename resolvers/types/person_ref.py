"""A person whom another record mentions."""

from adapters import persons
from resolvers.scalars import CountryCode, OldIdNumber, PersonalId
from resolvers.types.record import attribute, record


@record(persons.PersonRef)
class PersonRef:
    """Người được nêu trong bản ghi: a small value, never a way to the person's own record."""

    full_name: str | None = attribute(
        "Họ, chữ đệm và tên: in full, as the mentioning record states it."
    )
    personal_id: PersonalId | None = attribute(
        "Số định danh cá nhân: 12 digits, kept as text, when the mentioning record carries it."
    )
    old_id_number: OldIdNumber | None = attribute(
        "Số chứng minh nhân dân: 9 digits, kept as text, on records older than the personal id."
    )
    nationality: CountryCode | None = attribute(
        "Quốc tịch: ISO 3166-1 alpha-2, when the mentioning record states one."
    )
