"""One agreement with a consumer: agencies, procedures, scopes, officers."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from auth.agency import covers, upwards
from auth.discreet import Discreet

Ungranted = Literal["refuse", "restricted"]
"""A field outside the grant: refuse the request, or answer null with the state RESTRICTED."""

OfficersBy = Literal["token", "request"]
"""Whose word names the officer: only the issuer's, or the portal's too."""

Attestation = Literal["ASSERTED", "ATTESTED"]
"""What stands for it that the dossier exists: the portal's word, or its signature."""


class Grant(Discreet, frozen=True, kw_only=True):
    """What a consumer may do; both days are included."""

    shown: ClassVar[tuple[str, ...]] = ("grant_id", "consumer_id", "agencies")

    grant_id: str
    consumer_id: str
    agencies: tuple[str, ...]
    """For whom it may speak; a code covers the units under it. The first one is the default."""
    procedures: frozenset[str] | None
    """National codes; None for every procedure, in the sandbox only."""
    scopes: frozenset[str] | None
    """None leaves it to the token."""
    accountable: Mapping[str, str]
    """Per agency the personal id of the officer who answers where no officer sits."""
    officers_by: OfficersBy
    ungranted: Ungranted
    attestation: Attestation
    legal_basis: str
    valid_from: date
    valid_until: date
    parts: frozenset[str] | None = None
    """Codes of the parts of a linked procedure; None for all."""
    subjects_per_minute: int = 60
    subjects_per_hour: int = 600
    """Distinct subjects, for each officer (or citizen) of the consumer."""
    requests_per_minute: int = 600
    """Of the consumer, all officers together."""
    assertion_ground: str | None = None
    """Why the portal's word is enough; production asks for it where *attestation* is ASSERTED."""

    def includes(self, procedure: str) -> bool:
        """Tell whether this procedure was agreed on."""
        return self.procedures is None or procedure in self.procedures

    def in_force(self, day: date) -> bool:
        """Tell whether the agreement holds on this *day*."""
        return self.valid_from <= day <= self.valid_until

    def overlaps(self, other: "Grant") -> bool:
        """Tell whether both would answer for one procedure of one consumer on some day."""
        same_day = self.valid_from <= other.valid_until and other.valid_from <= self.valid_until
        if self.consumer_id != other.consumer_id or not same_day:
            return False
        if self.procedures is None or other.procedures is None:
            return True
        return not self.procedures.isdisjoint(other.procedures)

    def speaks_for(self, agency: str) -> bool:
        """Tell whether the consumer may speak for this *agency*."""
        return any(covers(own, agency) for own in self.agencies)

    def accountable_for(self, agency: str) -> str | None:
        """Find who answers for this *agency*: its own officer, else that of the one above."""
        for nearest in upwards(agency):
            if nearest in self.accountable:
                return self.accountable[nearest]
        return None
