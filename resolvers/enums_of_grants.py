"""What a grant may say, as closed lists of the schema."""

from enum import StrEnum

from resolvers.enums import described


@described(
    "Xác nhận hồ sơ: what stands for it that a dossier exists.",
    ASSERTED="Theo lời cổng dịch vụ: the portal's word is enough.",
    ATTESTED="Có chữ ký của cổng dịch vụ: the portal signs an attestation of each dossier.",
)
class DossierAttestation(StrEnum):
    """What stands for it that a dossier exists."""

    ASSERTED = "ASSERTED"
    ATTESTED = "ATTESTED"


@described(
    "Trường ngoài quyền: what becomes of a field that the grant does not include.",
    REFUSE="Từ chối: the whole request is refused, and the fields are named.",
    RESTRICTED="Trả lời rỗng: the field is null, with the state RESTRICTED.",
)
class UngrantedField(StrEnum):
    """What becomes of a field that the grant does not include."""

    REFUSE = "REFUSE"
    RESTRICTED = "RESTRICTED"
