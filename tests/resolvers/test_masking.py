"""What of a number a masked reader sees: no more of it than two ends, and a mark of its own."""

import pytest

from audit.detail import Detail
from audit.entry import EntryKind
from resolvers.log.masking import Mask
from tests.resolvers import indoors
from tests.resolvers.readable import ME, OTHER, Found, access, entry, entry_id, page, readers
from tests.resolvers.test_reading_the_log import AUDITOR, CASE

MASK = Mask(lifted=False)


@pytest.mark.parametrize(
    ("code", "masked"),
    [
        ("hs-097-085-000-101-a", "hs-097••••••••••01-a"),
        ("HS 097 085 000 101", "HS 097••••••••••01"),
        ("097.085.000.101", "097••••••••••01"),
        ("097--085__000101", "097•••••••••••01"),
        ("012-345-678", "012••••••78"),
        ("H26-261121-097085000101", "H26-261121-097•••••••01"),
        ("H26-267085-000101", "H26-•••••••••••01"),
        ("H26.12-261121-0009", "H26.12-261121-0009"),
        ("000.00.00.H26-261121-0001", "000.00.00.H26-261121-0001"),
        ("TT-2026/17", "TT-2026/17"),
        ("H26.0970.8500.0101-261121-0009", "H26.••••••••••••••••••••••••09"),
        ("HS/097/085/000/101", "HS/097••••••••••01"),
        ("097,085,000,101", "097••••••••••01"),
        ("097\u2013085:000\u00a0101", "097••••••••••01"),
        ("(097) 085 – 000 (101)", "(097••••••••••••••01)"),
        ("０９７０８５０００１０１", "０９７•••••••０１"),
        ("⁰⁹⁷⁰⁸⁵⁰⁰⁰¹⁰¹", "⁰⁹⁷•••••••⁰¹"),
        ("hs-２０２６/٠١-①", "hs-２０２６/٠١-①"),
    ],
    ids=[
        "dashes", "spaces", "dots", "several-signs", "an-old-number", "behind-an-official-code",
        "behind-what-is-no-day", "an-official-code", "an-official-code-of-old", "a-case",
        "as-an-agency", "slashes", "commas", "signs-of-print", "brackets", "wide-digits",
        "raised-digits", "few-digits-as-they-were",
    ],
)  # fmt: skip
def test_a_number_in_a_code_is_masked_however_its_digits_are_parted(code: str, masked: str) -> None:
    assert masked == MASK.code(code)
    assert code == Mask(lifted=True).code(code)


def test_the_letters_of_a_health_card_are_not_shown() -> None:
    assert "•••••••••••••01" == MASK.shown("DN4019900000001", "card")
    assert "992•••••01" == MASK.shown("9920000001", "insurance")


def test_a_mark_stands_behind_a_number_that_is_masked_and_behind_nothing_else() -> None:
    mask = Mask(lifted=False, mark=lambda number: number[-4:])
    assert "097•••••••01#0101" == mask.shown(ME)
    assert "•••••••#4567" == mask.shown("1234567")
    assert "" == mask.shown("")
    assert ME == Mask(lifted=True, mark=lambda number: number[-4:]).shown(ME)


SEARCH = """query S($case: CaseRef!) { accessLog(filter: {}, case: $case) {
  edges { node { actor { personalId } } } } }"""

CODES = """query S($case: CaseRef!) { accessLog(filter: {}, case: $case) {
  edges { node { case { number decision } dossier draft } } } }"""


async def actors(case: str, *numbers: str) -> list[str]:
    """Read lines of officers with these *numbers*, for a case, and give what is shown of them."""
    made = []
    for at, number in enumerate(numbers):
        line = entry(number=at, actor_kind="OFFICER")
        made.append(access(line, details={line.entry_id: Detail(actor=number)}))
    graph = indoors.graph(indoors.grants(), readers=readers(Found(page(*made))))
    answer = await indoors.told(graph, SEARCH, AUDITOR, case={**CASE, "number": case})
    assert "errors" not in answer, answer
    return [edge["node"]["actor"]["personalId"] for edge in answer["data"]["accessLog"]["edges"]]


async def test_people_whose_numbers_have_the_same_ends_are_told_apart_within_a_case() -> None:
    one, twin, again = await actors("17", "097185000101", "097199000101", "097185000101")
    ends, mark = one.split("#")
    assert ("097•••••••01", 6) == (ends, len(mark))
    assert one == again
    assert one != twin
    assert ends == twin.partition("#")[0]
    assert [one] == await actors("17", "097185000101")
    (elsewhere,) = await actors("18", "097185000101")
    assert elsewhere != one


async def test_a_number_guessed_in_a_code_has_no_mark_to_be_known_by() -> None:
    """A case number of guesses, read under the case at work, would say which guess is whose."""
    line = entry(EntryKind.AUDIT_READ, case_ground="COURT")
    sealed = Detail(case=f"{ME}/{OTHER}", decision=ME, dossier=ME, draft=f"HS-{ME}/2")
    graph = indoors.graph(
        indoors.grants(), readers=readers(Found(page(access(line, details={entry_id(1): sealed}))))
    )
    answer = await indoors.told(graph, CODES, AUDITOR, case=CASE)
    assert "errors" not in answer, answer
    (edge,) = answer["data"]["accessLog"]["edges"]
    assert {
        "case": {"number": "097••••••••••••••••••••02", "decision": "097•••••••01"},
        "dossier": "097•••••••01",
        "draft": "HS-097•••••••••/2",
    } == edge["node"]
