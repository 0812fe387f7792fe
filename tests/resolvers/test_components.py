"""The right next step for each paper of each procedure that is shipped."""

import msgspec
import pytest

from adapters.dates import PartialDate
from adapters.land.records import HolderCouple
from adapters.registry import Absent, Maintenance, Refused, RegistryName, Unavailable
from resolvers.enums import ComponentOutcome as Outcome
from resolvers.reasons import LEGAL_GROUND, REASONS, say
from resolvers.results import DossierComponent
from tests.resolvers.invented import (
    AN,
    BINH,
    COUPLE,
    DECLARED,
    HOA,
    certificate,
    held_by,
    mention,
    papers,
    parcel,
    procedure,
    source,
)

BIRTH = procedure("1.001193")
BUNDLE = procedure("3.000722")
BUSINESS = procedure("1.001612")
EXCHANGE = procedure("1.012783")
RESIDENCE = procedure("1.004222")
ASKED = {"requester": AN, "child": DECLARED}
UNKNOWN = Absent(source=source(RegistryName.POPULATION))


def said(decided: dict[str, DossierComponent]) -> dict[str, tuple[Outcome, list[str]]]:
    """Give each paper's outcome and the codes of its reasons."""
    return {
        name: (component.outcome, [reason.code for reason in component.because])
        for name, component in decided.items()
    }


OF_A_BIRTH = {
    "to-khai": (Outcome.FORM, []),
    "giay-chung-sinh": (Outcome.MUST_UPLOAD, ["NOT_IN_REGISTRIES"]),
    "ket-hon": (Outcome.REPLACED_BY_DATA, ["DATA_FOUND"]),
    "cccd-cha": (Outcome.REPLACED_BY_DATA, ["DATA_FOUND"]),
    "cccd-me": (Outcome.REPLACED_BY_DATA, ["DATA_FOUND"]),
}
"""A newborn's papers, whose parents are married on record."""


async def test_a_newborn_of_married_parents_needs_the_birth_notice_alone() -> None:
    assert OF_A_BIRTH == said(await papers(BIRTH, {**ASKED, **COUPLE}))


async def test_without_a_father_neither_his_paper_nor_a_marriage_is_needed() -> None:
    no_role = (Outcome.NOT_REQUIRED, ["ROLE_NOT_PRESENT"])

    assert {**OF_A_BIRTH, "ket-hon": no_role, "cccd-cha": no_role} == said(
        await papers(BIRTH, {**ASKED, "mother": BINH})
    )


async def test_a_foreign_mothers_papers_are_handed_in() -> None:
    declared = (Outcome.MUST_UPLOAD, ["NOT_APPLICABLE"])

    assert {**OF_A_BIRTH, "ket-hon": declared, "cccd-me": declared} == said(
        await papers(BIRTH, {**ASKED, "father": AN, "mother": DECLARED})
    )


async def test_what_no_registry_can_hold_is_not_worth_waiting_for() -> None:
    decided = await papers(
        BIRTH,
        {**ASKED, "father": Unavailable(), "mother": DECLARED},
        waits={RegistryName.POPULATION: 40},
    )

    assert (Outcome.MUST_UPLOAD, ["NOT_APPLICABLE"]) == said(decided)["ket-hon"]
    assert (None, 40) == (decided["ket-hon"].retry_after, decided["cccd-cha"].retry_after)


async def test_parents_who_are_not_married_on_record_are_asked_for_the_certificate() -> None:
    decided = await papers(BIRTH, {**ASKED, "father": AN, "mother": BINH})
    marriage = decided["ket-hon"]

    assert (Outcome.ASK_SUPPLEMENT, ["NOT_RECORDED"]) == said(decided)["ket-hon"]
    assert ("father/spouse/fullName", "mother/spouse/fullName") == marriage.because[0].fields
    assert marriage.correct_at is not None
    assert RegistryName.POPULATION is marriage.correct_at.registry


async def test_somebody_elses_spouse_never_replaces_the_certificate_and_is_not_named() -> None:
    father = msgspec.structs.replace(AN, spouse=mention(HOA))
    decided = await papers(BIRTH, {**ASKED, "father": father, "mother": COUPLE["mother"]})

    assert (Outcome.ASK_SUPPLEMENT, ["HOLDER_IS_ANOTHER"]) == said(decided)["ket-hon"]
    assert "Hòa" not in str(decided["ket-hon"])
    assert str(HOA.personal_id) not in str(decided["ket-hon"])


async def test_a_bundle_says_to_which_part_each_paper_belongs() -> None:
    decided = await papers(BUNDLE, {**ASKED, **COUPLE, "home": parcel(held_by(BINH))})

    assert {
        "to-khai": (Outcome.FORM, None),
        "giay-chung-sinh": (Outcome.MUST_UPLOAD, "1.001193"),
        "ket-hon": (Outcome.REPLACED_BY_DATA, "1.001193"),
        "cccd-cha": (Outcome.REPLACED_BY_DATA, "1.001193"),
        "cccd-me": (Outcome.REPLACED_BY_DATA, "1.001193"),
        "giay-to-cho-o": (Outcome.REPLACED_BY_DATA, "1.004222"),
    } == {name: (component.outcome, component.part) for name, component in decided.items()}


async def test_an_owner_of_a_business_is_known_and_a_place_of_anothers_is_not() -> None:
    alone = said(await papers(BUSINESS, {"owner": AN}))
    own = said(await papers(BUSINESS, {"owner": AN, "place": parcel(held_by(AN))}))
    rented = said(await papers(BUSINESS, {"owner": AN, "place": parcel(held_by(HOA))}))

    assert (Outcome.REPLACED_BY_DATA, ["DATA_FOUND"]) == alone["cccd-chu-ho"]
    assert [
        (Outcome.NOT_REQUIRED, ["ROLE_NOT_PRESENT"]),
        (Outcome.REPLACED_BY_DATA, ["DATA_FOUND"]),
        (Outcome.ASK_SUPPLEMENT, ["HOLDER_IS_ANOTHER"]),
    ] == [found["quyen-su-dung-dia-diem"] for found in (alone, own, rented)]


async def test_the_original_certificate_is_looked_at_when_the_register_agrees() -> None:
    decided = await papers(EXCHANGE, {"holder": AN, "parcel": parcel(held_by(AN))})
    original = decided["ban-goc-gcn"]

    assert (Outcome.VERIFY_AGAINST_ORIGINAL, ["DATA_AGREES"]) == said(decided)["ban-goc-gcn"]
    assert ("parcel/certificates/serialNumber",) == original.because[0].fields


async def test_the_certificate_that_is_named_must_be_the_holders_too() -> None:
    given = {"holder": AN, "parcel": parcel(held_by(AN))}
    own = await papers(EXCHANGE, {**given, "certificate": certificate(held_by(AN))})
    anothers = await papers(EXCHANGE, {**given, "certificate": certificate(held_by(HOA))})

    assert Outcome.VERIFY_AGAINST_ORIGINAL is own["ban-goc-gcn"].outcome
    assert (Outcome.ASK_SUPPLEMENT, ["HOLDER_IS_ANOTHER"]) == said(anothers)["ban-goc-gcn"]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.REPLACED_BY_DATA),
        ({"personal_id": None, "old_id_number": "390000101"}, Outcome.REPLACED_BY_DATA),
        ({"personal_id": None, "old_id_number": "390000102"}, Outcome.ASK_SUPPLEMENT),
    ],
    ids=["the new number", "an old number on record", "an old number nobody knows"],
)
async def test_an_old_number_is_confirmed_on_paper_only_when_it_is_not_on_record(
    changes: dict[str, object], outcome: Outcome
) -> None:
    decided = await papers(EXCHANGE, {"holder": AN, "parcel": parcel(held_by(AN, **changes))})

    assert outcome is decided["xac-nhan-so-cmnd"].outcome


async def test_without_the_population_registry_a_holder_is_matched_but_no_number_confirmed() -> (
    None
):
    holder = held_by(AN, birth_date=AN.birth_date)
    given = {"holder": Unavailable(), "parcel": parcel(holder)}
    decided = await papers(EXCHANGE, given, waits={RegistryName.POPULATION: 40})

    assert (Outcome.VERIFY_AGAINST_ORIGINAL, ["DATA_AGREES"]) == said(decided)["ban-goc-gcn"]
    assert (Outcome.ASK_SUPPLEMENT, ["SOURCE_DOWN"]) == said(decided)["xac-nhan-so-cmnd"]
    assert 40 == decided["xac-nhan-so-cmnd"].retry_after


async def test_another_name_under_ones_number_is_corrected_at_the_land_office() -> None:
    wrong = held_by(AN, full_name="Nguyễn Văn Ân")
    decided = (await papers(RESIDENCE, {"applicant": AN, "home": parcel(wrong)}))["giay-to-cho-o"]

    assert Outcome.ASK_REGISTRY_CORRECTION is decided.outcome
    assert decided.correct_at is not None
    assert (RegistryName.LAND, "1.013833") == (
        decided.correct_at.registry,
        decided.correct_at.procedure,
    )


async def test_a_value_under_correction_is_named_before_one_that_is_missing() -> None:
    father = msgspec.structs.replace(AN, under_review=("spouse",))
    decided = await papers(BIRTH, {**ASKED, "father": father, "mother": BINH})

    assert (Outcome.ASK_REGISTRY_CORRECTION, ["UNDER_REVIEW", "NOT_RECORDED"]) == said(decided)[
        "ket-hon"
    ]


async def test_a_dwelling_nobody_gave_is_to_be_given_or_handed_in() -> None:
    dwelling = (await papers(RESIDENCE, {"applicant": AN}))["giay-to-cho-o"]

    assert (Outcome.ASK_SUPPLEMENT, "NOT_ASKED") == (dwelling.outcome, dwelling.because[0].code)
    assert (
        "Please give what giấy tờ chứng minh chỗ ở hợp pháp can be looked up by, or hand it in."
    ) == dwelling.say


async def test_a_dead_holder_and_one_spouse_of_two() -> None:
    dead = msgspec.structs.replace(held_by(AN), died_in=PartialDate(2019))
    couple = HolderCouple(first=held_by(AN), second=held_by(BINH))
    of_the_dead = await papers(EXCHANGE, {"holder": AN, "parcel": parcel(dead)})
    of_both = await papers(EXCHANGE, {"holder": BINH, "parcel": parcel(couple)})

    assert (Outcome.ASK_SUPPLEMENT, ["HOLDER_DECEASED"]) == said(of_the_dead)["ban-goc-gcn"]
    assert Outcome.VERIFY_AGAINST_ORIGINAL is of_both["ban-goc-gcn"].outcome


@pytest.mark.parametrize("answer", [Unavailable(), Maintenance(), Refused()])
async def test_a_silent_registry_is_tried_again_and_a_missing_value_is_not(answer: object) -> None:
    waits = {RegistryName.POPULATION: 40, RegistryName.LAND: 20}
    silent = await papers(RESIDENCE, {"applicant": AN, "home": answer}, waits)
    missing = await papers(BIRTH, {**ASKED, "father": UNKNOWN, "mother": BINH}, waits)

    assert 20 == silent["giay-to-cho-o"].retry_after
    assert None is silent["giay-to-cho-o"].correct_at
    assert [None] * 5 == [component.retry_after for component in missing.values()]


async def test_the_officer_is_told_in_vietnamese_what_to_say() -> None:
    given = {"requester": AN, "father": Unavailable(), "mother": BINH, "child": DECLARED}
    decided = await papers(BIRTH, given, language="vi")

    assert {
        "to-khai": "Đề nghị ông/bà kiểm tra và xác nhận tờ khai đăng ký khai sinh; những mục đã có "
        "dữ liệu được điền sẵn.",
        "giay-chung-sinh": "Đề nghị ông/bà nộp giấy chứng sinh: giấy tờ này chưa có trong các cơ "
        "sở dữ liệu.",
        "cccd-cha": "Đề nghị ông/bà nộp bổ sung giấy tờ tùy thân của cha. Cơ sở dữ liệu chưa phản "
        "hồi. Có thể tra cứu lại sau ít phút.",
        "cccd-me": "Ông/bà không phải nộp giấy tờ tùy thân của mẹ: cơ quan nhà nước đã có dữ liệu.",
    } == {name: decided[name].say for name in decided if name != "ket-hon"}


async def test_a_replaced_paper_names_its_ground() -> None:
    decided = await papers(BIRTH, {**ASKED, **COUPLE})

    assert "Nghị định 224/2026/NĐ-CP, Điều 18 khoản 4" == decided["ket-hon"].legal_ground
    assert None is decided["giay-chung-sinh"].legal_ground


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_can_be_said_for_every_reason(outcome: Outcome, language: str) -> None:
    sentences = [say(outcome, [reason], "CCCD", language) for reason in REASONS]

    assert len(REASONS) == len([s for s in sentences if "CCCD" in s and s.endswith(".")])
    assert LEGAL_GROUND.keys() <= set(Outcome)
