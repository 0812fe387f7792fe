"""What stops or warns: said once a role, and only what the dossier needs to know."""

from collections.abc import Mapping
from datetime import date

import msgspec
import pytest

from adapters.business.records import BusinessStatus, Enterprise, HouseholdBusiness
from adapters.dates import PartialDate
from adapters.land.records import (
    Encumbrance,
    HolderCouple,
    HolderHousehold,
    HolderPerson,
    LandHolder,
    LandUse,
)
from adapters.persons import PersonRef
from adapters.places import Address, Place
from adapters.population.records import Sex
from adapters.registry import RegistryName
from resolvers.conflicts import conflicts_of
from resolvers.enums import Severity
from resolvers.evidence import Finding
from resolvers.notices import NOTICES, _of_record, notice, notices_of
from resolvers.results import Conflict, Notice
from tests.resolvers.invented import (
    AN,
    BINH,
    HOA,
    TODAY,
    gathered,
    held_by,
    mention,
    parcel,
    procedure,
    source,
)

RESIDENCE = procedure("1.004222")
BUSINESS = source(RegistryName.BUSINESS)
OLD = HolderPerson(person=PersonRef(full_name="NGUYỄN VĂN AN", old_id_number="390000101"))
DIED = PartialDate(2019)


async def told(
    given: Mapping[str, object], language: str = "en"
) -> tuple[tuple[Notice, ...], tuple[Conflict, ...]]:
    """Give the notices and conflicts of a dossier for permanent residence."""
    found = await gathered(RESIDENCE, given)
    findings: list[Finding] = found.examine(RESIDENCE, None, TODAY)
    return (
        notices_of(found.roots, found.roles, findings, TODAY, language),
        conflicts_of(findings, found.parties, RESIDENCE.paths),
    )


async def codes(given: Mapping[str, object]) -> list[tuple[str, str | None]]:
    """Give code and role of every notice."""
    return [(said.code, said.role) for said in (await told(given))[0]]


async def test_a_plain_dossier_says_nothing() -> None:
    assert ((), ()) == await told({"applicant": AN, "home": parcel(held_by(AN))})


async def test_a_dead_person_blocks_in_their_role() -> None:
    dead = msgspec.structs.replace(BINH, died_on=DIED)
    (said,), _ = await told({"applicant": AN, "owner": dead})

    assert ("PERSON_DECEASED", "owner", Severity.BLOCKING) == (said.code, said.role, said.severity)


@pytest.mark.parametrize("code", ["1.001193", "3.000722"])
@pytest.mark.parametrize(
    ("role", "severity"),
    [
        ("father", Severity.WARNING),
        ("mother", Severity.WARNING),
        ("requester", Severity.BLOCKING),
        ("child", Severity.BLOCKING),
    ],
)
async def test_a_dead_parent_does_not_block_a_birth(
    code: str, role: str, severity: Severity
) -> None:
    birth = procedure(code)
    found = await gathered(birth, {role: msgspec.structs.replace(AN, died_on=DIED)})
    (said,) = notices_of(found.roots, found.roles, [], TODAY, "en")

    assert ("PERSON_DECEASED", role, severity) == (said.code, said.role, said.severity)


@pytest.mark.parametrize(
    ("holder", "expected"),
    [
        (held_by(AN), []),
        (OLD, ["HOLDER_NUMBER_OLD"]),
        (msgspec.structs.replace(held_by(AN), died_in=DIED), ["HOLDER_DECEASED"]),
        (HolderCouple(first=held_by(AN), second=held_by(HOA)), ["OTHER_HOLDER_REQUIRED"]),
        (HolderCouple(first=held_by(AN), second=held_by(BINH)), []),
        (
            HolderHousehold(
                head=msgspec.structs.replace(held_by(HOA), died_in=DIED),
                members=(mention(AN), mention(BINH)),
            ),
            ["HOUSEHOLD_HEAD_DECEASED", "OTHER_HOLDER_REQUIRED"],
        ),
        (held_by(AN, full_name="Nguyễn Văn Ân"), ["HOLDER_NAME_DIFFERS"]),
        (held_by(HOA), []),
    ],
    ids=[
        "one's own",
        "an old number",
        "dead",
        "a couple, one of them here",
        "a couple, both here",
        "a household whose head has died",
        "another name",
        "a stranger's",
    ],
)
async def test_what_is_said_of_whom_the_land_belongs_to(
    holder: LandHolder, expected: list[str]
) -> None:
    given = {"applicant": AN, "owner": BINH, "home": parcel(holder)}

    assert [(code, "home") for code in expected] == await codes(given)


async def test_a_burden_and_a_use_that_is_in_no_list_are_said() -> None:
    land = msgspec.structs.replace(
        parcel(held_by(AN)),
        encumbrances=(Encumbrance(kind="Thế chấp"),),
        uses=(LandUse(code="ODT", name="Đất ở tại đô thị"), LandUse(code="OTD")),
    )

    assert [("ENCUMBERED", "home"), ("UNKNOWN_CODE", "home")] == await codes(
        {"applicant": AN, "home": land}
    )


async def test_a_superseded_number_and_a_digit_that_differs_are_said() -> None:
    corrected = msgspec.structs.replace(AN, number_superseded=True, sex=Sex.FEMALE)

    assert [("NUMBER_SUPERSEDED", "applicant"), ("WARNING_STRUCTURE", "applicant")] == await codes(
        {"applicant": corrected}
    )


async def test_a_divided_ward_names_its_successors_to_choose_from() -> None:
    heirs = tuple(Place(display=f"Phường {n}", ward_code=f"0000{n}") for n in (1, 2))
    divided = msgspec.structs.replace(AN, permanent_residence=Address(candidates=heirs))
    (said,), _ = await told({"applicant": divided})

    assert "WARD_DIVIDED" == said.code
    assert (
        {"wardCode": "00001", "display": "Phường 1"},
        {"wardCode": "00002", "display": "Phường 2"},
    ) == said.candidates


@pytest.mark.parametrize("name", ["Nguyễn Văn Ân", "NGUYEN VAN AN"])
async def test_two_names_under_one_number_are_set_side_by_side(name: str) -> None:
    _, (conflict,) = await told({"applicant": AN, "home": parcel(held_by(AN, full_name=name))})

    assert ("fullName", "applicant", "HOLDER_NAME_DIFFERS") == (
        conflict.fact,
        conflict.role,
        conflict.code,
    )
    assert ("Nguyễn Văn An", RegistryName.POPULATION) == (
        conflict.left.display,
        conflict.left.source.registry,
    )
    # No path of the procedure reads the holder's name: that it differs is said, the name is not.
    assert (None, RegistryName.LAND) == (
        conflict.right.display,
        conflict.right.source.registry,
    )


async def test_the_other_spouse_is_in_no_notice_and_no_conflict() -> None:
    couple = HolderCouple(first=held_by(AN), second=held_by(HOA))
    said = str(await told({"applicant": AN, "home": parcel(couple)}))

    assert "Hòa" not in said
    assert str(HOA.personal_id) not in said


SUSPENDED = BusinessStatus(
    text="Tạm ngừng kinh doanh", starts=date(2026, 7, 1), ends=date(2027, 6, 30)
)
CLOSED = BusinessStatus(text="Đã giải thể", starts=date(2022, 12, 30))


@pytest.mark.parametrize(
    ("status", "today", "expected"),
    [
        (BusinessStatus(text="Đang hoạt động"), TODAY, []),
        (BusinessStatus(), TODAY, []),
        (SUSPENDED, TODAY, ["STATUS_SUSPENDED"]),
        (SUSPENDED, date(2026, 6, 30), []),
        (SUSPENDED, date(2026, 7, 1), ["STATUS_SUSPENDED"]),
        (SUSPENDED, date(2027, 6, 30), ["STATUS_SUSPENDED"]),
        (SUSPENDED, date(2027, 7, 1), []),
        (BusinessStatus(text="TẠM NGỪNG KINH DOANH"), TODAY, ["STATUS_SUSPENDED"]),
        (CLOSED, TODAY, ["ENTERPRISE_DISSOLVED"]),
        (CLOSED, date(2022, 12, 29), []),
        (BusinessStatus(text="Bị tuyên bố phá sản"), TODAY, ["ENTERPRISE_DISSOLVED"]),
        (BusinessStatus(text="Đang làm thủ tục giải thể"), TODAY, []),
    ],
)
def test_the_dossiers_own_business_is_spoken_of_by_the_status_of_the_day(
    status: BusinessStatus, today: date, expected: list[str]
) -> None:
    enterprise = Enterprise(source=BUSINESS, statuses=(status,))

    assert expected == [code for code, _ in _of_record(enterprise, today, "business")]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (HouseholdBusiness(source=BUSINESS), ["HOUSEHOLD_BUSINESS_EXISTS"]),
        (
            HouseholdBusiness(source=BUSINESS, statuses=(SUSPENDED,)),
            ["HOUSEHOLD_BUSINESS_EXISTS"],
        ),
        (
            HouseholdBusiness(
                source=BUSINESS, statuses=(BusinessStatus(text="Đã chấm dứt hoạt động"),)
            ),
            [],
        ),
        (Enterprise(source=BUSINESS), []),
        (Enterprise(source=BUSINESS, statuses=(CLOSED,)), []),
    ],
    ids=["standing", "suspended", "closed", "a company", "a dissolved company"],
)
def test_of_a_persons_businesses_only_a_standing_household_business_matters(
    record: object, expected: list[str]
) -> None:
    """That a founder's old company was dissolved must not block a new household business."""
    assert expected == [code for code, _ in _of_record(record, TODAY, "person")]


@pytest.mark.parametrize("code", NOTICES)
def test_every_notice_is_a_sentence_in_both_languages(code: str) -> None:
    vietnamese, english = notice(code, "vi").text, notice(code, "en").text

    assert (".", ".") == (vietnamese[-1], english[-1])
    assert vietnamese != english
    assert english.isascii()
