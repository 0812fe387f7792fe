"""Whose paper it is: by number, by old number and name, never by name alone."""

import msgspec
import pytest

from adapters.business.records import Enterprise, HouseholdBusiness
from adapters.dates import PartialDate
from adapters.land.records import (
    HolderCommunity,
    HolderCouple,
    HolderHousehold,
    HolderOrganisation,
    HolderPerson,
)
from adapters.persons import PersonRef
from adapters.population.records import PersonKey
from adapters.registry import (
    Absent,
    Ambiguous,
    Garbled,
    Maintenance,
    NotConnected,
    Refused,
    RegistryName,
    Unavailable,
)
from resolvers.matching import (
    Fared,
    Match,
    Party,
    deceased,
    fared,
    head_deceased,
    holders,
    match_holder,
)
from tests.resolvers.invented import AN, BINH, HOA, held_by, mention, party, person, source

APPLICANT = party("applicant", AN)
WIFE = party("owner", BINH)
OLD = PersonRef(full_name="NGUYỄN VĂN AN", old_id_number="390000101")
"""An, as a certificate of old names him."""
MET = Match(roles=("applicant",))


def replaced(ref: PersonRef, **changes: object) -> HolderPerson:
    """Make a holder of *ref* with something changed."""
    return HolderPerson(person=msgspec.structs.replace(ref, **changes))


def test_a_holder_is_matched_by_personal_id() -> None:
    assert MET == match_holder(held_by(AN), [APPLICANT])


def test_another_person_is_not_matched() -> None:
    assert None is match_holder(held_by(HOA), [APPLICANT])


def test_a_namesake_is_not_matched_by_name_and_birth_date() -> None:
    namesake = PersonRef(full_name=AN.full_name, birth_date=AN.birth_date)

    assert None is match_holder(HolderPerson(person=namesake), [APPLICANT])


def test_a_namesake_with_a_number_of_his_own_is_not_matched_by_an_old_one() -> None:
    assert None is match_holder(replaced(OLD, personal_id=HOA.personal_id), [APPLICANT])


def test_an_old_number_with_the_name_is_a_match_and_said_to_be_old() -> None:
    old = Match(roles=("applicant",), by_old_number=True)

    assert old == match_holder(HolderPerson(person=OLD), [APPLICANT])


@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": "Nguyễn Văn Ân"},
        {"full_name": "NGUYEN VAN AN"},
        {"full_name": None},
        {"birth_date": PartialDate(1958)},
        {"old_id_number": "390000102"},
        {"old_id_number": None},
    ],
)
def test_an_old_number_alone_is_no_match(changes: dict[str, object]) -> None:
    """Numbers of old were given twice, so strangers share one; the name must agree with marks."""
    assert None is match_holder(replaced(OLD, **changes), [APPLICANT])


def test_of_two_who_share_an_old_number_the_one_of_that_name_is_matched() -> None:
    tu = person("Phạm Ngọc Tú", "097185900008", "1985-11-30", old_id_numbers=("271000111",))
    tam = person("Lê Thị Tâm", "098169900010", "1969-04-04", old_id_numbers=("271000111",))
    holder = replaced(OLD, full_name="LÊ THỊ TÂM", old_id_number="271000111")

    met = match_holder(holder, [party("applicant", tu), party("owner", tam)])

    assert Match(roles=("owner",), by_old_number=True) == met


def test_an_old_number_that_found_the_person_counts_as_theirs() -> None:
    found_by_old = msgspec.structs.replace(
        AN, old_id_numbers=(), key=msgspec.structs.replace(AN.key, number="390000101")
    )

    met = match_holder(HolderPerson(person=OLD), [party("applicant", found_by_old)])

    assert Match(roles=("applicant",), by_old_number=True) == met


COUPLE = HolderCouple(first=held_by(AN), second=held_by(BINH))


def test_one_of_a_couple_is_matched_and_the_other_is_needed() -> None:
    needed = Match(roles=("applicant",), others=True)

    assert needed == match_holder(COUPLE, [APPLICANT])
    assert needed == match_holder(HolderCouple(first=held_by(AN)), [APPLICANT])


def test_both_of_a_couple_need_nobody_else() -> None:
    assert Match(roles=("applicant", "owner")) == match_holder(COUPLE, [APPLICANT, WIFE])


def household(*members: PersonRef, count: int | None = None) -> HolderHousehold:
    """Make a household that An heads and Bình is married into."""
    return HolderHousehold(
        head=held_by(AN), spouse_of_head=mention(BINH), members=members, member_count=count
    )


def test_a_member_of_a_household_is_matched_and_the_others_are_needed() -> None:
    met = match_holder(household(mention(HOA)), [party("applicant", HOA)])

    assert Match(roles=("applicant",), others=True) == met


def test_a_household_of_which_all_are_there_needs_nobody_else() -> None:
    both = [APPLICANT, WIFE]

    assert Match(roles=("applicant", "owner")) == match_holder(household(count=2), both)
    assert Match(roles=("applicant", "owner"), others=True) == match_holder(
        household(count=3), both
    )


@pytest.mark.parametrize(
    "holder",
    [
        HolderOrganisation(name="Nguyễn Văn An", code="9900000016"),
        HolderCommunity(name="Nguyễn Văn An"),
        HolderPerson(),
        HolderCouple(),
        HolderHousehold(member_count=4),
        None,
    ],
)
def test_an_organisation_or_nobody_is_no_person(holder: object) -> None:
    assert () == holders(holder)
    assert None is match_holder(holder, [APPLICANT])


def test_a_business_is_its_owners_or_any_of_its_representatives() -> None:
    registry = source(RegistryName.BUSINESS)
    enterprise = Enterprise(source=registry, representatives=(mention(HOA), mention(AN)))

    assert MET == match_holder(HouseholdBusiness(source=registry, owner=mention(AN)), [APPLICANT])
    assert MET == match_holder(enterprise, [APPLICANT])
    assert None is match_holder(enterprise, [WIFE])


@pytest.mark.parametrize(
    "answer",
    [
        Absent(source=source(RegistryName.POPULATION)),
        Ambiguous(source=source(RegistryName.POPULATION)),
        Garbled(),
        Garbled(another_person=True),
    ],
)
def test_a_person_whose_proof_failed_matches_nothing(answer: object) -> None:
    assert None is match_holder(held_by(AN), [party("applicant", answer)])


@pytest.mark.parametrize("answer", [Unavailable(), Maintenance()])
def test_while_the_population_registry_is_down_the_whole_proof_must_stand_on_the_record(
    answer: object,
) -> None:
    unreached = party("applicant", answer)
    born = {"birth_date": PartialDate(1985)}

    assert MET == match_holder(held_by(AN, **born), [unreached])
    assert None is match_holder(held_by(AN), [unreached])
    assert None is match_holder(held_by(AN, full_name="Nguyễn Văn Ân", **born), [unreached])
    assert None is match_holder(held_by(AN, full_name="Nguyen Van An", **born), [unreached])
    assert None is match_holder(held_by(AN, full_name=None, **born), [unreached])
    assert None is match_holder(held_by(AN, birth_date=PartialDate(1984)), [unreached])
    assert None is match_holder(held_by(AN, personal_id=None, **born), [unreached])
    assert None is match_holder(held_by(HOA, full_name=AN.full_name, **born), [unreached])


@pytest.mark.parametrize("answer", [Unavailable(), Maintenance()])
def test_of_proofs_as_given_is_told_which_fits_and_that_none_does(answer: object) -> None:
    right = party("applicant", answer)
    wrong = party("owner", answer, BINH.key)

    def fits(each: Party) -> bool:
        return each is right

    of_right, of_wrong = Fared(key=AN.key, fits=True), Fared(key=BINH.key, fits=False)
    assert (of_right, of_wrong) == fared([right, wrong], fits, enough=False)
    assert (of_right,) == fared([right, wrong], fits, enough=True)
    assert (of_wrong,) == fared([wrong], fits, enough=False)


@pytest.mark.parametrize("answer", [AN, Absent(source=source(RegistryName.POPULATION)), Garbled()])
def test_whose_registry_answered_was_never_held_against_anything(answer: object) -> None:
    assert () == fared([party("applicant", answer)], lambda _: False, enough=False)


@pytest.mark.parametrize("answer", [Refused(), NotConnected(), Garbled()])
def test_a_population_registry_that_refuses_us_or_is_not_there_proves_nobody(
    answer: object,
) -> None:
    holder = held_by(AN, birth_date=PartialDate(1985))

    assert None is match_holder(holder, [party("applicant", answer)])


def test_without_the_population_registry_an_old_number_is_not_known_to_be_anybodys() -> None:
    by_old = PersonKey(number="390000101", full_name="Nguyễn Văn An", birth_date=PartialDate(1985))
    old = replaced(OLD, birth_date=PartialDate(1985))

    assert None is match_holder(old, [party("applicant", Unavailable())])
    assert Match(roles=("applicant",), by_old_number=True) == match_holder(
        old, [party("applicant", Unavailable(), by_old)]
    )


@pytest.mark.parametrize(
    ("name", "contradicted"),
    [
        ("NGUYỄN VĂN AN", False),
        ("NGUYEN VAN AN", False),
        (None, False),
        ("Nguyễn Văn Ân", True),
        ("Trần Thị Bình", True),
    ],
)
def test_a_number_under_another_name_is_a_contradiction(
    name: str | None, *, contradicted: bool
) -> None:
    """A number typed wrongly into a register is somebody else's."""
    met = match_holder(held_by(AN, full_name=name), [APPLICANT])

    assert Match(roles=("applicant",), contradicted=contradicted) == met


def test_a_dead_holder_is_known_and_a_household_outlives_its_head() -> None:
    dead = msgspec.structs.replace(held_by(AN), died_in=PartialDate(2019))
    widowed = HolderCouple(first=dead, second=held_by(BINH))
    bereaved = HolderHousehold(head=dead, spouse_of_head=mention(BINH))
    living = (held_by(AN), COUPLE, household(), HolderOrganisation(), None)

    assert [True, True, False] == [deceased(it) for it in (dead, widowed, bereaved)]
    assert [False, False, True] == [head_deceased(it) for it in (dead, widowed, bereaved)]
    assert [False] * 5 == [deceased(it) or head_deceased(it) for it in living]
