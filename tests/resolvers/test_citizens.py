"""A citizen's own request, and the child whom the own household must list first."""

from collections.abc import Sequence
from datetime import date
from typing import cast

import msgspec
import pytest

from adapters.dates import PartialDate, parse
from adapters.population.records import Household, HouseholdKey, HouseholdMember
from adapters.registry import Absent, Ambiguous, Maintenance, RegistryName, Unavailable
from audit.log import AccessLogUnavailable, Trouble
from auth.caller import Caller
from auth.citizen import Asked
from resolvers.citizens import asked_of, own_arguments, own_key
from resolvers.desk import Desk
from resolvers.minors import confirm, confirming
from resolvers.parties import subjects_of
from resolvers.people import person_key
from resolvers.preflight import Arguments
from resolvers.readings import Reading
from tests.auth.request import PORTAL
from tests.resolvers.invented import AN, BINH, TODAY, procedure, source

KHOI = "097214000103"
CHILD = Asked(role="child", kind="person", number=KHOI, minor_of="applicant", oldest=12)
CITIZEN = msgspec.structs.replace(
    PORTAL,
    subject=AN.personal_id,
    subject_name="Nguyễn Văn An",
    subject_birth="1985-05-12",
)


class OneRead:
    """Stands for the desk of one request: it answers one read, and keeps what was asked."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.asked: list[Reading] = []

    async def read(self, readings: Sequence[Reading]) -> list[object]:
        """Answer, or fail."""
        self.asked.extend(readings)
        if isinstance(self.answer, Exception):
            raise self.answer
        return [self.answer]


def member(number: str | None, relation: str | None, born: str | None = None) -> HouseholdMember:
    return HouseholdMember(
        personal_id=number, relation_to_head=relation, birth_date=parse(born) if born else None
    )


def household(*members: HouseholdMember) -> Household:
    return Household(
        source=source(RegistryName.POPULATION), members=members, key=HouseholdKey(person=AN.key)
    )


AN_HEAD = member(AN.personal_id, "Chủ hộ", "1985-05-12")
AN_HUSBAND = member(AN.personal_id, "Chồng", "1985-05-12")
BINH_WIFE = member(BINH.personal_id, "Vợ", "1987-10-03")


async def rule(answer: object, *, caller: Caller = CITIZEN) -> str | None:
    """Give the rule by which the child is refused, None when it is confirmed."""
    refused = await confirm(cast("Desk", OneRead(answer)), caller, [CHILD], TODAY)
    return None if refused is None else refused.rule


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([AN_HEAD, member(KHOI, "Con", "2014-08-20")], None),
        ([AN_HEAD, BINH_WIFE, member(KHOI, " con  trai ", "2014")], None),
        ([AN_HUSBAND, member(KHOI, "Con nuôi", "2008-11-21")], None),
        ([AN_HEAD, member(KHOI, "Con", "2008-11-20")], "child-not-in-household"),
        ([AN_HEAD, member(KHOI, "Con", "2008")], "child-not-in-household"),
        ([AN_HEAD, member(KHOI, "Con")], "child-not-in-household"),
        ([AN_HEAD, member(KHOI, "Con dâu", "2014-08-20")], "child-not-in-household"),
        ([AN_HEAD, member(KHOI, "Cháu", "2014-08-20")], "child-not-in-household"),
        ([AN_HEAD, member(KHOI, None, "2014-08-20")], "child-not-in-household"),
        ([AN_HEAD, member("097321000104", "Con", "2014-08-20")], "child-not-in-household"),
        ([AN_HEAD, member(None, "Con", "2014-08-20")], "child-not-in-household"),
        ([AN_HEAD], "child-not-in-household"),
        ([member(KHOI, "Con", "2014-08-20")], "child-not-in-household"),
        (
            [member(AN.personal_id, "Con"), member(KHOI, "Con", "2014-08-20")],
            "child-not-in-household",
        ),
        (
            [member(AN.personal_id, "Cháu"), member(KHOI, "Con", "2014-08-20")],
            "child-not-in-household",
        ),
    ],
)
async def test_only_a_minor_child_of_the_head_or_the_heads_spouse_is_confirmed(
    members: list[HouseholdMember], expected: str | None
) -> None:
    assert expected == await rule(household(*members))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Absent(source=source(RegistryName.POPULATION)), "child-not-in-household"),
        (Ambiguous(source=source(RegistryName.POPULATION)), "child-not-in-household"),
        (Unavailable(), "household-unavailable"),
        (Maintenance(), "household-unavailable"),
        (AccessLogUnavailable(Trouble.FAILED), "access-log-unavailable"),
    ],
)
async def test_a_household_that_says_nothing_confirms_nobody(answer: object, expected: str) -> None:
    assert expected == await rule(answer)


@pytest.mark.parametrize("claims", [{"subject_name": None}, {"subject_birth": "1985-02-30"}])
async def test_a_token_that_proves_nobody_confirms_nobody(claims: dict[str, str | None]) -> None:
    caller = msgspec.structs.replace(CITIZEN, **claims)

    assert "citizen-claims-missing" == await rule(AssertionError(), caller=caller)


async def test_the_household_is_asked_under_the_tokens_own_proof_and_for_nothing_else() -> None:
    desk = OneRead(household(AN_HEAD, member(KHOI, "Con", "2014-08-20")))

    await confirm(cast("Desk", desk), CITIZEN, [CHILD, CHILD], TODAY)

    [reading] = desk.asked
    assert HouseholdKey(person=AN.key) == reading.key
    assert ("child", ("child/minorChildOf",)) == (reading.role, reading.fields)
    assert frozenset(reading.fields) == confirming(procedure("1.004222"))


async def test_all_children_must_be_confirmed() -> None:
    desk = OneRead(household(AN_HEAD, member(KHOI, "Con", "2014-08-20")))
    other = msgspec.structs.replace(CHILD, number="097319900014")

    refused = await confirm(cast("Desk", desk), CITIZEN, [CHILD, other], TODAY)

    assert refused is not None
    assert "child-not-in-household" == refused.rule


async def test_without_a_child_nobody_is_asked() -> None:
    desk = OneRead(AssertionError())

    assert None is await confirm(cast("Desk", desk), CITIZEN, [], TODAY)


def test_the_own_proof_is_made_of_verified_claims() -> None:
    key = own_key(CITIZEN)

    assert key is not None
    assert AN.key == person_key(key)
    assert None is own_key(PORTAL)
    assert None is own_key(msgspec.structs.replace(CITIZEN, subject_birth="1985-02-30"))


def test_who_reads_the_own_record_is_a_subject_like_any_other() -> None:
    [subject] = subjects_of(own_arguments(CITIZEN))

    assert ("self", "person", AN.personal_id) == (subject.role, subject.kind, subject.number)


def field(kind: str, role: str | None, **given: object) -> Arguments:
    return Arguments(field=kind, key=kind, role=role, given=given)


KEY = {"number": {"personalId": KHOI}, "birthDate": PartialDate(2014, 8, 20)}
OLD = {"number": {"oldIdNumber": "012345678"}, "birthDate": PartialDate(2014)}
LAND = {"ward": "00004", "sheet": "12", "parcel": "7", "holder": ["applicant"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (field("person", "applicant", key=None), []),
        (field("nameCheck", None, name="A", ward="00004"), []),
        (
            field("persons", "child", keys=[KEY, OLD]),
            [
                CHILD,
                Asked(
                    role="child", kind="person", by_old_number=True, minor_of="applicant", oldest=12
                ),
            ],
        ),
        (
            field("parcel", "home", key=LAND),
            [Asked(role="home", kind="parcel", holders=("applicant",))],
        ),
        (
            field(
                "prefill",
                None,
                dryRun=True,
                subjects=[
                    {"role": "child", "is": {"person": KEY}},
                    {"role": "child", "is": {"declared": {"reason": "NEWBORN"}}},
                    {"role": "home", "is": {"business": {"code": "9900000016"}}},
                ],
            ),
            [
                msgspec.structs.replace(CHILD, rehearsed=True),
                Asked(role="home", kind="business", number="9900000016", rehearsed=True),
            ],
        ),
    ],
    ids=["nobody", "a name", "children", "land", "a dry run"],
)
def test_everybody_whom_a_request_asks_about_is_found(
    given: Arguments, expected: list[Asked]
) -> None:
    assert expected == list(asked_of([given], procedure("1.004222"), TODAY))


def test_a_year_alone_may_be_the_day_before_the_birthday() -> None:
    eighteen = {"number": {"personalId": KHOI}, "birthDate": PartialDate(2008)}
    given = field("persons", "child", keys=[eighteen])

    [asked] = asked_of([given], procedure("1.004222"), date(2026, 1, 1))

    assert 18 == asked.oldest
