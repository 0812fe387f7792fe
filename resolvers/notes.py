"""What the desk and the answer write into the access log for one request.

One place makes the entries, so that an intent, its outcome and a refusal of the same request agree
on who asked, for what and by which grant. Values of records never come here; the numbers behind the
tags go into each entry's detail, for its own key only.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from adapters.registry import RegistryName
from audit import making
from audit.circumstances import Circumstances
from audit.detail import Detail, Details
from audit.entry import Action, Entry, Read, SourceNote, Subject, uuid7
from audit.forms import amended, code_or_withheld, codes_or_withheld, reference_or_withheld
from audit.tags import TagDomain, Tagger
from auth.refusal import Refused
from resolvers.concerned import Concern, Concerned, asked_about
from resolvers.readings import Reading
from resolvers.results import SourceReport
from resolvers.subjects import Number


class Notes:
    """Makes the entries of one request."""

    def __init__(
        self,
        circumstances: Circumstances,
        tagger: Tagger,
        details: Details,
        *,
        now: Callable[[], datetime],
        randomness: Callable[[int], bytes],
    ) -> None:
        self._draft = making.draft(circumstances)
        self._detail = Detail()
        self._refused_about: Callable[[], Sequence[Concern]] = tuple
        self._subjects: dict[tuple[Concerned, int], Subject] = {}
        self._tags: dict[tuple[Number, int], str] = {}
        self._tagger = tagger
        self._details = details
        self.now = now
        self._randomness = randomness

    @property
    def circumstances(self) -> Circumstances:
        """What is known by now, and all later entries say alike."""
        return self._draft

    def learn(self, **known: object) -> None:
        """Add what became known since (caller, purpose, decision) to all later entries."""
        self._draft = amended(self._draft, known)

    def confide(self, **known: str | None) -> None:
        """Add what only the key of an entry may open: numbers of persons, and free text."""
        self._detail = msgspec.structs.replace(self._detail, **known)

    def would_ask(self, about: Callable[[], Sequence[Concern]]) -> None:
        """Let a refusal say whom the request was *about*; only then that is worked out."""
        self._refused_about = about

    def intent(self, wave: int, readings: Sequence[Reading]) -> Entry:
        """Say which reads of *wave* are about to start."""
        at = self.now()
        entry_id = self._entry_id(at)
        asked = asked_about(readings)
        return making.intent(
            self._draft,
            entry_id=entry_id,
            at=at,
            wave=wave,
            reads=self._tagged(asked, at),
            detail=self._sealed(entry_id, at, asked),
        )

    def outcome(
        self,
        *,
        intents: Sequence[str],
        result: str,
        http_status: int,
        states: Mapping[str, str],
        components: Mapping[str, str],
        sources: Sequence[SourceReport],
        reached: Sequence[Concern],
        cached: frozenset[RegistryName],
        waited: Mapping[RegistryName, int],
        answer_bytes: int,
        answer_hmac: Callable[[datetime], str],
        duration_ms: int,
        code: str | None = None,
    ) -> Entry:
        """Say what is about to leave; *answer_hmac* hashes it for the moment of the entry."""
        at = self.now()
        entry_id = self._entry_id(at)
        return making.outcome(
            self._draft,
            entry_id=entry_id,
            at=at,
            intents=intents,
            result=result,
            http_status=http_status,
            states=dict(zip(codes_or_withheld(tuple(states)), states.values(), strict=True)),
            components=components,
            reads=self._tagged(reached, at),
            sources=[
                SourceNote(
                    registry=str(s.registry),
                    state=str(s.state),
                    upstream_request_ids=tuple(map(reference_or_withheld, s.upstream_request_ids)),
                    from_cache=s.registry in cached,
                    waited_ms=waited.get(s.registry, 0),
                )
                for s in sources
            ],
            answer_bytes=answer_bytes,
            answer_hmac=answer_hmac(at),
            duration_ms=duration_ms,
            code=code,
            detail=self._sealed(entry_id, at, reached),
        )

    def denied(self, refused: Refused, http_status: int) -> Entry:
        """Say that the request was refused, and by which rule."""
        at = self.now()
        if refused.grant_version is not None:
            self.learn(grant_version=refused.grant_version)
        paths = refused.facts.get("paths", "")
        entry_id = self._entry_id(at)
        about = self._refused_about()
        return making.denied(
            self._draft,
            entry_id=entry_id,
            at=at,
            code=refused.code,
            rule=refused.rule,
            http_status=http_status,
            reads=self._tagged(about, at),
            refused_paths=[code_or_withheld(p) for p in paths.split(", ") if p],
            detail=self._sealed(entry_id, at, about),
        )

    def barred(self, code: str, readings: Sequence[Reading]) -> Entry:
        """Say which readings were refused with *code*, while the request went on."""
        at = self.now()
        entry_id = self._entry_id(at)
        asked = asked_about(readings)
        return making.denied(
            self._draft,
            entry_id=entry_id,
            at=at,
            code=code,
            rule=code.lower().replace("_", "-"),
            http_status=200,
            reads=self._tagged(asked, at),
            detail=self._sealed(entry_id, at, asked),
        )

    def audit_read(
        self,
        action: Action,
        read: Concern,
        *,
        found: int,
        http_status: int,
        answer_bytes: int,
        answer_hmac: Callable[[datetime], str],
        duration_ms: int,
        case_ground: str | None = None,
        case_number: str | None = None,
    ) -> Entry:
        """Say that the log itself is about to be shown; *read*: by which filters, about whom."""
        at = self.now()
        entry_id = self._entry_id(at)
        case = None if case_number is None else self._tagger.tag(TagDomain.CASE, case_number, at)
        return making.audit_read(
            self._draft,
            entry_id=entry_id,
            at=at,
            action=action,
            reads=self._tagged([read], at),
            found=found,
            http_status=http_status,
            answer_bytes=answer_bytes,
            answer_hmac=answer_hmac(at),
            duration_ms=duration_ms,
            case_ground=case_ground,
            case_tag=case,
            detail=self._sealed(entry_id, at, [read]),
        )

    def dry_run(self) -> Entry:
        """Say that the caller was told what would be asked, and nothing was."""
        at = self.now()
        return making.dry_run(self._draft, entry_id=self._entry_id(at), at=at, reads=())

    def not_delivered(self, intents: Sequence[str], duration_ms: int, code: str) -> Entry:
        """Say that what was fetched reached nobody."""
        at = self.now()
        return making.not_delivered(
            self._draft,
            entry_id=self._entry_id(at),
            at=at,
            intents=intents,
            duration_ms=duration_ms,
            code=code,
        )

    def tag(self, domain: str, value: str) -> str:
        """Tag a number for this moment's entries."""
        return self._tagger.tag(domain, value, self.now())

    def _tagged(self, asked: Sequence[Concern], at: datetime) -> tuple[Read, ...]:
        return tuple(
            [
                Read(
                    registry=each.registry,
                    operation=each.operation,
                    subjects=tuple([self._subject(person, at) for person in each.persons]),
                    fields=codes_or_withheld(each.fields),
                )
                for each in asked
            ]
        )

    def _subject(self, person: Concerned, at: datetime) -> Subject:
        """Tag a person once a request and month, however many registries are asked."""
        known = self._subjects.get((person, at.month))
        if known is None:
            known = self._subjects[person, at.month] = Subject(
                tags=tuple([self._tag(number, at) for number in person.numbers]),
                roles=codes_or_withheld(person.roles),
            )
        return known

    def _tag(self, number: Number, at: datetime) -> str:
        known = self._tags.get((number, at.month))
        if known is None:
            known = self._tags[number, at.month] = self._tagger.tag(*number, at)
        return known

    def _sealed(self, entry_id: str, at: datetime, asked: Sequence[Concern] = ()) -> bytes | None:
        subjects = tuple([person.numbers for each in asked for person in each.persons])
        detail = msgspec.structs.replace(self._detail, subjects=subjects)
        return self._details.seal(entry_id, at, detail)

    def _entry_id(self, at: datetime) -> str:
        return uuid7(at, self._randomness(10))
