"""The catalogue of procedures: documents loaded and checked at start, found by any of their names.

Operators add, replace and retire documents in a folder of their own (`LIENTHONG_PROCEDURES`);
a broken document stops the start with file, line and reason.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from graphql import GraphQLSchema

from adapters import names
from adapters.identifiers import national_procedure_code
from auth.purpose import SELF_ACCESS, Terms
from resolvers.procedure import Procedure
from resolvers.procedure_document import read_procedure, refuse

SHIPPED = Path(__file__).parent / "procedures"


class Catalogue:
    """All procedures that this installation serves."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        self._by_code: Mapping[str, Procedure] = {p.code: p for p in procedures}
        self._successor: Mapping[str, str] = {
            old: p.code for p in self._by_code.values() for old in p.supersedes
        }
        self._words: Mapping[str, frozenset[str]] = {
            p.code: frozenset(_words(p)) for p in self._by_code.values()
        }

    def __iter__(self) -> Iterator[Procedure]:
        """Give the procedures by code; what a citizen reads as `me` is none."""
        procedures = (p for p in self._by_code.values() if p.code != SELF_ACCESS)
        return iter(sorted(procedures, key=lambda p: p.code))

    def find(self, code: str) -> Procedure | None:
        """Find by national code; a local suffix such as `.H36` is left out of account."""
        return self._by_code.get(national_procedure_code(code)[0])

    def serving(self, code: str) -> Procedure | None:
        """Find the document that serves *code*: its own, or its successor's.

        A dossier opened under an old code is finished under the document that replaced it (C41).
        """
        return self.find(code) or self.find(self.successor_of(code) or "")

    def national(self, code: str) -> str:
        """Write *code* without a local suffix."""
        return national_procedure_code(code)[0]

    def ended(self, code: str) -> Terms | None:
        """Give the terms of an old code that a document here supersedes; it has no document.

        It ended the day before its successor began.
        """
        successor = self._by_code.get(self.successor_of(code) or "")
        if successor is None:
            return None
        return Terms(
            code=self.national(code),
            name=successor.name,
            version=successor.version,
            valid_from=date.min,
            valid_until=successor.valid_from - timedelta(days=1),
            superseded_by=successor.code,
        )

    def successor_of(self, code: str) -> str | None:
        """Give the code that replaced *code*, when a document says so."""
        return self._successor.get(national_procedure_code(code)[0])

    def search(self, text: str) -> list[Procedure]:
        """Find where each word of *text* begins a word of a name or code, without marks.

        First the procedure of that code, then those whose name begins with *text*, then by code.
        """
        forms = _forms(self.national(text.strip()))
        found = [p for p in self if any(_begun_by(self._words[p.code], form) for form in forms)]
        return sorted(found, key=lambda p: _rank(p, forms))


def load_catalogue(schema: GraphQLSchema, folders: Sequence[Path]) -> Catalogue:
    """Read every `*.graphql` document; a later folder replaces a code of an earlier one.

    Raises ProcedureInvalidError with file, line and reason.
    """
    directives = (SHIPPED / "directives.graphql").read_text(encoding="utf-8")
    found: dict[str, Procedure] = {}
    for folder in folders:
        found |= _read(schema, directives, folder)
    for procedure in found.values():
        for old in procedure.supersedes:
            if old in found and _overlap(found[old], procedure):
                refuse(
                    procedure.file,
                    procedure.lines[old],
                    f"it supersedes `{old}`, which `{found[old].file}` keeps in force",
                )
    return Catalogue(found.values())


def _read(schema: GraphQLSchema, directives: str, folder: Path) -> Mapping[str, Procedure]:
    """Read the documents of one folder by code."""
    found: dict[str, Procedure] = {}
    for file in sorted(folder.glob("*.graphql")):
        if file.name == "directives.graphql":
            continue
        procedure = read_procedure(schema, directives, file)
        code = procedure.code
        if code in found:
            refuse(
                file.name,
                procedure.lines[code],
                f"`{found[code].file}` has the code `{code}` as well",
            )
        found[code] = procedure
    return found


def _overlap(one: Procedure, other: Procedure) -> bool:
    """Tell whether there is a day on which both are in force."""
    first = max(one.valid_from, other.valid_from)
    return one.in_force(first) and other.in_force(first)


def _words(procedure: Procedure) -> Iterator[str]:
    for name in (procedure.name, procedure.name_en, *procedure.also_called):
        yield from names.search_form(name).split()
    yield procedure.code
    yield from procedure.supersedes


def _forms(text: str) -> tuple[str, ...]:
    """Fold *text* as whole syllables (`ki` to `ky`), and as begun ones (`ki`, of `kinh`)."""
    begun = names.bare(text).casefold()
    return names.search_form(text), " ".join(re.findall(r"[^\W_]+(?:[.'][^\W_]+)*", begun))


def _begun_by(words: Collection[str], form: str) -> bool:
    return all(any(word.startswith(part) for word in words) for part in form.split())


def _rank(procedure: Procedure, forms: tuple[str, ...]) -> int:
    if not {procedure.code, *procedure.supersedes}.isdisjoint(forms):
        return 0
    of_name = (names.search_form(procedure.name), names.search_form(procedure.name_en))
    return 1 if any(name.startswith(forms) for name in of_name) else 2
