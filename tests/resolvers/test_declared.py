"""Who is declared and not looked up, and who is not even known."""

from datetime import UTC, datetime
from typing import cast

import pytest

from gateway.guards import open_guards
from resolvers.components import decide
from resolvers.desk import Desk
from resolvers.enums import ComponentOutcome as Outcome
from resolvers.enums import DeclaredReason, FieldState
from resolvers.inputs import DeclaredPerson, SubjectInput, SubjectKey
from resolvers.lookups import Lookups
from resolvers.matching import Party
from resolvers.prefill import Gathered, gather, prefilled
from resolvers.scalars import RoleName
from tests.resolvers.invented import AN, BINH, COUPLE, DECLARED, TODAY, UNKNOWN, papers, procedure

BIRTH = procedure("1.001193")
ASKED = {"requester": AN, "child": DECLARED}


class Idle:
    """Stands for the desk of a dossier in which there is nobody to look up."""

    def apart(self) -> "Idle":
        """Stay the same."""
        return self

    async def known_parties(self, roles: list[str]) -> list[Party]:
        """Know nobody."""
        del roles
        return []

    @property
    def lookups(self) -> Lookups:
        """Give lookups of which none is ever made."""
        tries = open_guards("memory://", bytes(32)).attempts.of("portal-hanoi", "an-officer", "")
        return Lookups(tries, lambda _: None, lambda: datetime(2026, 11, 21, tzinfo=UTC))


async def declared(**reasons: DeclaredReason) -> Gathered:
    """Gather a birth of which every person is declared, by role."""
    subjects = [
        SubjectInput(
            role=RoleName(role),
            subject=SubjectKey(
                person=None,
                business=None,
                parcel=None,
                certificate=None,
                declared=DeclaredPerson(
                    reason=reason, full_name=None, birth_date=None, nationality=None
                ),
            ),
        )
        for role, reason in reasons.items()
    ]
    return await gather(cast("Desk", Idle()), BIRTH, subjects, None, TODAY)


FOUND = {
    "father": DeclaredReason.UNKNOWN,
    "mother": DeclaredReason.FOREIGN_NATIONAL,
    "child": DeclaredReason.NEWBORN,
}


async def test_who_is_not_known_is_not_in_the_dossier() -> None:
    found = await declared(**FOUND)

    assert {"mother", "child"} == found.supplied
    assert {"mother", "child"} == found.declared
    assert set(FOUND) == set(found.roots)


async def test_the_fields_of_all_who_are_declared_do_not_apply() -> None:
    found = await declared(**FOUND)
    states = {
        field.role: prefilled(field, found.roots.get(field.role)).state for field in BIRTH.fields
    }

    assert {
        "requester": FieldState.NOT_ASKED,
        **dict.fromkeys(FOUND, FieldState.NOT_APPLICABLE),
    } == states


async def test_a_father_who_is_not_named_owes_no_papers() -> None:
    found = await declared(**FOUND)
    decided = decide(BIRTH, found.supplied, found.examine(BIRTH, None, TODAY), {}, "en")

    assert {
        "to-khai": Outcome.FORM,
        "giay-chung-sinh": Outcome.MUST_UPLOAD,
        "ket-hon": Outcome.NOT_REQUIRED,
        "cccd-cha": Outcome.NOT_REQUIRED,
        "cccd-me": Outcome.MUST_UPLOAD,
    } == {component.id: component.outcome for component in decided}


@pytest.mark.parametrize("code", ["1.001193", "3.000722"])
async def test_a_father_who_is_not_named_is_as_one_who_was_left_out(code: str) -> None:
    of = procedure(code)
    unnamed = await papers(of, {**ASKED, "mother": BINH, "father": UNKNOWN})

    assert await papers(of, {**ASKED, "mother": BINH}) == unnamed


@pytest.mark.parametrize("code", ["1.001193", "3.000722"])
async def test_the_unknown_mother_of_a_foundling_owes_no_papers(code: str) -> None:
    decided = await papers(procedure(code), {**ASKED, "father": UNKNOWN, "mother": UNKNOWN})

    assert [Outcome.NOT_REQUIRED] * 3 == [
        decided[paper].outcome for paper in ("ket-hon", "cccd-cha", "cccd-me")
    ]


async def test_evidence_that_points_to_nobody_known_was_not_asked() -> None:
    decided = await papers(BIRTH, {**ASKED, "father": COUPLE["father"], "mother": UNKNOWN})

    assert Outcome.ASK_SUPPLEMENT is decided["ket-hon"].outcome
    assert ["NOT_ASKED"] == [reason.code for reason in decided["ket-hon"].because]
