"""What may be asked for without proof of a right to it looks the same, there or not."""

from datetime import UTC, datetime

import msgspec
import pytest

from adapters.business.records import EnterpriseKey, HouseholdBusiness, HouseholdBusinessKey
from adapters.land.records import CertificateKey
from adapters.registry import Absent, Ambiguous, Garbled, Maintenance, RegistryName, Unavailable
from resolvers.businesses import _proven
from resolvers.enums import FieldState
from resolvers.parcels import CONSENT, _shown
from resolvers.readings import Reply
from resolvers.results import SourceReport
from resolvers.sources import reports, waits
from resolvers.states import Blank
from tests.resolvers.invented import AN, BINH, HOA, certificate, held_by, mention, party, source

LAND = source(RegistryName.LAND)
CALLS = ("0193-01", "0193-68")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
STRANGER = [party("holder", HOA)]
HOLDER = [party("holder", AN)]


def from_land(**more: object) -> object:
    """Give a certificate of An's as the land registry finds it in one of two provinces."""
    found = msgspec.structs.replace(
        LAND, **{"upstream_request_id": "0193-68", "calls": CALLS, **more}
    )
    return msgspec.structs.replace(certificate(held_by(AN)), source=found)


NOWHERE = Absent(source=msgspec.structs.replace(LAND, upstream_request_id="0193", calls=CALLS))


def told(answer: object) -> tuple[tuple[SourceReport, ...], object]:
    """Give the source report of an answer, and when to ask again."""
    reply = Reply(
        registry=RegistryName.LAND,
        key=CertificateKey(number="SX 100101"),
        answer=answer,
        at=NOW,
        waited_ms=5,
        fields=set(),
    )
    return reports([reply]), waits([reply])


def test_a_strangers_certificate_is_told_and_reported_as_one_that_is_nowhere() -> None:
    assert CONSENT is _shown(from_land(), STRANGER)
    assert CONSENT is _shown(NOWHERE, STRANGER)
    assert told(from_land()) == told(NOWHERE)
    assert CALLS == told(NOWHERE)[0][0].upstream_request_ids


@pytest.mark.parametrize(
    "silence", [Unavailable(), Unavailable(7), Maintenance(NOW), Maintenance(), Garbled()]
)
def test_while_a_province_is_silent_a_stranger_hears_of_the_silence_wherever_the_record_is(
    silence: Unavailable | Maintenance | Garbled,
) -> None:
    found = from_land(calls=("0193-68",), unheard=silence)
    several = Ambiguous(source=from_land(unheard=silence).source)  # type: ignore[attr-defined] # a certificate has one

    assert silence == _shown(found, STRANGER)
    assert silence == _shown(several, STRANGER)
    assert told(silence) == told(found) == told(several)
    assert found is _shown(found, HOLDER)


def test_several_parcels_are_ambiguous_to_a_holder_of_one_and_nothing_to_strangers() -> None:
    several = Ambiguous(source=LAND, holders=(mention(AN), mention(BINH)))

    assert several is _shown(several, HOLDER)
    assert CONSENT is _shown(several, STRANGER)
    assert CONSENT is _shown(several, [])


BUSINESS = source(RegistryName.BUSINESS)
CODE = AN.personal_id or ""


def shop(owner: str | None) -> HouseholdBusiness:
    """Make a household business whose owner is registered so."""
    return HouseholdBusiness(source=BUSINESS, owner=mention(AN, full_name=owner))


@pytest.mark.parametrize(
    ("given", "registered", "shown"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", True),
        ("NGUYỄN VĂN AN", "Nguyễn Văn An", True),
        ("Nguyen Van An", "Nguyễn Văn An", False),
        ("Nguyễn Văn Ân", "Nguyễn Văn An", False),
        ("Nguyen Van An", "NGUYEN VAN AN", True),
        ("Nguyễn Văn An", "NGUYEN VAN AN", True),
        ("", "Nguyễn Văn An", False),
        ("Nguyễn Văn An", None, False),
    ],
)
def test_a_household_business_is_shown_for_its_owners_name_with_its_marks(
    given: str, registered: str | None, *, shown: bool
) -> None:
    key, found = HouseholdBusinessKey(code=CODE, owner_name=given), shop(registered)

    assert shown is (found is _proven(key, found))


def test_anothers_household_business_is_the_very_answer_of_none_and_of_several() -> None:
    key = HouseholdBusinessKey(code=CODE, owner_name="Lê Thị Tâm")
    answers = [
        _proven(key, answer)
        for answer in (
            shop("Nguyễn Văn An"),
            Absent(source=BUSINESS),
            Absent(source=BUSINESS, digitised=False),
            Ambiguous(source=BUSINESS),
        )
    ]

    assert isinstance(answers[0], Blank)
    assert FieldState.NOT_FOUND_OR_MISMATCH is answers[0].state
    assert all(answer is answers[0] for answer in answers)


@pytest.mark.parametrize("answer", [Absent(source=BUSINESS), Unavailable()])
def test_an_enterprise_needs_no_proof_and_a_failure_stays_one(answer: object) -> None:
    assert answer is _proven(EnterpriseKey(code="9900000016"), answer)
    failure = Unavailable()
    assert failure is _proven(HouseholdBusinessKey(code=CODE, owner_name="x"), failure)
