"""The order of one operation, from the text of a document to the bytes of its answer.

prepare   parse, limit, check, compile (kept)
decide    variables, purpose, grant, role paths, subjects: all before any registry is asked
execute   waves of reads through the desk
answer    states, errors, the outcome in the log, and only then the bytes
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
import strawberry
from graphql import ExecutionResult, execute
from graphql.execution.values import VariableValues, get_variable_values

from adapters.registry import Errand as RegistryErrand
from adapters.registry import Registry, RegistryName
from audit.entry import Circumstances
from audit.forms import code_or_withheld, reference_or_withheld
from audit.log import AccessLog, AccessLogUnavailable
from audit.tags import Tagger
from auth.caller import Caller
from auth.grants import Grants
from auth.paths import refuse_paths
from auth.policy import Granted, check_subjects, decide
from auth.refusal import Refused
from auth.refusal import refuse as refuse_by_policy
from resolvers import answers
from resolvers.answers import Answer, Reply
from resolvers.arguments import arguments_of, check_arguments, scopes_of
from resolvers.catalogue import Catalogue
from resolvers.coercion import check_variables
from resolvers.desk import Desk, Reads
from resolvers.documents import Documents, Operation
from resolvers.edges import Loader
from resolvers.forms import Form
from resolvers.notes import Notes
from resolvers.nulls import as_extension, complete_states
from resolvers.preflight import check, numbers_of
from resolvers.procedure import Procedure
from resolvers.purposes import learn_grant, learn_purpose, purpose_of, terms_of
from resolvers.refusals import refuse
from resolvers.schema import graphql_schema
from resolvers.texts import check_purpose
from resolvers.undelivered import Undelivered
from resolvers.visit import Errand, Public, Visit


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One GraphQL request, as the front received it."""

    document: str
    operation_name: str | None
    variables: Mapping[str, object]
    to: Reply


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """An operation that may be executed."""

    operation: Operation
    variables: Mapping[str, object]
    granted: Granted | None = None
    procedure: Procedure | None = None


class Graph:
    """Answers operations. Made once, at start; it holds nothing that changes with a request."""

    def __init__(
        self,
        *,
        schema: strawberry.Schema,
        catalogue: Catalogue,
        forms: Mapping[str, Form],
        registries: Mapping[RegistryName, Registry],
        grants: Callable[[], Grants],
        log: AccessLog,
        tagger: Tagger,
        now: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        deadline_s: float,
        suggest: bool,
    ) -> None:
        self._schema = graphql_schema(schema)
        self._documents = Documents(self._schema, suggest=suggest)
        self._catalogue = catalogue
        self._forms = forms
        self._registries = registries
        self._grants = grants
        self._log = log
        self._undelivered = Undelivered(log)
        self._tagger = tagger
        self._now = now
        self._randomness = randomness
        self._deadline_s = deadline_s

    def notes(self, request_id: str) -> Notes:
        """Begin the notes of one request."""
        return Notes(
            Circumstances(request_id=request_id),
            self._tagger,
            now=self._now,
            randomness=self._randomness,
        )

    async def answer(self, asked: Asked, caller: Caller) -> Answer:
        """Answer one operation; the log knows of it before the answer exists."""
        started = time.monotonic()
        notes = self.notes(asked.to.request_id)
        notes.learn(
            consumer_id=code_or_withheld(caller.consumer_id),
            token_id=reference_or_withheld(caller.token_id),
        )
        ready = await self._decided(asked, caller, notes)
        if not isinstance(ready, Ready):
            return await self.refuse(ready, notes, asked.to)
        visit = self._visit(ready, asked, caller, notes, started)
        if ready.granted is None:
            return self._plain(await self._execute(ready, asked, visit), asked)
        concluded = False
        try:
            result = await self._execute(ready, asked, visit)
            answer = await self._conclude(result, visit, notes, asked, started)
            concluded = True
        finally:
            # The caller went away, or we failed: either way nobody got what was fetched.
            if not concluded:
                await asyncio.shield(self._give_up(visit, notes, started))
            await visit.errand.desk.close()
        return answer

    async def close(self) -> None:
        """Say of the last answers that nobody got them, while the log is still open."""
        await self._undelivered.settle()

    async def refuse(self, refused: tuple[Refused, ...], notes: Notes, to: Reply) -> Answer:
        """Log a refusal, then say it. A log that cannot write takes the refusal's place."""
        answer = answers.refusal(refused, to)
        try:
            await self._undelivered.append([notes.denied(refused[0], answer.status)])
        except AccessLogUnavailable:
            return answers.refusal((refuse("access-log-unavailable"),), to)
        return answer

    async def _decided(
        self, asked: Asked, caller: Caller, notes: Notes
    ) -> Ready | tuple[Refused, ...]:
        """Decide; a failure of ours is an entry as any other refusal is."""
        decided = False
        try:
            ready = self._decide(asked, caller, notes)
            decided = True
        finally:
            if not decided:
                await self.refuse((refuse("internal"),), notes, asked.to)
        return ready

    def _decide(self, asked: Asked, caller: Caller, notes: Notes) -> Ready | tuple[Refused, ...]:
        """Decide everything that can be decided before a registry is asked."""
        operation = self._documents.prepare(asked.document, asked.operation_name)
        if not isinstance(operation, Operation):
            return operation
        notes.learn(
            document_hash=operation.digest,
            operation_name=code_or_withheld(operation.name) if operation.name else None,
        )
        definitions = operation.definition.variable_definitions or ()
        if wrong := check_variables(self._schema, definitions, asked.variables):
            return wrong
        variables = get_variable_values(self._schema, definitions, dict(asked.variables))
        if not isinstance(variables, VariableValues):
            return (refuse("internal"),)
        if wrong := check_arguments(self._schema, operation, variables.coerced):
            return wrong
        if operation.dossier is None:
            return Ready(operation=operation, variables=variables.coerced)
        return self._decide_dossier(operation, variables, caller, notes)

    def _decide_dossier(
        self, operation: Operation, variables: VariableValues, caller: Caller, notes: Notes
    ) -> Ready | tuple[Refused, ...]:
        purpose, fields = arguments_of(self._schema, operation, variables)
        ask = purpose_of(purpose, self._catalogue)
        learn_purpose(notes, ask)
        scopes = scopes_of(operation)
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
        if outside := refuse_paths(operation.paths, procedure.paths):
            return (outside,)
        if wrong := check_purpose(purpose) or check(fields, procedure, self._forms):
            return wrong
        if another := check_subjects(caller, numbers_of(fields)):
            return (another,)
        coerced = variables.coerced
        return Ready(operation=operation, variables=coerced, granted=granted, procedure=procedure)

    def _visit(
        self, ready: Ready, asked: Asked, caller: Caller, notes: Notes, started: float
    ) -> Visit:
        errand = None
        if ready.granted is not None and ready.procedure is not None:
            reads = Reads(
                registries=self._registries,
                log=self._log,
                notes=notes,
                errand=RegistryErrand(
                    procedure=ready.granted.procedure,
                    officer_id=ready.granted.officer_id,
                    agency=ready.granted.receiving_agency,
                    request_id=asked.to.request_id,
                    deadline=started + self._deadline_s,
                    scope=_cache_scope(notes.circumstances),
                ),
                granted=ready.procedure.paths,
            )
            desk = Desk(reads)
            errand = Errand(
                procedure=ready.procedure, granted=ready.granted, desk=desk, loader=Loader(desk)
            )
        return Visit(
            operation=ready.operation,
            variables=ready.variables,
            caller=caller,
            public=Public(
                catalogue=self._catalogue,
                grants=self._grants(),
                forms=self._forms,
                registries=tuple(self._registries),
            ),
            errand=errand,
            language=asked.to.language,
            now=self._now,
        )

    async def _execute(self, ready: Ready, asked: Asked, visit: Visit) -> ExecutionResult:
        result = execute(
            self._schema,
            ready.operation.document,
            context_value=visit,
            variable_values=dict(asked.variables),
            operation_name=ready.operation.name,
        )
        return result if isinstance(result, ExecutionResult) else await result

    async def _conclude(
        self, result: ExecutionResult, visit: Visit, notes: Notes, asked: Asked, started: float
    ) -> Answer:
        """Put the outcome on disk, then give the bytes it speaks of."""
        if failed := answers.failure(result):
            await self._give_up(visit, notes, started)
            return answers.refusal((failed,), asked.to)
        complete_states(visit, result.data)
        answer = answers.answered(result, as_extension(visit.states), asked.to)
        entry = (
            notes.dry_run()
            if visit.rehearsed and not visit.errand.desk.intents
            else answers.outcome(notes, visit, answer, started)
        )
        try:
            await self._undelivered.append([entry])
        except AccessLogUnavailable:
            # It may yet turn up in the log, as if the answer had left.
            await self._give_up(visit, notes, started)
            return answers.refusal((refuse("access-log-unavailable"),), asked.to)
        return answer

    async def _give_up(self, visit: Visit, notes: Notes, started: float) -> None:
        """Say that what was fetched reached nobody; the intents alone already say it was asked."""
        intents = tuple(visit.errand.desk.intents)
        if intents:
            took = round((time.monotonic() - started) * 1000)
            await self._undelivered.say(lambda: notes.not_delivered(intents, took, "INTERNAL"))

    def _plain(self, result: ExecutionResult, asked: Asked) -> Answer:
        if failed := answers.failure(result):
            return answers.refusal((failed,), asked.to)
        return answers.answered(result, {}, asked.to)


def _cache_scope(known: Circumstances) -> str:
    """Name whose cached answers may be used: this consumer's, for this dossier."""
    return f"{known.consumer_id}/{known.dossier_tag or known.draft_tag}"
