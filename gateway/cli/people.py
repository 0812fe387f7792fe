"""`lienthong people`: whom to try in the sandbox, what they show, and the key to copy."""

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.answers import SandboxPerson
from gateway.cli.directory import DEFAULT, running
from gateway.cli.ends import MISUSE, or_stop, stop
from gateway.cli.examples import example_of
from gateway.cli.hints import place, this_command
from gateway.cli.portal import Portal, people_of, token_of
from gateway.cli.subjects import personal_number
from gateway.cli.terminal import clean
from gateway.cli.words import Language

PERSONA = "portal-hanoi"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(people)


def people(
    name: Annotated[str | None, typer.Argument(help="Tên ngắn, ví dụ an.")] = None,
    directory: options.Directory = DEFAULT,
    language: options.Speech = Language.VI,
    as_json: Annotated[
        bool, typer.Option("--json", help="In JSON; với một tên: truy vấn và biến để gửi ngay.")
    ] = False,
) -> None:
    """Những người của tỉnh giả định: câu chuyện, khóa để sao chép, lệnh để xem."""
    if wrong := personal_number([name]):
        stop(wrong.sentence, wrong.status)
    here = or_stop(running(directory))
    known = or_stop(people_of(here.control))
    if name is None:
        blocks = (block(person, place(directory), language) for person in known.values())
        told = [view(person) for person in known.values()]
        print(_json(told) if as_json else "\n\n".join(blocks))
        return
    if name not in known:
        stop(f"Không có người giả định nào tên như vậy. Có: {', '.join(known)}.", MISUSE)
    shown = example_of(name)
    portal = Portal(here.gateway, or_stop(token_of(here.issuer, PERSONA)), language)
    variables = or_stop(shown.variables(or_stop(portal.procedure(shown.code)), known))
    if as_json:
        print(_json({"query": shown.document, "variables": variables}))
        return
    print(block(known[name], place(directory), language))
    print(f"\nTruy vấn, cho {here.gateway}/graphql\n\n{shown.document}")
    print(f"Biến\n\n{_json(variables)}")


def block(person: SandboxPerson, where: str, language: Language) -> str:
    """Tell who it is: each line can be copied whole, so none is wrapped by us."""
    story = person.story_en if language is Language.EN else person.story
    cases = f"  [{', '.join(person.cases)}]" if person.cases else ""
    return "\n".join(
        [
            f"{clean(person.name)}: {clean(person.full_name)}{cases}",
            f"  {clean(story)}",
            f"  {json.dumps(person.key.key(), ensure_ascii=False)}",
            f"  {this_command()} {example_of(person.name).typed()}{where}",
        ]
    )


def view(person: SandboxPerson) -> Mapping[str, object]:
    """Give a person to a program."""
    return {
        "name": person.name,
        "fullName": person.full_name,
        "story": person.story,
        "storyEn": person.story_en,
        "cases": person.cases,
        "procedure": person.procedure,
        "key": person.key.key(),
        "command": f"lienthong {example_of(person.name).typed()}",
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
