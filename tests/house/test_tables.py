"""The tables of the house are complete: every rule has its sentence, every code its page."""

import re
from pathlib import Path
from string import Formatter

import pytest

from auth.refusal import RULES as AUTH_RULES
from gateway.settings import PREFIX, Settings
from resolvers.edges import EDGES
from resolvers.enums import FieldState
from resolvers.names import EDGE_FIELDS
from resolvers.reasons import REASONS
from resolvers.refusals import RULES
from resolvers.schema import build_schema
from resolvers.sentences_of_auth import OF_AUTH
from resolvers.states import WITHOUT_ERROR

ROOT = Path(__file__).parents[2]
CODES = sorted(
    {code for code, *_ in RULES.values()}
    | {rule.code for rule in AUTH_RULES.values()}
    | {state.value for state in FieldState if state not in WITHOUT_ERROR}
    | {"OWNER_CONSENT_REQUIRED"}
)


def facts_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_rule_of_auth_has_a_sentence_in_both_languages_with_its_facts() -> None:
    assert set(AUTH_RULES) == set(OF_AUTH)
    for rule, sentences in OF_AUTH.items():
        for sentence in sentences:
            assert facts_in(sentence) <= set(AUTH_RULES[rule].facts), rule


def test_the_two_languages_of_a_rule_name_the_same_facts() -> None:
    for rule, (_, _, vietnamese, english) in RULES.items():
        # A rule about a value carries what its scalar says, once in each language.
        assert facts_in(vietnamese) - {"vi"} == facts_in(english) - {"en"}, rule


def test_every_state_has_a_reason_in_both_languages() -> None:
    assert {s.value for s in FieldState} - {"VALUE"} <= set(REASONS)


def test_every_edge_of_the_schema_has_its_function() -> None:
    build_schema()
    assert set(EDGE_FIELDS) == set(EDGES)


@pytest.mark.parametrize("code", CODES)
def test_every_error_code_has_a_page(code: str) -> None:
    page = ROOT / "docs" / "errors" / f"{code.lower().replace('_', '-')}.md"
    assert page.is_file()
    assert page.read_text(encoding="utf-8").startswith(f"# {code}\n")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert f"`{PREFIX}{name.upper()}`" in page
    description = Settings.model_fields[name].description
    assert description
    # The page may link from the middle of the sentence, and go on after its end.
    documented = re.sub(r" \(\[[^]]+\]\([^)]+\)\)|(?<=\s)\s+", "", page.replace("\n", " "))
    assert description.removesuffix(".") in documented
