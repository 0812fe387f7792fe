"""`lienthong people`: whom to try in the sandbox, what they show, and the key to copy."""

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.answers import SandboxPerson
from gateway.cli.directory import DEFAULT, running
from gateway.cli.documents import PREFILL
from gateway.cli.ends import MISUSE, or_stop, stop
from gateway.cli.hints import place, this_command
from gateway.cli.portal import people_of
from gateway.cli.subjects import new_draft, personal_number, purpose
from gateway.cli.terminal import clean
from gateway.cli.words import Language

ROLE = "applicant"


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
    command = f"{this_command()} prefill {{code}} --person {{name}}{place(directory)}"
    if name is None:
        text = as_lines(known, language, command)
        print(_json([view(person) for person in known.values()]) if as_json else text)
        return
    if name not in known:
        stop(f"Không có người giả định nào tên như vậy. Có: {', '.join(known)}.", MISUSE)
    person = known[name]
    if as_json:
        print(_json({"query": PREFILL, "variables": variables(person)}))
        return
    print(block(person, language, command))
    print(f"\nTruy vấn ({here.gateway}/graphql)\n\n{PREFILL}")
    print(f"Biến\n\n{_json(variables(person))}")


def as_lines(known: Mapping[str, SandboxPerson], language: Language, command: str) -> str:
    """List everybody, a block each."""
    return "\n\n".join(block(person, language, command) for person in known.values())


def block(person: SandboxPerson, language: Language, command: str) -> str:
    """Tell who it is: each line can be copied whole, so none is wrapped by us."""
    story = person.story_en if language is Language.EN else person.story
    cases = f"  [{', '.join(person.cases)}]" if person.cases else ""
    return "\n".join(
        [
            f"{clean(person.name)}: {clean(person.full_name)}{cases}",
            f"  {clean(story)}",
            f"  {json.dumps(person.key.key(), ensure_ascii=False)}",
            f"  {command.format(code=person.procedure, name=person.name)}",
        ]
    )


def view(person: SandboxPerson) -> dict[str, object]:
    """Give a person to a program."""
    return {
        "name": person.name,
        "fullName": person.full_name,
        "story": person.story,
        "storyEn": person.story_en,
        "cases": person.cases,
        "procedure": person.procedure,
        "key": person.key.key(),
    }


def variables(person: SandboxPerson) -> dict[str, object]:
    """Give the variables that show *person*, ready to paste."""
    return {
        "purpose": purpose(person.procedure, new_draft()),
        "subjects": [{"role": ROLE, "is": {"person": person.key.key()}}],
        "dryRun": False,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
