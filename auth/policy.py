"""May this caller, for this purpose: the decision before any registry is asked.

What a registry will be told of us (procedure, officer, agency) comes from here, and here it comes
only from the token, the grant, or a request that the grant trusts; never from the settings.
"""

from datetime import date, datetime
from typing import ClassVar

import msgspec

from auth.agency import agency_of_dossier
from auth.caller import Caller
from auth.discreet import Discreet
from auth.grant import Attestation, Grant, Ungranted
from auth.grants import Grants
from auth.officer import Standing, contradiction, name_agencies, name_officer
from auth.purpose import SELF_ACCESS, VIETNAM, Ask, LegalBasis, Terms, national_code
from auth.refusal import Refused, refuse


class Granted(Discreet, frozen=True, kw_only=True):
    """Yes, under this grant, in these agencies' names, by this officer."""

    shown: ClassVar[tuple[str, ...]] = (
        "consumer_id",
        "grant_id",
        "grant_version",
        "procedure",
        "receiving_agency",
        "competent_agency",
        "officer_standing",
        "unit",
        "legal_basis",
        "attestation",
        "scopes",
    )

    consumer_id: str
    grant_id: str
    grant_version: int
    procedure: str
    procedure_version: str
    receiving_agency: str
    competent_agency: str | None
    """Read out of the dossier's code: any agency, since dossiers are received anywhere."""
    officer_id: str
    officer_standing: Standing
    unit: str
    legal_basis: LegalBasis
    ground: str
    """The articles the grant rests on."""
    attestation: Attestation
    scopes: frozenset[str]
    ungranted: Ungranted
    parts: frozenset[str] | None = None
    """Of a linked procedure, the parts it is granted for; None for all."""
    subjects_per_minute: int = 60
    subjects_per_hour: int = 600
    requests_per_minute: int = 600


def decide(
    caller: Caller,
    grants: Grants,
    terms: Terms | None,
    ask: Ask,
    *,
    needed_scope: str | None,
    now: datetime,
) -> Granted | Refused:
    """Decide; *terms* are those of the procedure that *ask* names, None when nobody knows it.

    *needed_scope* is None only for what every valid token may do.
    A refusal carries the version of the grants, as a permission does: both are logged.
    """
    agreed = _agreed(caller, grants, terms, ask, needed_scope=needed_scope, now=now)
    decision = (
        agreed
        if isinstance(agreed, Refused)
        else _in_whose_name(caller, grants.version, agreed, ask)
    )
    if isinstance(decision, Refused):
        return msgspec.structs.replace(decision, grant_version=grants.version)
    return decision


class _Agreed(Discreet, frozen=True, kw_only=True):
    terms: Terms
    grant: Grant


def _agreed(
    caller: Caller,
    grants: Grants,
    terms: Terms | None,
    ask: Ask,
    *,
    needed_scope: str | None,
    now: datetime,
) -> _Agreed | Refused:
    """Find the agreement that allows the procedure, if the request is whole."""
    if terms is None:
        return _unknown(ask)
    today = now.astimezone(VIETNAM).date()
    wrong = _out_of_force(terms, ask, today) or _unfit(caller, terms, ask, needed_scope)
    if wrong is not None:
        return wrong
    grant = grants.find(caller.consumer_id, terms.code, now)
    if isinstance(grant, Refused):
        return grant
    if grant.scopes is not None and needed_scope is not None and needed_scope not in grant.scopes:
        return refuse("scope-not-granted", scope=needed_scope)
    return _Agreed(terms=terms, grant=grant)


def _unknown(ask: Ask) -> Refused:
    """Name the procedure only in the form of a code: anything may stand in its place."""
    code = national_code(ask.procedure)
    return refuse("procedure-unknown", procedure=code) if code else refuse("procedure-malformed")


def _out_of_force(terms: Terms, ask: Ask, today: date) -> Refused | None:
    """Refuse a procedure that does not apply today, nor did when the dossier was opened (C41)."""
    if ask.opened_on is not None and ask.opened_on > today:
        return refuse("opened-in-the-future", opened_on=ask.opened_on.isoformat())
    if today < terms.valid_from:
        return refuse(
            "procedure-not-yet-in-force",
            procedure=terms.code,
            valid_from=terms.valid_from.isoformat(),
        )
    if terms.valid_until is None or today <= terms.valid_until:
        return None
    if ask.opened_on is not None and terms.in_force(ask.opened_on):
        return None
    ended = terms.valid_until.isoformat()
    if terms.superseded_by is None:
        return refuse("procedure-retired", procedure=terms.code, valid_until=ended)
    return refuse(
        "procedure-replaced",
        procedure=terms.code,
        valid_until=ended,
        successor=terms.superseded_by,
    )


def _unfit(caller: Caller, terms: Terms, ask: Ask, needed_scope: str | None) -> Refused | None:
    """Refuse what no grant could make right."""
    if needed_scope is not None and needed_scope not in caller.scopes:
        return refuse("scope-missing", scope=needed_scope)
    if terms.code == SELF_ACCESS and caller.subject is None:
        return refuse("self-access-needs-a-citizen")
    if terms.code == SELF_ACCESS and caller.own_word:
        return refuse("self-access-needs-an-issuer")
    if terms.code != SELF_ACCESS and not ask.dossier_code and not ask.draft:
        return refuse("dossier-required")
    if ask.legal_basis is LegalBasis.CONSENT and not (ask.consent or "").strip():
        return refuse("consent-required")
    return None


def _in_whose_name(
    caller: Caller, grant_version: int, agreed: _Agreed, ask: Ask
) -> Granted | Refused:
    """Settle agencies and officer, and write down what was decided."""
    grant = agreed.grant
    contradicted = contradiction(caller, ask.actor)
    if contradicted is not None:
        return contradicted
    agencies = name_agencies(caller, grant, ask)
    if isinstance(agencies, Refused):
        return agencies
    officer = name_officer(caller, grant, ask, agencies.receiving)
    if isinstance(officer, Refused):
        return officer
    return Granted(
        consumer_id=caller.consumer_id,
        grant_id=grant.grant_id,
        grant_version=grant_version,
        procedure=agreed.terms.code,
        procedure_version=agreed.terms.version,
        receiving_agency=agencies.receiving,
        competent_agency=agency_of_dossier(ask.dossier_code or ""),
        officer_id=officer.personal_id,
        officer_standing=officer.standing,
        unit=agencies.unit,
        legal_basis=ask.legal_basis,
        ground=grant.legal_basis,
        attestation=grant.attestation,
        scopes=caller.scopes if grant.scopes is None else caller.scopes & grant.scopes,
        ungranted=grant.ungranted,
        parts=grant.parts,
        subjects_per_minute=grant.subjects_per_minute,
        subjects_per_hour=grant.subjects_per_hour,
        requests_per_minute=grant.requests_per_minute,
    )
