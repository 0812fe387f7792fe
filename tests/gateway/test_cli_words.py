"""The words beside the codes are the schema's own terms, and none is missing."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, build_schema

from adapters import names
from gateway.cli import words
from gateway.cli.words import Language, Words, word

SCHEMA = build_schema((Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8"))


def terms(name: str) -> dict[str, str]:
    """Give the Vietnamese term of each value: what stands before the colon."""
    enum = SCHEMA.type_map[name]
    assert isinstance(enum, GraphQLEnumType)
    return {code: str(value.description).split(":")[0] for code, value in enum.values.items()}


@pytest.mark.parametrize(
    ("enum", "table"),
    [
        ("FieldState", words.STATES),
        ("PrefillOutcome", words.PREFILL_OUTCOMES),
        ("ComponentOutcome", words.COMPONENT_OUTCOMES),
        ("VerificationOutcome", words.VERIFICATION_OUTCOMES),
        ("Verdict", words.VERDICTS),
        ("Severity", words.SEVERITIES),
    ],
)
def test_a_code_has_the_same_vietnamese_word_as_in_the_schema(enum: str, table: Words) -> None:
    assert terms(enum) == {code: vietnamese for code, (vietnamese, _) in table.items()}


def test_a_registry_is_called_by_the_end_of_its_full_name() -> None:
    full = terms("RegistryName")
    short = {code: vietnamese for code, (vietnamese, _) in words.REGISTRIES.items()}
    assert full.keys() == short.keys()
    assert all(full[code].endswith(short[code].lower()) for code in full)


def test_every_rule_of_comparison_has_words() -> None:
    source = "".join(
        Path(file).read_text(encoding="utf-8")
        for file in (names.__file__, "adapters/dates.py", "adapters/places/compare.py")
    )
    folds = set(re.findall(r'Fold\("([a-z-]+)"', source))
    said = set(re.findall(r'normalisations=\("([a-z-]+)",\)', source))
    places = set(re.findall(r'_Reading\([^)]*"([a-z-]+)"\)', source))
    assert set() == (folds | said | places) - words.NORMALISATIONS.keys()


def test_a_code_of_a_newer_gateway_speaks_for_itself() -> None:
    assert "NEW_CODE" == word(words.STATES, "NEW_CODE", Language.VI)
    assert "Has a value" == word(words.STATES, "VALUE", Language.EN)
