"""What the access log counts, without personal data: answers and dossiers by month and agency.

Counted in the database, within the months that are asked about; no entry and no tag leaves it.
An agency is the finest that is told: no unit, no officer.
Small counts stay hidden: see audit/reading/hiding.py.
A dossier is counted once in each month: its tag is another one in the next.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import ColumnElement, Subquery, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.entry import EntryKind
from audit.months import begin_of, name_of, number_of
from audit.reading.asking import asked
from audit.reading.hiding import Counts, Told, hide
from audit.reading.lines import names_registry
from audit.stores.engine import open_engine
from audit.stores.schema import ENTRY, microseconds


class StatisticsQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be counted; months are written `2026-11`, by UTC, and both are counted."""

    since_month: str
    until_month: str
    procedure: str | None = None
    agency: str | None = None
    """The receiving one."""
    registry: str | None = None
    """Its rows only, without those over all registries."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """One row: what one agency answered in one procedure in one month."""

    month: str
    agency: str | None
    procedure: str | None
    registry: str | None
    """Only answers for which it was asked; None: all answers, whatever was asked."""
    told: Told


_Group = tuple[str, str | None, str | None]
"""Month, agency, procedure."""
_NONE = (0, 0)


class Statistics:
    """Counts in the log at *url*."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)

    async def aclose(self) -> None:
        """Give back connections."""
        await self._engine.dispose()

    async def count(self, question: StatisticsQuestion) -> list[Counted]:
        """Count the answers asked about, the newest month first; raises LogUnreadable."""
        if number_of(question.until_month) < number_of(question.since_month):
            return []
        answers = _answers(question)
        async with asked(self._engine) as connection:
            outcomes = await _outcomes(connection, answers)
            registries = sorted({word for each in outcomes.values() for word in each if word})
            dossiers = {
                registry: await _dossiers(connection, answers, registry)
                for registry in [None, *registries]
            }
        rows = []
        for group in sorted(outcomes, key=_order):
            counts = {
                registry: Counts(
                    outcomes=of_registry,
                    dossiers=dossiers[registry].get(group, _NONE)[0],
                    replaced=dossiers[registry].get(group, _NONE)[1],
                )
                for registry, of_registry in outcomes[group].items()
            }
            rows += _rows(group, counts, question.registry)
        return rows


def _answers(question: StatisticsQuestion) -> Subquery:
    """Select the answers asked about, each with its month."""
    first, last = number_of(question.since_month), number_of(question.until_month)
    ends = [(name_of(month), microseconds(begin_of(month + 1))) for month in range(first, last + 1)]
    month = case(*((ENTRY.c.at < end, literal(name)) for name, end in ends), else_="")
    given: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (ENTRY.c.procedure, question.procedure),
            (ENTRY.c.receiving_agency, question.agency),
        )
        if value is not None
    ]
    return (
        select(
            month.label("month"),
            ENTRY.c.receiving_agency,
            ENTRY.c.procedure,
            ENTRY.c.registries,
            ENTRY.c.outcome,
            ENTRY.c.replaced,
            func.coalesce(ENTRY.c.dossier_tag, ENTRY.c.draft_tag).label("dossier"),
        )
        .where(
            ENTRY.c.kind == EntryKind.OUTCOME,
            ENTRY.c.at >= microseconds(begin_of(first)),
            ENTRY.c.at < microseconds(begin_of(last + 1)),
            *given,
        )
        .subquery()
    )


_Outcomes = dict[str | None, dict[str, int]]
"""By registry, and None for all: how many answers had each outcome."""


async def _outcomes(connection: AsyncConnection, answers: Subquery) -> dict[_Group, _Outcomes]:
    kinds = (*_group(answers), answers.c.registries, answers.c.outcome)
    found: dict[_Group, _Outcomes] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for *group, registries, outcome, count in await connection.execute(
        select(*kinds, func.count()).group_by(*kinds)
    ):
        for registry in (None, *(registries or "").split()):
            found[_group_of(group)][registry][outcome or ""] += count
    return found


async def _dossiers(
    connection: AsyncConnection, answers: Subquery, registry: str | None
) -> Mapping[_Group, tuple[int, int]]:
    """Count the dossiers, and those of them in which data replaced a component."""
    replaced = case((answers.c.replaced, answers.c.dossier))
    counted = select(
        *_group(answers), func.count(answers.c.dossier.distinct()), func.count(replaced.distinct())
    ).group_by(*_group(answers))
    if registry is not None:
        counted = counted.where(names_registry(answers, registry))
    return {
        _group_of(group): (dossiers, replaced)
        for *group, dossiers, replaced in await connection.execute(counted)
    }


def _group(answers: Subquery) -> tuple[ColumnElement[str], ...]:
    return answers.c.month, answers.c.receiving_agency, answers.c.procedure


def _group_of(values: Sequence[str | None]) -> _Group:
    month, agency, procedure = values
    return month or "", agency, procedure


def _order(group: _Group) -> tuple[int, str, str]:
    month, agency, procedure = group
    return -number_of(month), agency or "", procedure or ""


def _rows(group: _Group, counts: Mapping[str | None, Counts], wanted: str | None) -> list[Counted]:
    """Write the rows of a group; what a filter leaves out decides nothing about the others."""
    named = {registry: each for registry, each in counts.items() if registry is not None}
    whole, of_registries = hide(counts[None], named)
    rows: dict[str | None, Told] = {None: whole}
    rows.update(sorted(of_registries.items()))
    month, agency, procedure = group
    return [
        Counted(month=month, agency=agency, procedure=procedure, registry=registry, told=told)
        for registry, told in rows.items()
        if wanted in {None, registry}
    ]
