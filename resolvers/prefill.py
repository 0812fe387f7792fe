"""Prefill: the procedure's document walked for the subjects of a dossier, told field by field."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from adapters.registry import Source
from auth.purpose import ActingFor
from resolvers import inputs
from resolvers.components import decide
from resolvers.conflicts import conflicts_of
from resolvers.desk import Desk
from resolvers.display import as_json, as_text
from resolvers.edges import Loader
from resolvers.enums import ComponentOutcome, DeclaredReason, FieldState, PrefillOutcome, Severity
from resolvers.evidence import Finding, examine
from resolvers.forms import fill
from resolvers.matching import Party
from resolvers.notices import notices_of
from resolvers.notices_of_asking import notices_of_asking
from resolvers.plan import Selection
from resolvers.procedure import FormField, Procedure, Role
from resolvers.representation import represented_roles
from resolvers.results import DossierComponent, Notice, Prefill, PrefilledField, SourceReport
from resolvers.sources import registries_of, reports, waits
from resolvers.walk import Found, walk

_FAILED = frozenset(
    {
        FieldState.SOURCE_NOT_CONNECTED,
        FieldState.SOURCE_DOWN,
        FieldState.SOURCE_MAINTENANCE,
        FieldState.SOURCE_REFUSED,
        FieldState.SOURCE_GARBLED,
    }
)
_TO_DO = frozenset(
    {
        ComponentOutcome.ASK_SUPPLEMENT,
        ComponentOutcome.ASK_REGISTRY_CORRECTION,
        ComponentOutcome.MUST_UPLOAD,
        ComponentOutcome.VERIFY_AGAINST_ORIGINAL,
    }
)


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What the walk found for a dossier, before anything is said about it."""

    roles: Mapping[str, Role]
    roots: Mapping[str, Found]
    """By role; one in which nobody stands is there too when it was said that it is nobody."""
    parties: Mapping[str, Sequence[Party]]
    declared: frozenset[str]
    supplied: frozenset[str]
    """The roles in which somebody or something stands."""
    represented: frozenset[str] = frozenset()
    """The roles whose person's age decides who signs."""
    findings: Sequence[Finding] = ()
    """What the evidence came to; what proofs cost that were tried on it is charged."""

    def examine(
        self, procedure: Procedure, wanted: Sequence[Selection] | None, today: date
    ) -> list[Finding]:
        """Examine the evidence of every role that was supplied, as far as it was asked for."""
        asked = None if wanted is None else {w.ident for w in wanted}
        return [
            examine(evidence, self.roots[evidence.role], self.parties, self.declared, today)
            if asked is None or evidence.selection.ident in asked
            else Finding(evidence=evidence, reason="NOT_ASKED", state=FieldState.NOT_ASKED)
            for evidence in procedure.evidences
            if evidence.role in self.supplied
        ]

    def notices(
        self, findings: Sequence[Finding], desk: Desk, today: date, language: str
    ) -> tuple[Notice, ...]:
        """Say what an officer must not overlook, of the records and of the asking."""
        said = notices_of(self.roots, self.roles, findings, today, language, self.represented)
        return (*said, *notices_of_asking(desk, language))


async def gather(
    desk: Desk,
    procedure: Procedure,
    subjects: Sequence[inputs.SubjectInput],
    wanted: Sequence[Selection] | None,
    today: date,
    acting_for: ActingFor | None = None,
) -> Gathered:
    """Walk every supplied role at once; *wanted* leaves out all selections but those."""
    desk = desk.apart()
    loader = Loader(desk)
    walked = None if wanted is None else [*wanted, *_proofs(procedure, subjects, wanted)]
    by_role = _by_role(subjects)
    supplied = supplied_by(subjects)
    walks = {
        role: _walk(loader, procedure.roles[role], keys, walked) for role, keys in by_role.items()
    }
    roots = dict(zip(walks, await asyncio.gather(*walks.values()), strict=True))
    known = [role for role in by_role if procedure.roles[role].kind == "person"]
    parties = {role: await desk.known_parties([role]) for role in known}
    comparison = await desk.lookups.compare(party for role in parties.values() for party in role)
    gathered = Gathered(
        roles=procedure.roles,
        roots=roots,
        parties={role: comparison.of(those) for role, those in parties.items()},
        declared=frozenset(role for role in supplied if by_role[role][0].declared),
        supplied=supplied,
        represented=represented_roles(procedure, acting_for),
    )
    findings = gathered.examine(procedure, wanted, today)
    await comparison.end(each for finding in findings for each in finding.fared)
    return msgspec.structs.replace(gathered, findings=findings)


def _by_role(subjects: Sequence[inputs.SubjectInput]) -> dict[str, list[inputs.SubjectKey]]:
    """Sort *subjects* by role; who is not known, as a father who is not named, stands in none."""
    by_role: dict[str, list[inputs.SubjectKey]] = {}
    for subject in subjects:
        keys = by_role.setdefault(str(subject.role), [])
        declared = subject.subject.declared
        if declared is None or declared.reason is not DeclaredReason.UNKNOWN:
            keys.append(subject.subject)
    return by_role


def supplied_by(subjects: Sequence[inputs.SubjectInput]) -> frozenset[str]:
    """Name the roles in which somebody or something stands."""
    return frozenset(role for role, keys in _by_role(subjects).items() if keys)


def _proofs(
    procedure: Procedure,
    subjects: Sequence[inputs.SubjectInput],
    wanted: Sequence[Selection],
) -> list[Selection]:
    """Give what must be looked up besides *wanted*: the persons claimed to hold the land asked for.

    Without their look-up the land would stay closed. Nothing of them is shown that was not wanted.
    """
    found: list[Selection] = []
    for subject in subjects:
        land = subject.subject.parcel or subject.subject.certificate
        role = procedure.roles[str(subject.role)].selection
        if land and any(role.leads_to(w) for w in wanted):
            for holder in land.holder:
                leaves = procedure.roles[str(holder)].selection.walk()
                found.append(next(s for s in leaves if not s.children))
    return found


async def _walk(
    loader: Loader,
    role: Role,
    keys: Sequence[inputs.SubjectKey],
    wanted: Sequence[Selection] | None,
) -> Found:
    selection = role.selection
    if not keys or keys[0].declared:
        return Found(selection=selection, state=FieldState.NOT_APPLICABLE)
    if not role.granted:
        return Found(selection=selection, state=FieldState.RESTRICTED)
    if wanted is not None:
        if not any(selection.leads_to(w) for w in wanted):
            return Found(selection=selection, state=FieldState.NOT_ASKED)
        selection = selection.pruned(wanted)
    given = [getattr(key, role.kind) for key in keys]
    args = {"role": role.name, "keys": given} if role.many else {"role": role.name, "key": given[0]}
    return await walk(loader, selection, args)


def wanted_by(procedure: Procedure, only: Sequence[str] | None) -> list[Selection] | None:
    """Give the selections that *only* (field keys, or `role.*`) leaves; None for all."""
    if only is None:
        return None
    return [f.selection for f in procedure.fields if f.granted and _asked(f, only)]


def _asked(field: FormField, only: Sequence[str] | None) -> bool:
    return only is None or field.key in only or f"{field.role}.*" in only


def tell(
    procedure: Procedure,
    gathered: Gathered,
    desk: Desk,
    *,
    only: Sequence[str] | None,
    form: Mapping[str, str] | None,
    today: date,
    language: str,
) -> Prefill:
    """Say what was found: fields, papers, notices, conflicts, sources."""
    findings = gathered.findings
    fields = tuple(
        prefilled(field, gathered.roots.get(field.role) if _asked(field, only) else None)
        for field in procedure.fields
    )
    sources = reports(desk.replies)
    components = decide(procedure, gathered.supplied, findings, waits(desk.replies), language)
    notices = gathered.notices(findings, desk, today, language)
    return Prefill(
        outcome=_outcome(fields, components, notices, sources),
        fields=fields,
        form_data=fill({f.key: f.value for f in fields if f.value is not None}, form),
        components=components,
        notices=notices,
        conflicts=conflicts_of(findings, gathered.parties, procedure.paths),
        sources=sources,
    )


def rehearse(procedure: Procedure, supplied: Sequence[str], only: Sequence[str] | None) -> Prefill:
    """Say what a prefill would ask, without asking: no registry hears of it."""
    wanted = wanted_by(procedure, only)
    open_roles = [role for role in dict.fromkeys(supplied) if procedure.roles[role].granted]
    roles = [procedure.roles[role].selection for role in open_roles]
    if wanted is not None:
        roles = [r.pruned(wanted) for r in roles if any(r.leads_to(w) for w in wanted)]
    return Prefill(
        outcome=PrefillOutcome.NEEDS_ACTION,
        fields=tuple(
            prefilled(field, _shut(field) if _asked(field, only) else None)
            for field in procedure.fields
        ),
        sources=tuple(
            SourceReport(registry=registry, state=FieldState.NOT_ASKED)
            for registry in registries_of(roles)
        ),
    )


def _shut(field: FormField) -> Found | None:
    """Give what stands in a field that the grant leaves out, before anything is asked."""
    if field.granted:
        return None
    return Found(selection=field.selection, state=FieldState.RESTRICTED)


def prefilled(field: FormField, root: Found | None) -> PrefilledField:
    """Fill one form field from what was found for its role; None: it was not asked for."""
    found = list(root.reach(field.selection)) if root is not None else []
    value: object = None
    source: Source | None = None
    if root is None:
        state = FieldState.NOT_ASKED
    elif not field.granted:
        state = FieldState.RESTRICTED
    elif field.collects:
        state, value, source = _listed(found)
    elif found:
        state, value, source = found[0].state, found[0].value, found[0].source
    else:
        state = FieldState.NOT_APPLICABLE
    return PrefilledField(
        key=field.key,
        role=field.role,
        part=field.part,
        label=field.label,
        value=as_json(value),
        display=as_text(value),
        state=state,
        editable=state is not FieldState.VALUE,
        source=source,
    )


def _listed(found: Sequence[Found]) -> tuple[FieldState, list[object] | None, Source | None]:
    """Give a list field: nulls stand in place, so that lists of one table stay in step."""
    if not found:
        return FieldState.NOT_RECORDED, None, None
    states = [f.state for f in found]
    source = next((f.source for f in found if f.source is not None), None)
    if FieldState.VALUE not in states:
        return states[0], None, source
    failed = next((s for s in states if s in _FAILED), FieldState.VALUE)
    return failed, [f.value for f in found], source


def _outcome(
    fields: Sequence[PrefilledField],
    components: Sequence[DossierComponent],
    notices: Sequence[Notice],
    sources: Sequence[SourceReport],
) -> PrefillOutcome:
    if any(n.severity is Severity.BLOCKING for n in notices):
        return PrefillOutcome.BLOCKED
    if any(s.state in _FAILED for s in sources) or any(f.state in _FAILED for f in fields):
        return PrefillOutcome.INCOMPLETE
    if any(n.severity is Severity.WARNING for n in notices):
        return PrefillOutcome.NEEDS_ACTION
    missing = {FieldState.NOT_FOUND_OR_MISMATCH, FieldState.AMBIGUOUS, FieldState.RESTRICTED}
    if any(c.outcome in _TO_DO for c in components) or any(f.state in missing for f in fields):
        return PrefillOutcome.NEEDS_ACTION
    return PrefillOutcome.COMPLETE
