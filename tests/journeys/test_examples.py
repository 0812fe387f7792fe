"""The documents under docs/examples really run, and the page opens with them."""

import json
from pathlib import Path

import pytest

from tests.journeys.house import ROOT, House

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.graphql"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.stem)
def test_the_example_runs_without_an_error(house: House, example: Path) -> None:
    variables = json.loads(example.with_suffix(".json").read_text(encoding="utf-8"))
    answer = house.ask(example.read_text(encoding="utf-8"), variables)
    assert "errors" not in answer
    assert answer["data"]["dossier"]


OF_THE_LOG = {"search": "auditor", "own": "citizen-an", "statistics": "auditor"}


@pytest.mark.parametrize("name", OF_THE_LOG)
def test_an_example_of_reading_the_log_runs_without_an_error(house: House, name: str) -> None:
    example = ROOT / "docs" / "examples" / "log" / f"{name}.graphql"
    variables = json.loads(example.with_suffix(".json").read_text(encoding="utf-8"))
    answer = house.ask(example.read_text(encoding="utf-8"), variables, persona=OF_THE_LOG[name])
    assert "errors" not in answer
    assert all(answer["data"].values())


def test_there_are_three_examples() -> None:
    assert 3 == len(EXAMPLES)


def test_graphiql_opens_with_people_examples_and_tokens(house: House) -> None:
    page = house.http.get(f"{house.addresses['gateway']}/graphql/config.json").json()
    assert "portal-hanoi" == next(iter(page["tokens"]))
    assert "Nguyễn Văn An" == page["tabs"][0]["title"]
    assert 3 == len(page["examples"])
    for tab in page["tabs"]:
        answer = house.ask(tab["query"], tab["variables"])
        assert "errors" not in answer, tab["title"]
