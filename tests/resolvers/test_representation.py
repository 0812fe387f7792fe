"""C42: who declares and signs for somebody of that age."""

import pytest

from adapters.dates import parse
from auth.purpose import ActingFor, ActingForKind
from resolvers.notices import NOTICES, notices_of
from resolvers.representation import age_notice, represented_roles
from tests.resolvers.invented import AN, TODAY, gathered, person, procedure

KHOI = person("Nguyễn Minh Khôi", "097214000103", "2014-08-20")


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2026-11-20", "MINOR_UNDER_7"),
        ("2019-11-21", "MINOR_UNDER_7"),
        ("2019-11-20", "MINOR_UNDER_16"),
        ("2010-11-21", "MINOR_UNDER_16"),
        ("2010-11-20", "MINOR_OVER_16"),
        ("2008-11-21", "MINOR_OVER_16"),
        ("2008-11-20", "NO_LONGER_A_MINOR"),
        ("1945", "NO_LONGER_A_MINOR"),
        ("2019", "MINOR_UNDER_7"),
        ("2010", "MINOR_UNDER_16"),
        ("2008", "MINOR_OVER_16"),
        ("2008-11", "MINOR_OVER_16"),
    ],
)
def test_the_birthday_changes_who_signs_and_a_bare_year_protects_the_child(
    born: str, expected: str
) -> None:
    birth = parse(born)

    assert birth is not None
    assert expected == age_notice(birth, TODAY)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (None, {"child"}),
        (ActingForKind.PARENT, {"child", "applicant"}),
        (ActingForKind.GUARDIAN, {"child", "applicant"}),
        (ActingForKind.SPOUSE, {"child"}),
        (ActingForKind.PROXY, {"child"}),
    ],
)
def test_the_age_matters_for_children_and_for_whom_a_parent_or_guardian_acts(
    kind: ActingForKind | None, expected: set[str]
) -> None:
    acting = None if kind is None else ActingFor(kind=kind, role="applicant")

    assert expected == represented_roles(procedure("1.004222"), acting)


@pytest.mark.parametrize(
    ("represented", "expected"),
    [(frozenset({"applicant"}), ["MINOR_UNDER_16"]), (frozenset({"owner"}), []), ((), [])],
)
async def test_a_notice_tells_the_officer_in_the_role_that_is_represented(
    represented: frozenset[str], expected: list[str]
) -> None:
    found = await gathered(procedure("1.004222"), {"applicant": KHOI, "owner": AN})

    said = notices_of(found.roots, found.roles, [], TODAY, "vi", represented)
    told = [(n.code, n.role, n.text, n.fields) for n in said if n.code == "MINOR_UNDER_16"]

    assert [(code, "applicant", NOTICES[code][1], ()) for code in expected] == told
