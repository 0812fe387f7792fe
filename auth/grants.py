"""What the operator has agreed with the consumers: one version of the grants file.

A file in TOML (`LIENTHONG_GRANTS`): one `[[grant]]` per agreement, one `[[consumer]]` per party,
one `[[registry_owner]]` per registry whose owner may withdraw somebody; `sandbox_grants.toml`
beside this file is an example that is really used. bundle.py holds the signature around it.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from auth.agency import agency_code
from auth.consumer import Consumer
from auth.consumer_tables import read_consumers, read_owners
from auth.discreet import Discreet
from auth.grant import Grant
from auth.grant_table import GrantsInvalid, Table, read_table, read_text
from auth.keys import Ring
from auth.profile import Profile
from auth.purpose import VIETNAM, national_code
from auth.refusal import Refused, refuse

__all__ = ["SANDBOX_GRANTS", "Grants", "GrantsInvalid", "load_grants"]

SANDBOX_GRANTS = Path(__file__).with_name("sandbox_grants.toml")

_PERSONAL_ID = re.compile(r"[0-9]{12}")
_SANDBOX_NUMBERS = ("097", "098", "099")
_FILE_FIELDS = frozenset({"version", "issued", "expires", "grant", "consumer", "registry_owner"})
_GRANT_FIELDS = frozenset(
    {"id", "consumer", "agencies", "procedures", "scopes", "accountable", "officers_by"}
    | {"ungranted", "attestation", "legal_basis", "valid_from", "valid_until"}
    | {"parts", "subjects_per_minute", "subjects_per_hour", "requests_per_minute"}
    | {"assertion_ground"}
)


class Grants(Discreet, frozen=True, kw_only=True):
    """All agreements of one version of the file."""

    shown: ClassVar[tuple[str, ...]] = ("version", "issued", "expires")

    version: int
    issued: date
    expires: date
    """The last day on which this version may be used."""
    grants: tuple[Grant, ...]
    """No two of one consumer include the same procedure on the same day."""
    consumers: Mapping[str, Consumer] = {}
    """By id. In the sandbox a consumer may have grants and no entry here; nothing is then known
    of its issuer and keys."""
    owners: Mapping[str, Ring] = {}
    """Per registry the keys of whoever may withdraw a consumer or a procedure from it."""

    def of(self, consumer_id: str) -> tuple[Grant, ...]:
        """Give the agreements with one consumer, in the order of the file."""
        return tuple(grant for grant in self.grants if grant.consumer_id == consumer_id)

    def find(self, consumer_id: str, procedure: str, now: datetime) -> Grant | Refused:
        """Find the one agreement under which *consumer_id* may handle *procedure* at *now*."""
        day = now.astimezone(VIETNAM).date()
        if day > self.expires:
            return refuse("grants-expired", expires=self.expires.isoformat())
        own = self.of(consumer_id)
        if not own:
            return refuse("consumer-without-grant", consumer=consumer_id)
        including = [grant for grant in own if grant.includes(procedure)]
        if not including:
            return refuse("procedure-not-granted", consumer=consumer_id, procedure=procedure)
        for grant in including:
            if grant.in_force(day):
                return grant
        return refuse(
            "grant-not-in-force",
            consumer=consumer_id,
            procedure=procedure,
            valid_from=including[-1].valid_from.isoformat(),
            valid_until=including[-1].valid_until.isoformat(),
        )


def load_grants(source: Path | str, *, profile: Profile = Profile.PRODUCTION) -> Grants:
    """Read a file (a Path) or its content (a str), or raise GrantsInvalid.

    In the sandbox a grant may include every procedure and names invented officers only; in
    production neither is possible, so that no example is ever left in use.
    """
    file = read_table(read_text(source))
    file.only(_FILE_FIELDS)
    version = file.number("version")
    issued, expires = file.day("issued"), file.day("expires")
    if expires < issued:
        file.fail("expires", "ends-before-it-begins")
    consumers = read_consumers(file, profile)
    owners = read_owners(file)
    grants: list[Grant] = []
    for table in file.tables("grant"):
        grant = _grant(table, grants, profile)
        if profile is not Profile.SANDBOX:
            _hold_to_production(table, grant, consumers)
        grants.append(grant)
    return Grants(
        version=version,
        issued=issued,
        expires=expires,
        grants=tuple(grants),
        consumers=consumers,
        owners=owners,
    )


def _grant(table: Table, earlier: list[Grant], profile: Profile) -> Grant:
    """Read one grant; the checks that need two fields, or two grants, come last."""
    table.only(_GRANT_FIELDS)
    agencies = tuple(_agency(table, "agencies", code) for code in table.texts("agencies"))
    grant = Grant(
        grant_id=table.name("id"),
        consumer_id=table.name("consumer"),
        agencies=agencies,
        procedures=_procedures(table, profile),
        scopes=frozenset(table.texts("scopes")) if "scopes" in table.values else None,
        accountable={
            _agency(table, "accountable", agency): _officer(table, number, profile)
            for agency, number in table.inner("accountable").items()
        },
        officers_by=table.choice("officers_by", "token", "request"),
        ungranted=table.choice("ungranted", "refuse", "restricted"),
        attestation=table.choice("attestation", "ATTESTED", "ASSERTED"),
        legal_basis=table.text("legal_basis"),
        valid_from=table.day("valid_from"),
        valid_until=table.day("valid_until"),
        parts=_codes(table, "parts") if "parts" in table.values else None,
        subjects_per_minute=table.number("subjects_per_minute", 60),
        subjects_per_hour=table.number("subjects_per_hour", 600),
        requests_per_minute=table.number("requests_per_minute", 600),
        assertion_ground=(
            table.text("assertion_ground") if "assertion_ground" in table.values else None
        ),
    )
    if grant.valid_until < grant.valid_from:
        table.fail("valid_until", "ends-before-it-begins")
    if not all(grant.speaks_for(agency) for agency in grant.accountable):
        table.fail("accountable", "agency-not-granted")
    if any(grant.grant_id == other.grant_id for other in earlier):
        table.fail("id", "same-id")
    if any(grant.overlaps(other) for other in earlier):
        table.fail("procedures", "overlaps")
    return grant


def _hold_to_production(table: Table, grant: Grant, consumers: Mapping[str, Consumer]) -> None:
    """Ask for what the sandbox does without: a listed consumer, and proof or a ground for none."""
    consumer = consumers.get(grant.consumer_id)
    if consumer is None:
        table.fail("consumer", "consumer-not-listed")
    if grant.attestation == "ASSERTED" and grant.assertion_ground is None:
        table.fail("assertion_ground", "assertion-without-ground")
    if grant.attestation == "ATTESTED" and not consumer.keys:
        table.fail("consumer", "attests-without-key")


def _agency(table: Table, field: str, text: str) -> str:
    code = agency_code(text)
    if code is None:
        table.fail(field, "malformed-agency")
    return code


def _procedures(table: Table, profile: Profile) -> frozenset[str] | None:
    if table.values.get("procedures") == "*":
        if profile is not Profile.SANDBOX:
            table.fail("procedures", "every-procedure-in-production")
        return None
    return _codes(table, "procedures")


def _codes(table: Table, field: str) -> frozenset[str]:
    codes = table.texts(field)
    # Suffixes of provinces belong to requests; a grant is written once for all of them.
    if any(national_code(code) != code for code in codes):
        table.fail(field, "malformed-procedure")
    return frozenset(codes)


def _officer(table: Table, number: object, profile: Profile) -> str:
    if not isinstance(number, str) or not _PERSONAL_ID.fullmatch(number):
        table.fail("accountable", "malformed-personal-id")
    invented = number.startswith(_SANDBOX_NUMBERS)
    if profile is Profile.SANDBOX and not invented:
        table.fail("accountable", "real-number-in-sandbox")
    if profile is not Profile.SANDBOX and invented:
        table.fail("accountable", "sandbox-number-in-production")
    return number
