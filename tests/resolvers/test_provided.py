"""A citizen is told of data that were given out, and of nothing else: never less, and not more."""

from collections.abc import Mapping, Sequence

import msgspec
import pytest

from audit.detail import Detail
from audit.entry import EntryKind, Read, SourceNote, Subject
from resolvers.agency_names import NAMELESS
from resolvers.enums import FieldState
from resolvers.log.own import Teller
from resolvers.log.results import OwnAccess
from resolvers.log.words import FieldWords
from resolvers.schema import graphql_schema
from tests.resolvers import indoors
from tests.resolvers.readable import ME, OTHER, access, entry, page, read

TELLER = Teller(
    catalogue=indoors.CATALOGUE,
    words=FieldWords(graphql_schema(indoors.SCHEMA), indoors.CATALOGUE),
    agencies=NAMELESS,
    show_names=False,
)
GIVEN = "Đã trả lời"
COMPARED = "Chỉ đối chiếu, không cung cấp giá trị"
UNDECIDED = "Không kết luận được, không cung cấp giá trị"
MISMATCHED = "Không tìm thấy hoặc thông tin không khớp, không có dữ liệu nào được cung cấp"
SILENT = "Nguồn dữ liệu không trả lời được, không có dữ liệu nào được cung cấp"
KEPT = "Không có dữ liệu nào được cung cấp"
NAME, SEX = "Họ, chữ đệm và tên", "Giới tính"
PERSON = ("applicant/fullName", "applicant/sex")


def told(
    states: Mapping[str, str],
    reads: Sequence[Read],
    *people: str,
    reached: Sequence[Read] = (),
    components: Mapping[str, str] | None = None,
    source: str = "VALUE",
) -> OwnAccess:
    """Tell the citizen an answer; *people* are the subjects in the order in which they stand."""
    intent = entry(EntryKind.INTENT, 1, procedure="1.004222", reads=tuple(reads))
    ending = entry(
        number=2,
        procedure="1.004222",
        states=dict(states),
        reads=tuple(reached),
        components=dict(components or {}),
        sources=(SourceNote(registry="POPULATION", state=source),),
    )
    asked = sum(len(each.subjects) for each in reads)
    numbers = [((("person", each),)) for each in people]
    details = {
        intent.entry_id: Detail(subjects=tuple((n,) for (n,) in numbers[:asked])),
        ending.entry_id: Detail(subjects=tuple((n,) for (n,) in numbers[asked:])),
    }
    (edge,) = TELLER.tell(page(access(ending, intent, details=details)), ME).edges
    return edge.node


def of_both(state: str) -> dict[str, str]:
    return dict.fromkeys(PERSON, state)


WITHOUT_DATA = {
    FieldState.NOT_FOUND_OR_MISMATCH: MISMATCHED,
    FieldState.SOURCE_NOT_CONNECTED: SILENT,
    FieldState.SOURCE_DOWN: SILENT,
    FieldState.SOURCE_MAINTENANCE: SILENT,
    FieldState.SOURCE_REFUSED: SILENT,
    FieldState.SOURCE_GARBLED: SILENT,
    FieldState.AMBIGUOUS: KEPT,
    FieldState.RESTRICTED: KEPT,
    FieldState.WITHHELD: KEPT,
}


@pytest.mark.parametrize("state", FieldState)
def test_an_answer_without_data_says_so_and_names_no_field(state: FieldState) -> None:
    line = told(of_both(state), [read(PERSON, ["applicant"])], ME)
    expected = (WITHOUT_DATA[state], ()) if state in WITHOUT_DATA else (GIVEN, (NAME, SEX))
    assert expected == (line.outcome, line.fields)


@pytest.mark.parametrize("state", WITHOUT_DATA)
def test_a_field_that_was_not_given_is_not_among_those_that_were(state: FieldState) -> None:
    line = told(
        {"applicant/fullName": "VALUE", "applicant/sex": state},
        [read(PERSON, ["applicant"])],
        ME,
    )
    assert (GIVEN, (NAME,)) == (line.outcome, line.fields)


def test_what_was_only_compared_is_named_and_said_to_be_only_compared() -> None:
    line = told({"verify:applicant/fullName": "EXACT"}, [read(PERSON, ["applicant"])], ME)
    assert (COMPARED, (NAME, SEX)) == (line.outcome, line.fields)


@pytest.mark.parametrize("verdict", ["CANNOT_DECIDE", "AMBIGUOUS", "LOCKED"])
def test_a_verdict_that_decides_nothing_is_no_comparison(verdict: str) -> None:
    """No record, none of this name, or no value on file: the entry says the same of them."""
    line = told({"verify:applicant/fullName": verdict}, [read(PERSON, ["applicant"])], ME)
    assert (UNDECIDED, (NAME, SEX)) == (line.outcome, line.fields)


def test_one_comparison_that_decides_makes_the_answer_one() -> None:
    states = {"verify:applicant/fullName": "CANNOT_DECIDE", "verify:applicant/sex": "EXACT"}
    line = told(states, [read(PERSON, ["applicant"])], ME)
    assert (COMPARED, (NAME, SEX)) == (line.outcome, line.fields)


def test_a_source_that_was_silent_compared_nothing() -> None:
    states = {"verify:applicant/fullName": "CANNOT_DECIDE"}
    line = told(states, [read(PERSON, ["applicant"])], ME, source="SOURCE_DOWN")
    assert (SILENT, ()) == (line.outcome, line.fields)


def test_a_source_that_was_silent_about_one_may_have_answered_about_another() -> None:
    states = {"verify:applicant/fullName": "CANNOT_DECIDE"}
    one = read([*PERSON, "owner/fullName"], ["applicant"], ["owner"])
    line = told(states, [one], ME, OTHER, source="SOURCE_DOWN")
    assert (UNDECIDED, (NAME, SEX)) == (line.outcome, line.fields)


def test_a_source_that_was_silent_in_one_province_may_have_answered_in_another() -> None:
    path = "applicant/household/members/healthInsurance/validTo"
    states = {f"verify:{path}": "CANNOT_DECIDE"}
    line = told(states, [read([path], ["applicant"])], ME, source="SOURCE_DOWN")
    assert (UNDECIDED, 1) == (line.outcome, len(line.fields))


def test_what_was_compared_and_given_out_beside_it_was_given_out() -> None:
    states = {"verify:applicant/fullName": "EXACT", **of_both("VALUE")}
    line = told(states, [read(PERSON, ["applicant"])], ME)
    assert (GIVEN, (NAME, SEX)) == (line.outcome, line.fields)


def test_a_comparison_for_one_role_hides_nothing_of_another() -> None:
    states = {"verify:applicant/fullName": "EXACT", "owner/fullName": "VALUE"}
    line = told(states, [read(["owner/fullName"], ["owner"])], ME)
    assert (GIVEN, ("Họ và tên chủ sở hữu chỗ ở",)) == (line.outcome, line.fields)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("NOT_FOUND_OR_MISMATCH", MISMATCHED), ("SOURCE_DOWN", SILENT)],
    ids=["mismatched", "silent"],
)
def test_a_field_without_a_state_fares_as_the_answer_that_it_would_have_stood_in(
    state: str, outcome: str
) -> None:
    """What papers need is read beside the form's fields, and has no state of its own."""
    line = told({"applicant/fullName": state}, [read(PERSON, ["applicant"])], ME)
    assert (outcome, ()) == (line.outcome, line.fields)


def test_a_record_that_was_read_for_what_lies_behind_it_fares_as_that() -> None:
    states = {"applicant/household/address": "NOT_FOUND_OR_MISMATCH", "applicant/sex": "NOT_ASKED"}
    line = told(states, [read(["applicant"], ["applicant"])], ME)
    assert (MISMATCHED, ()) == (line.outcome, line.fields)


@pytest.mark.parametrize("state", ["VALUE", "NOT_RECORDED", "RESTRICTED", "NOT_ASKED"])
def test_a_field_without_a_state_stays_where_the_answer_came(state: str) -> None:
    line = told({"applicant/fullName": state}, [read(PERSON, ["applicant"])], ME)
    assert GIVEN == line.outcome
    assert SEX in line.fields


def test_a_field_of_another_answer_stays() -> None:
    """One registry is silent; what another one answered has no state, as papers were decided."""
    reads = [
        read(["applicant/fullName"], ["applicant"]),
        read(["applicant/healthInsurance/validTo"], ["applicant"], registry="INSURANCE"),
    ]
    line = told({"applicant/fullName": "SOURCE_DOWN"}, reads, ME, ME)
    assert (GIVEN, ("Bảo hiểm y tế › Thẻ có giá trị đến ngày",)) == (line.outcome, line.fields)


def test_where_several_stand_in_a_role_a_failure_may_be_anothers() -> None:
    one = read(PERSON, ["applicant"], ["applicant"])
    line = told(of_both("NOT_FOUND_OR_MISMATCH"), [one], OTHER, ME)
    assert (GIVEN, (NAME, SEX)) == (line.outcome, line.fields)


def named(tag: str, operation: str = "Person") -> Read:
    """Make the read of the record of somebody who stands in the role."""
    one = Subject(tags=(tag * 43,), roles=("applicant",))
    return Read(registry="POPULATION", operation=operation, subjects=(one,), fields=("applicant",))


BOTH = msgspec.structs.replace(named("o"), subjects=(*named("o").subjects, *named("t").subjects))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([BOTH], (GIVEN, ("Doanh nghiệp và hộ kinh doanh › Tên",))),
        ([named("o"), named("t", "Other")], (GIVEN, ("Doanh nghiệp và hộ kinh doanh › Tên",))),
        ([named("o"), named("o")], (MISMATCHED, ())),
    ],
    ids=["in-one-read", "in-two", "one-person-twice"],
)
def test_who_is_asked_alone_later_is_still_one_of_several_in_the_role(
    asked: Sequence[Read], expected: tuple[str, tuple[str, ...]]
) -> None:
    """The other's proof fails: said of the path, that outweighs that I have no business."""
    path = "applicant/businesses/name"
    reads = [*asked, read([path], ["applicant"], registry="BUSINESS")]
    line = told({path: "NOT_FOUND_OR_MISMATCH"}, reads, OTHER, ME, ME)
    assert expected == (line.outcome, line.fields)


def test_what_is_met_behind_a_record_is_not_another_one_in_its_role() -> None:
    path = "applicant/healthInsurance/validTo"
    company = Subject(tags=("c" * 43,), roles=("applicant",))
    business = msgspec.structs.replace(
        read(["applicant/businesses/name"], [], registry="BUSINESS"), subjects=(company,)
    )
    reads = [named("t"), business, read([path], ["applicant"], registry="INSURANCE")]
    line = told({path: "SOURCE_DOWN"}, reads, ME, OTHER, ME)
    assert (SILENT, ()) == (line.outcome, line.fields)


@pytest.mark.parametrize(
    ("path", "registry"),
    [
        ("applicant/parcels/sheet", "LAND"),
        ("applicant/household/members/healthInsurance/validTo", "INSURANCE"),
        ("applicant/gone/lost", "LAND"),
    ],
    ids=["a-list", "an-edge-behind-a-list", "what-the-schema-has-lost"],
)
def test_beyond_a_list_a_silence_may_be_of_one_item(path: str, registry: str) -> None:
    """Ten provinces are asked for somebody's land: nine answer, and the list is told as silent."""
    line = told({path: "SOURCE_DOWN"}, [read([path], ["applicant"], registry=registry)], ME)
    assert GIVEN == line.outcome
    assert 1 == len(line.fields)


@pytest.mark.parametrize("path", ["applicant/oldIdNumbers", "applicant/household/members/fullName"])
def test_a_list_within_one_record_is_silent_as_the_record(path: str) -> None:
    line = told({path: "SOURCE_DOWN"}, [read([path], ["applicant"])], ME)
    assert (SILENT, ()) == (line.outcome, line.fields)


def test_a_paper_may_have_been_decided_by_what_the_form_was_not_given() -> None:
    reads = [read(PERSON, ["applicant"])]
    line = told(of_both("RESTRICTED"), reads, ME, components={"to-khai": "REPLACED_BY_DATA"})
    assert (GIVEN, (NAME, SEX)) == (line.outcome, line.fields)


def test_who_was_shown_by_anothers_answer_is_told_what_was_given_of_it() -> None:
    fields = ["applicant/father/fullName", "applicant/father/personalId", "applicant/religion"]
    states = {fields[0]: "VALUE", fields[1]: "RESTRICTED", fields[2]: "VALUE"}
    line = told(states, [], ME, reached=[read(fields, [])])
    assert (GIVEN, (NAME,)) == (line.outcome, line.fields)


@pytest.mark.parametrize("kind", [EntryKind.DENIED, EntryKind.INTENT, EntryKind.NOT_DELIVERED])
def test_an_entry_without_states_names_what_was_asked_for(kind: EntryKind) -> None:
    ending = entry(kind, procedure="1.004222", reads=(read(PERSON, ["applicant"]),))
    details = {ending.entry_id: Detail(subjects=((("person", ME),),))}
    (edge,) = TELLER.tell(page(access(ending, details=details)), ME).edges
    assert (NAME, SEX) == edge.node.fields


def test_possible_units_of_an_old_address_are_no_field_of_anybody() -> None:
    fields = ["applicant/sex", "applicant/permanentResidence/candidates/name"]
    line = told({"applicant/sex": "VALUE"}, [read(fields, ["applicant"])], ME)
    assert (SEX,) == line.fields


@pytest.mark.parametrize(
    ("kind", "procedure", "step"),
    [
        (EntryKind.OUTCOME, "1.004222", "Mở tờ khai"),
        (EntryKind.OUTCOME, "self-access", None),
        (EntryKind.AUDIT_READ, "self-access", None),
    ],
)
def test_only_a_dossier_has_steps(kind: EntryKind, procedure: str, step: str | None) -> None:
    ending = entry(kind, procedure=procedure, step="OPEN_FORM")
    (edge,) = TELLER.tell(page(access(ending)), ME).edges
    assert step == edge.node.step
