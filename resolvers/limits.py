"""How large a document may be: enough for every screen of a portal, too small for an attack.

Counted before anything is executed, so that a hostile document costs nearly nothing.
"""

from collections.abc import Sequence

from graphql import BREAK, DirectiveNode, DocumentNode, FieldNode, Visitor, visit
from graphql.language.visitor import VisitorActionEnum

from auth.refusal import Refused
from resolvers.plan import Selection
from resolvers.refusals import refuse

MOST_ALIASES = 30
MOST_DIRECTIVES = 20
MOST_ROOTS = 10
DEEPEST = 12


class _Counter(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.aliases = 0
        self.directives = 0

    def enter_field(self, node: FieldNode, *_: object) -> VisitorActionEnum | None:
        self.aliases += node.alias is not None
        return BREAK if self.aliases > MOST_ALIASES else None

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
    return None


def check_depth(roots: Sequence[Selection]) -> Refused | None:
    """Refuse an operation that goes too deep or too wide; introspection is not counted."""
    if len(roots) > MOST_ROOTS:
        return refuse("document-too-large", what="trường gốc (root fields)", limit=MOST_ROOTS)
    if any(_depth(root) > DEEPEST for root in roots):
        return refuse("document-too-large", what="độ sâu (depth)", limit=DEEPEST)
    return None


def _depth(selection: Selection) -> int:
    return 1 + max((_depth(child) for child in selection.children), default=0)
