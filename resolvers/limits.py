"""How large a document may be: enough for every screen of a portal, too small for an attack.

Counted before anything is executed, so that a hostile document costs nearly nothing.
"""

from collections import Counter
from collections.abc import Sequence

from graphql import (
    BREAK,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    SelectionSetNode,
    Visitor,
    visit,
)
from graphql.language.visitor import VisitorActionEnum

from auth.refusal import Refused
from resolvers.plan import Selection
from resolvers.refusals import refuse

MOST_ALIASES = 15
MOST_DIRECTIVES = 20
MOST_ROOTS = 10
MOST_SAME = 10
"""Times that one selection set may write the same field: validation compares each with each."""


class _Counter(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.aliases = 0
        self.directives = 0
        self.same = 0

    def enter_field(self, node: FieldNode, *_: object) -> VisitorActionEnum | None:
        self.aliases += node.alias is not None
        return BREAK if self.aliases > MOST_ALIASES else None

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> VisitorActionEnum | None:
        names = Counter(s.name.value for s in node.selections if isinstance(s, FieldNode))
        self.same = max(self.same, max(names.values(), default=0))
        return BREAK if self.same > MOST_SAME else None

    def enter_directive(self, _node: DirectiveNode, *_: object) -> VisitorActionEnum | None:
        self.directives += 1
        return BREAK if self.directives > MOST_DIRECTIVES else None


def check_size(document: DocumentNode) -> Refused | None:
    """Refuse a document with too many aliases or directives; it need not be valid."""
    counter = _Counter()
    visit(document, counter)
    if counter.aliases > MOST_ALIASES:
        return refuse("document-too-large", what="bí danh (aliases)", limit=MOST_ALIASES)
    if counter.directives > MOST_DIRECTIVES:
        return refuse("document-too-large", what="chỉ thị (directives)", limit=MOST_DIRECTIVES)
    if counter.same > MOST_SAME:
        return refuse("document-too-large", what="trường lặp (repeated fields)", limit=MOST_SAME)
    return None


def check_roots(roots: Sequence[Selection]) -> Refused | None:
    """Refuse an operation with too many root fields; introspection is not counted."""
    if len(roots) > MOST_ROOTS:
        return refuse("document-too-large", what="trường gốc (root fields)", limit=MOST_ROOTS)
    return None
