"""Reading a procedure document: validated against the schema, then checked against itself.

A document that is wrong is refused whole, with file, line and reason: half a grant is no grant.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    extend_schema,
    parse,
    validate,
    visit,
)

from resolvers.compiler import SelectionTooLargeError, compile_operation
from resolvers.literals import PersonalLiterals
from resolvers.names import ALWAYS_INSIDE, MINOR_CHILD, ROLE_FIELDS
from resolvers.plan import Selection
from resolvers.procedure import Component, ComponentSource, Evidence, FormField, Procedure, Role
from resolvers.procedure_checks import faults
from resolvers.procedure_draft import Draft, Note, draft

_LITERAL = re.compile(r"\b(String|BlockString|Int|Float) .*", re.DOTALL)


class ProcedureInvalidError(Exception):
    """A procedure document cannot be used: file, line and reason in words."""


def refuse(file: str, line: int, reason: str) -> NoReturn:
    """Refuse the document *file*. Raises ProcedureInvalidError."""
    msg = f"{file}, line {line}: {reason}"
    raise ProcedureInvalidError(msg) from None


def read_procedure(schema: GraphQLSchema, directives: str, file: Path) -> Procedure:
    """Read one document. Raises ProcedureInvalidError."""
    text = _text(file)
    document = _document(text, _annotated(schema, directives), file.name)
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) != 1:
        refuse(file.name, 1, "a procedure document holds exactly one operation")
    if schema.query_type is None:
        refuse(file.name, 1, "the schema has no query type")
    try:
        roots = compile_operation(schema, document, schema.query_type, operations[0].selection_set)
    except SelectionTooLargeError as error:
        refuse(file.name, 1, f"too large: at most {error.limit} {error.what}")
    if [root.name for root in roots] != ["dossier"]:
        refuse(file.name, 1, "a procedure document selects `dossier` and nothing else")
    written = draft(schema, operations[0].directives or (), roots[0])
    for fault in faults(written):
        refuse(file.name, fault.line, fault.reason)
    return _procedure(written, text, file.name)


def _text(file: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    refuse(file.name, line, "not UTF-8")


def _document(text: str, schema: GraphQLSchema, file: str) -> DocumentNode:
    """Parse *text*, and hold it against *schema*; a personal literal is found before it is said."""
    try:
        document = parse(text)
    except GraphQLError as error:
        line = error.locations[0].line if error.locations else 1
        told = _LITERAL.sub(r"\1.", error.message)
    else:
        info = TypeInfo(schema)
        search = PersonalLiterals(info)
        visit(document, TypeInfoVisitor(info, search))
        if search.found is not None:
            argument, line = search.found
            refuse(file, line, f"`{argument}` is personal: a document names nobody, use a variable")
        for wrong in validate(schema, document):
            refuse(file, wrong.locations[0].line if wrong.locations else 1, wrong.message)
        return document
    refuse(file, line, f"not a GraphQL document: {told}")


@lru_cache(maxsize=4)
def _annotated(schema: GraphQLSchema, directives: str) -> GraphQLSchema:
    return extend_schema(schema, parse(directives))


def _procedure(written: Draft, text: str, file: str) -> Procedure:
    """Read what passed the checks."""
    (head,) = written.all("procedure")
    code, supersedes = head.text("code"), head.words("supersedes")
    last = head.word("validUntil")
    selected = written.roles()
    return Procedure(
        code=code,
        name=head.text("name"),
        name_en=head.text("nameEn"),
        authority=head.text("authority"),
        valid_from=date.fromisoformat(head.text("validFrom")),
        valid_until=None if last is None else date.fromisoformat(last),
        supersedes=supersedes,
        also_called=head.words("alsoCalled"),
        parts={note.text("code"): note.text("agency") for note in written.all("part")},
        roles={
            note.text("name"): _role(note, selected[note.text("name")])
            for note in written.all("role")
        },
        components=tuple(_component(note) for note in written.all("component")),
        fields=tuple(_form_fields(written)),
        evidences=tuple(_evidences(written)),
        paths=frozenset(_granted(written.dossier)),
        lines={**dict.fromkeys(supersedes, head.at("supersedes")), code: head.at("code")},
        version=hashlib.sha256(text.encode()).hexdigest()[:16],
        text=text,
        file=file,
    )


def _role(note: Note, selection: Selection) -> Role:
    return Role(
        name=note.text("name"),
        label=note.text("label"),
        kind=ROLE_FIELDS[selection.name],
        required=note.flag("required", default=True),
        many=selection.name == "persons",
        may_be_declared=note.flag("mayBeDeclared", default=False),
        living=note.flag("living", default=True),
        minor_child_of=note.word(MINOR_CHILD),
        selection=selection,
    )


def _component(note: Note) -> Component:
    return Component(
        id=note.text("id"),
        name=note.text("name"),
        source=ComponentSource(note.word("source") or ComponentSource.DATA),
        part=note.word("part"),
        only_when=note.word("onlyWhen"),
    )


def _form_fields(written: Draft) -> Iterator[FormField]:
    for place, note in written.noted("formField"):
        yield FormField(
            key=note.text("key"),
            label=note.text("label"),
            role=place.role,
            part=note.word("part"),
            selection=place.selection,
            collects=place.below_list,
        )


def _evidences(written: Draft) -> Iterator[Evidence]:
    for place, note in written.noted("evidences"):
        yield Evidence(
            component=note.text("component"),
            role=place.role,
            selection=place.selection,
            holder_is=note.words("holderIs"),
            points_to=note.word("pointsTo"),
            max_age_days=note.number("maxAgeDays"),
        )


def _granted(dossier: Selection) -> Iterator[str]:
    """Give every path on the way to a selected leaf, provenance left out."""
    for selection in dossier.walk():
        if selection.path and ALWAYS_INSIDE.isdisjoint(selection.path.split("/")):
            yield selection.path
