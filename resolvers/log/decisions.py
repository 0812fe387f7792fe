"""May the caller read the access log, and what does the operation ask of it.

An auditor needs a scope and a case; a citizen needs to be there. Both are told before anything is
looked up, and a refusal is an entry as any other.
"""

import base64
from collections.abc import Callable
from functools import cache

import msgspec
from graphql import GraphQLObjectType, GraphQLSchema
from graphql.execution.values import VariableValues

from audit.tags import TagDomain
from auth.auditor import check_auditor, may_unmask
from auth.caller import Caller
from auth.profile import Profile
from auth.refusal import Refused
from resolvers.arguments import given_of
from resolvers.documents import Operation
from resolvers.log.questions import Given, LogAsk, own_of, search_of, statistics_of
from resolvers.notes import Notes
from resolvers.plan import Selection
from resolvers.purposes import learn_actor

Decided = LogAsk | tuple[Refused, ...]


def decide_log(
    schema: GraphQLSchema,
    operation: Operation,
    variables: VariableValues,
    caller: Caller,
    notes: Notes,
    profile: Profile,
) -> Decided | None:
    """Decide about what an operation reads of the log; None where it reads nothing of it.

    Below `me` only the arguments are read here: whether there is a citizen is decided with the rest
    of `me`.
    """
    if operation.log is None:
        return None
    given = _given(schema, operation.log, variables)
    if operation.is_own:
        own = None if caller.subject is None else own_of(given, caller.subject)
        if isinstance(own, LogAsk):
            # The rest of `me` says of itself whom a refusal is about.
            about = [own.concern()]
            return msgspec.structs.replace(own, unread=lambda: notes.would_ask(lambda: about))
        return own
    learn_actor(notes, caller)
    is_search = operation.log.name == "accessLog"
    ask = search_of(given, unmasked=may_unmask(caller)) if is_search else statistics_of(given)
    if isinstance(ask, LogAsk):
        # Whom somebody wanted to look up who may not is told of it, too.
        notes.would_ask(lambda: [ask.concern()])
    if refused := check_auditor(caller, profile, operation.log.name):
        return (refused,)
    if isinstance(ask, LogAsk) and ask.case_number is not None:
        notes.confide(case=ask.case_number, decision=ask.case_decision)
        return msgspec.structs.replace(ask, mark=_marks(notes, ask.case_number))
    return ask


def _marks(notes: Notes, case: str) -> Callable[[str], str]:
    """Make what marks numbers for the readers of one *case*, this month.

    No case's number has two lines, so no case is tagged as a mark is made.
    """

    @cache
    def mark(number: str) -> str:
        tag = notes.tag(TagDomain.CASE, f"{case}\n{number}")
        return base64.urlsafe_b64decode(tag[:4]).hex()

    return mark


def _given(schema: GraphQLSchema, log: Selection, variables: VariableValues) -> Given:
    parent = schema.type_map[log.type_name]
    return given_of(parent, log, variables) if isinstance(parent, GraphQLObjectType) else {}
