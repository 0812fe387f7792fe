"""The order of one operation, from the text of a document to the bytes of its answer.

prepare   parse, limit, check, compile (kept)
decide    variables, purpose, grant, role paths, subjects: all before any registry is asked
admit     attestation, quota, dossier: what all replicas share
execute   waves of reads through the desk
answer    states, errors, the outcome in the log, and only then the bytes
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import strawberry
from graphql import ExecutionResult, execute

from adapters.registry import Errand as RegistryErrand
from adapters.registry import Registry, RegistryName
from audit.circumstances import Circumstances
from audit.detail import Details
from audit.forms import code_or_withheld, reference_or_withheld
from audit.log import AccessLog, AccessLogUnavailable
from audit.months import MonthKeys
from audit.tags import Tagger
from auth.caller import Caller
from auth.grants import Grants
from auth.profile import Profile
from auth.refusal import Refused
from resolvers import answers, binding
from resolvers.admission import Admission, Admitted
from resolvers.answers import Answer, Reply
from resolvers.catalogue import Catalogue
from resolvers.decisions import Asked, Decisions, Ready
from resolvers.desk import Desk, Reads
from resolvers.documents import Documents
from resolvers.edges import Loader
from resolvers.forms import Form
from resolvers.lookups import Lookups
from resolvers.minors import confirm, confirming
from resolvers.notes import Notes
from resolvers.nulls import as_extension, complete_states
from resolvers.refusals import refuse
from resolvers.schema import graphql_schema
from resolvers.undelivered import Undelivered
from resolvers.visit import Errand, Public, Visit

__all__ = ["Asked", "Graph"]


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
        months: MonthKeys,
        now: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        admission: Admission,
        deadline_s: float,
        profile: Profile,
    ) -> None:
        self._schema = graphql_schema(schema)
        self._decisions = Decisions(
            self._schema,
            Documents(self._schema, suggest=profile is Profile.SANDBOX),
            catalogue,
            forms,
            grants,
            now,
            profile,
        )
        self._catalogue = catalogue
        self._forms = forms
        self._registries = registries
        self._grants = grants
        self._log = log
        self._undelivered = Undelivered(log)
        self._tagger = Tagger(months)
        self._details = Details(months, randomness)
        self._now = now
        self._randomness = randomness
        self._admission = admission
        self._deadline_s = deadline_s

    def notes(self, request_id: str) -> Notes:
        """Begin the notes of one request."""
        return Notes(
            Circumstances(request_id=request_id),
            self._tagger,
            self._details,
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
        admitted: Admitted | None = None
        if ready.licence is not None:
            entered = await self._admission.admit(caller, ready.licence)
            if isinstance(entered, Refused):
                return await self.refuse((entered,), notes, asked.to)
            admitted = entered
        visit = self._visit(ready, admitted, asked, caller, notes, started)
        if admitted is None:
            return self._plain(await self._execute(ready, asked, visit), asked)
        concluded = False
        try:
            answer = await self._unconfirmed(ready, visit, notes, asked, started)
            if answer is None:
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
            ready = self._decisions.decide(asked, caller, notes)
            decided = True
        finally:
            if not decided:
                await self.refuse((refuse("internal"),), notes, asked.to)
        return ready

    def _visit(
        self,
        ready: Ready,
        admitted: Admitted | None,
        asked: Asked,
        caller: Caller,
        notes: Notes,
        started: float,
    ) -> Visit:
        errand = None
        if ready.licence is not None and admitted is not None:
            granted, procedure = ready.licence.granted, ready.licence.procedure
            reads = Reads(
                registries=self._registries,
                log=self._log,
                notes=notes,
                errand=RegistryErrand(
                    procedure=granted.procedure,
                    officer_id=granted.officer_id,
                    agency=granted.receiving_agency,
                    request_id=asked.to.request_id,
                    deadline=started + self._deadline_s,
                    scope=_cache_scope(notes.circumstances),
                ),
                granted=procedure.paths
                | (confirming(procedure) if ready.licence.children else frozenset()),
                lookups=Lookups(admitted.tries, admitted.withheld, self._now),
            )
            desk = Desk(reads)
            errand = Errand(
                procedure=procedure,
                granted=granted,
                acting_for=ready.licence.ask.acting_for,
                desk=desk,
                loader=Loader(desk),
                tries=admitted.tries,
                binding=admitted.binding,
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
                withdrawn=self._admission.withdrawn,
            ),
            errand=errand,
            language=asked.to.language,
            now=self._now,
        )

    async def _unconfirmed(
        self, ready: Ready, visit: Visit, notes: Notes, asked: Asked, started: float
    ) -> Answer | None:
        """Refuse a citizen the children whom the own household does not list, before asking."""
        children = ready.licence.children if ready.licence else ()
        refused = await confirm(visit.errand.desk, visit.caller, children, visit.today())
        if refused is None:
            return None
        await self._give_up(visit, notes, started)
        return await self.refuse((refused,), notes, asked.to)

    async def _execute(self, ready: Ready, asked: Asked, visit: Visit) -> ExecutionResult:
        result = execute(
            self._schema,
            ready.operation.document,
            context_value=visit,
            variable_values=dict(asked.variables),
            operation_name=ready.operation.name,
            middleware=visit.withholding(ready.restriction),
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
        await binding.settle(visit)
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
        await binding.let_all_go(visit.errand.binding)
        intents = tuple(visit.errand.desk.intents)
        if intents:
            took = round((time.monotonic() - started) * 1000)
            await self._undelivered.say(lambda: notes.not_delivered(intents, took, "INTERNAL"))

    def _plain(self, result: ExecutionResult, asked: Asked) -> Answer:
        if failed := answers.failure(result):
            return answers.refusal((failed,), asked.to)
        return answers.answered(result, {}, asked.to)


def _cache_scope(known: Circumstances) -> str:
    """Name whose cached answers may be used: this consumer's, for this dossier or citizen."""
    return f"{known.consumer_id}/{known.dossier_tag or known.draft_tag or known.token_id}"
