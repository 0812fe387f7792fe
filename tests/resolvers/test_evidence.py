"""Evidence: the right kind of record of the wrong person never stands in for a paper."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.dates import PartialDate
from adapters.land.records import HolderCouple, HolderHousehold, HolderOrganisation, Parcel
from adapters.persons import PersonRef
from adapters.population.records import Person, PersonKey
from adapters.registry import Absent, Ambiguous, Garbled, RegistryName, Unavailable
from resolvers.enums import FieldState
from resolvers.evidence import examine
from resolvers.matching import Fared
from resolvers.prefill import wanted_by
from tests.resolvers.invented import (
    AN,
    BINH,
    COUPLE,
    DECLARED,
    HOA,
    TODAY,
    certificate,
    examined,
    gathered,
    held_by,
    mention,
    parcel,
    party,
    procedure,
    source,
    written,
)
from tests.resolvers.test_procedure_documents import SAMPLE

RESIDENCE = procedure("1.004222")
BIRTH = procedure("1.001193")
LAND = source(RegistryName.LAND)
POPULATION = source(RegistryName.POPULATION)


async def dwelling(given: Mapping[str, object]) -> str | None:
    """Say why the dwelling is not proven, None when it is."""
    (found,) = [f for f in await examined(RESIDENCE, given) if f.evidence.role == "home"]
    return found.reason


async def marriage(given: Mapping[str, object]) -> dict[str, str | None]:
    """Say by parent why the marriage is not proven, None where it is."""
    found = await examined(BIRTH, given)
    return {f.evidence.role: f.reason for f in found if f.evidence.component == "ket-hon"}


async def test_a_certificate_of_the_applicant_or_of_the_owner_proves_the_dwelling() -> None:
    assert None is await dwelling({"applicant": AN, "home": parcel(held_by(AN))})
    assert None is await dwelling({"applicant": HOA, "owner": AN, "home": parcel(held_by(AN))})


@pytest.mark.parametrize(
    "land",
    [
        parcel(held_by(HOA)),
        parcel(held_by(HOA, full_name="Nguyễn Văn An")),
        parcel(HolderOrganisation(name="Nguyễn Văn An", code="9900000016")),
        Absent(source=LAND),
    ],
    ids=["a neighbour's", "a namesake's", "an organisation's", "nobody's"],
)
async def test_other_peoples_land_proves_nothing_and_reads_like_no_land(land: object) -> None:
    assert "HOLDER_IS_ANOTHER" == await dwelling({"applicant": AN, "home": land})


async def test_a_strangers_certificate_on_ones_own_parcel_proves_nothing() -> None:
    land = parcel(held_by(AN), certificate(held_by(HOA)))

    assert "HOLDER_IS_ANOTHER" == await dwelling({"applicant": AN, "home": land})


async def test_of_several_certificates_one_that_holds_is_enough() -> None:
    land = parcel(held_by(AN), certificate(held_by(HOA), "SX 100103"), certificate(None))

    assert None is await dwelling({"applicant": AN, "home": land})


async def test_a_parcel_without_a_certificate_proves_nothing() -> None:
    land = msgspec.structs.replace(parcel(held_by(AN)), certificates=())

    assert "NOT_RECORDED" == await dwelling({"applicant": AN, "home": land})


async def test_one_of_a_couple_and_one_of_a_household_prove_the_dwelling() -> None:
    couple = HolderCouple(first=held_by(AN), second=held_by(BINH))
    dead = msgspec.structs.replace(held_by(HOA), died_in=PartialDate(2019))
    household = HolderHousehold(head=dead, members=(mention(BINH),), member_count=2)

    assert None is await dwelling({"applicant": BINH, "home": parcel(couple)})
    assert None is await dwelling({"applicant": BINH, "home": parcel(household)})


async def test_a_dead_holder_proves_nothing() -> None:
    dead = msgspec.structs.replace(held_by(AN), died_in=PartialDate(2019))

    assert "HOLDER_DECEASED" == await dwelling({"applicant": AN, "home": parcel(dead)})


async def test_ones_own_number_under_another_name_contradicts() -> None:
    land = parcel(held_by(AN, full_name="Nguyễn Văn Ân"))

    assert "DATA_CONTRADICTS" == await dwelling({"applicant": AN, "home": land})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Absent(source=POPULATION), "NOT_FOUND_OR_MISMATCH"),
        (Ambiguous(source=POPULATION), "AMBIGUOUS"),
        (Garbled(another_person=True), "SOURCE_GARBLED"),
    ],
)
async def test_land_of_somebody_unproven_is_not_said_to_be_anothers(
    answer: object, reason: str
) -> None:
    assert reason == await dwelling({"applicant": answer, "home": parcel(held_by(AN))})


async def test_without_the_population_registry_the_whole_proof_must_be_the_records() -> None:
    born = {"birth_date": AN.birth_date}
    by_number = {"applicant": Unavailable(), "home": parcel(held_by(AN, **born))}
    unborn = {"applicant": Unavailable(), "home": parcel(held_by(AN))}
    by_old_number = {
        "applicant": Unavailable(),
        "home": parcel(held_by(AN, personal_id=None, old_id_number="390000101", **born)),
    }

    assert None is await dwelling(by_number)
    assert "SOURCE_DOWN" == await dwelling(unborn)
    assert "SOURCE_DOWN" == await dwelling(by_old_number)


BORN = {"birth_date": AN.birth_date}
OF_AN = held_by(AN, **BORN)
OF_BOTH = HolderCouple(first=OF_AN, second=held_by(BINH, birth_date=BINH.birth_date))


@pytest.mark.parametrize(
    ("parties", "land", "told"),
    [
        ({"applicant": AN.key}, parcel(OF_AN), [True]),
        ({"applicant": HOA.key}, parcel(OF_AN), [False]),
        # A single owner is there: that the applicant is not one tells nothing of the proof.
        ({"applicant": HOA.key, "owner": AN.key}, parcel(OF_AN), [True]),
        # Of a couple one is there: who were the other would not be told that another is needed.
        ({"applicant": HOA.key, "owner": AN.key}, parcel(OF_BOTH), [False, True]),
        ({"applicant": BINH.key, "owner": AN.key}, parcel(OF_BOTH), [True, True]),
        # One certificate that holds is enough; what the other came to is told to nobody.
        (
            {"applicant": AN.key},
            parcel(OF_AN, certificate(held_by(HOA)), certificate(OF_AN, "SX 100102")),
            [True],
        ),
        (
            {"applicant": AN.key},
            parcel(OF_AN, certificate(held_by(HOA)), certificate(held_by(BINH), "SX 100102")),
            [False, False],
        ),
    ],
)
async def test_evidence_says_how_proofs_as_given_fared_as_far_as_it_tells(
    parties: Mapping[str, PersonKey], land: Parcel, told: list[bool]
) -> None:
    named = {role: [party(role, Unavailable(), key)] for role, key in parties.items()}
    (evidence,) = [e for e in RESIDENCE.evidences if e.role == "home"]
    opened = (await gathered(RESIDENCE, {"applicant": AN, "home": land})).roots["home"]
    found = examine(evidence, opened, named, frozenset(), TODAY)
    assert told == [each.fits for each in found.fared]


async def test_a_spouse_who_is_not_found_is_compared_as_given_too() -> None:
    wife = mention(BINH, birth_date=BINH.birth_date)
    father = msgspec.structs.replace(AN, spouse=wife)
    opened = (await gathered(BIRTH, {"father": father})).roots["father"]
    (evidence,) = [e for e in BIRTH.evidences if e.role == "father" and e.points_to == "mother"]
    for key, fits in ((BINH.key, True), (HOA.key, False)):
        mother = {"mother": [party("mother", Unavailable(), key)]}
        found = examine(evidence, opened, mother, frozenset(), TODAY)
        assert (Fared(key=key, fits=fits),) == found.fared


async def test_a_reason_of_the_population_registry_is_put_down_to_it() -> None:
    given = {"applicant": Absent(source=POPULATION), "home": parcel(held_by(AN))}
    (found,) = [f for f in await examined(RESIDENCE, given) if f.evidence.role == "home"]

    assert (RegistryName.POPULATION, FieldState.NOT_FOUND_OR_MISMATCH) == (
        found.registry,
        found.state,
    )


async def test_land_that_was_not_reached_keeps_its_own_reason() -> None:
    assert "SOURCE_DOWN" == await dwelling({"applicant": AN, "home": Unavailable()})


async def test_two_spouses_who_name_each_other_prove_their_marriage() -> None:
    assert {"father": None, "mother": None} == await marriage({"requester": AN, **COUPLE})


async def test_a_spouse_without_a_number_is_known_by_the_old_one_and_the_name() -> None:
    wife = msgspec.structs.replace(BINH, old_id_numbers=("011111111",))
    by_old = PersonRef(full_name="TRẦN THỊ BÌNH", old_id_number="011111111")
    by_name = PersonRef(full_name="Trần Thị Bình")

    assert {"father": None, "mother": "NOT_RECORDED"} == await marriage(
        {"father": msgspec.structs.replace(AN, spouse=by_old), "mother": wife}
    )
    assert {"father": "HOLDER_IS_ANOTHER", "mother": "NOT_RECORDED"} == await marriage(
        {"father": msgspec.structs.replace(AN, spouse=by_name), "mother": wife}
    )


async def test_somebody_elses_spouse_proves_no_marriage() -> None:
    married = msgspec.structs.replace(AN, spouse=mention(HOA))

    assert {"father": "HOLDER_IS_ANOTHER", "mother": "NOT_RECORDED"} == await marriage(
        {"father": married, "mother": BINH}
    )


async def test_the_spouses_number_under_another_name_contradicts() -> None:
    married = msgspec.structs.replace(AN, spouse=mention(BINH, full_name="Trần Thị Bích"))

    assert "DATA_CONTRADICTS" == (await marriage({**COUPLE, "father": married}))["father"]


async def test_a_parent_who_is_declared_can_be_pointed_to_by_nobody() -> None:
    """A foreign mother is in no registry, whatever the father's record names her."""
    married = msgspec.structs.replace(AN, spouse=PersonRef(full_name="Kim Min Seo"))

    assert {"father": "NOT_APPLICABLE", "mother": "NOT_APPLICABLE"} == await marriage(
        {"father": married, "mother": DECLARED}
    )


async def test_a_parent_who_is_left_out_is_not_looked_for() -> None:
    assert {"mother": "NOT_ASKED"} == await marriage({"mother": COUPLE["mother"]})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(Absent(source=POPULATION), "NOT_FOUND_OR_MISMATCH"), (Unavailable(), "SOURCE_DOWN")],
)
async def test_a_parent_whose_look_up_failed_is_the_reason_not_the_spouse(
    answer: object, reason: str
) -> None:
    """The mother's record names somebody; it cannot be told yet whether it is this father."""
    mother = msgspec.structs.replace(BINH, spouse=mention(HOA))

    assert {"father": reason, "mother": reason} == await marriage(
        {"father": answer, "mother": mother}
    )


async def test_what_only_leaves_out_is_not_asked_and_not_anothers() -> None:
    found = await gathered(BIRTH, {"father": COUPLE["father"], "mother": COUPLE["mother"]})
    pruned = msgspec.structs.replace(found, parties={**found.parties, "mother": []})
    wanted = [*(wanted_by(BIRTH, ["father.*"]) or ()), *(e.selection for e in BIRTH.evidences[:2])]

    findings = pruned.examine(BIRTH, wanted, TODAY)

    assert {
        "father/personalId": None,
        "father/spouse/fullName": "NOT_ASKED",
        "mother/personalId": "NOT_ASKED",
        "mother/spouse/fullName": "NOT_ASKED",
    } == {f.evidence.selection.path: f.reason for f in findings}


async def test_a_value_under_correction_proves_nothing() -> None:
    corrected = msgspec.structs.replace(COUPLE["father"], under_review=("spouse",))

    assert "UNDER_REVIEW" == (await marriage({**COUPLE, "father": corrected}))["father"]


async def test_an_old_answer_that_stands_in_proves_nothing() -> None:
    stale = msgspec.structs.replace(
        COUPLE["father"], source=source(RegistryName.POPULATION, stale=True)
    )

    assert "TOO_OLD" == (await marriage({**COUPLE, "father": stale}))["father"]


@pytest.mark.parametrize(("days", "reason"), [(30, None), (31, "TOO_OLD")])
async def test_data_older_than_the_document_allows_proves_nothing(
    days: int, reason: str | None, tmp_path: Path
) -> None:
    text = SAMPLE.replace('pointsTo: "owner"', 'pointsTo: "owner", maxAgeDays: 30')
    as_of: date = TODAY - timedelta(days=days)
    married = msgspec.structs.replace(
        COUPLE["father"], source=source(RegistryName.POPULATION, as_of=as_of)
    )

    (found,) = await examined(written(tmp_path, text), {"applicant": married, "owner": BINH})

    assert reason == found.reason


SEVERAL = """
query Several($purpose: Purpose!, $members: [PersonKey!])
@procedure(code: "1.999998", name: "Mẫu", nameEn: "S", authority: "Xã", validFrom: "2025-07-01")
@role(name: "members", label: "Thành viên", many: true)
@component(id: "cccd", name: "Giấy tờ tùy thân của các thành viên") {
  dossier(purpose: $purpose) {
    members: persons(role: "members", keys: $members) {
      personalId @evidences(component: "cccd")
    }
  }
}
"""


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ([AN, BINH], None),
        ([AN, Absent(source=POPULATION)], "NOT_FOUND_OR_MISMATCH"),
        ([msgspec.structs.replace(AN, personal_id=None), BINH], "NOT_RECORDED"),
    ],
)
async def test_for_a_role_of_several_people_it_must_hold_for_each(
    people: list[Person | Absent], reason: str | None, tmp_path: Path
) -> None:
    (found,) = await examined(written(tmp_path, SEVERAL), {"members": people})

    assert reason == found.reason
