"""Tags: what stands in the log in place of a number, so that only a key can find it again.

A plain hash of a personal id is no protection: all ids there are can be hashed in minutes.
A tag is a keyed hash, under the key of its month (audit/months.py).
"""

import base64
import hmac
from datetime import datetime
from enum import StrEnum

from audit.forms import Tag
from audit.months import MonthKeys


class TagDomain(StrEnum):
    """What kind of number a tag stands for: equal numbers of two kinds have different tags."""

    PERSON = "person"
    OLD_NUMBER = "old-number"
    DOSSIER = "dossier"
    DRAFT = "draft"
    OFFICER = "officer"
    CARD = "card"
    INSURANCE = "insurance"
    PARCEL = "parcel"
    CERTIFICATE = "certificate"
    BUSINESS = "business"
    CASE = "case"


class Tagger:
    """Makes tags with the keys of *months*."""

    def __init__(self, months: MonthKeys) -> None:
        self._months = months

    def __repr__(self) -> str:
        """Name the class and nothing of the key."""
        return "Tagger(…)"

    def tag(self, domain: str, value: str, at: datetime) -> Tag:
        """Tag *value*, given in its one written form, for an entry of the time *at*.

        *domain* is one of TagDomain. Raises MonthDestroyedError for a month whose key is burnt.
        """
        message = f"{TagDomain(domain)}\0{value}".encode()
        digest = hmac.digest(self._months.of(at), message, "sha256")
        return base64.urlsafe_b64encode(digest)[:-1].decode()
