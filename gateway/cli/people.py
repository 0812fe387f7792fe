"""`lienthong people`: whom to try in the sandbox, what they show, and the key to copy."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
import typer

from gateway.cli import options
from gateway.cli.answers import Procedure, SandboxPerson
from gateway.cli.directory import DEFAULT, running
from gateway.cli.documents import PREFILL
from gateway.cli.ends import MISUSE, or_stop, stop
from gateway.cli.hints import place, this_command
from gateway.cli.portal import Portal, people_of, token_of
from gateway.cli.subjects import PERSON, new_draft, person_role, personal_number, purpose
from gateway.cli.terminal import clean
from gateway.cli.words import Language

PERSONA = "portal-hanoi"
NEWBORN = "NEWBORN"


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """How a person is shown: by which procedure, in which role, beside which newborn."""

    code: str
    role: str
    declared: tuple[str, ...] = ()

    def command(self, person: str) -> str:
        """Give the words to type."""
        declared = "".join(f" --declare {role}={NEWBORN}" for role in self.declared)
        return f"prefill {self.code} --person {person}{declared}"

    def variables(self, person: SandboxPerson) -> dict[str, object]:
        """Give the variables to paste."""
        declared = {"declared": {"reason": NEWBORN}}
        return {
            "purpose": purpose(self.code, new_draft()),
            "subjects": [
                {"role": self.role, "is": {"person": person.key.key()}},
                *({"role": role, "is": declared} for role in self.declared),
            ],
            "dryRun": False,
        }


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
    portal = Portal(here.gateway, or_stop(token_of(here.issuer, PERSONA)), language)
    served = or_stop(portal.catalogue())
    examples = {person.name: example(person, served) for person in known.values()}
    blocks = {
        person.name: block(person, examples[person.name], place(directory), language)
        for person in known.values()
    }
    if name is None:
        told = [view(person) for person in known.values()]
        print(_json(told) if as_json else "\n\n".join(blocks.values()))
        return
    if name not in known:
        stop(f"Không có người giả định nào tên như vậy. Có: {', '.join(known)}.", MISUSE)
    variables = examples[name].variables(known[name])
    if as_json:
        print(_json({"query": PREFILL, "variables": variables}))
        return
    print(f"{blocks[name]}\n\nTruy vấn, cho {here.gateway}/graphql\n\n{PREFILL}")
    print(f"Biến\n\n{_json(variables)}")


def example(person: SandboxPerson, served: Sequence[Procedure]) -> Example:
    """Show *person* by the procedure of the story, where it is served and needs nobody else.

    Otherwise by the first one that needs one person only.
    """
    own = [procedure for procedure in served if procedure.code == person.procedure]
    for procedure in (*own, *served):
        role = person_role(procedure.roles)
        others = [it for it in procedure.roles if it.required and it.name != role]
        if all(it.kind == PERSON and it.may_be_declared for it in others):
            return Example(code=procedure.code, role=role, declared=tuple(it.name for it in others))
    return Example(code=person.procedure, role="applicant")


def block(person: SandboxPerson, shown: Example, where: str, language: Language) -> str:
    """Tell who it is: each line can be copied whole, so none is wrapped by us."""
    story = person.story_en if language is Language.EN else person.story
    cases = f"  [{', '.join(person.cases)}]" if person.cases else ""
    return "\n".join(
        [
            f"{clean(person.name)}: {clean(person.full_name)}{cases}",
            f"  {clean(story)}",
            f"  {json.dumps(person.key.key(), ensure_ascii=False)}",
            f"  {this_command()} {shown.command(person.name)}{where}",
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
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
