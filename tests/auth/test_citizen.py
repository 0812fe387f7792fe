"""About whom a citizen's own token may ask, decided from the request alone."""

import msgspec
import pytest

from auth.citizen import Asked, check_citizen, unproven
from auth.refusal import Refused
from tests.auth.mint import CITIZEN, OFFICER
from tests.auth.request import PORTAL

LOGGED_IN = msgspec.structs.replace(
    PORTAL, subject=CITIZEN, subject_name="Nguyễn Văn An", subject_birth="1985-05-12"
)
SELF = Asked(role="applicant", kind="person", number=CITIZEN)
SOMEBODY = Asked(role="owner", kind="person", number=OFFICER)
CHILD = Asked(role="child", kind="person", number="097214000103", minor_of="applicant", oldest=12)
SHOP = Asked(role="shop", kind="business", number=CITIZEN)
LAND = Asked(role="home", kind="parcel", holders=("applicant",))


def changed(asked: Asked, **more: object) -> Asked:
    return msgspec.structs.replace(asked, **more)


def said(*asked: Asked) -> str:
    """Give the rule that refused, or whom the household must confirm."""
    decided = check_citizen(LOGGED_IN, asked)
    if isinstance(decided, Refused):
        assert "SUBJECT_NOT_ALLOWED" == decided.code
        return decided.rule
    return f"confirm {len(decided)}" if decided else "allowed"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((), "allowed"),
        ((SELF,), "allowed"),
        ((SELF, changed(SELF, role="requester")), "allowed"),
        ((changed(SELF, role="child", minor_of="applicant", oldest=41),), "allowed"),
        ((SHOP,), "allowed"),
        ((SELF, LAND), "allowed"),
        ((SELF, changed(LAND, kind="certificate")), "allowed"),
        ((SOMEBODY,), "subject-is-another"),
        ((SELF, SOMEBODY), "subject-is-another"),
        ((SOMEBODY, SELF), "subject-is-another"),
        ((changed(SELF, number="Nguyễn Văn An"),), "subject-is-another"),
        ((changed(SELF, number=""),), "subject-is-another"),
        ((changed(SELF, number="", by_old_number=True),), "subject-by-old-number"),
        ((changed(SHOP, number=OFFICER),), "subject-is-another"),
        ((changed(SHOP, number="9900000016"),), "business-by-code"),
        ((changed(SHOP, number="9900000016-001"),), "business-by-code"),
        ((SELF, changed(LAND, holders=())), "land-not-claimed-as-own"),
        ((SELF, changed(LAND, holders=("applicant", "owner"))), "land-not-claimed-as-own"),
        ((LAND,), "land-not-claimed-as-own"),
        ((SELF, CHILD, changed(LAND, holders=("child",))), "land-not-claimed-as-own"),
    ],
)
def test_a_citizen_asks_about_nobody_and_nothing_else(
    asked: tuple[Asked, ...], expected: str
) -> None:
    assert expected == said(*asked)


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (CHILD, "confirm 1"),
        (changed(CHILD, oldest=0), "confirm 1"),
        (changed(CHILD, oldest=17), "confirm 1"),
        (changed(CHILD, rehearsed=True), "allowed"),
        (changed(CHILD, rehearsed=True, oldest=18), "child-of-age"),
        (changed(CHILD, oldest=18), "child-of-age"),
        (changed(CHILD, minor_of=None), "subject-is-another"),
        (changed(CHILD, oldest=None), "subject-is-another"),
        (changed(CHILD, by_old_number=True), "subject-by-old-number"),
    ],
)
def test_a_child_is_asked_about_where_the_procedure_says_so(child: Asked, expected: str) -> None:
    assert expected == said(SELF, child)


def test_a_role_with_a_child_in_it_holds_no_land_as_the_citizens_own() -> None:
    beside = changed(SELF, role="child", minor_of="applicant")

    assert "land-not-claimed-as-own" == said(beside, CHILD, changed(LAND, holders=("child",)))


def test_a_portal_or_an_officer_is_not_held_to_one_number() -> None:
    assert () == check_citizen(PORTAL, (SELF, SOMEBODY, CHILD, LAND))


@pytest.mark.parametrize(
    ("claims", "missing"),
    [
        ({"subject_name": None}, "name"),
        ({"subject_birth": ""}, "birthdate"),
        ({"subject_name": "", "subject_birth": None}, "name, birthdate"),
        ({"subject_birth": "1985-02-30"}, "birthdate"),
    ],
)
def test_a_token_that_proves_no_record_says_which_claim_it_lacks(
    claims: dict[str, str | None], missing: str
) -> None:
    refused = unproven(msgspec.structs.replace(LOGGED_IN, **claims))

    assert ("citizen-claims-missing", {"claims": missing}) == (refused.rule, refused.facts)


def test_whoever_is_asked_about_is_not_printed() -> None:
    assert "Asked(role='owner', kind='person')" == repr(SOMEBODY)


def test_a_child_is_not_asked_about_on_a_token_that_the_portal_signed_itself() -> None:
    own_word = msgspec.structs.replace(LOGGED_IN, own_word=True)
    refused = check_citizen(own_word, (SELF, CHILD))
    assert isinstance(refused, Refused)
    assert "self-access-needs-an-issuer" == refused.rule
    assert () == check_citizen(own_word, (SELF,))
