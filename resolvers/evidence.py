"""Whether evidence holds: the value is there, about the right person, and recent enough.

Each evidence of a procedure document becomes one Verdict-like value with a reason; components.py
decides from them what to say about the paper.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from adapters.business.records import Enterprise, HouseholdBusiness
from adapters.persons import PersonRef
from adapters.population.records import Person
from adapters.registry import RegistryName
from resolvers.enums import FieldState
from resolvers.matching import (
    Fared,
    Match,
    Party,
    contradicts,
    deceased,
    fared,
    is_party,
    match_holder,
)
from resolvers.procedure import Evidence
from resolvers.states import state_of
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
    registry: RegistryName | None = None
    """Whose answer the reason speaks of, where it is not the one that *found* came from."""
    fared: tuple[Fared, ...] = ()
    """What it tells of proofs that were held against the record as they were given."""


Parties = Mapping[str, Sequence[Party]]


def examine(
    evidence: Evidence, root: Found, parties: Parties, declared: frozenset[str], today: date
) -> Finding:
    """Examine one evidence in what was found for its role.

    Of a list (the certificates of a parcel) one item that holds is enough; of a role with several
    subjects it must hold for each of them.
    """
    if root.many and root.items:
        subjects = [msgspec.structs.replace(root, many=False, items=(row,)) for row in root.items]
        each = [examine(evidence, subject, parties, declared, today) for subject in subjects]
        return _telling(next((f for f in each if f.reason is not None), each[0]), each)
    findings = [
        _finding(evidence, found, parties, declared, today)
        for found in root.reach(evidence.selection)
    ]
    if not findings:
        return Finding(evidence=evidence, reason="NOT_RECORDED", state=FieldState.NOT_RECORDED)
    holding = next((f for f in findings if f.reason is None), None)
    return holding or _telling(findings[0], findings)


def _telling(one: Finding, all_of: Sequence[Finding]) -> Finding:
    """Let *one* stand for *all_of*: it tells how each of them fared."""
    return msgspec.structs.replace(one, fared=tuple(each for f in all_of for each in f.fared))


def _finding(
    evidence: Evidence, found: Found, parties: Parties, declared: frozenset[str], today: date
) -> Finding:
    if found.state is FieldState.RESTRICTED and evidence.holder_is:
        # The graph withholds strangers' land in the form in which it says that there is none.
        return _unmatched(evidence, evidence.holder_is, found, parties, declared)
    if found.state is not FieldState.VALUE:
        return Finding(evidence=evidence, reason=found.state.value, state=found.state, found=found)
    holding = Finding(evidence=evidence, found=found)
    if evidence.holder_is:
        holding = _held(evidence, found, parties, declared)
    if holding.reason is None and evidence.points_to:
        holding = _pointed(holding, evidence.points_to, found, parties, declared)
    if holding.reason is None and _too_old(evidence, found, today):
        return msgspec.structs.replace(holding, reason="TOO_OLD")
    return holding


def _held(evidence: Evidence, found: Found, parties: Parties, declared: frozenset[str]) -> Finding:
    """Examine in whose name the record stands."""
    holder = _holder(found)
    named = _named(evidence.holder_is, parties)
    match = match_holder(holder, named)
    # Who else would have to fit is told by what is asked for besides: nothing, when all are there.
    told = fared(
        named,
        lambda party: match_holder(holder, [party]) is not None,
        enough=match is not None and not match.others,
    )
    if match is None:
        unmatched = _unmatched(evidence, evidence.holder_is, found, parties, declared)
        return msgspec.structs.replace(unmatched, fared=told)
    reason = None
    if deceased(holder):
        reason = "HOLDER_DECEASED"
    elif match.contradicted:
        reason = "DATA_CONTRADICTS"
    return Finding(
        evidence=evidence, reason=reason, match=match, holder=holder, found=found, fared=told
    )


def _holder(found: Found) -> object:
    """Give the holder of the innermost record that states one, or the business itself."""
    for record in reversed(found.chain):
        if isinstance(record, Enterprise | HouseholdBusiness):
            return record
        if (holder := getattr(record, "holder", None)) is not None:
            return holder
    return None


def _pointed(
    holding: Finding, role: str, found: Found, parties: Parties, declared: frozenset[str]
) -> Finding:
    """Examine whether the reference that encloses the value is *role*'s subject."""
    ref = next((r for r in reversed(found.chain) if isinstance(r, PersonRef)), None)
    known = parties.get(role, ())
    party = next((p for p in known if ref is not None and is_party(ref, p)), None)
    told = fared(known, lambda p: ref is not None and is_party(ref, p), enough=party is not None)
    finding = holding
    if ref is None or party is None:
        finding = _unmatched(holding.evidence, (role,), found, parties, declared)
    elif contradicts(ref, party):
        finding = msgspec.structs.replace(holding, reason="DATA_CONTRADICTS")
    return msgspec.structs.replace(finding, fared=(*holding.fared, *told))


def _unmatched(
    evidence: Evidence,
    roles: Sequence[str],
    found: Found,
    parties: Parties,
    declared: frozenset[str],
) -> Finding:
    """Say why the record is nobody's of *roles*, and nothing about whose it is.

    A person who was not looked up, or whose look-up failed, may yet be the right one: then that is
    the reason, and "another person's" would be untrue.
    """
    known = _named(roles, parties)
    unproven = next((p.answer for p in known if not isinstance(p.answer, Person)), None)
    if unproven is not None:
        state = state_of(unproven, proof=True)
        return Finding(
            evidence=evidence,
            reason=state.value,
            state=state,
            found=found,
            registry=RegistryName.POPULATION,
        )
    reason = "HOLDER_IS_ANOTHER"
    if not known:
        reason = "NOT_APPLICABLE" if declared.intersection(roles) else "NOT_ASKED"
    return Finding(evidence=evidence, reason=reason, state=found.state, found=found)


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
