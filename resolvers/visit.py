"""One request while it is being answered: the context that every resolver sees."""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

import msgspec
from graphql import GraphQLError
from graphql.pyutils import Path

from adapters.registry import RegistryName
from auth.attempts import Tries
from auth.caller import Caller
from auth.dossiers import Binding
from auth.grants import Grants
from auth.policy import Granted
from auth.purpose import VIETNAM, ActingFor
from resolvers import inputs
from resolvers.catalogue import Catalogue
from resolvers.claims import Cost, numbers_by_role
from resolvers.concerned import Concern
from resolvers.conditions import Keys, executed
from resolvers.desk import Desk
from resolvers.documents import Operation
from resolvers.edges import Ask, Loader
from resolvers.enums import FieldState, Verdict
from resolvers.forms import Form
from resolvers.log.reading import LogReading
from resolvers.names import REGISTRY_OF
from resolvers.plan import Selection
from resolvers.prefill import gather, rehearse, supplied_by, tell, wanted_by
from resolvers.procedure import Procedure
from resolvers.restricted import Resolver, Restriction, around
from resolvers.results import Prefill, Verification
from resolvers.returned import returned
from resolvers.seals import Seals
from resolvers.sentences import of_answer
from resolvers.sources import waits
from resolvers.states import RETRYABLE, WITHOUT_ERROR, Blank, Incomplete, Locked, state_of
from resolvers.verify import judge, needed

Where = tuple[str | int, ...]


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a visit that reads personal data: for which procedure, under which grant."""

    procedure: Procedure
    granted: Granted
    acting_for: ActingFor | None = None
    desk: Desk
    loader: Loader
    tries: Tries
    binding: Binding | None
    seals: Seals


class Public(msgspec.Struct, frozen=True, kw_only=True):
    """What a visit may read without a purpose: the catalogue, the registries, the own grants."""

    catalogue: Catalogue
    grants: Grants
    forms: Mapping[str, Form]
    registries: Sequence[RegistryName]
    withdrawn: Callable[[str, str, str, date], str | None]
    """As resolvers.admission.Withdrawn."""


class Visit:
    """The context of one operation. *errand* is there when the operation has a dossier."""

    def __init__(
        self,
        *,
        operation: Operation,
        variables: Mapping[str, object],
        caller: Caller,
        public: Public,
        errand: Errand | None,
        log: LogReading | None = None,
        language: str,
        now: Callable[[], datetime],
    ) -> None:
        self.operation = operation
        self._variables = variables
        self.caller = caller
        self.public = public
        self._errand = errand
        self.log = log
        self.language = language
        self._now = now
        self.states: dict[Where, FieldState] = {}
        """By response path: the state of every null that crossed to a registry."""
        self.records: dict[Where, tuple[Selection, object]] = {}
        self.blanks: dict[Where, Selection] = {}
        """The edges that gave no record, or a list without one; their states are in *states*."""
        self.noted: dict[str, FieldState] = {}
        """By role path: what the outcome says became of it; a value that left outweighs all."""
        self.verdicts: dict[str, Verdict] = {}
        """By role path: the clearest verdict that was given on it."""
        self.components: dict[str, str] = {}
        self.returned: list[Concern] = []
        """Whom verdicts are about that rest on a seal: nobody was asked about them."""
        self.rehearsed = False
        self.restricted: dict[Where, Selection] = {}
        """The fields that the executor came to, and the grant does not give."""

    @property
    def errand(self) -> Errand:
        """The errand; only fields below `dossier` ask for it."""
        if self._errand is None:
            msg = "a field below the dossier was reached without an errand"
            raise LookupError(msg)
        return self._errand

    @cached_property
    def executed(self) -> frozenset[Keys]:
        """The response paths of the dossier that `@skip` and `@include` leave in."""
        return executed(self.operation, self._variables)

    @property
    def only_rehearsed(self) -> bool:
        """Whether nothing was told but what would be asked."""
        return self.rehearsed and not self.errand.desk.intents and not self.verdicts

    def note(self, path: str, state: FieldState) -> None:
        """Remember for the outcome entry what became of a role path, met several times or once."""
        known = self.noted.get(path)
        if known is None or _weight(state) > _weight(known):
            self.noted[path] = state

    def withholding(self, restriction: Restriction | None) -> list[Resolver] | None:
        """Give the executor's middleware that answers null what the grant does not give."""
        return None if restriction is None else [around(restriction, self.language, self._restrict)]

    def _restrict(self, selection: Selection, path: Path) -> None:
        self.restricted[tuple(path.as_list())] = selection

    async def read_log(self) -> object:
        """Read the access log as was decided; only the fields that read it come here."""
        if self.log is None:
            msg = "a field of the access log was reached without a reading"
            raise LookupError(msg)
        return await self.log.show()

    def today(self) -> date:
        """Give the day in UTC+7, on which procedures and grants are decided."""
        return self._now().astimezone(VIETNAM).date()

    def edge(
        self, type_name: str, name: str, parent: object, args: Mapping[str, object], path: Path
    ) -> object:
        """Ask the loader at once (so that siblings travel together), deliver when it answers."""
        where = tuple(path.as_list())
        selection = self.operation.find(list(where))
        ask = Ask(parent=parent, args=args, selection=selection)
        return self._deliver(selection, self.errand.loader.load(type_name, name, ask), where)

    async def _deliver(
        self, selection: Selection, future: asyncio.Future[object], where: Where
    ) -> object:
        answer = await future
        if isinstance(answer, list | tuple):
            if isinstance(answer, Incomplete):
                self.states[where] = answer.state
            elif not answer:
                self.states[where] = FieldState.NOT_RECORDED
            if not answer:
                self.blanks[where] = selection
            return [self._shown(selection, item, (*where, i)) for i, item in enumerate(answer)]
        shown = self._shown(selection, answer, where)
        if isinstance(shown, GraphQLError):
            raise shown
        return shown

    def _shown(self, selection: Selection, answer: object, where: Where) -> object:
        """Give the record, or null with its state; an error stands in place where it must."""
        state = state_of(answer, proof=selection.at_dossier())
        if state is FieldState.VALUE:
            self.records[where] = selection, answer
            return answer
        self.states[where] = state
        self.blanks[where] = selection
        if state in WITHOUT_ERROR:
            return None
        code = answer.code if isinstance(answer, Blank) else state.value
        registry = REGISTRY_OF[selection.type_name, selection.name]
        return GraphQLError(
            of_answer(answer, state, self.language),
            extensions={
                "code": code,
                "origin": _origin(state, code),
                "registry": registry.value,
                "retryable": state in RETRYABLE,
                "retryAfter": self._wait(answer, registry),
            },
        )

    def _wait(self, answer: object, registry: RegistryName) -> int | None:
        """Give the seconds after which the same question may be answered, when that is known."""
        if isinstance(answer, Locked):
            return max(1, math.ceil((answer.until - self._now()).total_seconds()))
        return waits(self.errand.desk.replies).get(registry)

    async def prefill(
        self,
        subjects: Sequence[inputs.SubjectInput],
        only: Sequence[str] | None,
        form: str | None,
        *,
        dry_run: bool,
    ) -> Prefill:
        """Fill the procedure's form for *subjects*; preflight has checked them."""
        procedure = self.errand.procedure
        if dry_run:
            self.rehearsed = True
            return rehearse(procedure, [str(s.role) for s in subjects], only)
        wanted = wanted_by(procedure, only)
        gathered = await gather(
            self.errand.desk, procedure, subjects, wanted, self.today(), self.errand.acting_for
        )
        told = tell(
            procedure,
            gathered,
            self.errand.desk,
            only=only,
            form=self.public.forms[form].keys if form else None,
            today=self.today(),
            language=self.language,
        )
        paths = {f.key: f.selection.path for f in procedure.fields}
        for field in told.fields:
            # Of a list whose part did not come, the other part leaves.
            state = field.state if field.value is None else FieldState.VALUE
            self.note(paths[field.key], state)
        self.components.update((c.id, c.outcome.value) for c in told.components)
        if any(s.name == "sealed" for f in self.operation.asks("prefill") for s in f.walk()):
            sealed = self.errand.seals.put_on(told.fields, numbers_by_role(subjects))
            told = msgspec.structs.replace(told, fields=sealed)
        return told

    async def verify(
        self, subjects: Sequence[inputs.SubjectInput], claims: Sequence[inputs.ClaimInput]
    ) -> Verification:
        """Judge *claims* on the records of *subjects*; preflight has checked both."""
        errand, procedure = self.errand, self.errand.procedure
        back = await returned(errand.seals, errand.desk, procedure, subjects, claims, self.language)
        compared = back.to_compare
        gathered = await gather(
            errand.desk,
            procedure,
            subjects,
            needed(procedure, compared, supplied_by(subjects)),
            self.today(),
            errand.acting_for,
        )
        judged = judge(
            procedure,
            gathered,
            errand.desk,
            compared,
            today=self.today(),
            language=self.language,
        )
        cost = Cost(
            procedure, errand.tries, numbers_by_role(subjects), errand.desk.locked, self._now()
        )
        judged = back.joined(await cost.charge(judged, compared), self.language)
        self.returned.extend(back.concerns(procedure, subjects))
        paths = {(f.role, f.key): f.selection.path for f in procedure.fields}
        for v in judged.verdicts:
            path = paths[v.role, v.key]
            self.verdicts[path] = min(v.verdict, self.verdicts.get(path, v.verdict), key=_CLEAREST)
        self.components.update((c.id, c.outcome.value) for c in judged.components)
        return judged


_CLEAREST = list(Verdict).index


def _weight(state: FieldState) -> int:
    """Rank states: a value, then what became of an asked field, then that it was not asked."""
    if state is FieldState.VALUE:
        return 2
    return 0 if state in {FieldState.NOT_ASKED, FieldState.NOT_APPLICABLE} else 1


def _origin(state: FieldState, code: str) -> str:
    if code == "OWNER_CONSENT_REQUIRED" or state is FieldState.RESTRICTED:
        return "POLICY"
    if state in {FieldState.SOURCE_DOWN, FieldState.SOURCE_MAINTENANCE}:
        return "NETWORK"
    if state is FieldState.SOURCE_NOT_CONNECTED:
        return "GATEWAY"
    return "REGISTRY"
