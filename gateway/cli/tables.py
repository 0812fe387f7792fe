"""Answers as tables that read well at a counter: words first, the stable code beside them.

Pure: an answer goes in, what is to be printed comes out; nothing is cut off at any width.
"""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from gateway.cli.answers import (
    ClaimVerdict,
    Component,
    Conflict,
    Field,
    Notice,
    Office,
    Prefill,
    Procedure,
    Side,
    SourceReport,
    Verification,
)
from gateway.cli.days import day_of
from gateway.cli.grid import Row, Section, grid
from gateway.cli.phrases import phrase
from gateway.cli.terminal import clean
from gateway.cli.words import (
    COMPONENT_OUTCOMES,
    NORMALISATIONS,
    PREFILL_OUTCOMES,
    REGISTRIES,
    SEVERITIES,
    STATES,
    VERDICTS,
    VERIFICATION_OUTCOMES,
    Language,
    Words,
    word,
)


class Tables:
    """Lays out answers about one *procedure* in one language, *width* columns wide."""

    def __init__(self, procedure: Procedure, language: Language, width: int) -> None:
        self._width = width
        self._procedure = procedure
        self._language = language
        self._roles = {role.name: role.label for role in procedure.roles}
        self._labels = {field.key: field.label for field in procedure.fields}

    def prefill(self, found: Prefill, *, dry_run: bool = False) -> RenderableType:
        """Lay out a filled form."""
        parts = [self._title("prefill"), Text(), self._fields(found.fields)]
        if any(_day(field)[1] for field in found.fields):
            parts.append(Text(self._say("fetched-day"), style="dim"))
        parts += self._rest(found.components, found.notices)
        parts += [self._conflict(conflict) for conflict in found.conflicts]
        parts += [Text(), self._sources(found.sources, dry_run=dry_run)]
        if dry_run:
            return Group(*parts, Text(self._say("dry-run")))
        return Group(*parts, self._outcome(PREFILL_OUTCOMES, found.outcome))

    def verification(self, found: Verification) -> RenderableType:
        """Lay out verdicts; there is nothing of the record in them."""
        parts = [self._title("verify"), Text(), self._verdicts(found.verdicts)]
        parts += self._rest(found.components, found.notices)
        parts += [Text(), self._sources(found.sources)]
        return Group(*parts, self._outcome(VERIFICATION_OUTCOMES, found.outcome))

    def _title(self, what: str) -> RenderableType:
        english = self._language is Language.EN
        name = self._procedure.name_en if english else self._procedure.name
        return Text(f"{self._say(what)}: {self._procedure.code} {clean(name)}", style="bold")

    def _fields(self, fields: Sequence[Field]) -> RenderableType:
        sections = [
            (clean(self._roles.get(role, role)), [self._field(field) for field in own])
            for role, own in _by_role(fields).items()
        ]
        return self._table(["field", "value", "state", "source", "date"], sections)

    def _field(self, field: Field) -> Row:
        day, fetched = _day(field)
        return [
            clean(field.label),
            clean(field.display or ""),
            self._code(STATES, field.state),
            self._source(field),
            f"{day}*" if fetched else day,
        ]

    def _verdicts(self, verdicts: Sequence[ClaimVerdict]) -> RenderableType:
        rows = [self._claim(verdict) for verdict in verdicts]
        return self._table(["field", "verdict", "normalisation", "state", "source"], [("", rows)])

    def _claim(self, verdict: ClaimVerdict) -> Row:
        rules = (word(NORMALISATIONS, rule, self._language) for rule in verdict.normalisation)
        label = clean(self._labels.get(verdict.key, verdict.key))
        return [
            Text.assemble(label, "\n", (clean(verdict.key), "dim")),
            self._verdict(verdict),
            ", ".join(rules),
            self._code(STATES, verdict.state),
            self._source(verdict),
        ]

    def _verdict(self, verdict: ClaimVerdict) -> Text:
        cell = self._code(VERDICTS, verdict.verdict)
        if verdict.attempts_left is not None:
            cell.append(f"\n{self._say('attempts-left').format(verdict.attempts_left)}")
        if verdict.locked_until is not None:
            cell.append(f"\n{self._say('locked-until').format(clean(verdict.locked_until))}")
        return cell

    def _rest(
        self, components: Sequence[Component], notices: Sequence[Notice]
    ) -> list[RenderableType]:
        parts: list[RenderableType] = []
        if components:
            rows = [self._component(component) for component in components]
            parts += [Text(), self._table(["component", "outcome", "say"], [("", rows)])]
        if notices:
            parts += [Text(), *(self._notice(notice) for notice in notices)]
        return parts

    def _component(self, component: Component) -> Row:
        outcome = self._code(COMPONENT_OUTCOMES, component.outcome)
        for reason in component.because:
            outcome.append(f"\n{clean(reason.code)}", style="dim")
        return [clean(component.name), outcome, self._advice(component)]

    def _advice(self, component: Component) -> Text:
        advice = Text(clean(component.say))
        lines: list[str] = []
        if component.legal_ground:
            lines.append(f"{self._say('ground')}: {component.legal_ground}")
        if component.correct_at:
            lines.append(self._correct_at(component.correct_at))
        if component.retry_after is not None:
            lines.append(self._retry(component.retry_after))
        for line in lines:
            advice.append(f"\n{clean(line)}", style="dim")
        return advice

    def _notice(self, notice: Notice) -> RenderableType:
        head = f"{word(SEVERITIES, notice.severity, self._language)} {notice.severity}"
        text = Text.assemble("• ", (head, "bold"), ": ", clean(notice.text))
        if notice.role:
            text.append(f" [{clean(self._roles.get(notice.role, notice.role))}]")
        if notice.suggests:
            text.append(f" {self._say('suggests')} {clean(notice.suggests)}.")
        text.append(f" {clean(notice.code)}", style="dim")
        if notice.candidates:
            text.append(f"\n  {self._say('candidates')}:")
            for candidate in notice.candidates:
                text.append(f"\n  - {clean(_candidate(candidate))}")
        return text

    def _conflict(self, conflict: Conflict) -> RenderableType:
        head = f"{self._say('conflict')} {conflict.fact}"
        sides = "; ".join(self._side(side) for side in (conflict.left, conflict.right))
        role = clean(self._roles.get(conflict.role, conflict.role))
        text = Text.assemble("• ", (clean(head), "bold"), f" [{role}]: {sides}.")
        if conflict.correct_at:
            text.append(f" {clean(self._correct_at(conflict.correct_at))}.")
        text.append(f" {clean(conflict.code)}", style="dim")
        return text

    def _side(self, side: Side) -> str:
        registry = word(REGISTRIES, side.source.registry, self._language)
        return f"{registry}: {clean(side.display or self._say('not-shown'))}"

    def _correct_at(self, office: Office) -> str:
        parts = [office.authority, office.procedure, office.where]
        return f"{self._say('correct-at')}: {', '.join(part for part in parts if part)}"

    def _retry(self, seconds: int) -> str:
        return self._say("retry").format(seconds)

    def _sources(self, reports: Sequence[SourceReport], *, dry_run: bool = False) -> RenderableType:
        text = Text(f"{self._say('would-ask' if dry_run else 'sources')}: ", style="bold")
        for at, report in enumerate(reports):
            text.append("; " if at else "", style="not bold")
            text.append(word(REGISTRIES, report.registry, self._language), style="not bold")
            if dry_run:
                continue
            answered = report.state == "VALUE"
            state = (
                self._say("answered") if answered else word(STATES, report.state, self._language)
            )
            text.append(f" {state.lower()}", style="not bold")
            text.append(f" {report.state}", style="not bold dim")
            if report.retry_after is not None:
                text.append(f" ({self._retry(report.retry_after).lower()})", style="not bold")
        return text

    def _source(self, of: Field | ClaimVerdict) -> str:
        if of.source is None:
            return ""
        registry = word(REGISTRIES, of.source.registry, self._language)
        return f"{registry} ({self._say('stale')})" if of.source.stale else registry

    def _outcome(self, words: Words, code: str) -> RenderableType:
        said = word(words, code, self._language)
        return Text.assemble((f"{self._say('result')}: {said}", "bold"), (f" {code}", "dim"))

    def _code(self, words: Words, code: str) -> Text:
        return Text.assemble(word(words, code, self._language), " ", (clean(code), "dim"))

    def _table(self, headings: Sequence[str], sections: Sequence[Section]) -> RenderableType:
        return grid([self._say(heading) for heading in headings], sections, self._width)

    def _say(self, name: str) -> str:
        return phrase(name, self._language)


def _by_role(fields: Iterable[Field]) -> Mapping[str, list[Field]]:
    roles: dict[str, list[Field]] = {}
    for field in fields:
        roles.setdefault(field.role, []).append(field)
    return roles


def _day(field: Field) -> tuple[str, bool]:
    return day_of(field.source) if field.source else ("", False)


def _candidate(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part is not None)
    return str(value)
