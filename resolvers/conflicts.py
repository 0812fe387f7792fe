"""Facts that two registries state differently about one person of the dossier."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from adapters import names
from adapters.grades import Grade
from adapters.persons import PersonRef
from adapters.population.records import Person
from resolvers.evidence import Finding
from resolvers.matching import Party, holders, is_party
from resolvers.results import Conflict, SourcedValue


def conflicts_of(
    findings: Sequence[Finding],
    parties: Mapping[str, Sequence[Party]],
    granted: Collection[str],
) -> tuple[Conflict, ...]:
    """Name the facts that two registries state differently about a matched holder.

    A side is shown only where the procedure grants its path: that they differ may be said all the
    same, the value may not.
    """
    return tuple(
        dict.fromkeys(
            conflict
            for finding in findings
            if finding.match is not None and finding.found is not None
            for role in finding.match.roles
            for party in parties.get(role, ())
            for ref in holders(finding.holder)
            for conflict in _name_conflict(finding, role, party, ref, granted)
        )
    )


def _name_conflict(
    finding: Finding, role: str, party: Party, ref: PersonRef, granted: Collection[str]
) -> Iterator[Conflict]:
    person = party.answer
    found = finding.found
    if not isinstance(person, Person) or found is None or found.source is None:
        return
    if person.full_name is None or ref.full_name is None or not is_party(ref, party):
        return
    if names.compare(person.full_name, ref.full_name).grade in {Grade.EXACT, Grade.EQUIVALENT}:
        return
    left = person.full_name if f"{role}/fullName" in granted else None
    right = names.display(ref.full_name) if _shows_holder(finding.evidence.role, granted) else None
    yield Conflict(
        fact="fullName",
        role=role,
        left=SourcedValue(display=left, source=person.source),
        right=SourcedValue(display=right, source=found.source),
        code="HOLDER_NAME_DIFFERS",
    )


def _shows_holder(role: str, granted: Collection[str]) -> bool:
    return any(
        path.startswith(f"{role}/") and "/holder/" in path and path.endswith("/fullName")
        for path in granted
    )
