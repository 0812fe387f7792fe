"""What claims cost: guessing by verify is limited as guessing by lookup is.

One verification that contradicts the record of a subject is one attempt on its number, however many
of its claims differ; the same claims of the same dossier a moment later are the same verification.
Facts with few possible values are told once: of two sexes, the second try would be certain.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from adapters.identifiers import normalise_serial
from auth.attempts import Locked, Result, Tries
from auth.heard_out import heard_out
from resolvers.enums import FieldState, Verdict
from resolvers.inputs import ClaimInput, SubjectInput, SubjectKey
from resolvers.plan import Selection
from resolvers.procedure import Procedure
from resolvers.results import ClaimVerdict, Verification
from resolvers.verify import outcome_of

FEW_VALUES = frozenset(
    {
        "BusinessStatus.code",
        "BusinessStatus.text",
        "Encumbrance.kind",
        "Enterprise.kind",
        "Household.relationToHead",
        "HouseholdMember.relationToHead",
        "HealthInsurance.benefitLevel",
        "HealthInsurance.status",
        "SocialInsurance.status",
        "Person.religion",
    }
)
"""Facts in words or numbers of which there are fewer than twenty."""

_FEW_TYPES = frozenset({"Boolean", "Sex", "MaritalStatus"})

Numbers = Mapping[str, Sequence[str]]
"""By role, the numbers of its subjects."""


class Cost:
    """Charges one verification's claims. *locked* are the numbers that were not even asked."""

    def __init__(
        self,
        procedure: Procedure,
        tries: Tries,
        numbers: Numbers,
        locked: Mapping[str, datetime],
        now: datetime,
    ) -> None:
        self._fields = {(f.role, f.key): f.selection for f in procedure.fields}
        self._tries = tries
        self._numbers = numbers
        self._locked = dict(locked)
        self._now = now

    async def charge(self, judged: Verification, claims: Sequence[ClaimInput]) -> Verification:
        """Take the places before the verdicts leave; those that have none say LOCKED.

        Who hangs up meanwhile neither loses the places of right claims nor saves those of wrong.
        """
        told = await heard_out(self._told(judged, claims))
        left = await self._left({v.role for v in told})
        verdicts = tuple(self._final(v, left) for v in told)
        return msgspec.structs.replace(
            judged, verdicts=verdicts, outcome=outcome_of([v.verdict for v in verdicts])
        )

    async def _told(
        self, judged: Verification, claims: Sequence[ClaimInput]
    ) -> Sequence[ClaimVerdict]:
        told = await self._few(list(judged.verdicts), claims)
        await self._roles(told, claims)
        return told

    async def _few(
        self, told: list[ClaimVerdict], claims: Sequence[ClaimInput]
    ) -> list[ClaimVerdict]:
        """Tell a fact of few values once a dossier; what was told twice is told no more."""
        wishes = [
            (at, number, v.key, _guess([claim]))
            for at, (v, claim) in enumerate(zip(told, claims, strict=True))
            if few_values(self._fields[v.role, v.key]) and v.state is FieldState.VALUE
            for number in self._numbers.get(v.role, ())
        ]
        places = await self._tries.begin_once([wish[1:] for wish in wishes])
        ended = []
        for (at, *_), place in zip(wishes, places, strict=True):
            if isinstance(place, Locked):
                until = self._now + timedelta(seconds=place.seconds)
                told[at] = _shut(told[at], until)
            else:
                differs = told[at].verdict is Verdict.DIFFERENT
                ended.append((place, Result.FAILED if differs else Result.UNDECIDED))
        await self._tries.end(ended)
        return told

    async def _roles(self, told: Sequence[ClaimVerdict], claims: Sequence[ClaimInput]) -> None:
        """Take a place on the number of every role that a verdict speaks of, right or wrong.

        A right claim gives its place back. If it took none, it would be told where there is no
        place left, and LOCKED would mean wrong: of guesses sent at once the right one would show.
        """
        judged = list(zip(told, claims, strict=True))
        roles = dict.fromkeys(v.role for v, claim in judged if _tells(v, claim))
        wrong = {v.role for v, claim in judged if _contradicts(v, claim)}
        wishes = [
            (role, number, _guess([c for c in claims if str(c.role) == role]))
            for role in roles
            for number in self._numbers.get(role, ())
        ]
        places = await self._tries.begin([(number, guess) for _, number, guess in wishes])
        ended = []
        for (role, number, _), place in zip(wishes, places, strict=True):
            if isinstance(place, Locked):
                self._locked[number] = self._now + timedelta(seconds=place.seconds)
            else:
                ended.append((place, Result.FAILED if role in wrong else Result.UNDECIDED))
        await self._tries.end(ended)

    async def _left(self, roles: set[str]) -> dict[str, int]:
        """Count for each role the attempts that its subject has left."""
        numbers = [n for role in sorted(roles) for n in self._numbers.get(role, ())]
        counted = dict(zip(numbers, await self._tries.left(numbers), strict=True))
        return {
            role: min(counted[n] for n in self._numbers[role])
            for role in roles
            if self._numbers.get(role)
        }

    def _final(self, verdict: ClaimVerdict, left: Mapping[str, int]) -> ClaimVerdict:
        for number in self._numbers.get(verdict.role, ()):
            if number in self._locked:
                verdict = _shut(verdict, self._locked[number])
        return msgspec.structs.replace(verdict, attempts_left=left.get(verdict.role))


def numbers_by_role(subjects: Sequence[SubjectInput]) -> Numbers:
    """Give the numbers of the subjects, role by role; who is only declared has none."""
    found: dict[str, list[str]] = {}
    for given in subjects:
        number = _number(given.subject)
        if number is not None:
            found.setdefault(str(given.role), []).append(number)
    return found


def _number(key: SubjectKey) -> str | None:
    if key.person is not None:
        number = key.person.number
        return str(number.personal_id or number.old_id_number)
    if key.business is not None:
        return str(key.business.code)
    if key.parcel is not None:
        return f"{key.parcel.ward}/{key.parcel.sheet}/{key.parcel.parcel}"
    return normalise_serial(key.certificate.number) if key.certificate is not None else None


def few_values(selection: Selection) -> bool:
    """Tell whether the fact has fewer than twenty possible values."""
    return (
        selection.result_type in _FEW_TYPES
        or f"{selection.type_name}.{selection.name}" in FEW_VALUES
    )


def _tells(verdict: ClaimVerdict, claim: ClaimInput) -> bool:
    """Tell whether the verdict says anything of a value on file."""
    compared = verdict.state is FieldState.VALUE and claim.value is not None
    return compared and verdict.verdict is not Verdict.LOCKED


def _contradicts(verdict: ClaimVerdict, claim: ClaimInput) -> bool:
    """Tell whether the value on file is another, however politely that is said.

    Of the population registry's numbers, names and birth dates nothing is ever called DIFFERENT;
    who guesses at them learns the same from CANNOT_DECIDE.
    """
    politely = verdict.verdict is Verdict.CANNOT_DECIDE and _tells(verdict, claim)
    return politely or verdict.verdict is Verdict.DIFFERENT


def _guess(claims: Sequence[ClaimInput]) -> str:
    """Write claims in one form, whatever their order; it is only ever hashed."""
    pairs = sorted((c.key, c.value or "") for c in claims)
    return "/".join(f"{len(part)}:{part}" for pair in pairs for part in pair)


def _shut(verdict: ClaimVerdict, until: datetime) -> ClaimVerdict:
    return ClaimVerdict(
        role=verdict.role,
        key=verdict.key,
        verdict=Verdict.LOCKED,
        state=FieldState.RESTRICTED,
        locked_until=until,
    )
