"""A batch as one statement of PostgreSQL: one list a column, of the tables that have rows.

Each list is one text. The driver would take arrays, too, but looks three times at each value of an
array, and makes room for each anew: two thirds of what an append would cost this process.
A table without rows stays out: most entries close nothing, and the server begins nothing in vain.
The lists are unrolled side by side in the select, which keeps none of them aside, as FROM would.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, Text, make_url

from audit.stores.batch import TABLES, Batch

POSTGRES = make_url("postgresql+asyncpg://").get_dialect()()

_ABSENT = "\t"
"""Stands for no value; neither it nor the end of a line occurs in what audit/forms.py lets in."""


def insertion(batch: Batch) -> tuple[str, list[str]]:
    """Write *batch* as a statement and its lists; the same tables give the same statement."""
    filled = [place for place, rows in enumerate(batch.rows) if rows]
    lists = [
        write(values)
        for place in filled
        for write, values in zip(_WRITERS[place], zip(*batch.rows[place], strict=True), strict=True)
    ]
    return _statement(tuple(filled)), lists


@lru_cache(maxsize=64)
def _statement(filled: tuple[int, ...]) -> str:
    numbers = count(1)
    first, *others = [_insert(TABLES[place], numbers) for place in filled]
    named = ", ".join(f"i{place} AS ({each})" for place, each in enumerate(others))
    return f"WITH {named} {first}"


def _insert(table: Table, numbers: Iterator[int]) -> str:
    # Only names of our own tables and columns.
    columns = ", ".join(column.name for column in table.columns)
    values = ", ".join(_each(column, next(numbers)) for column in table.columns)
    return f"INSERT INTO {table.name} ({columns}) SELECT {values}"


def _each(column: Column[Any], number: int) -> str:
    lines = f"string_to_array(${number}::text, E'\\n', E'\\t')"
    if isinstance(column.type, LargeBinary):
        return f"convert_to(unnest({lines}), 'UTF8')"
    return f"unnest({lines}::{column.type.compile(POSTGRES)}[])"


def _writer(column: Column[Any]) -> Callable[[Sequence[Any]], str]:
    """Give what writes the values of *column*, a line each."""
    if isinstance(column.type, LargeBinary):
        return _bodies
    if not column.nullable:
        return "\n".join if isinstance(column.type, Text) else _numbers
    return _some


def _bodies(values: Sequence[bytes]) -> str:
    """Each is JSON, which is one line, of ASCII (audit/record.py)."""
    return b"\n".join(values).decode("ascii")


def _numbers(values: Sequence[int]) -> str:
    return "\n".join(map(str, values))


def _some(values: Sequence[object]) -> str:
    return "\n".join([_ABSENT if value is None else str(value) for value in values])


_WRITERS = [[_writer(column) for column in table.columns] for table in TABLES]
