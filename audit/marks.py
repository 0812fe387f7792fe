"""Marks: by what it is seen that the keys of the months are those that a log was written with.

Under another key nobody is found, and nothing says that there was something. So whoever begins to
write, holds or retires shows a mark of each month that the keys can make, up to 2100; the first
ones that were shown are kept in the database and stay. A mark is an HMAC under the key of its
month, and tells nothing of it. Keys that were moved forward make the same marks for fewer months.
"""

import base64
from collections.abc import Mapping

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.key_files import KeyUnusableError
from audit.keyed_hash import KeyedHash
from audit.log import AccessLogUnavailable, Trouble
from audit.months import MonthKeys, begin_of, name_of, number_of
from audit.stores.engine import DATABASE_ERRORS, open_engine
from audit.stores.schema import MARK

_LAST = number_of("2100-12")
_OTHERS = (
    "the keys of the months are not those that this access log was written with; put the right "
    "file in their place"
)


async def show_marks(url: str, keys: MonthKeys) -> bool:
    """Show those of *keys* to the log at *url*, as somebody who may write; tell whether they fit.

    Raises AccessLogUnavailable.
    """
    engine = open_engine(url)
    try:
        async with engine.connect() as connection, connection.begin():
            return await _shown(connection, _marks(keys))
    except DATABASE_ERRORS:
        raise AccessLogUnavailable(Trouble.FAILED) from None
    finally:
        await engine.dispose()


async def check_marks(connection: AsyncConnection, keys: MonthKeys) -> None:
    """Compare, as somebody who may read; raises KeyUnusableError."""
    async with connection.begin():
        known = await _known(connection)
    if known and not _fit(known, _marks(keys)):
        raise KeyUnusableError(_OTHERS)


async def _shown(connection: AsyncConnection, marks: Mapping[str, str]) -> bool:
    if connection.dialect.name == "postgresql":
        fits = func.audit_marks_fit(list(marks), list(marks.values()))
        return bool((await connection.execute(select(fits))).scalar_one())
    await connection.exec_driver_sql("BEGIN IMMEDIATE")
    known = await _known(connection)
    if known:
        return _fit(known, marks)
    rows = [{"period": period, "mark": mark} for period, mark in marks.items()]
    await connection.execute(insert(MARK), rows)
    return True


async def _known(connection: AsyncConnection) -> dict[str, str]:
    rows = await connection.execute(select(MARK.c.period, MARK.c.mark))
    return {row.period: row.mark for row in rows}


def _fit(known: Mapping[str, str], marks: Mapping[str, str]) -> bool:
    both = known.keys() & marks.keys()
    return bool(both) and all(known[period] == marks[period] for period in both)


def _marks(keys: MonthKeys) -> dict[str, str]:
    hashed = KeyedHash(keys, "mark")
    return {
        name_of(month): base64.urlsafe_b64encode(hashed(b"", begin_of(month)))[:-1].decode()
        for month in range(number_of(keys.since), _LAST + 1)
    }
