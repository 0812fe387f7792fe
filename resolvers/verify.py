"""Verify: what the citizen typed against what the registry states, one verdict a claim.

The value on file never leaves through here: a verdict, the normalisations that were needed, and
where the record comes from. A claim that came back as it was pre-filled never gets here
(resolvers/returned.py).
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from resolvers.comparison import compare
from resolvers.components import decide
from resolvers.desk import Desk
from resolvers.enums import FieldState, Verdict, VerificationOutcome
from resolvers.inputs import ClaimInput
from resolvers.notices import notice
from resolvers.plan import Selection
from resolvers.prefill import Gathered
from resolvers.procedure import FormField, Procedure
from resolvers.results import ClaimVerdict, Notice, Verification
from resolvers.seals import json_list, written
from resolvers.sources import reports, waits
from resolvers.walk import Found

MOST_ITEMS = 50
"""Of a list that one claim holds: each is compared with all on file."""

_CONFIRMS = frozenset({Verdict.EXACT, Verdict.EQUIVALENT})


def needed(
    procedure: Procedure, claims: Sequence[ClaimInput], supplied: frozenset[str]
) -> list[Selection]:
    """Give the selections that *claims* and the dossier's components need.

    A paper that is wanted only for a role that is not *supplied* needs no evidence.
    """
    claimed = {(str(c.role), c.key) for c in claims}
    moot = {c.id for c in procedure.components if c.only_when and c.only_when not in supplied}
    return [
        *(f.selection for f in procedure.fields if f.granted and (f.role, f.key) in claimed),
        *(e.selection for e in procedure.evidences if e.component not in moot),
    ]


def judge(
    procedure: Procedure,
    gathered: Gathered,
    desk: Desk,
    claims: Sequence[ClaimInput],
    *,
    today: date,
    language: str,
) -> Verification:
    """Judge every claim, and decide the components on the same records."""
    fields = {(f.role, f.key): f for f in procedure.fields}
    verdicts = tuple(
        _verdict(fields[str(claim.role), claim.key], claim, gathered.roots.get(str(claim.role)))
        for claim in claims
    )
    findings = gathered.findings
    return Verification(
        outcome=outcome_of([v.verdict for v in verdicts]),
        verdicts=verdicts,
        components=decide(procedure, gathered.supplied, findings, waits(desk.replies), language),
        notices=(
            *(_without_values(n) for n in gathered.notices(findings, desk, today, language)),
            *contested(claims, language),
        ),
        sources=reports(desk.replies),
    )


def _verdict(field: FormField, claim: ClaimInput, root: Found | None) -> ClaimVerdict:
    found = list(root.reach(field.selection)) if root is not None and field.granted else []
    values = [f for f in found if f.state is FieldState.VALUE]
    if not field.granted:
        state = FieldState.RESTRICTED
    elif root is None:
        state = FieldState.NOT_ASKED
    else:
        state = found[0].state if found else FieldState.NOT_RECORDED
    if not values or claim.value is None:
        ambiguous = state is FieldState.AMBIGUOUS
        return ClaimVerdict(
            role=field.role,
            key=field.key,
            verdict=Verdict.AMBIGUOUS if ambiguous else Verdict.CANNOT_DECIDE,
            state=state,
            source=found[0].source if found else None,
        )
    # Of a list (the certificates of a parcel) the best agreement counts: the claim names one item.
    # Or it is the whole list, as prefill gave it: then every item must agree with one on file.
    best = [
        min((compare(field.selection, item, f) for f in values), key=_rank)
        for item in _items(claim.value)
    ]
    return ClaimVerdict(
        role=field.role,
        key=field.key,
        verdict=max(best, key=_rank).verdict,
        normalisation=tuple(dict.fromkeys(n for each in best for n in each.normalisations)),
        state=FieldState.VALUE,
        source=values[0].source,
    )


_ORDER = list(Verdict)


def _rank(agreement: object) -> int:
    return _ORDER.index(getattr(agreement, "verdict", Verdict.CANNOT_DECIDE))


def _items(claim: str) -> list[str]:
    """Give the items of a claim that is a whole list, as JSON; of any other, itself."""
    items = [item for item in json_list(claim) or () if item is not None]
    texts = [item if isinstance(item, str) else written(item).decode() for item in items]
    return list(dict.fromkeys(texts)) if 0 < len(texts) <= MOST_ITEMS else [claim]


def _without_values(said: Notice) -> Notice:
    """Leave out what a notice took from the record: verify says that, never what."""
    return msgspec.structs.replace(said, candidates=())


def contested(claims: Sequence[ClaimInput], language: str) -> list[Notice]:
    """Record what the citizen objects to, and say where it is corrected (R23)."""
    return [
        notice("CONTESTED", language, role=str(c.role), fields=[c.key])
        for c in claims
        if c.contested
    ]


def outcome_of(verdicts: Sequence[Verdict]) -> VerificationOutcome:
    """Sum up the verdicts: one contradiction outweighs all, and certainty needs every one."""
    if Verdict.DIFFERENT in verdicts:
        return VerificationOutcome.CONTRADICTED
    if all(v in _CONFIRMS for v in verdicts):
        return VerificationOutcome.CONFIRMED
    undecided = {Verdict.CANNOT_DECIDE, Verdict.AMBIGUOUS, Verdict.LOCKED}
    if all(v in undecided for v in verdicts):
        return VerificationOutcome.CANNOT_DECIDE
    return VerificationOutcome.PARTLY
