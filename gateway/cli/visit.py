"""From the arguments to an open conversation: whom to ask, about which procedure, about whom."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from gateway.cli.answers import Procedure
from gateway.cli.directory import running
from gateway.cli.ends import MISUSE, Wrong, or_stop, stop
from gateway.cli.inputs import Inputs, read_input
from gateway.cli.portal import Portal, people_of, token_of
from gateway.cli.prompts import ask_claims, ask_subjects
from gateway.cli.subjects import (
    Given,
    People,
    build_claims,
    build_subjects,
    check_arguments,
    new_draft,
    purpose,
)
from gateway.cli.words import Language

NOBODY_NAMED = (
    "Chưa nêu ai: dùng --person TÊN (người giả định, xem lienthong people), --input TỆP, hoặc chạy "
    "trong cửa sổ dòng lệnh để chương trình hỏi."
)
NOTHING_CLAIMED = "Chưa có khai báo nào: dùng --claim KHÓA=GIÁ TRỊ, hoặc `claims` trong --input."
TOKEN_UNREADABLE = "Không đọc được tệp --token. Hãy kiểm tra đường dẫn và quyền đọc."  # noqa: S105 - a sentence


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask, in whose name, and in what language."""

    directory: Path
    url: str | None
    persona: str
    token_file: Path | None
    language: Language


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier at one gateway; *people* are the sandbox's, when somebody of them is named."""

    portal: Portal
    code: str
    procedure: Procedure
    people: People
    given: Given
    inputs: Inputs

    def variables(self) -> dict[str, object]:
        """Give the variables that prefill and verify share."""
        return {
            "purpose": purpose(self.code, new_draft(), self.inputs.purpose),
            "subjects": self.inputs.subjects,
        }

    def claims(self, texts: Sequence[str]) -> list[Mapping[str, object]]:
        """Give the claims of the arguments and the file; without any, ask for them."""
        built = or_stop(build_claims(texts, self.procedure, self.given, self.people))
        claims = [*self.inputs.claims, *built]
        if claims:
            return claims
        if not sys.stdin.isatty():
            stop(NOTHING_CLAIMED, MISUSE)
        roles = [str(subject["role"]) for subject in self.inputs.subjects]
        return ask_claims(self.procedure.fields, roles)


def open_visit(
    desk: Desk, code: str, given: Given, file: Path | None, claims: Sequence[str] = ()
) -> Visit:
    """Check what was typed, find the gateway and the procedure, and gather the subjects."""
    if wrong := check_arguments(given, [code, desk.persona, *claims]):
        stop(wrong.sentence, wrong.status)
    if file is None and not given.anything() and not sys.stdin.isatty():
        stop(NOBODY_NAMED, MISUSE)
    portal = or_stop(_portal(desk))
    people = or_stop(_people(desk)) if given.names_people() else {}
    procedure = or_stop(portal.procedure(code))
    return Visit(
        portal=portal,
        code=code,
        procedure=procedure,
        people=people,
        given=given,
        inputs=or_stop(_inputs(given, file, procedure, people)),
    )


def _portal(desk: Desk) -> Portal | Wrong:
    """Take token and address from the options, and what they leave out from the running start."""
    token: str | Wrong
    url = desk.url
    if desk.token_file is not None:
        try:
            token = desk.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return Wrong(sentence=TOKEN_UNREADABLE)
        if url is not None:
            return Portal(url, token, desk.language)
    here = running(desk.directory)
    if isinstance(here, Wrong):
        return here
    if desk.token_file is None:
        token = token_of(here.issuer, desk.persona)
    if isinstance(token, Wrong):
        return token
    return Portal(url or here.gateway, token, desk.language)


def _people(desk: Desk) -> People | Wrong:
    here = running(desk.directory)
    return here if isinstance(here, Wrong) else people_of(here.control)


def _inputs(
    given: Given, file: Path | None, procedure: Procedure, people: People
) -> Inputs | Wrong:
    """Unite the file and the arguments; without either, ask at the terminal."""
    if file is None and not given.anything():
        return Inputs(subjects=ask_subjects(procedure))
    read = Inputs(subjects=[]) if file is None else read_input(file)
    built = build_subjects(given, procedure.roles, people)
    if isinstance(read, Wrong):
        return read
    if isinstance(built, Wrong):
        return built
    return Inputs(subjects=[*read.subjects, *built], claims=read.claims, purpose=read.purpose)
