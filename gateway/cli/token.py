"""`lienthong token`: a sandbox token on a line of its own, for `$(lienthong token --as …)`."""

from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.directory import DEFAULT, running
from gateway.cli.ends import or_stop, stop
from gateway.cli.portal import token_of
from gateway.cli.subjects import personal_number


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(token)


def token(
    persona: options.Persona = "portal-hanoi",
    listed: Annotated[bool, typer.Option("--list", help="Kể tên các vai có thể mượn.")] = False,
    directory: options.Directory = DEFAULT,
) -> None:
    """In mã truy cập của một vai trong tỉnh giả định, chỉ mã và không gì khác."""
    if listed:
        print(personas())
        return
    if wrong := personal_number([persona]):
        stop(wrong.sentence, wrong.status)
    print(or_stop(token_of(or_stop(running(directory)).issuer, persona)))


def personas() -> str:
    """List who can be played: name, consumer, who sits there, scopes."""
    from sandbox.issuer import PERSONAS  # noqa: PLC0415 - only --list needs the sandbox's program

    rows = [
        (it.name, it.client_id, it.officer or it.citizen, " ".join(it.scopes)) for it in PERSONAS
    ]
    heading = ("vai", "hệ thống", "người", "phạm vi")
    widths = [max(len(row[at]) for row in (heading, *rows)) for at in range(len(heading))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heading, *rows)
    )
