"""The fields that read the access log: what they ask was decided before, from their arguments."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from resolvers.log.inputs import AccessLogFilter, CaseRef, StatisticsFilter
from resolvers.types.record import argument

Answer = Any
"""What a resolver gives: a record or a promise of one; the field's annotation is its type."""

AfterArgument = Annotated[str | None, argument("Con trỏ: where the page before ended.")]


def access_log(
    info: strawberry.Info,
    filter: Annotated[  # noqa: A002 - the argument's name in the schema
        AccessLogFilter, argument("Điều kiện lọc: everything that is given must hold.")
    ],
    case: Annotated[CaseRef, argument("Vụ việc: for which the log is read; logged with it.")],
    first: Annotated[int, argument("Số dòng một trang: from 1 to 200.")] = 50,
    after: AfterArgument = None,
) -> Answer:
    """Read for an auditor."""
    del filter, case, first, after
    return info.context.read_log()


def own_access_log(
    info: strawberry.Info,
    first: Annotated[int, argument("Số dòng một trang: from 1 to 100.")] = 20,
    after: AfterArgument = None,
    since: Annotated[datetime | None, argument("Từ thời điểm: inclusive.")] = None,
    until: Annotated[datetime | None, argument("Đến thời điểm: exclusive.")] = None,
) -> Answer:
    """Read for a citizen."""
    del first, after, since, until
    return info.context.read_log()


def access_statistics(
    info: strawberry.Info,
    filter: Annotated[  # noqa: A002 - the argument's name in the schema
        StatisticsFilter, argument("Điều kiện thống kê: the months, and what else must hold.")
    ],
) -> Answer:
    """Count."""
    del filter
    return info.context.read_log()
