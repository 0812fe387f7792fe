"""A caller's document, prepared once and kept: parsed, limited, checked, compiled.

No message of a library leaves this room: they repeat what was sent, so each is said anew from the
rule that was broken and the place where it was.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator

import msgspec
from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql import FragmentDefinitionNode as Fragment

from auth.refusal import Refused
from resolvers.compiler import DEEPEST, SelectionTooLargeError, compile_operation
from resolvers.complaints import complaint
from resolvers.limits import check_roots, check_size
from resolvers.literals import PersonalLiterals
from resolvers.names import LOG_ROOTS, OWN_LOG, PERSONAL_ROOTS, ROLE_FIELDS
from resolvers.plan import Selection
from resolvers.refusals import refuse
from resolvers.scopes import check_policies

MOST_TOKENS = 2000
MOST_CHARACTERS = 15000
MOST_ERRORS = 5


class Operation(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One operation of a document that passed every check that needs no variables."""

    document: DocumentNode
    definition: OperationDefinitionNode
    name: str | None
    roots: tuple[Selection, ...]
    dossier: Selection | None
    """The one root that reads personal data: `dossier`, or `me`."""
    log: Selection | None = None
    """The one field that reads the access log: a root, or one of `me`."""
    paths: frozenset[str]
    """The role paths it reads, provenance left out."""
    digest: str
    """SHA-256 of the document as sent, and of the operation's name."""
    introspects: bool = False
    """Whether it reads the schema itself."""

    @property
    def is_own(self) -> bool:
        """Whether it reads the caller's own record, in place of a dossier."""
        return self.dossier is not None and self.dossier.name == "me"

    @property
    def reads_log_only(self) -> bool:
        """Whether no registry is asked: the access log is all that it reads."""
        return self.log is not None and (
            self.dossier is None or all(child.name == OWN_LOG for child in self.dossier.children)
        )

    def asks(self, name: str) -> tuple[Selection, ...]:
        """Give the fields *name* (person, prefill, …) of its dossier, under all aliases."""
        return tuple(c for c in self.dossier.children if c.name == name) if self.dossier else ()

    def find(self, keys: list[str | int]) -> Selection:
        """Give the selection at a response path."""
        level = self.roots
        found: Selection | None = None
        for key in keys:
            if isinstance(key, int):
                continue
            found = next(s for s in level if s.key == key)
            level = found.children
        if found is None:
            msg = "an empty response path selects nothing"
            raise LookupError(msg)
        return found


class Documents:
    """Prepared operations, the last *most* of them: a portal sends the same few all day."""

    def __init__(self, schema: GraphQLSchema, *, most: int = 1000, suggest: bool = True) -> None:
        self._schema = schema
        self._most = most
        self._suggest = suggest
        self._kept: OrderedDict[tuple[str, str | None], Operation] = OrderedDict()

    def prepare(self, text: str, name: str | None) -> Operation | tuple[Refused, ...]:
        """Prepare the operation *name* of *text*, or say what is wrong with it."""
        where = text, name
        if where in self._kept:
            self._kept.move_to_end(where)
            return self._kept[where]
        prepared = self._prepare(text, name)
        if isinstance(prepared, Operation):
            self._kept[where] = prepared
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return prepared

    def _prepare(self, text: str, name: str | None) -> Operation | tuple[Refused, ...]:
        document = _parse(text)
        if isinstance(document, Refused):
            return (document,)
        definition = _operation(document, name)
        if isinstance(definition, Refused):
            return (definition,)
        if refused := self._literals(document) or check_size(document):
            return (refused,)
        if refusals := tuple(self._invalid(document)):
            return refusals
        if self._schema.query_type is None:
            return (refuse("not-a-query"),)
        try:
            roots = compile_operation(
                self._schema, document, self._schema.query_type, definition.selection_set
            )
        except SelectionTooLargeError as large:
            return (refuse("document-too-large", what=large.what, limit=large.limit),)
        return self._operation(document, definition, roots, text, name)

    def _operation(
        self,
        document: DocumentNode,
        definition: OperationDefinitionNode,
        roots: tuple[Selection, ...],
        text: str,
        name: str | None,
    ) -> Operation | tuple[Refused, ...]:
        if refused := check_roots(roots) or check_policies(roots):
            return (refused,)
        dossiers = [root for root in roots if root.name in PERSONAL_ROOTS]
        if len(dossiers) > 1:
            return (refuse("two-dossiers"),)
        dossier = dossiers[0] if dossiers else None
        logs = [root for root in roots if root.name in LOG_ROOTS]
        if logs and dossier is not None:
            return (refuse("log-read-alone"),)
        logs += [c for c in dossier.children if c.name == OWN_LOG] if dossier else []
        if len(logs) > 1:
            return (refuse("log-read-alone"),)
        for child in dossier.children if dossier else ():
            if child.name in ROLE_FIELDS and child.role() is None:
                return (refuse("role-not-literal", field=child.key),)
        return Operation(
            document=document,
            definition=definition,
            name=definition.name.value if definition.name else None,
            roots=roots,
            dossier=dossier,
            log=logs[0] if logs else None,
            paths=frozenset(_paths(dossier)) if dossier else frozenset(),
            digest=hashlib.sha256(f"{name or ''}\n{text}".encode()).hexdigest(),
            introspects=_introspects(document, definition),
        )

    def _literals(self, document: DocumentNode) -> Refused | None:
        info = TypeInfo(self._schema)
        search = PersonalLiterals(info)
        visit(document, TypeInfoVisitor(info, search))
        if search.found is None:
            return None
        argument, line = search.found
        return refuse("personal-literal", argument=argument, line=line)

    def _invalid(self, document: DocumentNode) -> Iterator[Refused]:
        if not validate(self._schema, document, max_errors=1):
            return
        # Each error is said anew from its rule; one broken rule at a time is enough to go on.
        for rule in specified_rules:
            errors = self._errors(document, rule)
            for error in errors:
                line, column = _place(error)
                yield refuse(
                    "document-invalid",
                    broken=rule.__name__.removesuffix("Rule"),
                    line=line,
                    column=column,
                    detail=complaint(rule, error, self._schema, suggest=self._suggest),
                )
            if errors:
                return

    def _errors(self, document: DocumentNode, rule: type[ASTValidationRule]) -> list[GraphQLError]:
        return validate(self._schema, document, [rule], max_errors=MOST_ERRORS)[:MOST_ERRORS]


def _parse(text: str) -> DocumentNode | Refused:
    if len(text) > MOST_CHARACTERS:
        return refuse("document-too-large", what="ký tự (characters)", limit=MOST_CHARACTERS)
    try:
        return parse(text, max_tokens=MOST_TOKENS)
    except GraphQLSyntaxError as error:
        if "token" in error.message and str(MOST_TOKENS) in error.message:
            return refuse("document-too-large", what="từ tố (tokens)", limit=MOST_TOKENS)
        line, column = _place(error)
        return refuse("document-syntax", line=line, column=column)
    except RecursionError:
        return refuse("document-too-large", what="độ sâu (depth)", limit=DEEPEST)


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | Refused:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    named = [d for d in operations if name is None or (d.name and d.name.value == name)]
    if len(named) != 1:
        names = ", ".join(d.name.value if d.name else "(không tên)" for d in operations[:10])
        return refuse("operation-missing", names=names or "-")
    if named[0].operation is not OperationType.QUERY:
        return refuse("not-a-query")
    return named[0]


def _introspects(document: DocumentNode, definition: OperationDefinitionNode) -> bool:
    """Tell whether the operation reads the schema; only the root of a query can."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, Fragment)}
    waiting = [definition.selection_set]
    entered: set[str] = set()
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                if node.name.value in {"__schema", "__type"}:
                    return True
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in entered:
                entered.add(node.name.value)
                waiting.append(fragments[node.name.value].selection_set)
    return False


def _place(error: GraphQLError) -> tuple[int, int]:
    return (error.locations[0].line, error.locations[0].column) if error.locations else (1, 1)


def _paths(dossier: Selection) -> Iterator[str]:
    """Give the role paths that are read; provenance reads the record that it belongs to."""
    for child in dossier.children:
        for selection in child.walk():
            if selection.path and not selection.children:
                yield selection.said
