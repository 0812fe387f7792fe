"""Claims that came back with their seals: those that are intact need no registry and no attempt.

The value was told by us, so that it is the same tells nothing more. Every other claim is compared
as if it had no seal, and costs what any claim costs; a notice says why its seal did not count.
"""

from collections.abc import Mapping, Sequence

import msgspec

from adapters.land.records import CertificateKey, ParcelKey
from adapters.registry import Source
from resolvers import inputs
from resolvers.businesses import business_key
from resolvers.claims import Numbers, numbers_by_role
from resolvers.concerned import Concern, asked_about
from resolvers.desk import Desk
from resolvers.enums import FieldState, Verdict
from resolvers.inputs import ClaimInput, SubjectInput
from resolvers.notices import notice
from resolvers.people import person_key
from resolvers.procedure import FormField, Procedure
from resolvers.readings import Reading
from resolvers.results import ClaimVerdict, Notice, Verification
from resolvers.seals import Broken, Expired, Judgement, Right, Seals
from resolvers.verify import contested, outcome_of

SEALED = "SEALED"
"""The normalisation of a verdict that rests on a seal."""

OPERATION = "Sealed"
"""How the access log names a verdict on a person about whom no registry was asked."""


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of one verification, and what their seals are worth."""

    claims: Sequence[ClaimInput]
    intact: Mapping[int, Source]
    """By place among the claims: where the value was told from."""
    notices: tuple[Notice, ...]

    @property
    def to_compare(self) -> list[ClaimInput]:
        """Give the claims that a registry must be asked about, in order."""
        return [claim for at, claim in enumerate(self.claims) if at not in self.intact]

    def joined(self, compared: Verification, language: str) -> Verification:
        """Put the verdicts of both kinds together, in the order of the claims."""
        others = iter(compared.verdicts)
        verdicts = tuple(
            _verdict(claim, self.intact[at]) if at in self.intact else next(others)
            for at, claim in enumerate(self.claims)
        )
        objected = contested([self.claims[at] for at in self.intact], language)
        return msgspec.structs.replace(
            compared,
            verdicts=verdicts,
            outcome=outcome_of([v.verdict for v in verdicts]),
            notices=(*compared.notices, *objected, *self.notices),
        )

    def concerns(self, procedure: Procedure, subjects: Sequence[SubjectInput]) -> list[Concern]:
        """Name whom the intact claims are about: each finds the verdict in the log by number."""
        paths = {(f.role, f.key): f.selection.path for f in procedure.fields}
        readings = [
            Reading(registry=source.registry, key=key, role=role, fields=(paths[role, claim.key],))
            for at, source in self.intact.items()
            for claim, role in [(self.claims[at], str(self.claims[at].role))]
            for given in subjects
            if str(given.role) == role and (key := _key(given.subject)) is not None
        ]
        return [msgspec.structs.replace(c, operation=OPERATION) for c in asked_about(readings)]


async def returned(
    seals: Seals,
    desk: Desk,
    procedure: Procedure,
    subjects: Sequence[SubjectInput],
    claims: Sequence[ClaimInput],
    language: str,
) -> Returned:
    """Read the seals of *claims*. Raises SharedUnavailable where a draft may be the dossier."""
    fields = {(f.role, f.key): f for f in procedure.fields}
    numbers = numbers_by_role(subjects)
    judged = [
        await _judged(seals, desk, fields[str(c.role), c.key], numbers, c) if c.sealed else None
        for c in claims
    ]
    return Returned(
        claims=claims,
        intact={at: found.source for at, found in enumerate(judged) if isinstance(found, Right)},
        notices=(
            *_noticed("SEAL_BROKEN", Broken, claims, judged, language),
            *_noticed("SEAL_EXPIRED", Expired, claims, judged, language),
        ),
    )


async def _judged(
    seals: Seals, desk: Desk, field: FormField, numbers: Numbers, claim: ClaimInput
) -> Judgement | None:
    """Judge one seal; what the grant does not give is not told by a seal either.

    Nor is what the owner of its source has withheld since: that is for the registry to answer.
    """
    if not field.granted or claim.sealed is None or claim.value is None:
        return None
    of_role = numbers.get(field.role, ())
    found = await seals.judge(claim.sealed, field.role, of_role, field.key, claim.value)
    if isinstance(found, Right) and desk.withholds(found.source.registry):
        return None
    return found


def _noticed(
    code: str,
    why: type[Broken | Expired],
    claims: Sequence[ClaimInput],
    judged: Sequence[Judgement | None],
    language: str,
) -> list[Notice]:
    """Say, once a role, of which fields the seal did not count."""
    fields: dict[str, list[str]] = {}
    for claim, found in zip(claims, judged, strict=True):
        if isinstance(found, why):
            fields.setdefault(str(claim.role), []).append(claim.key)
    return [notice(code, language, role=role, fields=named) for role, named in fields.items()]


def _verdict(claim: ClaimInput, source: Source) -> ClaimVerdict:
    return ClaimVerdict(
        role=str(claim.role),
        key=claim.key,
        verdict=Verdict.EXACT,
        normalisation=(SEALED,),
        state=FieldState.VALUE,
        source=source,
    )


def _key(given: inputs.SubjectKey) -> object | None:
    """Give the key under which a registry would have been asked; a declared person has none."""
    if given.person is not None:
        return person_key(given.person)
    if given.business is not None:
        return business_key(given.business)
    if given.parcel is not None:
        land = given.parcel
        return ParcelKey(ward=str(land.ward), sheet=land.sheet, parcel=land.parcel)
    return CertificateKey(number=given.certificate.number) if given.certificate else None
