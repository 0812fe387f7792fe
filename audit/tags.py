"""Tags: what stands in the log in place of a number, so that only a key can find it again.

A plain hash of a personal id is no protection: all ids there are can be hashed in minutes.
A tag is a keyed hash, under the key of its month (audit/months.py).
"""

import base64
from datetime import datetime
from enum import StrEnum

from audit.forms import Tag
from audit.keyed_hash import KeyedHash
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

    # Enum's own is written in Python; numbers with their domains are looked up all the time.
    __hash__ = str.__hash__


class Tagger:
    """Makes tags with the keys of *months*."""

    def __init__(self, months: MonthKeys) -> None:
        self._hashes: dict[str, KeyedHash] = {
            domain: KeyedHash(months, domain) for domain in TagDomain
        }

    def __repr__(self) -> str:
        """Name the class and nothing of the key."""
        return "Tagger(…)"

    def tag(self, domain: str, value: str, at: datetime) -> Tag:
        """Tag *value*, given in its one written form, for an entry of the time *at*.

        *domain* is one of TagDomain. Raises MonthDestroyedError for a month whose key is burnt.
        """
        hashed = self._hashes.get(domain) or self._hashes[TagDomain(domain)]
        return base64.urlsafe_b64encode(hashed(value.encode(), at))[:-1].decode()
