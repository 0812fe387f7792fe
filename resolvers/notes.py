"""What the desk and the answer write into the access log for one request.

One place makes the entries, so that an intent, its outcome and a refusal of the same request agree
on who asked, for what and by which grant. Values of records never come here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from adapters.registry import RegistryName
from audit import entry
from audit.entry import Circumstances, Entry, Read, SourceNote
from audit.forms import code_or_withheld, reference_or_withheld
from audit.tags import Tagger
from auth.refusal import Refused
from resolvers.readings import Reading
from resolvers.results import SourceReport
from resolvers.subjects import tags_of


class Notes:
    """Makes the entries of one request."""

    def __init__(
        self,
        circumstances: Circumstances,
        tagger: Tagger,
        *,
        now: Callable[[], datetime],
        randomness: Callable[[int], bytes],
    ) -> None:
        self.circumstances = circumstances
        self._tagger = tagger
        self.now = now
        self._randomness = randomness

    def learn(self, **known: object) -> None:
        """Add what became known since (caller, purpose, decision) to all later entries."""
        self.circumstances = msgspec.structs.replace(self.circumstances, **known)

    def intent(self, wave: int, readings: Sequence[Reading]) -> Entry:
        """Say which reads of *wave* are about to start."""
        at = self.now()
        return entry.intent(
            self.circumstances,
            entry_id=self._entry_id(at),
            at=at,
            wave=wave,
            reads=self.reads(readings, at),
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
        reached: Iterable[tuple[RegistryName, Iterable[tuple[str, str]]]],
        cached: frozenset[RegistryName],
        waited: Mapping[RegistryName, int],
        answer_bytes: int,
        duration_ms: int,
        code: str | None = None,
    ) -> Entry:
        """Say what is about to leave."""
        at = self.now()
        return entry.outcome(
            self.circumstances,
            entry_id=self._entry_id(at),
            at=at,
            intents=intents,
            result=result,
            http_status=http_status,
            states={code_or_withheld(path): state for path, state in states.items()},
            components=components,
            reads=self._reached(reached, at),
            sources=[
                SourceNote(
                    registry=s.registry.value,
                    state=s.state.value,
                    upstream_request_ids=tuple(map(reference_or_withheld, s.upstream_request_ids)),
                    from_cache=s.registry in cached,
                    waited_ms=waited.get(s.registry, 0),
                )
                for s in sources
            ],
            answer_bytes=answer_bytes,
            duration_ms=duration_ms,
            code=code,
        )

    def _reached(
        self, reached: Iterable[tuple[RegistryName, Iterable[tuple[str, str]]]], at: datetime
    ) -> tuple[Read, ...]:
        """Name the other people whom the answers showed: household, kin, holders."""
        found: dict[RegistryName, dict[str, None]] = {}
        for registry, numbers in reached:
            tags = {self._tagger.tag(domain, value, at): None for domain, value in numbers}
            found.setdefault(registry, {}).update(tags)
        return tuple(
            Read(
                registry=registry.value,
                operation="Reached",
                subject_tags=tuple(tags),
                roles=(),
                fields=(),
            )
            for registry, tags in found.items()
            if tags
        )

    def denied(self, refused: Refused, http_status: int) -> Entry:
        """Say that the request was refused, and by which rule."""
        at = self.now()
        if refused.grant_version is not None:
            self.learn(grant_version=refused.grant_version)
        paths = refused.facts.get("paths", "")
        return entry.denied(
            self.circumstances,
            entry_id=self._entry_id(at),
            at=at,
            code=refused.code,
            rule=refused.rule,
            http_status=http_status,
            refused_paths=[code_or_withheld(p) for p in paths.split(", ") if p],
        )

    def barred(self, code: str, readings: Sequence[Reading]) -> Entry:
        """Say which readings were refused with *code*, while the request went on."""
        at = self.now()
        return entry.denied(
            self.circumstances,
            entry_id=self._entry_id(at),
            at=at,
            code=code,
            rule=code.lower().replace("_", "-"),
            http_status=200,
            reads=self.reads(readings, at),
        )

    def dry_run(self) -> Entry:
        """Say that the caller was told what would be asked, and nothing was."""
        at = self.now()
        return entry.dry_run(self.circumstances, entry_id=self._entry_id(at), at=at, reads=())

    def not_delivered(self, intents: Sequence[str], duration_ms: int, code: str) -> Entry:
        """Say that what was fetched reached nobody."""
        at = self.now()
        return entry.not_delivered(
            self.circumstances,
            entry_id=self._entry_id(at),
            at=at,
            intents=intents,
            duration_ms=duration_ms,
            code=code,
        )

    def reads(self, readings: Sequence[Reading], at: datetime) -> tuple[Read, ...]:
        """Put the readings of one registry and operation into one Read each."""
        grouped: dict[tuple[RegistryName, str], list[Reading]] = {}
        for reading in readings:
            operation = type(reading.key).__name__.removesuffix("Key")
            grouped.setdefault((reading.registry, operation), []).append(reading)
        return tuple(
            Read(
                registry=registry.value,
                operation=operation,
                subject_tags=_distinct(
                    tag for a in asked for tag in tags_of(a.key, self._tagger, at)
                ),
                roles=_distinct(code_or_withheld(a.role) for a in asked),
                fields=_distinct(code_or_withheld(f) for a in asked for f in a.fields),
            )
            for (registry, operation), asked in grouped.items()
        )

    def tag(self, domain: str, value: str) -> str:
        """Tag a number for this moment's entries."""
        return self._tagger.tag(domain, value, self.now())

    def _entry_id(self, at: datetime) -> str:
        return entry.uuid7(at, self._randomness(10))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
