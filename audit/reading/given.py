"""Rows that a question brings along, as a table that others can be joined with.

On PostgreSQL they come as arrays: however many they are the statement is the same, so it is planned
once for each connection, and not by a list of a hundred tags each time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BigInteger, FromClause, Text, column, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

_TYPES: Mapping[type, TypeEngine[Any]] = {str: Text(), int: BigInteger()}

# Whatever is looked up by a key is looked up by an index, one row after another. A planner that
# knows little of a table (nobody analyses the parent of partitions) would read tables whole.
_BY_INDEX = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}


def table_of(
    dialect: str, columns: dict[str, type[str] | type[int]], rows: Sequence[tuple[str | int, ...]]
) -> FromClause:
    """Make a table of *rows*, with the names and kinds of *columns*."""
    if dialect == "postgresql":
        turned = zip(*rows, strict=True) if rows else [()] * len(columns)
        arrays = [
            literal(list(values), ARRAY(_TYPES[kind]))
            for values, kind in zip(turned, columns.values(), strict=True)
        ]
        names = [column(name, _TYPES[kind]) for name, kind in columns.items()]
        return func.unnest(*arrays).table_valued(*names, name="given").render_derived()
    each = func.json_each(literal(msgspec.json.encode(rows).decode())).table_valued("value")
    parts = (
        func.json_extract(each.c.value, f"$[{place}]", type_=_TYPES[kind]).label(name)
        for place, (name, kind) in enumerate(columns.items())
    )
    return select(*parts).subquery("given")


async def look_by_index(connection: AsyncConnection) -> None:
    """Let this transaction look rows up and read no table whole; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        settings = (func.set_config(name, value, True) for name, value in _BY_INDEX.items())
        await connection.execute(select(*settings))
