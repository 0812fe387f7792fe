"""What the operator has agreed with the consumers: one version of the grants file.

A file in TOML (`LIENTHONG_GRANTS`), one `[[grant]]` per agreement; `sandbox_grants.toml` beside
this file is an example that is really used. Signed bundles, quotas and reloading will be added
around `load_grants`; what a grant says will not change by it.
"""

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from auth.agency import agency_code
from auth.discreet import Discreet
from auth.grant import Grant
from auth.grant_table import GrantsInvalid, Table, Text
from auth.profile import Profile
from auth.purpose import VIETNAM, national_code
from auth.refusal import Refused, refuse

__all__ = ["SANDBOX_GRANTS", "Grants", "GrantsInvalid", "load_grants"]

SANDBOX_GRANTS = Path(__file__).with_name("sandbox_grants.toml")

_PERSONAL_ID = re.compile(r"[0-9]{12}")
_SANDBOX_NUMBERS = ("097", "098", "099")
_FILE_FIELDS = frozenset({"version", "issued", "expires", "grant"})
_GRANT_FIELDS = frozenset(
    {"id", "consumer", "agencies", "procedures", "scopes", "accountable", "officers_by"}
    | {"ungranted", "attestation", "legal_basis", "valid_from", "valid_until"}
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
    text = _text(source)
    try:
        values = tomllib.loads(text.content)
    except tomllib.TOMLDecodeError as broken:
        at = re.search(r"at line ([0-9]+)", str(broken))
        line = int(at[1]) if at else len(text.lines)
        raise GrantsInvalid(text.source, line, "the file", "not-toml") from None
    table = Table(text, values)
    table.only(_FILE_FIELDS)
    issued, expires = table.day("issued"), table.day("expires")
    if expires < issued:
        table.fail("expires", "ends-before-it-begins")
    listed = values.get("grant")
    if not isinstance(listed, list) or not all(isinstance(member, dict) for member in listed):
        table.fail("grant", "missing" if listed is None else "not-a-table")
    grants: list[Grant] = []
    for number, member in enumerate(listed, start=1):
        grants.append(_grant(Table(text, member, number), grants, profile))
    return Grants(
        version=table.number("version"), issued=issued, expires=expires, grants=tuple(grants)
    )


def _text(source: Path | str) -> Text:
    if isinstance(source, str):
        return Text("grants", source)
    try:
        return Text(source.name, source.read_bytes().decode("utf-8"))
    except UnicodeDecodeError:
        raise GrantsInvalid(source.name, None, "the file", "not-toml") from None


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
    codes = table.texts("procedures")
    # Suffixes of provinces belong to requests; a grant is written once for all of them.
    if any(national_code(code) != code for code in codes):
        table.fail("procedures", "malformed-procedure")
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
