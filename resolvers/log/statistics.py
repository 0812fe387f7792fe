"""Counts of the access log as they are shown, and the rule by which small ones are hidden."""

from collections.abc import Iterable

from audit.reading.statistics import Counted, StatisticsQuestion
from resolvers.agency_names import AgencyNames
from resolvers.log.questions import LogAsk
from resolvers.log.results import AccessCount, AccessOutcomeCount, AccessStatistics

NOTES = (
    (
        "Số từ 1 đến 4 được ẩn, cùng với những số mà từ đó có thể tính ra số bị ẩn. Một hồ sơ được "
        "đếm một lần trong mỗi tháng, ở mỗi cơ quan và thủ tục."
    ),
    (
        "Counts from 1 to 4 are hidden, and so are those from which a hidden one could be "
        "computed. A dossier is counted once in each month, agency and procedure."
    ),
)


def statistics_question(ask: LogAsk, months: tuple[str, str]) -> StatisticsQuestion:
    """Ask for the counts of *months*, the first and the last."""
    since, until = months
    return StatisticsQuestion(
        since_month=since,
        until_month=until,
        procedure=ask.question.procedure,
        agency=ask.question.agency,
        registry=ask.question.registry,
    )


def shown(counts: Iterable[Counted], agencies: AgencyNames, language: str) -> AccessStatistics:
    """Show counts; None stands for what is hidden."""
    return AccessStatistics(
        rows=tuple(
            AccessCount(
                month=row.month,
                agency=row.agency,
                agency_name=agencies.of(row.agency),
                procedure=row.procedure,
                registry=row.registry,
                answers=row.told.answers,
                outcomes=tuple(
                    AccessOutcomeCount(outcome=outcome, answers=count)
                    for outcome, count in sorted(row.told.outcomes.items())
                ),
                dossiers=row.told.dossiers,
                dossiers_replaced=row.told.replaced,
                share_percent=row.told.share,
                hidden=row.told.hidden,
            )
            for row in counts
        ),
        note=NOTES[language == "en"],
    )
