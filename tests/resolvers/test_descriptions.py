"""The schema's words: the Vietnamese term, a colon, one English sentence, everywhere."""

import unicodedata
from collections.abc import Mapping
from enum import Enum
from functools import cache

import pytest
from graphql import Node, Visitor, parse, visit

from adapters.grades import Grade
from resolvers import enums
from tests.resolvers.vocabulary import schema

NO_MARKS = frozenset({"Cha"})
"""Vietnamese terms that happen to carry no mark."""


class Descriptions(Visitor):
    """Collects what each node of a printed schema says of itself, by its place."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str | None] = {}
        self._within: list[str] = []

    def enter(self, node: Node, *_: object) -> None:
        """Note the description of whatever can have one."""
        if hasattr(node, "description") and hasattr(node, "name"):
            self._within.append(node.name.value)
            words = node.description
            self.found[".".join(self._within)] = words.value if words else None

    def leave(self, node: Node, *_: object) -> None:
        """Step out again."""
        if hasattr(node, "description") and hasattr(node, "name"):
            self._within.pop()


@cache
def descriptions() -> Mapping[str, str | None]:
    """Give all descriptions of the printed schema but those of this file's own Query."""
    found = Descriptions()
    visit(parse(schema().as_str()), found)
    return {
        place: words
        for place, words in found.found.items()
        if place.split(".")[0] not in {"Query", "oneOf"}
    }


def is_well_said(description: str | None) -> bool:
    """Tell whether it is a Vietnamese term, a colon, and one English sentence."""
    term, colon, sentence = (description or "").partition(": ")
    marked = any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", term))
    return (
        colon == ": "
        and (marked or "đ" in term.lower() or term in NO_MARKS)
        and term[0].isupper()
        and sentence.isascii()
        and sentence.endswith(".")
        and ". " not in sentence
        and ":" not in sentence
    )


def test_everything_says_its_vietnamese_term_then_one_english_sentence() -> None:
    badly_said = {
        place: words for place, words in descriptions().items() if not is_well_said(words)
    }

    assert badly_said == {}


def test_the_printed_schema_was_walked_to_its_leaves() -> None:
    places = set(descriptions())

    assert {
        "Person",
        "Person.birthDate",
        "PersonKey.birthDate",
        "FieldState.NOT_DIGITISED",
        "PersonalId",
        "LandHolder",
        "RegistryRecord.source",
    } <= places
    assert len(places) > 400


@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "The personal id.",
        "Personal id: 12 digits.",
        "Số định danh cá nhân",
        "Số định danh cá nhân: 12 digits",
        "Số định danh cá nhân: 12 chữ số.",
        "Số định danh cá nhân: 12 digits. Kept as text.",
    ],
)
def test_other_ways_of_describing_are_noticed(words: str | None) -> None:
    assert not is_well_said(words)


def test_every_enum_is_its_own_name_on_the_wire() -> None:
    published = [t for t in vars(enums).values() if isinstance(t, type) and issubclass(t, Enum)]

    assert {member.name for t in published for member in t} == {
        member.value for t in published for member in t
    }


def test_every_grade_of_an_adapter_is_a_verdict() -> None:
    assert {grade.value for grade in Grade} <= {verdict.value for verdict in enums.Verdict}
