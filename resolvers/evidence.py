"""Whether evidence holds: the value is there, about the right person, and recent enough.

Each evidence of a procedure document becomes one Verdict-like value with a reason; components.py
decides from them what to say about the paper.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from adapters.business.records import Enterprise, HouseholdBusiness
from adapters.persons import PersonRef
from resolvers.enums import FieldState
from resolvers.matching import Match, Party, deceased, is_party, match_holder
from resolvers.procedure import Evidence
from resolvers.walk import Found


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one evidence came to: *reason* is None when it holds."""

    evidence: Evidence
    reason: str | None = None
    """A word of reasons.py."""
    state: FieldState = FieldState.VALUE
    match: Match | None = None
    holder: object = None
    found: Found | None = None


Parties = Mapping[str, Sequence[Party]]


def examine(
    evidence: Evidence, root: Found, parties: Parties, declared: frozenset[str], today: date
) -> Finding:
    """Examine one evidence in what was found for its role.

    Of a list (the certificates of a parcel) one item that holds is enough.
    """
    findings = [
        _finding(evidence, found, parties, declared, today)
        for found in root.reach(evidence.selection)
    ]
    if not findings:
        return Finding(evidence=evidence, reason="NOT_RECORDED", state=FieldState.NOT_RECORDED)
    return next((f for f in findings if f.reason is None), findings[0])


def _finding(
    evidence: Evidence, found: Found, parties: Parties, declared: frozenset[str], today: date
) -> Finding:
    if found.state is not FieldState.VALUE:
        restricted = found.state is FieldState.RESTRICTED and evidence.holder_is
        return Finding(
            evidence=evidence,
            reason="HOLDER_IS_ANOTHER" if restricted else found.state.value,
            state=found.state,
            found=found,
        )
    match: Match | None = None
    holder: object = None
    if evidence.holder_is:
        holder = _holder(found)
        match = match_holder(holder, _named(evidence.holder_is, parties))
        if match is None:
            return Finding(evidence=evidence, reason="HOLDER_IS_ANOTHER", found=found)
        if deceased(holder):
            return Finding(
                evidence=evidence, reason="HOLDER_DECEASED", match=match, holder=holder, found=found
            )
    if evidence.points_to:
        reason = _pointing(evidence.points_to, found, parties, declared)
        if reason:
            return Finding(evidence=evidence, reason=reason, found=found)
    if _too_old(evidence, found, today):
        return Finding(evidence=evidence, reason="TOO_OLD", found=found)
    return Finding(evidence=evidence, match=match, holder=holder, found=found)


def _holder(found: Found) -> object:
    """Give the holder of the innermost record that states one, or the business itself."""
    for record in reversed(found.chain):
        if isinstance(record, Enterprise | HouseholdBusiness):
            return record
        if (holder := getattr(record, "holder", None)) is not None:
            return holder
    return None


def _pointing(role: str, found: Found, parties: Parties, declared: frozenset[str]) -> str | None:
    """Say why the reference that encloses the value is not *role*'s subject, None when it is."""
    if role in declared:
        return "NOT_APPLICABLE"
    if role not in parties:
        return "NOT_ASKED"
    ref = next((r for r in reversed(found.chain) if isinstance(r, PersonRef)), None)
    if ref is not None and any(is_party(ref, party) for party in parties[role]):
        return None
    return "HOLDER_IS_ANOTHER"


def _named(roles: Sequence[str], parties: Parties) -> list[Party]:
    return [party for role in roles for party in parties.get(role, ())]


def _too_old(evidence: Evidence, found: Found, today: date) -> bool:
    if found.source is None:
        return False
    if found.source.stale:
        return True
    if evidence.max_age_days is None:
        return False
    known = found.source.as_of or found.source.fetched_at.date()
    return today - known > timedelta(days=evidence.max_age_days)
