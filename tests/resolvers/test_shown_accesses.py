"""What of an access an auditor is shown, and what a citizen is told."""

from typing import Any

import pytest

from audit.circumstances import OfficerStanding
from audit.detail import Detail
from audit.entry import Action, EntryKind
from resolvers.agency_names import AgencyNames
from resolvers.log.access import connection_of
from resolvers.log.masking import Mask
from resolvers.log.own import Teller
from resolvers.log.results import AccessEntry, OwnAccess
from resolvers.log.words import FieldWords
from resolvers.schema import graphql_schema
from tests.resolvers import indoors
from tests.resolvers.readable import ME, OTHER, access, entry, page, read

WORDS = FieldWords(graphql_schema(indoors.SCHEMA), indoors.CATALOGUE)
AGENCIES = AgencyNames({"H26": "UBND thành phố Hà Nội"})
SEALED = bytes(40)


def told(*accesses: object, show_names: bool = False) -> OwnAccess:
    """Tell one access to the citizen."""
    teller = Teller(
        catalogue=indoors.CATALOGUE, words=WORDS, agencies=AGENCIES, show_names=show_names
    )
    (edge,) = teller.tell(page(*accesses), ME).edges  # type: ignore[arg-type]
    return edge.node


def shown(one: object, *, lifted: bool = False) -> AccessEntry:
    """Show one access to an auditor."""
    (edge,) = connection_of(page(one), indoors.CATALOGUE, AGENCIES, Mask(lifted=lifted)).edges  # type: ignore[arg-type]
    return edge.node


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("097085000101", "097•••••••01"),
        ("012345678", "012••••78"),
        ("DN4019900000001", "DN4••••••••••01"),
        ("00004/12/7", "000•••••/7"),
        ("12345678", "123•••78"),
        ("1234567", "•••••••"),
        ("", ""),
    ],
)
def test_a_number_keeps_its_ends_and_a_short_one_nothing(value: str, masked: str) -> None:
    assert masked == Mask(lifted=False).shown(value)
    assert value == Mask(lifted=True).shown(value)


@pytest.mark.parametrize(
    ("code", "masked"),
    [
        ("H26.12-261121-0001", "H26.12-261121-0001"),
        ("000.00.00.H26-261121-0001", "000.00.00.H26-261121-0001"),
        ("HS-097085000101/2", "HS-097•••••••••/2"),
        ("012345678", "012••••78"),
    ],
)
def test_a_code_is_shown_without_a_number_that_hides_in_it(code: str, masked: str) -> None:
    assert masked == Mask(lifted=False).code(code)
    assert code == Mask(lifted=True).code(code)


def test_numbers_stand_at_the_subject_that_has_them() -> None:
    intent = entry(EntryKind.INTENT, 1, reads=(read(["a/x"], ["a"], ["b"]), read(["a/y"], ["a"])))
    details = {
        intent.entry_id: Detail(
            subjects=((("person", ME),), (("person", OTHER), ("card", "DN4019900000001")), ())
        )
    }
    line = shown(access(entry(number=2), intent, details=details), lifted=True)
    assert [
        [[number.value for number in one.numbers] for one in each.subjects] for each in line.reads
    ] == [[[ME], [OTHER, "DN4019900000001"]], [[]]]


@pytest.mark.parametrize(
    ("sealed", "opened", "state"),
    [(None, False, "NONE"), (SEALED, True, "OPEN"), (SEALED, False, "BURNT")],
)
def test_a_line_says_whether_its_detail_can_be_read(
    sealed: bytes | None, opened: bool, state: str
) -> None:
    ending = entry(detail=sealed)
    details = {ending.entry_id: Detail(dossier="H26-1")} if opened else {}
    line = shown(access(ending, details=details))
    assert (state, "H26-1" if opened else None) == (line.detail_state, line.dossier)


def test_free_text_is_shown_to_unmasked_readers_only() -> None:
    ending = entry(
        actor_kind="OFFICER", actor_employer="WITHHELD", acting_for_kind="PROXY", detail=SEALED
    )
    details = {
        ending.entry_id: Detail(
            actor=ME, actor_name="Lan", actor_employer="Bưu điện", evidence="GUQ 1", consent="c"
        )
    }
    one = access(ending, details=details)
    for lifted, expected in (
        (False, (None, "WITHHELD", None, None)),
        (True, ("Lan", "Bưu điện", "GUQ 1", "c")),
    ):
        line = shown(one, lifted=lifted)
        assert line.actor
        assert line.acting_for
        assert expected == (
            line.actor.name, line.actor.employer, line.acting_for.evidence, line.consent,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (EntryKind.INTENT, "UNFINISHED"),
        (EntryKind.DENIED, "DENIED"),
        (EntryKind.NOT_DELIVERED, "NOT_DELIVERED"),
        (EntryKind.RETENTION, "RETENTION"),
        (EntryKind.BOOT_LOST, "BOOT"),
    ],
)
def test_every_kind_of_entry_has_its_word(kind: EntryKind, word: str) -> None:
    assert word == shown(access(entry(kind))).outcome


def test_a_citizen_is_told_the_fields_of_the_own_roles_only() -> None:
    ending = entry(
        procedure="1.004222",
        reads=(read(["applicant/fullName", "owner/birthDate"], ["owner"], ["applicant"]),),
    )
    details = {ending.entry_id: Detail(subjects=((("person", OTHER),), (("person", ME),)))}
    assert ("Họ, chữ đệm và tên",) == told(access(ending, details=details)).fields


def test_who_was_shown_by_anothers_answer_is_told_only_what_lies_behind_the_own_place() -> None:
    ending = entry(
        procedure="1.004222",
        reads=(read(["applicant/religion", "applicant/father/fullName"], []),),
    )
    details = {ending.entry_id: Detail(subjects=((("person", ME),),))}
    assert ("Họ, chữ đệm và tên",) == told(access(ending, details=details)).fields


@pytest.mark.parametrize(("show_names", "name"), [(False, None), (True, "Trần Thị Lan")])
def test_an_officers_name_is_told_where_the_installation_says_so(
    show_names: bool, name: str | None
) -> None:
    ending = entry(actor_kind="OFFICER", officer_standing=OfficerStanding.CLAIM)
    details = {ending.entry_id: Detail(actor=OTHER, actor_name="Trần Thị Lan")}
    line = told(access(ending, details=details), show_names=show_names)
    assert ("Cán bộ, công chức, viên chức", name) == (line.who, line.officer_name)


def test_agencies_are_called_by_their_names_and_a_unit_after_the_one_above() -> None:
    ending = entry(receiving_agency="H26", competent_agency="H36", unit="H26.12")
    one = access(ending)
    own, line = told(one), shown(one)
    expected = ("UBND thành phố Hà Nội", "Đơn vị thuộc UBND thành phố Hà Nội")
    assert expected == (own.agency_name, own.unit_name)
    assert expected == (line.receiving_agency_name, line.unit_name)
    assert line.competent_agency_name is None


def test_an_auditors_name_is_never_told() -> None:
    """Whose case it is may be the citizen's own: the setting is about who handles dossiers."""
    ending = entry(
        EntryKind.AUDIT_READ,
        action=Action.SEARCH,
        actor_kind="OFFICER",
        reads=(read([], ["subject"], registry="ACCESS_LOG"),),
    )
    details = {ending.entry_id: Detail(actor=OTHER, actor_name="Trần Thị Lan")}
    line = told(access(ending, details=details), show_names=True)
    assert ("Người được giao xem nhật ký", None) == (line.who, line.officer_name)


def test_another_citizens_name_is_never_told() -> None:
    ending = entry(actor_kind="CITIZEN")
    details = {ending.entry_id: Detail(actor=OTHER, actor_name="Trần Thị Bình")}
    line = told(access(ending, details=details), show_names=True)
    assert ("Một công dân khác", None) == (line.who, line.officer_name)


@pytest.mark.parametrize(
    ("actor", "who"),
    [(ME, "Chính bạn"), (OTHER, "Một công dân khác")],
    ids=["oneself", "another"],
)
def test_who_asked_for_what_was_not_delivered_is_told_by_what_was_asked(
    actor: str, who: str
) -> None:
    """The entry that says so has no detail of its own; its intent has."""
    intent = entry(EntryKind.INTENT, 1, actor_kind="CITIZEN", reads=(read(["a/x"], ["a"]),))
    ending = entry(EntryKind.NOT_DELIVERED, 2, actor_kind="CITIZEN")
    details = {intent.entry_id: Detail(actor=actor, subjects=((("person", ME),),))}
    line = told(access(ending, intent, details=details))
    assert (who, "Không đến được người hỏi") == (line.who, line.outcome)


@pytest.mark.parametrize(
    ("more", "who"),
    [
        ({"actor_kind": "CITIZEN"}, "Chính bạn"),
        ({"actor_kind": "POST_EMPLOYEE"}, "Nhân viên bưu chính công ích"),
        ({"actor_kind": "HELPER", "assisted_by_kind": "HELPER"}, "Người hỗ trợ, có người hỗ trợ"),
        ({"actor_kind": "SYSTEM"}, "Hệ thống"),
        ({}, "Hệ thống, không nêu người thao tác"),
        ({"kind": EntryKind.AUDIT_READ, "action": Action.OWN}, "Chính bạn"),
        ({"kind": EntryKind.AUDIT_READ, "action": Action.EXPORT}, "Người được giao xem nhật ký"),
    ],
)
def test_who_it_was_is_said_in_words(more: dict[str, Any], who: str) -> None:
    kind = more.pop("kind", EntryKind.OUTCOME)
    assert isinstance(kind, EntryKind)
    ending = entry(kind, **more)
    assert who == told(access(ending, details={ending.entry_id: Detail(actor=ME)})).who


def test_a_refused_attempt_is_a_line() -> None:
    ending = entry(
        EntryKind.DENIED,
        procedure="1.004222",
        code="ATTEMPTS_EXCEEDED",
        reads=(read(["applicant", "applicant/sex"], ["applicant"]),),
    )
    details = {ending.entry_id: Detail(subjects=((("person", ME),),))}
    line = told(access(ending, details=details))
    assert ("Đã từ chối", ("Giới tính",)) == (line.outcome, line.fields)


def test_a_field_that_the_schema_has_lost_keeps_its_name() -> None:
    assert "Nơi thường trú › gone › lost" == WORDS.of_role(
        None, "self/permanentResidence/gone/lost"
    )
    assert "Số thứ tự thửa đất" == WORDS.of_role("1.004222", "home/parcel")
