from hypothesis import given
from hypothesis import strategies as st

from auth.paths import PathOutside, explain_paths, paths_outside, refuse_paths
from auth.refusal import Refused

GRANTED = frozenset(
    {
        "applicant/fullName",
        "applicant/permanentResidence/today/display",
        "owner/fullName",
        "owner/personalId",
        "home/certificates/serialNumber",
    }
)

names = st.sampled_from(["applicant", "owner", "home", "fullName", "personalId", "today"])
sets_of_paths = st.frozensets(st.lists(names, min_size=1, max_size=4).map("/".join), max_size=8)


def test_what_is_granted_is_inside() -> None:
    assert () == paths_outside(frozenset({"owner/fullName", "applicant/fullName"}), GRANTED)
    assert refuse_paths(GRANTED, GRANTED) is None
    assert refuse_paths(frozenset(), frozenset()) is None


def test_what_is_granted_to_one_role_is_outside_for_another() -> None:
    outside = paths_outside(frozenset({"applicant/personalId", "owner/fullName"}), GRANTED)

    assert ("applicant/personalId",) == outside
    assert (PathOutside(path="applicant/personalId", roles=("owner",)),) == explain_paths(
        outside, GRANTED
    )


def test_what_is_granted_at_one_depth_is_outside_at_another() -> None:
    asked = frozenset({"applicant/permanentResidence/display", "applicant/today/display"})

    assert tuple(sorted(asked)) == paths_outside(asked, GRANTED)


def test_a_role_without_fields_has_nobodys_fields() -> None:
    outside = explain_paths(["ghost"], GRANTED | {"applicant"})

    assert (PathOutside(path="ghost", roles=()),) == outside


def test_the_refusal_names_paths_and_the_roles_that_have_them() -> None:
    asked = frozenset({"applicant/personalId", "home/fullName", "owner/fullName"})

    expected = Refused(
        code="FIELD_OUTSIDE_PROCEDURE",
        rule="path-of-another-role",
        facts={"paths": "applicant/personalId, home/fullName", "roles": "applicant, owner"},
        status=400,
    )
    assert expected == refuse_paths(asked, GRANTED)


def test_the_refusal_of_a_field_that_nobody_has_names_no_role() -> None:
    refused = refuse_paths(frozenset({"applicant/religion"}), GRANTED)

    assert refused is not None
    assert ("path-outside-procedure", {"paths": "applicant/religion"}) == (
        refused.rule,
        refused.facts,
    )


def test_a_path_that_is_no_path_is_not_repeated() -> None:
    asked = frozenset({"097085000101/fullName", "Nguyễn Văn An/fullName", "a b", "owner/religion"})

    refused = refuse_paths(asked, frozenset())

    assert refused is not None
    assert {"paths": "?, ?, ?, owner/religion"} == refused.facts


def test_a_long_list_is_cut_and_counted() -> None:
    refused = refuse_paths(frozenset(f"applicant/field{at:02}" for at in range(25)), GRANTED)

    assert refused is not None
    listed = refused.facts["paths"].split(", ")
    assert [*(f"applicant/field{at:02}" for at in range(20)), "+5"] == listed


@given(sets_of_paths, sets_of_paths)
def test_nothing_outside_the_grant_passes_and_nothing_inside_is_refused(
    asked: frozenset[str], granted: frozenset[str]
) -> None:
    outside = paths_outside(asked, granted)

    assert asked - granted == set(outside)
    assert (refuse_paths(asked, granted) is None) == (asked <= granted)
