"""What can be decided of an operation from its text, its variables, and the caller's grant alone.

Checks go from the cheapest and least telling to the dearest (docs/decisions/0011); none of them
waits for anything. What only all replicas together know comes after (admission.py).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from graphql import GraphQLSchema
from graphql.execution.values import VariableValues, get_variable_values
from msgspec.structs import replace

from audit.forms import code_or_withheld
from auth.caller import Caller
from auth.citizen import Asked as Child
from auth.citizen import check_citizen, unproven
from auth.developer import refuse_introspection
from auth.grants import Grants
from auth.policy import Granted, decide
from auth.profile import Profile
from auth.purpose import VIETNAM, Ask
from auth.refusal import Refused
from auth.refusal import refuse as refuse_by_policy
from resolvers.answers import Reply
from resolvers.arguments import arguments_of, check_arguments
from resolvers.catalogue import Catalogue
from resolvers.citizens import OWN_ASK, asked_of, own_arguments, own_key
from resolvers.coercion import check_variables
from resolvers.concerned import refused_about
from resolvers.documents import Documents, Operation
from resolvers.forms import Form
from resolvers.guard import Guard, refuse_form
from resolvers.log.decisions import decide_log
from resolvers.log.questions import LogAsk
from resolvers.notes import Notes
from resolvers.parties import Subject, subjects_of
from resolvers.preflight import Arguments, check
from resolvers.procedure import Procedure
from resolvers.purposes import learn_actor, learn_grant, learn_purpose, purpose_of, terms_of
from resolvers.refusals import refuse
from resolvers.restricted import Restriction
from resolvers.scopes import check_developer, scopes_of
from resolvers.texts import check_purpose


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One GraphQL request, as the front received it."""

    document: str
    operation_name: str | None
    variables: Mapping[str, object]
    to: Reply


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """What allows an operation to read personal data: for which purpose, about whom."""

    ask: Ask
    granted: Granted
    procedure: Procedure
    subjects: tuple[Subject, ...]
    children: tuple[Child, ...] = ()
    """Whom the citizen's household must still confirm, before they are asked about."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """An operation that may be executed; without a *licence* it reads nobody's data."""

    operation: Operation
    variables: Mapping[str, object]
    licence: Licence | None = None
    log: LogAsk | None = None
    """What of the access log it reads."""
    restriction: Restriction | None = None
    """What of it is answered null, because the grant does not give it."""


class Decisions:
    """Decides operations. Made once, at start; it holds nothing that changes with a request."""

    def __init__(
        self,
        schema: GraphQLSchema,
        documents: Documents,
        catalogue: Catalogue,
        forms: Mapping[str, Form],
        grants: Callable[[], Grants],
        now: Callable[[], datetime],
        profile: Profile,
    ) -> None:
        self._schema = schema
        self._documents = documents
        self._catalogue = catalogue
        self._forms = forms
        self._grants = grants
        self._now = now
        self._profile = profile
        self._guard = Guard()

    def decide(self, asked: Asked, caller: Caller, notes: Notes) -> Ready | tuple[Refused, ...]:
        """Decide everything that can be decided before a registry is asked."""
        operation = self._documents.prepare(asked.document, asked.operation_name)
        if not isinstance(operation, Operation):
            return operation
        notes.learn(
            document_hash=operation.digest,
            operation_name=code_or_withheld(operation.name) if operation.name else None,
        )
        if operation.introspects and (hidden := refuse_introspection(caller, self._profile)):
            return (hidden,)
        definitions = operation.definition.variable_definitions or ()
        if wrong := check_variables(self._schema, definitions, asked.variables):
            return wrong
        variables = get_variable_values(self._schema, definitions, dict(asked.variables))
        if not isinstance(variables, VariableValues):
            return (refuse("internal"),)
        if wrong := check_arguments(self._schema, operation, variables.coerced):
            return wrong
        log = decide_log(self._schema, operation, variables, caller, notes, self._profile)
        if isinstance(log, tuple):
            return log
        if operation.dossier is None:
            return Ready(operation=operation, variables=variables.coerced, log=log)
        decided = self._decide_dossier(operation, variables, caller, notes)
        return replace(decided, log=log) if isinstance(decided, Ready) else decided

    def _decide_dossier(
        self, operation: Operation, variables: VariableValues, caller: Caller, notes: Notes
    ) -> Ready | tuple[Refused, ...]:
        purpose: Mapping[str, object] = {}
        fields: Sequence[Arguments]
        if operation.is_own:
            fields, ask = own_arguments(caller), OWN_ASK
        else:
            purpose, fields = arguments_of(self._schema, operation, variables)
            ask = purpose_of(purpose, self._catalogue)
        learn_purpose(notes, ask)
        learn_actor(notes, caller, ask)
        notes.would_ask(lambda: refused_about(subjects_of(fields), operation.paths))
        own = operation.is_own
        if nobody := check_developer(caller, self._profile, fields, own=own):
            return (nobody,)
        scopes = scopes_of(operation.dossier)
        granted = decide(
            caller,
            self._grants(),
            terms_of(ask, self._catalogue),
            ask,
            needed_scope=scopes[0],
            now=self._now(),
        )
        if isinstance(granted, Refused):
            return (granted,)
        learn_grant(notes, granted)
        if lacking := [scope for scope in scopes if scope not in granted.scopes]:
            return (refuse_by_policy("scope-missing", scope=lacking[0]),)
        procedure = self._catalogue.serving(granted.procedure)
        if procedure is None:
            return (refuse_by_policy("procedure-unknown", procedure=granted.procedure),)
        guarded = self._guard.decide(operation, procedure, granted)
        if isinstance(guarded, Refused):
            return (guarded,)
        procedure = guarded.procedure
        if wrong := (
            refuse_form(procedure, fields, granted.ungranted)
            or check_purpose(purpose)
            or check(fields, procedure, self._forms)
        ):
            return wrong
        children = self._children(operation, caller, fields, procedure)
        if isinstance(children, Refused):
            return (children,)
        licence = Licence(
            ask=ask,
            granted=granted,
            procedure=procedure,
            subjects=subjects_of(fields),
            children=children,
        )
        return Ready(
            operation=guarded.operation,
            variables=variables.coerced,
            licence=licence,
            restriction=guarded.restriction,
        )

    def _children(
        self,
        operation: Operation,
        caller: Caller,
        fields: Sequence[Arguments],
        procedure: Procedure,
    ) -> Refused | tuple[Child, ...]:
        """Hold a citizen's token to its citizen and, once confirmed, to minor children."""
        today = self._now().astimezone(VIETNAM).date()
        children = check_citizen(caller, asked_of(fields, procedure, today))
        if isinstance(children, Refused):
            return children
        # Who only asks who has looked needs no proof for a registry.
        needs_proof = (operation.is_own and not operation.reads_log_only) or bool(children)
        return unproven(caller) if needs_proof and own_key(caller) is None else children
