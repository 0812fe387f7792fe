"""What the prefill of one dossier writes into the log: the officer at a counter, two registries.

A wave reads three keys of two registries; the outcome states twelve fields and four papers, names
two sources, and two people besides whom the answers showed.
"""

import itertools
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.dates import PartialDate
from adapters.insurance.records import HealthCardKey, SocialInsuranceKey
from adapters.population.records import PersonKey
from adapters.registry import RegistryName
from audit.circumstances import Attestation, Circumstances, OfficerStanding, Standing
from audit.detail import Details
from audit.entry import Entry, uuid7
from audit.log import AccessLog
from audit.months import MonthKeys
from audit.tags import TagDomain, Tagger
from resolvers.concerned import Concern, Concerned
from resolvers.enums import FieldState
from resolvers.notes import Notes
from resolvers.readings import Reading
from resolvers.results import SourceReport

OFFICER = "097203000001"
BORN = PartialDate(1985, 5, 12)
NAME = "Nguyễn Văn An"

_MONTHS = MonthKeys(bytes(32))
_TAGGER = Tagger(_MONTHS)
_DETAILS = Details(_MONTHS, secrets.token_bytes)
_numbers = itertools.count()

_PERSON = tuple(
    f"applicant/{path}"
    for path in (
        *("fullName", "personalId", "birthDate", "sex"),
        *("permanentResidence/today/display", "permanentResidence/asRecorded/display"),
        *("headOfHousehold/fullName", "headOfHousehold/personalId"),
    )
)
_CARD = ("applicant/healthInsurance/cardNumber", "applicant/healthInsurance/validTo")
_SOCIAL = ("applicant/socialInsurance/number", "applicant/socialInsurance/status")
_STATES = dict.fromkeys((*_PERSON, *_CARD, *_SOCIAL), "VALUE")
_PAPERS = {"to-khai": "FORM", "giay-to-cho-o": "ASK_SUPPLEMENT"} | {
    "quan-he": "REPLACED_BY_DATA",
    "anh": "NOT_REQUIRED",
}


def now() -> datetime:
    """Look at the clock."""
    return datetime.now(UTC)


class Prefill:
    """One prefill in *waves* waves, about a person whom none before was about."""

    def __init__(self, waves: int = 1) -> None:
        self._waves = waves
        number = next(_numbers)
        self._number = f"098{number:09}"
        self._dossier = f"H26.12-{number:06}"
        self._readings = _readings(self._number)
        self._reached = _reached(self._number)
        self._sources = _sources(number)

    async def log(self, log: AccessLog) -> None:
        """Append what the request leaves, each entry when the request would."""
        notes = _begun(self._dossier)
        intents = []
        for wave in range(1, self._waves + 1):
            intent = notes.intent(wave, self._readings)
            await log.append([intent])
            intents.append(intent.entry_id)
        await log.append([self._outcome(notes, intents)])

    def _outcome(self, notes: Notes, intents: Sequence[str]) -> Entry:
        return notes.outcome(
            intents=intents,
            result="OK",
            http_status=200,
            states=_STATES,
            components=_PAPERS,
            sources=self._sources,
            reached=self._reached,
            cached=frozenset(),
            waited={RegistryName.POPULATION: 12},
            answer_bytes=1943,
            answer_hmac=lambda _: "t" * 43,
            duration_ms=41,
        )


def _begun(dossier: str) -> Notes:
    """Learn what a request's decisions learn, in as many steps."""
    notes = Notes(
        Circumstances(request_id=uuid7(now(), secrets.token_bytes(10))),
        _TAGGER,
        _DETAILS,
        now=now,
        randomness=secrets.token_bytes,
    )
    notes.learn(consumer_id="portal-hanoi", token_id=f"t-{dossier}")
    notes.learn(document_hash="ab" * 32, operation_name="DangKyThuongTru")
    notes.learn(
        procedure="1.004222",
        dossier_tag=notes.tag(TagDomain.DOSSIER, dossier),
        step="OPEN_FORM",
        legal_basis="LAW",
    )
    notes.confide(dossier=dossier)
    notes.learn(
        actor_kind="OFFICER", actor_tag=notes.tag(TagDomain.PERSON, OFFICER), actor_unit="H26.12.1"
    )
    notes.confide(actor=OFFICER)
    notes.learn(actor_standing=Standing.CLAIM)
    notes.learn(
        procedure_version="9f2d3c4b5a6f7e8d",
        receiving_agency="H26.12",
        competent_agency="H26",
        unit="H26.12.1",
        officer_tag=notes.tag(TagDomain.OFFICER, OFFICER),
        officer_standing=OfficerStanding.CLAIM,
        grant_id="hanoi-1",
        grant_version=3,
        attestation=Attestation.ASSERTED,
    )
    notes.confide(officer=OFFICER)
    return notes


def _readings(number: str) -> list[Reading]:
    population, insurance = RegistryName.POPULATION, RegistryName.INSURANCE
    person = PersonKey(number=number, full_name=NAME, birth_date=BORN)
    card = HealthCardKey(number=number, personal_id=number, full_name=NAME, birth_date=BORN)
    social = SocialInsuranceKey(personal_id=number, full_name=NAME, birth_date=BORN)
    return [
        Reading(registry=population, key=person, role="applicant", fields=_PERSON),
        Reading(registry=insurance, key=card, role="applicant", fields=_CARD),
        Reading(registry=insurance, key=social, role="applicant", fields=_SOCIAL),
    ]


def _reached(number: str) -> list[Concern]:
    """Show the person's other numbers, and the head of the household."""
    person, old = (TagDomain.PERSON, number), (TagDomain.OLD_NUMBER, number[3:])
    head, card = (TagDomain.PERSON, "099085000009"), (TagDomain.CARD, f"DN4{number}")
    roles = ("applicant",)
    return [
        Concern(
            registry="POPULATION",
            operation="Reached",
            persons=(Concerned(numbers=(person, old), roles=roles), Concerned(numbers=(head,))),
            fields=_PERSON,
        ),
        Concern(
            registry="INSURANCE",
            operation="Reached",
            persons=(Concerned(numbers=(person, card), roles=roles),),
            fields=_CARD,
        ),
    ]


def _sources(number: int) -> list[SourceReport]:
    return [
        SourceReport(registry=registry, state=FieldState.VALUE, upstream_request_ids=ids)
        for registry, ids in (
            (RegistryName.POPULATION, (f"p-{number}",)),
            (RegistryName.INSURANCE, (f"c-{number}", f"s-{number}")),
        )
    ]
