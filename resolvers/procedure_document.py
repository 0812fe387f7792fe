"""Reading a procedure document: validated against the schema, then checked against itself.

A document that is wrong is refused whole, with file, line and reason: half a grant is no grant.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    extend_schema,
    parse,
    validate,
    value_from_ast_untyped,
)

from adapters.identifiers import check_national_procedure_code
from resolvers.names import ALWAYS_INSIDE, ROLE_FIELDS, SENSITIVE_FIELDS
from resolvers.plan import Selection, compile_operation
from resolvers.procedure import Component, ComponentSource, Evidence, FormField, Procedure, Role


class ProcedureInvalidError(Exception):
    """A procedure document cannot be used: file, line and reason in words."""


Arguments = Mapping[str, object]


def read_procedure(schema: GraphQLSchema, directives: str, file: Path) -> Procedure:
    """Read one document. Raises ProcedureInvalidError."""
    text = file.read_text(encoding="utf-8")
    try:
        document = parse(text)
    except GraphQLError as error:
        line = error.locations[0].line if error.locations else 1
        _refuse(file, line, f"not a GraphQL document: {error.message}")
    for wrong in validate(_annotated(schema, directives), document):
        _refuse(file, wrong.locations[0].line if wrong.locations else 1, wrong.message)
    return _Reader(schema, file, text, document).procedure()


@lru_cache(maxsize=4)
def _annotated(schema: GraphQLSchema, directives: str) -> GraphQLSchema:
    return extend_schema(schema, parse(directives))


def _refuse(file: Path, line: int, reason: str) -> NoReturn:
    msg = f"{file.name}, line {line}: {reason}"
    raise ProcedureInvalidError(msg)


class _Reader:
    """Reads one validated document; each method reads one kind of annotation."""

    def __init__(
        self, schema: GraphQLSchema, file: Path, text: str, document: DocumentNode
    ) -> None:
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        if len(operations) != 1:
            _refuse(file, 1, "a procedure document holds exactly one operation")
        self._file = file
        self._text = text
        self._operation = operations[0]
        if schema.query_type is None:
            _refuse(file, 1, "the schema has no query type")
        roots = compile_operation(
            schema, document, schema.query_type, self._operation.selection_set
        )
        if [root.name for root in roots] != ["dossier"]:
            _refuse(file, 1, "a procedure document selects `dossier` and nothing else")
        self._dossier = roots[0]

    def procedure(self) -> Procedure:
        """Put the parts together and check that they fit."""
        head = self._one("procedure")
        code = str(head["code"])
        if reason := check_national_procedure_code(code):
            self._stop(1, f"@procedure(code:) is not a national code ({reason})")
        roles = self._roles()
        components = tuple(self._component(c, roles) for c in self._all("component"))
        ids = {c.id for c in components}
        selections = {name: tuple(role.selection.walk()) for name, role in roles.items()}
        self._check_sensitive(selections)
        return Procedure(
            code=code,
            name=str(head["name"]),
            name_en=str(head["nameEn"]),
            authority=str(head["authority"]),
            valid_from=self._day(head["validFrom"]),
            valid_until=self._day(head["validUntil"]) if head.get("validUntil") else None,
            supersedes=_texts(head.get("supersedes")),
            also_called=_texts(head.get("alsoCalled")),
            parts={str(p["code"]): str(p["agency"]) for p in self._all("part")},
            roles=roles,
            components=components,
            fields=tuple(self._form_fields(selections)),
            evidences=tuple(self._evidences(selections, ids, roles)),
            paths=frozenset(_granted(self._dossier)),
            version=hashlib.sha256(self._text.encode()).hexdigest()[:16],
            text=self._text,
            file=self._file.name,
        )

    def _roles(self) -> dict[str, Role]:
        selected: dict[str, Selection] = {}
        for child in self._dossier.children:
            name = child.role()
            if name is None:
                if child.name != "nameCheck":
                    self._stop(child.line, f"`{child.name}` needs a role written as a literal")
                continue
            if name in selected:
                self._stop(child.line, f"the role `{name}` is selected twice")
            selected[name] = child
        declared = {str(d["name"]): d for d in self._all("role")}
        for name in declared.keys() ^ selected.keys():
            self._stop(1, f"the role `{name}` must be both declared by @role and selected")
        return {
            name: Role(
                name=name,
                label=str(d["label"]),
                kind=ROLE_FIELDS[selected[name].name],
                required=bool(d.get("required", True)),
                many=selected[name].name == "persons",
                may_be_declared=bool(d.get("mayBeDeclared", False)),
                selection=selected[name],
            )
            for name, d in declared.items()
        }

    def _component(self, given: Arguments, roles: Mapping[str, Role]) -> Component:
        only_when = given.get("onlyWhen")
        if only_when is not None and only_when not in roles:
            self._stop(1, f"@component(onlyWhen:) names no role: `{only_when}`")
        return Component(
            id=str(given["id"]),
            name=str(given["name"]),
            source=ComponentSource(str(given.get("source", "DATA"))),
            part=_text(given.get("part")),
            only_when=_text(only_when),
        )

    def _form_fields(self, selections: Mapping[str, tuple[Selection, ...]]) -> Iterator[FormField]:
        seen: set[str] = set()
        for role, selection, given in _annotations(selections, "formField"):
            key = str(given["key"])
            if selection.children:
                self._stop(selection.line, "@formField stands on a value, not on an object")
            if key in seen:
                self._stop(selection.line, f"the form field `{key}` is filled twice")
            seen.add(key)
            yield FormField(
                key=key,
                label=str(given["label"]),
                role=role,
                part=_text(given.get("part")),
                selection=selection,
            )

    def _evidences(
        self,
        selections: Mapping[str, tuple[Selection, ...]],
        components: set[str],
        roles: Mapping[str, Role],
    ) -> Iterator[Evidence]:
        for role, selection, given in _annotations(selections, "evidences"):
            evidence = Evidence(
                component=str(given["component"]),
                role=role,
                selection=selection,
                holder_is=_texts(given.get("holderIs")),
                points_to=_text(given.get("pointsTo")),
                max_age_days=_number(given.get("maxAgeDays")),
            )
            if evidence.component not in components:
                self._stop(selection.line, f"@evidences names no component: `{evidence.component}`")
            for named in (*evidence.holder_is, *filter(None, [evidence.points_to])):
                if named not in roles:
                    self._stop(selection.line, f"@evidences names no role: `{named}`")
            yield evidence

    def _check_sensitive(self, selections: Mapping[str, tuple[Selection, ...]]) -> None:
        for found in selections.values():
            for selection in found:
                coordinate = f"{selection.type_name}.{selection.name}"
                marked = any(d.name.value == "sensitive" for d in selection.directives)
                if coordinate in SENSITIVE_FIELDS and not marked:
                    self._stop(
                        selection.line,
                        f"`{coordinate}` is sensitive: name the form and article that ask for it"
                        " with @sensitive(ground:)",
                    )

    def _day(self, value: object) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self._stop(1, "@procedure(validFrom:, validUntil:) take dates such as 2025-07-01")

    def _all(self, name: str) -> list[Arguments]:
        return [_given(d) for d in self._operation.directives or () if d.name.value == name]

    def _one(self, name: str) -> Arguments:
        found = self._all(name)
        if len(found) != 1:
            self._stop(1, f"exactly one @{name} is needed")
        return found[0]

    def _stop(self, line: int, reason: str) -> NoReturn:
        _refuse(self._file, line, reason)


def _annotations(
    selections: Mapping[str, tuple[Selection, ...]], name: str
) -> Iterator[tuple[str, Selection, Arguments]]:
    for role, found in selections.items():
        for selection in found:
            for directive in selection.directives:
                if directive.name.value == name:
                    yield role, selection, _given(directive)


def _granted(dossier: Selection) -> Iterator[str]:
    """Give every path on the way to a selected leaf, provenance left out."""
    for selection in dossier.walk():
        if selection.path and ALWAYS_INSIDE.isdisjoint(selection.path.split("/")):
            yield selection.path


def _given(directive: DirectiveNode) -> Arguments:
    return {a.name.value: value_from_ast_untyped(a.value) for a in directive.arguments or ()}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list | tuple) else ()


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int) else None
