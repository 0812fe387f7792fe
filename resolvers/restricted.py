"""Fields outside a grant that answers null: no resolver of theirs is ever called.

GraphQL's executor asks us before each field; for a restricted one it gets the error RESTRICTED in
place of a resolver, and puts the null where the type allows it, item by item in a list.
"""

from collections.abc import Callable, Sequence

import msgspec
from graphql import GraphQLError, GraphQLResolveInfo
from graphql.pyutils import Path

from resolvers.enums import FieldState
from resolvers.names import REGISTRY_OF
from resolvers.plan import Selection
from resolvers.sentences import of_state


class Restriction(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What of an operation is answered null."""

    asked: tuple[Selection, ...]
    """The selections of the operation as it was sent."""
    selections: frozenset[Selection]
    """Those of *asked* that are restricted, with all below them."""

    def at(self, path: Path) -> Selection | None:
        """Give the restricted selection at a response path; None where there is more to see.

        Raises LookupError for a path that the guard never saw: nothing passes by it unseen.
        """
        met = _met(self.asked, path)
        if not met:
            msg = "a field is executed that the guard did not decide about"
            raise LookupError(msg)
        return met[0] if self.selections.issuperset(met) else None


def _met(asked: Sequence[Selection], path: Path) -> Sequence[Selection]:
    """Give the selections that a response path stands for: several, where type conditions meet."""
    if path.prev is None:
        level = asked
    else:
        above = _met(asked, path.prev)
        if isinstance(path.key, int):
            return above
        level = [child for selection in above for child in selection.children]
    return [s for s in level if s.key == path.key and s.applies_to(path.typename or "")]


Resolver = Callable[..., object]
Met = Callable[[Selection, Path], None]
"""Called with every restricted field that the executor came to."""


def around(restriction: Restriction, language: str, met: Met) -> Resolver:
    """Give the function that graphql-core calls around every resolver of one request."""

    def resolve(
        following: Resolver, root: object, info: GraphQLResolveInfo[object], **arguments: object
    ) -> object:
        of_schema = info.field_name.startswith("__") or info.parent_type.name.startswith("__")
        selection = None if of_schema else restriction.at(info.path)
        if selection is None:
            return following(root, info, **arguments)
        met(selection, info.path)
        raise _error(selection, language)

    return resolve


def _error(selection: Selection, language: str) -> GraphQLError:
    code = FieldState.RESTRICTED.value
    registry = REGISTRY_OF.get((selection.type_name, selection.name))
    return GraphQLError(
        of_state(code, language),
        extensions={
            "code": code,
            "origin": "POLICY",
            "registry": registry.value if registry else None,
            "retryable": False,
            "retryAfter": None,
        },
    )
