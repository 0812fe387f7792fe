"""`lienthong token`: a sandbox token on a line of its own, for `$(lienthong token --as …)`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.directory import DEFAULT, running
from gateway.cli.ends import MISUSE, or_stop, stop
from gateway.cli.portal import token_of
from gateway.cli.subjects import personal_number

HOW_TO_SEND = """\
Mã trên gắn với khóa trong {key_file}. Mỗi yêu cầu gửi hai tiêu đề:
  Authorization: DPoP <mã>
  DPoP: <bằng chứng mới, do khóa ấy ký cho đúng yêu cầu này>
Mười dòng Python tạo bằng chứng: docs/tokens.md.
"""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(token)


def token(
    persona: options.Persona = "portal-hanoi",
    listed: Annotated[bool, typer.Option("--list", help="Kể tên các vai có thể mượn.")] = False,
    dpop: Annotated[
        bool, typer.Option("--dpop", help="Xin mã gắn với khóa (DPoP), cần --key-file.")
    ] = False,
    key_file: Annotated[
        Path | None,
        typer.Option(help="Tệp giữ khóa của bạn; chưa có thì được tạo.", metavar="TỆP"),
    ] = None,
    directory: options.Directory = DEFAULT,
) -> None:
    """In mã truy cập của một vai trong tỉnh giả định, chỉ mã và không gì khác."""
    if listed:
        print(personas())
        return
    if wrong := personal_number([persona]):
        stop(wrong.sentence, wrong.status)
    if dpop != (key_file is not None):
        stop("--dpop và --key-file TỆP đi cùng nhau: khóa ở trong tệp, không in ra.", MISUSE)
    issuer = or_stop(running(directory)).issuer
    if key_file is None:
        print(or_stop(token_of(issuer, persona)))
        return
    print(or_stop(token_of(issuer, persona, proof=_proof(key_file, f"{issuer}/token"))))
    sys.stderr.write(HOW_TO_SEND.format(key_file=key_file))


def _proof(key_file: Path, url: str) -> str:
    """Prove to the issuer that we hold the key in *key_file*."""
    from gateway.cli.own_key import key_in  # noqa: PLC0415 - only --dpop needs keys
    from sandbox.dpop import new_key, prove  # noqa: PLC0415 - only --dpop signs

    return prove(or_stop(key_in(key_file, new_key)), "POST", url)


def personas() -> str:
    """List who can be played: name, consumer, who sits there, scopes."""
    from sandbox.personas import PERSONAS  # noqa: PLC0415 - only --list needs the sandbox's program

    rows = [
        (it.name, it.client_id, it.officer or it.citizen, " ".join(it.scopes)) for it in PERSONAS
    ]
    heading = ("vai", "hệ thống", "người", "phạm vi")
    widths = [max(len(row[at]) for row in (heading, *rows)) for at in range(len(heading))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heading, *rows)
    )
