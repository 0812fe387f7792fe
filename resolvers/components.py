"""The right next step for each paper: an outcome, a sentence to say, a ground, when to try again.

Decree 224/2026/NĐ-CP art. 18.4: a component whose data is in an announced registry must not be
asked for. Resolution 66.7/2025/NQ-CP: where the data cannot be retrieved, is incomplete or is
wrong, the paper is asked for and the person is told where the registry is corrected.
"""

from collections.abc import Mapping, Sequence

from adapters.registry import RegistryName
from resolvers.enums import ComponentOutcome
from resolvers.evidence import Finding
from resolvers.names import REGISTRY_OF
from resolvers.offices import office_for
from resolvers.procedure import Component, ComponentSource, Procedure
from resolvers.reasons import LEGAL_GROUND, reason_text, say
from resolvers.results import DossierComponent, Reason

_CORRECTION = frozenset({"UNDER_REVIEW", "DATA_CONTRADICTS"})
_CORRECTED_AT_OWNER = frozenset({"NOT_RECORDED", "UNDER_REVIEW", "DATA_CONTRADICTS", "AMBIGUOUS"})
_MAY_PASS = frozenset({"SOURCE_DOWN", "SOURCE_MAINTENANCE", "SOURCE_REFUSED"})


def decide(
    procedure: Procedure,
    supplied: frozenset[str],
    findings: Sequence[Finding],
    waits: Mapping[RegistryName, int],
    language: str,
) -> tuple[DossierComponent, ...]:
    """Decide every component of *procedure*, in the order of its document."""
    return tuple(
        _decide(
            component,
            supplied,
            [f for f in findings if f.evidence.component == component.id],
            waits,
            language,
        )
        for component in procedure.components
    )


def _decide(
    component: Component,
    supplied: frozenset[str],
    findings: Sequence[Finding],
    waits: Mapping[RegistryName, int],
    language: str,
) -> DossierComponent:
    outcome, reasons = _outcome(component, supplied, findings)
    failing = [f for f in findings if f.reason in reasons]
    failing.sort(key=lambda f: f.reason not in _CORRECTION)
    owners = [r for f in failing if f.reason in _CORRECTED_AT_OWNER and (r := _registry(f))]
    silent = [r for f in failing if f.reason in _MAY_PASS and (r := _registry(f))]
    retry = [waits[r] for r in silent if r in waits]
    return DossierComponent(
        id=component.id,
        name=component.name,
        part=component.part,
        outcome=outcome,
        because=tuple(
            Reason(
                code=reason,
                text=reason_text(reason, language),
                fields=_fields(findings, reason),
            )
            for reason in reasons
        ),
        say=say(outcome, reasons, component.name, language),
        legal_ground=LEGAL_GROUND.get(outcome),
        correct_at=office_for(owners[0], language) if owners else None,
        retry_after=max(retry, default=None),
    )


def _outcome(
    component: Component, supplied: frozenset[str], findings: Sequence[Finding]
) -> tuple[ComponentOutcome, list[str]]:
    if component.only_when and component.only_when not in supplied:
        return ComponentOutcome.NOT_REQUIRED, ["ROLE_NOT_PRESENT"]
    if component.source is ComponentSource.FORM:
        return ComponentOutcome.FORM, []
    if component.source is ComponentSource.UPLOAD:
        return ComponentOutcome.MUST_UPLOAD, ["NOT_IN_REGISTRIES"]
    if not component.granted:
        return ComponentOutcome.MUST_UPLOAD, ["RESTRICTED"]
    reasons = list(dict.fromkeys(f.reason for f in findings if f.reason))
    if not findings:
        reasons = ["NOT_ASKED"]
    if "NOT_APPLICABLE" in reasons:
        # All evidence must hold, and one of the people it is about is in no registry: whatever the
        # others say, and whenever they say it, the paper is needed.
        return ComponentOutcome.MUST_UPLOAD, ["NOT_APPLICABLE"]
    if reasons:
        wrong = _CORRECTION.intersection(reasons)
        return (
            ComponentOutcome.ASK_REGISTRY_CORRECTION if wrong else ComponentOutcome.ASK_SUPPLEMENT
        ), reasons
    if component.source is ComponentSource.ORIGINAL:
        return ComponentOutcome.VERIFY_AGAINST_ORIGINAL, ["DATA_AGREES"]
    return ComponentOutcome.REPLACED_BY_DATA, ["DATA_FOUND"]


def _fields(findings: Sequence[Finding], reason: str) -> tuple[str, ...]:
    named = [
        f.evidence.selection.path
        for f in findings
        if reason in {f.reason or "DATA_FOUND", "DATA_AGREES"}
    ]
    return tuple(dict.fromkeys(named))


def _registry(finding: Finding) -> RegistryName | None:
    """Give the registry whose answer made *finding* fail, when it can be named."""
    if finding.registry is not None:
        return finding.registry
    found = finding.found
    if found is None:
        return None
    if found.source is not None:
        return found.source.registry
    return REGISTRY_OF.get((found.selection.type_name, found.selection.name))
