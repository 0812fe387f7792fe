"""The order of one operation, from the text of a document to the bytes of its answer.

prepare   parse, limit, check, compile (kept)
decide    variables, purpose, grant, role paths, subjects: all before any registry is asked
admit     attestation, quota, dossier: what all replicas share
execute   waves of reads through the desk
answer    states, errors, the outcome in the log, and only then the bytes
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

import strawberry
from graphql import ExecutionResult, execute

from adapters.registry import Registry, RegistryName
from audit.circumstances import Circumstances
from audit.detail import Details
from audit.entry import Entry
from audit.forms import code_or_withheld, reference_or_withheld
from audit.log import AccessLog, AccessLogUnavailable
from audit.months import MonthKeys
from audit.receipts import Receipts
from audit.tags import Tagger
from auth.caller import Caller
from auth.grants import Grants
from auth.profile import Profile
from auth.refusal import Refused
from resolvers import answers, binding
from resolvers.admission import Admission, Admitted
from resolvers.answers import Answer, Reply, Written
from resolvers.catalogue import Catalogue
from resolvers.decisions import Asked, Decisions, Ready
from resolvers.documents import Documents
from resolvers.errands import Errands
from resolvers.forms import Form
from resolvers.log.reading import LogReading, Readers
from resolvers.log.words import FieldWords
from resolvers.minors import confirm
from resolvers.notes import Notes
from resolvers.nulls import as_extension, complete_states
from resolvers.refusals import refuse
from resolvers.schema import graphql_schema
from resolvers.undelivered import Undelivered
from resolvers.visit import Public, Visit

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
        receipts: Receipts,
        now: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        admission: Admission,
        deadline_s: float,
        profile: Profile,
        readers: Readers | None = None,
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
        self._undelivered = Undelivered(log)
        self._months = months
        self._receipts = receipts
        self._tagger = Tagger(months)
        self._details = Details(months, randomness)
        self._now = now
        self._randomness = randomness
        self._admission = admission
        self._errands = Errands(
            registries=registries, log=log, months=months, now=now, deadline_s=deadline_s
        )
        self._readers = readers
        self._words = FieldWords(self._schema, catalogue)

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
        if ready.log is not None and self._readers is None:
            return await self.refuse((refuse("access-log-not-read-here"),), notes, asked.to)
        admitted: Admitted | None = None
        if ready.licence is not None:
            entered = await self._admission.admit(caller, ready.licence)
            if isinstance(entered, Refused):
                return await self.refuse((entered,), notes, asked.to)
            admitted = entered
        visit = self._visit(ready, admitted, asked, caller, notes, started)
        if admitted is None:
            result = await self._execute(ready, asked, visit)
            return await self._plain(result, visit, notes, asked, started)
        told = False
        try:
            concluded: Answer | Refused
            refused = await self._unconfirmed(ready, visit)
            if refused is None:
                result = await self._execute(ready, asked, visit)
                concluded = await self._conclude(result, visit, notes, asked, started)
                told = isinstance(concluded, Answer) and concluded.refused is None
        finally:
            # Refused, failed, or the caller went away: nobody gets what was fetched.
            if not told:
                await self._undelivered.surely(self._give_up(visit, notes, started))
        # The last entry of a request says what became of it.
        if refused is not None:
            return await self.refuse((refused,), notes, asked.to)
        if isinstance(concluded, Refused):
            return await self._failed(concluded, visit, notes, asked)
        return concluded

    async def close(self) -> None:
        """Say of the last answers that nobody got them, while the log is still open."""
        await self._undelivered.close()

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
        to, errand, log = asked.to, None, None
        if ready.licence is not None and admitted is not None:
            errand = self._errands.of(ready.licence, admitted, notes, to.request_id, started)
        if ready.log is not None and self._readers is not None:
            log = LogReading(ready.log, self._readers, self._catalogue, self._words, to.language)
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
            log=log,
            language=to.language,
            now=self._now,
        )

    async def _unconfirmed(self, ready: Ready, visit: Visit) -> Refused | None:
        """Refuse a citizen the children whom the own household does not list, before asking."""
        children = ready.licence.children if ready.licence else ()
        return await confirm(visit.errand.desk, visit.caller, children, visit.today())

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
    ) -> Answer | Refused:
        """Put the outcome on disk, then give the bytes it speaks of; or what has failed."""
        # What were still read behind the outcome would be in none.
        await visit.errand.desk.close()
        if failed := answers.failure(result):
            return failed
        complete_states(visit, result.data)
        await binding.settle(visit)
        written = answers.answered(result, as_extension(visit.states), asked.to)
        entries = self._readings(visit, notes, written, started)
        if visit.only_rehearsed:
            entries = [notes.dry_run()]
        elif not visit.operation.reads_log_only:
            # The answer's own entry comes first: it is the one that the receipt names.
            outcome = answers.outcome(notes, visit, written, started, self._months)
            entries = [outcome, *entries]
        return await self._stored(entries, written, asked.to)

    def _readings(
        self, visit: Visit, notes: Notes, written: Written, started: float
    ) -> list[Entry]:
        """Make the entry about what was read of the log itself, if anything was."""
        if visit.log is None:
            return []
        return visit.log.entries(notes, written.data, written.errors, self._months, started)

    async def _stored(self, entries: list[Entry], written: Written, to: Reply) -> Answer:
        """Put *entries* on disk, then send what they speak of; where that fails, no data."""
        if not entries:
            return written.sent()
        try:
            first, *_ = await self._undelivered.append(entries)
        except AccessLogUnavailable:
            return answers.refusal((refuse("access-log-unavailable"),), to)
        return self._receipted(written, entries[0], first)

    async def _failed(self, failed: Refused, visit: Visit, notes: Notes, asked: Asked) -> Answer:
        """Say what failed; a reading of the log leaves an entry also when it did."""
        if visit.log is not None:
            return await self.refuse((failed,), notes, asked.to)
        return answers.refusal((failed,), asked.to)

    def _receipted(self, written: Written, entry: Entry, stored: bytes) -> Answer:
        """Send *written* with the receipt of its *entry*, which the log has *stored*.

        For every answer with an entry of its own: OUTCOME, DRY_RUN, AUDIT_READ. Entry and receipt
        say the same `answer_hmac`, where the entry has one.
        """
        return written.sent(self._receipts.sign(entry, stored))

    async def _give_up(self, visit: Visit, notes: Notes, started: float) -> None:
        """Say that what was fetched reached nobody; the intents alone already say it was asked.

        An outcome that was not surely stored may yet turn up, as if the answer had left.
        """
        await visit.errand.desk.close()
        intents = tuple(visit.errand.desk.intents)
        if intents:
            took = round((time.monotonic() - started) * 1000)
            await self._undelivered.say(lambda: notes.not_delivered(intents, took, "INTERNAL"))
        await binding.let_all_go(visit.errand.binding)

    async def _plain(
        self, result: ExecutionResult, visit: Visit, notes: Notes, asked: Asked, started: float
    ) -> Answer:
        """Answer what asks no registry: only a reading of the log has an entry, and a receipt."""
        if failed := answers.failure(result):
            return await self._failed(failed, visit, notes, asked)
        written = answers.answered(result, {}, asked.to)
        entries = self._readings(visit, notes, written, started)
        return await self._stored(entries, written, asked.to)
