"""The catalogue of procedures: documents loaded and checked at start, found by any of their names.

Operators add, replace and retire documents in a folder of their own (`LIENTHONG_PROCEDURES`);
a broken document stops the start with file, line and reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from graphql import GraphQLSchema

from adapters import names
from adapters.identifiers import national_procedure_code
from auth.purpose import Terms
from resolvers.procedure import Procedure
from resolvers.procedure_document import read_procedure

SHIPPED = Path(__file__).parent / "procedures"


class Catalogue:
    """All procedures that this installation serves."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        self._by_code: Mapping[str, Procedure] = {p.code: p for p in procedures}
        self._successor: Mapping[str, str] = {
            old: p.code for p in self._by_code.values() for old in p.supersedes
        }

    def __iter__(self) -> Iterator[Procedure]:
        """Give the procedures by code."""
        return iter(sorted(self._by_code.values(), key=lambda p: p.code))

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
        """Match without marks, by Vietnamese or English name, code, old code and by-names."""
        words = names.search_form(text).split()
        return [p for p in self if all(any(word in hay for hay in _haystack(p)) for word in words)]


def load_catalogue(schema: GraphQLSchema, folders: Sequence[Path]) -> Catalogue:
    """Read every `*.graphql` document; a later folder replaces a code of an earlier one.

    Raises ProcedureInvalidError with file, line and reason.
    """
    directives = (SHIPPED / "directives.graphql").read_text(encoding="utf-8")
    found: dict[str, Procedure] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.graphql")):
            if file.name == "directives.graphql":
                continue
            procedure = read_procedure(schema, directives, file)
            found[procedure.code] = procedure
    return Catalogue(found.values())


def _haystack(procedure: Procedure) -> tuple[str, ...]:
    return (
        names.search_form(procedure.name),
        names.search_form(procedure.name_en),
        procedure.code,
        *procedure.supersedes,
        *(names.search_form(name) for name in procedure.also_called),
    )
