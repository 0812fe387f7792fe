"""What GraphiQL opens with: in the sandbox a token for each persona, a tab for each person.

In production neither: the developer's own token is sent, and reads the catalogue or rehearses.

The examples are the documents under docs/examples, which the tests run; a person's tab is one of
them with that person's own key.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from gateway.graphiql_page import PageConfiguration, Tab

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
FOR_DEVELOPERS = EXAMPLES / "developer"
"""What a developer's token may ask in production."""

PERSONAS = (
    "portal-hanoi",
    "officer-lan",
    "citizen-an",
    "portal-lamdong",
    "developer",
    "auditor",
    "auditor-unmask",
)
MOST_TABS = 4
"""People who get a tab; the others are in `lienthong people`."""

Fetch = Callable[[], Awaitable[Any]]
TokenOf = Callable[[str], Awaitable[str]]


def configuration_of(people_of: Fetch, token_of: TokenOf) -> Callable[[], Awaitable[Any]]:
    """Give the page's configuration, made anew at each opening: tokens live an hour."""

    async def configure() -> PageConfiguration:
        people = await people_of()
        examples = read_examples(EXAMPLES)
        return PageConfiguration(
            tokens={persona: await token_of(persona) for persona in PERSONAS},
            tabs=person_tabs(people, examples),
            examples=examples,
        )

    return configure


async def configuration_without_people() -> PageConfiguration:
    """Give the page's configuration in production: nobody's token, nobody's name."""
    examples = read_examples(FOR_DEVELOPERS)
    return PageConfiguration(tokens={}, tabs=examples[:1], examples=examples)


def read_examples(folder: Path) -> list[Tab]:
    """Read the example documents and their variables; the first comment line is the title."""
    return [
        Tab(
            title=_title(file),
            query=file.read_text(encoding="utf-8"),
            variables=json.loads(file.with_suffix(".json").read_text(encoding="utf-8")),
        )
        for file in sorted(folder.glob("*.graphql"))
    ]


def person_tabs(people: Sequence[Mapping[str, Any]], examples: Sequence[Tab]) -> list[Tab]:
    """Give a tab to each of the first people: the prefill example with that person's key."""
    prefill = next((tab for tab in examples if "prefill(" in tab.query), None)
    if prefill is None:
        return list(examples)
    return [
        Tab(
            title=str(person["fullName"]),
            query=prefill.query,
            variables={
                **prefill.variables,
                "purpose": _purpose_of_its_own(
                    cast("Mapping[str, Any]", prefill.variables["purpose"]), place
                ),
                "subjects": [_subject(person["key"])],
            },
        )
        for place, person in enumerate(people[:MOST_TABS], start=1)
    ]


def _purpose_of_its_own(purpose: Mapping[str, Any], place: int) -> Mapping[str, object]:
    """Give each person another dossier: a reference belongs to the subjects of its first use."""
    return {**purpose, "dossier": {"code": f"{purpose['dossier']['code']}-{place}"}}


def _subject(key: Mapping[str, str]) -> Mapping[str, object]:
    number = key["number"]
    which = "personalId" if len(number) == 12 else "oldIdNumber"  # noqa: PLR2004 - digits of a personal id
    return {
        "role": "applicant",
        "is": {
            "person": {
                "number": {which: number},
                "fullName": key["fullName"],
                "birthDate": key["birthDate"],
            }
        },
    }


def _title(file: Path) -> str:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    return first.removeprefix("#").strip() if first.startswith("#") else file.stem
