"""`lienthong prefill` and `lienthong verify`: ask a running gateway as a portal would."""

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import typer
from rich.console import RenderableType

from gateway.cli import options
from gateway.cli.directory import DEFAULT
from gateway.cli.documents import PREFILL, VERIFY
from gateway.cli.ends import REFUSED, Wrong, or_stop
from gateway.cli.portal import Reply
from gateway.cli.subjects import Given
from gateway.cli.tables import Tables
from gateway.cli.terminal import console
from gateway.cli.visit import Desk, open_visit
from gateway.cli.words import Language

T = TypeVar("T")


def add_to(app: typer.Typer) -> None:
    """Add the commands that ask."""
    app.command()(prefill)
    app.command()(verify)


def prefill(
    code: options.Code,
    person: options.Person = None,
    owner: options.Owner = None,
    home: options.Home = None,
    role: options.Roles = None,
    parcel: options.Parcels = None,
    certificate: options.Certificates = None,
    business: options.Businesses = None,
    declare: options.Declared = None,
    file: options.Input = None,
    dry_run: options.DryRun = False,
    persona: options.Persona = "portal-hanoi",
    token: options.TokenFile = None,
    url: options.Url = None,
    directory: options.Directory = DEFAULT,
    language: options.Speech = Language.VI,
    as_json: options.AsJson = False,
) -> None:
    """Điền sẵn một hồ sơ: từng trường, từng giấy tờ, và điều cần nói với người dân."""
    given = _given(person, owner, home, role, parcel, certificate, business, declare)
    desk = Desk(directory=directory, url=url, persona=persona, token_file=token, language=language)
    visit = open_visit(desk, code, given, file)
    reply = or_stop(visit.portal.ask(PREFILL, {**visit.variables(), "dryRun": dry_run}))
    tables = Tables(visit.procedure, language, console().width)
    found = visit.portal.prefill(reply)
    _print(reply, found, lambda it: tables.prefill(it, dry_run=dry_run), as_json=as_json)


def verify(
    code: options.Code,
    person: options.Person = None,
    owner: options.Owner = None,
    home: options.Home = None,
    role: options.Roles = None,
    parcel: options.Parcels = None,
    certificate: options.Certificates = None,
    business: options.Businesses = None,
    declare: options.Declared = None,
    claim: options.Claims = None,
    file: options.Input = None,
    persona: options.Persona = "portal-hanoi",
    token: options.TokenFile = None,
    url: options.Url = None,
    directory: options.Directory = DEFAULT,
    language: options.Speech = Language.VI,
    as_json: options.AsJson = False,
) -> None:
    """Đối chiếu điều người dân khai với dữ liệu, mà không cho biết dữ liệu ghi gì."""
    given = _given(person, owner, home, role, parcel, certificate, business, declare)
    desk = Desk(directory=directory, url=url, persona=persona, token_file=token, language=language)
    visit = open_visit(desk, code, given, file, claim or ())
    claims = visit.claims(claim or ())
    reply = or_stop(visit.portal.ask(VERIFY, {**visit.variables(), "claims": claims}))
    tables = Tables(visit.procedure, language, console().width)
    _print(reply, visit.portal.verification(reply), tables.verification, as_json=as_json)


def _given(
    person: str | None,
    owner: str | None,
    home: Sequence[str] | None,
    role: Sequence[str] | None,
    parcel: Sequence[str] | None,
    certificate: Sequence[str] | None,
    business: Sequence[str] | None,
    declare: Sequence[str] | None,
) -> Given:
    return Given(
        person=person,
        roles=[*([f"owner={owner}"] if owner else ()), *(role or ())],
        parcels=[*(f"home={key}" for key in home or ()), *(parcel or ())],
        certificates=certificate or (),
        businesses=business or (),
        declared=declare or (),
    )


def _print(
    reply: Reply, found: T | Wrong, lay_out: Callable[[T], RenderableType], *, as_json: bool
) -> None:
    """Print the answer as it came, or laid out; a refusal ends the command."""
    if as_json:
        sys.stdout.write(reply.body.decode("utf-8", "replace") + "\n")
        raise typer.Exit(REFUSED if isinstance(found, Wrong) else 0)
    console().print(lay_out(or_stop(found)))
